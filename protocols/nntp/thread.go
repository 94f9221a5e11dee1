package nntp

import (
	"cmp"
	"slices"
	"strings"

	"wireline/protocols/verb"
)

// threads puts each article below the one that it answers: the last of its
// references that is there. Threads are in the order of their first articles.
func (s *Session) threads(all Overviews) (verb.Stream[Row], error) {
	return func(yield func(Row, error) bool) {
		var held []Overview
		size := 0
		for o, err := range all {
			if err != nil {
				yield(Row{}, err)
				return
			}
			o.Other = nil
			held = append(held, o)
			if size += 200 + len(o.Subject) + len(o.From) + len(o.ID) + len(o.References); len(held) > mostKept || size > mostRoom {
				yield(Row{}, s.tooMany("articles"))
				return
			}
		}
		for _, at := range ordered(held) {
			row := held[at.index].row()
			row.Depth = depth(at.depth)
			if !yield(row, nil) {
				return
			}
		}
	}, nil
}

// A node is where an article stands in its thread.
type node struct{ index, depth int }

// ordered is the order in which threads are shown.
func ordered(all []Overview) []node {
	slices.SortStableFunc(all, func(a, b Overview) int { return cmp.Compare(a.Number, b.Number) })
	byID := make(map[string]int, len(all))
	for i, o := range all {
		if _, twice := byID[o.ID]; !twice {
			byID[o.ID] = i
		}
	}
	parents := make([]int, len(all))
	below := make(map[int][]int)
	var tops []int
	for i, o := range all {
		parents[i] = parent(o, byID)
		if parents[i] == i {
			parents[i] = -1
		}
	}
	uncircle(parents)
	for i, p := range parents {
		if p < 0 {
			tops = append(tops, i)
		} else {
			below[p] = append(below[p], i)
		}
	}
	order := make([]node, 0, len(all))
	var open []node
	for _, top := range tops {
		for open = append(open[:0], node{top, 0}); len(open) > 0; {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			order = append(order, at)
			for _, i := range slices.Backward(below[at.index]) {
				open = append(open, node{i, at.depth + 1})
			}
		}
	}
	return order
}

// parent is the last of the references of o that is there, or -1.
func parent(o Overview, byID map[string]int) int {
	refs := strings.Fields(o.References)
	for _, id := range slices.Backward(refs) {
		if i, ok := byID[id]; ok {
			return i
		}
	}
	return -1
}

// uncircle cuts circles, which only a forger makes.
func uncircle(parents []int) {
	const (
		unseen = iota
		onWay
		sound
	)
	state := make([]byte, len(parents))
	for i := range parents {
		var way []int
		at := i
		for at >= 0 && state[at] == unseen {
			state[at] = onWay
			way = append(way, at)
			if next := parents[at]; next >= 0 && state[next] == onWay {
				parents[at] = -1
			}
			at = parents[at]
		}
		for _, k := range way {
			state[k] = sound
		}
	}
}
