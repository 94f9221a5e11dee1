package line

import "slices"

// onKey is called by the library after each key, with the line as the key
// has left it, and gives the line as it should be. Our own commands have come
// into the line as characters and are taken out again.
func (s *screenEditor) onKey(line []rune, pos int, key rune) ([]rune, int, bool) {
	const enter, lineFeed, interrupt = '\r', '\n', 3
	if key == 0 && line == nil || key == enter || key == lineFeed || key == interrupt {
		return nil, 0, false // a line begins or ends
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	pos = min(pos, len(line))
	if key >= firstInside && key <= lastInside && pos > 0 {
		line = slices.Delete(line, pos-1, pos)
		pos--
	}
	if s.search.on {
		line, pos = s.searchKey(line, key)
	} else {
		line, pos = s.key(line, pos, key)
	}
	s.listed = s.listed && key == keyTab
	s.line, s.pos = slices.Clone(line), pos
	if s.e.in.pending() == 0 {
		s.draw()
	}
	return line, pos, true
}

// key does what the library does not.
func (s *screenEditor) key(line []rune, pos int, key rune) ([]rune, int) {
	const back, forward, backspace, ctrlH = 2, 6, 0x7F, 8
	switch key {
	case back:
		pos = snap(line, pos, false)
	case forward:
		pos = snap(line, pos, true)
	case backspace, ctrlH:
		// The library took a character; what is seen as one may be several.
		if len(line) < len(s.line) {
			from := snap(s.line, s.pos-1, false)
			return slices.Delete(slices.Clone(s.line), from, s.pos), from
		}
	case keyDelete:
		if pos < len(line) {
			line = slices.Delete(line, pos, snap(line, pos+1, true))
		}
	case keyUp:
		return s.past.older(line, pos)
	case keyDown:
		return s.past.newer(line, pos)
	case keySearch:
		s.search.enter(s.e.history.all(), line, pos)
		return nil, 0
	case keyPaste:
		put := []rune(inside.Replace(s.keys.pasted()))
		if len(put) == 0 { // nothing, or too much
			s.e.out.bell()
		}
		return slices.Insert(line, pos, put...), pos + len(put)
	case keyTab:
		return s.complete(line, pos)
	case keyClear:
		s.e.out.refresh(true)
	case keyStop:
		s.stop()
	default:
		return s.word(line, pos, key)
	}
	return line, pos
}
