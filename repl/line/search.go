package line

import (
	"fmt"
	"slices"
	"strings"
)

// recall walks through the history with the arrow keys.
type recall struct {
	from  *history
	all   []string // taken when the first arrow is pressed
	at    int
	draft []rune // what was being typed
}

func (r *recall) older(line []rune, pos int) ([]rune, int) {
	if r.all == nil {
		r.all = r.from.all()
		r.at = len(r.all)
	}
	if r.at == 0 {
		return line, pos
	}
	if r.at == len(r.all) {
		r.draft = slices.Clone(line)
	}
	r.at--
	return atEnd(r.all[r.at])
}

func (r *recall) newer(line []rune, pos int) ([]rune, int) {
	if r.all == nil || r.at == len(r.all) {
		return line, pos
	}
	if r.at++; r.at == len(r.all) {
		return slices.Clone(r.draft), len(r.draft)
	}
	return atEnd(r.all[r.at])
}

func atEnd(s string) ([]rune, int) {
	line := []rune(inside.Replace(s))
	return line, len(line)
}

// search looks for text in the history, while the line holds that text.
type search struct {
	on     bool
	all    []string
	query  string
	last   string // the text of the search before
	at     int    // the entry that was found; len(all) for none
	failed bool
	line   []rune // the line before the search
	pos    int
}

func (s *search) enter(all []string, line []rune, pos int) {
	*s = search{on: true, all: all, at: len(all), last: s.last, line: slices.Clone(line), pos: pos}
}

// leave ends the search without a result.
func (s *search) leave() ([]rune, int) {
	s.on = false
	return slices.Clone(s.line), s.pos
}

// found is the entry that was found, with the cursor at the text.
func (s *search) found() ([]rune, int) {
	if s.at == len(s.all) {
		return slices.Clone(s.line), s.pos
	}
	entry := s.all[s.at]
	before := entry[:max(0, strings.Index(entry, s.last))]
	return []rune(inside.Replace(entry)), len([]rune(inside.Replace(before)))
}

func (s *search) prompt() string {
	name := "history"
	if s.failed {
		name = "not in history"
	}
	return fmt.Sprintf("%s '%s': ", name, visible(s.query))
}

// look goes from entry from on by step to one that has the query in it.
func (s *search) look(from, step int) {
	for i := from; i >= 0 && i < len(s.all) && s.query != ""; i += step {
		if strings.Contains(s.all[i], s.query) {
			s.at, s.failed, s.last = i, false, s.query
			return
		}
	}
	s.failed = s.query != ""
}

// searchKey is key while a search is on; the line is the text looked for.
func (s *screenEditor) searchKey(line []rune, key rune) ([]rune, int) {
	f := &s.search
	query := outside.Replace(string(line))
	const backspace, ctrlH = 0x7F, 8
	switch {
	case key == keySearch || key == keySearchOn:
		if query == "" {
			query = f.last
		}
		f.query = query
		step := -1
		if key == keySearchOn {
			step = 1
		}
		f.look(f.at+step, step)
	case key == backspace || key == ctrlH:
		f.query, f.at, f.failed = query, len(f.all), false
		f.look(len(f.all)-1, -1)
	case key == keyPaste:
		f.query = query + s.keys.pasted()
		f.look(min(f.at, len(f.all)-1), -1)
	case key >= ' ' && (key < firstInside || key > lastInside):
		f.query = query
		f.look(min(f.at, len(f.all)-1), -1)
	case key == keyNone:
	case key == keyAbort:
		return f.leave()
	default: // any other key takes what was found, and does its work on it
		f.on = false
		line, pos := f.found()
		switch key {
		case 1: // ^A
			pos = 0
		case 2: // ^B
			pos = max(0, pos-1)
		case 5: // ^E
			pos = len(line)
		case 6: // ^F
			pos = min(pos+1, len(line))
		}
		return s.key(line, pos, key)
	}
	q := []rune(inside.Replace(f.query))
	return q, len(q)
}
