package files

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A maze has two directories and a file in each directory.
type maze struct{ listed int }

func (m *maze) List(_ context.Context, dir string) verb.Stream[Entry] {
	m.listed++
	return func(yield func(Entry, error) bool) {
		for _, e := range []Entry{{Name: "a", Kind: Dir}, {Name: "b", Kind: Dir}, {Name: "f", Kind: File}} {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Trees without end, and links that lead in circles, are given up. (L03)
func TestBounds(t *testing.T) {
	m := &maze{}
	if found, err := glob(t.Context(), m, strings.Repeat("*/", 20)+"*", 1000); fault.Of(err) != fault.Limit || m.listed > 2000 {
		t.Errorf("%d were found, %v, after %d listings", len(found), err, m.listed)
	}
	if found, err := glob(t.Context(), m, "*/*", 6); err != nil || len(found) != 6 {
		t.Errorf("%v, %v", found, err)
	}
	// A walk holds the directories that it is in, and no more.
	var last error
	w := &walker{ctx: t.Context(), l: m, most: 30, yield: func(_ At, err error) bool { last = err; return err == nil }}
	if w.walk("", 0); fault.Of(last) != fault.Limit {
		t.Errorf("it ended with %v", last)
	}
	n := 0
	w = &walker{ctx: t.Context(), l: m, most: 3 * (deepest + 1), yield: func(_ At, err error) bool { n++; last = err; return n < 5000 && err == nil }}
	if w.walk("", 0); fault.Of(last) != fault.Limit || n > deepest+2 || !strings.Contains(last.Error(), fmt.Sprint(deepest)) {
		t.Errorf("after %d entries it ended with %v", n, last)
	}
	if err := Counted(make([]Item, Collected)); err != nil {
		t.Error(err)
	}
	if err := Counted(make([]Item, Collected+1)); fault.Of(err) != fault.Limit {
		t.Error(err)
	}
}
