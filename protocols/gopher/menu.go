package gopher

import (
	"bytes"
	"iter"
	"sort"
)

const (
	pageBytes = 32 << 10
	keepBytes = 8 << 20 // of a menu that are kept
	keepBrief = 1 << 20 // of one that nobody sees the numbers of
)

// A menu is the lines of a menu that was shown, kept for the numbers of its
// items. Of one too large to keep the beginning is.
type menu struct {
	place Item // that it is of
	pages []page
	size  int
	items int  // that have numbers, kept or not
	whole bool // all lines are kept, and the menu came to its end
	full  bool // further lines are not kept
	brief bool // less is kept than could be
}

// A page is some lines, each with a line feed.
type page struct {
	first  int  // the number of its first item
	before byte // the type of the item before that
	text   []byte
}

// add keeps a line. next is the number that its item has, if it has one, and
// before the type of the item before it.
func (m *menu) add(line []byte, next int, before byte) {
	most := keepBytes
	if m.brief {
		most = keepBrief
	}
	if m.full = m.full || m.size+len(line) > most; m.full {
		return
	}
	last := len(m.pages) - 1
	if last < 0 || len(m.pages[last].text)+len(line) >= pageBytes {
		m.pages = append(m.pages, page{next, before, make([]byte, 0, max(pageBytes, len(line)+1))})
		last++
	}
	p := &m.pages[last]
	p.text = append(append(p.text, line...), '\n')
	m.size += len(line) + 1
}

// lines are those kept, as they came.
func (m *menu) lines() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, p := range m.pages {
			for line := range bytes.Lines(p.text) {
				if !yield(line[:len(line)-1]) {
					return
				}
			}
		}
	}
}

// all are the items kept that have numbers.
func (m *menu) all() iter.Seq2[int, Item] {
	return func(yield func(int, Item) bool) {
		for _, p := range m.pages {
			for n, it := range m.in(p) {
				if !yield(n, it) {
					return
				}
			}
		}
	}
}

// in are the items of a page that have numbers.
func (m *menu) in(p page) iter.Seq2[int, Item] {
	return func(yield func(int, Item) bool) {
		n, before := p.first, p.before
		for line := range bytes.Lines(p.text) {
			it, broken := parseIn(m.place, line[:len(line)-1], before)
			if !numbered(it, broken) {
				continue
			}
			if !yield(n, it) {
				return
			}
			n, before = n+1, it.Type
		}
	}
}

// numbered reports whether an item has a number: whether there is anything to
// fetch.
func numbered(it Item, broken string) bool {
	return broken == "" && it.Type != 'i' && it.Type != '3'
}

// item is the one with a number.
func (m *menu) item(number int) (Item, bool) {
	i := sort.Search(len(m.pages), func(i int) bool { return m.pages[i].first > number })
	if i == 0 {
		return Item{}, false
	}
	for n, it := range m.in(m.pages[i-1]) {
		if n == number {
			return it, true
		}
	}
	return Item{}, false
}
