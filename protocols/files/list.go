package files

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"wireline/protocols/verb"
)

// list names a few of many.
func list(names []string) string {
	const most = 5
	switch {
	case len(names) == 0:
		return "nothing"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// sorted bounds how many entries are held to be sorted.
const sorted = 10_000

// Sorted is a listing as ls shows it: without hidden entries unless all is
// set, and in order: name if by is "", or name, size, time or none. A listing
// of more than 10,000 entries comes as it is unless an order was asked for.
func Sorted(s verb.Stream[Entry], by string, all bool) verb.Stream[Entry] {
	if !all {
		s = visible(s)
	}
	if by == "none" {
		return s
	}
	most := Collected
	if by == "" {
		most = sorted
	}
	return func(yield func(Entry, error) bool) {
		var held []Entry
		give := func() bool {
			for _, e := range held {
				if !yield(e, nil) {
					return false
				}
			}
			held = nil
			return true
		}
		full := false
		for e, err := range s {
			switch {
			case err != nil:
				slices.SortStableFunc(held, order(by))
				if give() {
					yield(e, err)
				}
				return
			case full:
				if !yield(e, nil) {
					return
				}
			default:
				held = append(held, e)
				if full = len(held) > most; full && !give() {
					return
				}
			}
		}
		slices.SortStableFunc(held, order(by))
		give()
	}
}

func order(by string) func(a, b Entry) int {
	return func(a, b Entry) int {
		switch by {
		case "size":
			return -cmp.Compare(a.Size, b.Size)
		case "time":
			return b.Modified.Compare(a.Modified)
		default:
			return strings.Compare(a.Name, b.Name)
		}
	}
}

func visible(s verb.Stream[Entry]) verb.Stream[Entry] {
	return func(yield func(Entry, error) bool) {
		for e, err := range s {
			if err == nil && strings.HasPrefix(e.Name, ".") {
				continue
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// Shown are the rows of ls: with -l all that is known, else without who has
// them, and on a terminal without permissions.
func Shown(s verb.Stream[Entry], long bool) any {
	if !long {
		return rows(s, func(e Entry) Entry {
			e.Owner, e.Group = "", ""
			return e
		})
	}
	return rows(s, func(e Entry) LongEntry { return LongEntry(e) })
}

func rows[T any](s verb.Stream[Entry], f func(Entry) T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for e, err := range s {
			if !yield(f(e), err) {
				return
			}
		}
	}
}
