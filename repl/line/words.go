package line

import (
	"slices"
	"unicode"
)

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

func notBlank(r rune) bool { return !unicode.IsSpace(r) && r != runeNewline && r != runeTab }

// wordEnd is the end of the word at pos, or behind it.
func wordEnd(line []rune, pos int) int {
	for pos < len(line) && !letter(line[pos]) {
		pos++
	}
	for pos < len(line) && letter(line[pos]) {
		pos++
	}
	return pos
}

// wordStart is the start of the word before pos, made of the runes in.
func wordStart(line []rune, pos int, in func(rune) bool) int {
	for pos > 0 && !in(line[pos-1]) {
		pos--
	}
	for pos > 0 && in(line[pos-1]) {
		pos--
	}
	return pos
}

// kill takes a part out of the line and keeps it for a yank.
func (s *screenEditor) kill(line []rune, from, to int) ([]rune, int) {
	if from < to {
		s.killed = slices.Clone(line[from:to])
	}
	return slices.Delete(line, from, to), from
}

// word does what moves or kills more than one character.
func (s *screenEditor) word(line []rune, pos int, key rune) ([]rune, int) {
	switch key {
	case keyWordLeft:
		pos = wordStart(line, pos, letter)
	case keyWordRight:
		pos = wordEnd(line, pos)
	case keyKillWord:
		return s.kill(line, pos, wordEnd(line, pos))
	case keyKillWordBack:
		return s.kill(line, wordStart(line, pos, letter), pos)
	case keyKillBlank:
		return s.kill(line, wordStart(line, pos, notBlank), pos)
	case keyKillEnd:
		return s.kill(line, pos, len(line))
	case keyKillStart:
		return s.kill(line, 0, pos)
	case keyYank:
		return slices.Insert(line, pos, s.killed...), pos + len(s.killed)
	case keyTranspose:
		if len(line) > 1 && pos > 0 {
			pos = min(pos, len(line)-1)
			line[pos-1], line[pos] = line[pos], line[pos-1]
			pos++
		}
	}
	return line, pos
}
