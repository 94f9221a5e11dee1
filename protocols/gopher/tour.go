package gopher

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// TourArgs are the arguments of Tour.
type TourArgs struct {
	Items []string `arg:"item..." help:"numbers, ranges such as 3-7, or URLs to add" complete:"remote"`
	List  bool     `flag:"list" help:"show what is left of the tour"`
	Clear bool     `flag:"clear" help:"forget what is left of it"`
}

// A Stop is a place that a tour has still to visit.
type Stop struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// A Planned tells how long the tour is.
type Planned struct {
	Items int `json:"items"`
}

// Message is the line that tells it.
func (p Planned) Message() string {
	if p.Items == 1 {
		return "1 item is on the tour"
	}
	return fmt.Sprintf("%d items are on the tour", p.Items)
}

// Tour adds items to those that are to be seen, or shows the next of them.
func (s *Session) Tour(ctx context.Context, a TourArgs) (any, error) {
	switch {
	case a.Clear:
		s.tour = nil
		return Planned{}, nil
	case a.List:
		return s.stops(), nil
	case len(a.Items) > 0:
		return s.plan(ctx, a.Items)
	case len(s.tour) == 0:
		return nil, (&fault.Error{Kind: fault.Usage, At: s.here.URL(), Text: "the tour is over"}).WithHint("tour 3 5-7 adds items to it")
	}
	it := s.tour[0]
	s.tour = s.tour[1:]
	return s.follow(ctx, it, Look{})
}

func (s *Session) stops() verb.Stream[Stop] {
	var all []Stop
	for _, it := range s.tour {
		all = append(all, Stop{decode(s.encoding, it.Name), it.URL()})
	}
	return rows(all)
}

// rows is a listing of what is there already.
func rows[T any](all []T) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

// longestTour is how many items one range may add.
const longestTour = 1000

func (s *Session) plan(ctx context.Context, words []string) (any, error) {
	var add []Item
	for _, word := range words {
		from, to, isRange := span(word)
		if !isRange {
			it, err := s.item(ctx, word, View{})
			if err != nil {
				return nil, err
			}
			add = append(add, it)
			continue
		}
		if to < from || to-from >= longestTour {
			return nil, fault.New(fault.BadArgument, "%s is no range of at most %d items", word, longestTour)
		}
		for n := from; n <= to; n++ {
			it, err := s.numbered(ctx, n)
			if err != nil {
				return nil, err
			}
			add = append(add, it)
		}
	}
	s.tour = append(s.tour, add...)
	return Planned{len(s.tour)}, nil
}

// span reads a range such as 3-7.
func span(word string) (from, to int, ok bool) {
	a, b, _ := strings.Cut(word, "-")
	from, err1 := strconv.Atoi(a)
	to, err2 := strconv.Atoi(b)
	return from, to, err1 == nil && err2 == nil && from > 0
}
