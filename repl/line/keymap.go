package line

import "strings"

// control is what a control character does.
func control(b byte) string {
	switch b {
	case 1, 2, 3, 4, 5, 6, 8, 10, 13, 0x7F:
		return string(rune(b)) // the library's own
	case 7: // ^G
		return string(keyAbort)
	case 9:
		return string(keyTab)
	case 11: // ^K
		return string(keyKillEnd)
	case 12: // ^L
		return string(keyClear)
	case 14: // ^N
		return string(keyDown)
	case 16: // ^P
		return string(keyUp)
	case 18: // ^R
		return string(keySearch)
	case 19: // ^S
		return string(keySearchOn)
	case 20: // ^T
		return string(keyTranspose)
	case 21: // ^U
		return string(keyKillStart)
	case 23: // ^W
		return string(keyKillBlank)
	case 25: // ^Y
		return string(keyYank)
	case 26: // ^Z
		return string(keyStop)
	}
	return string(keyNone)
}

// alt is what a key does with Alt held down, or after ESC.
func alt(b byte) string {
	switch b {
	case 'b':
		return string(keyWordLeft)
	case 'f':
		return string(keyWordRight)
	case 'd':
		return string(keyKillWord)
	case 8, 0x7F:
		return string(keyKillWordBack)
	}
	return string(keyNone)
}

const (
	left, right = "\x02", "\x06"
	home, end   = "\x01", "\x05"
)

// ss3Key is the key that sends ESC O final.
func ss3Key(final byte) string {
	switch final {
	case 'M': // Enter of the number block
		return "\r"
	case 'c': // with Ctrl, in rxvt
		return string(keyWordRight)
	case 'd':
		return string(keyWordLeft)
	}
	return arrow(final, false)
}

// csiKey is the key that sends ESC [ params final: Ctrl and Alt, which are in
// the second parameter, go by words.
func csiKey(params string, final byte) string {
	first, mod, _ := strings.Cut(params, ";")
	word := mod == "3" || mod == "5" || mod == "7"
	if final != '~' {
		return arrow(final, word || first == "5")
	}
	switch first {
	case "1", "7":
		return home
	case "4", "8":
		return end
	case "3":
		if word {
			return string(keyKillWord)
		}
		return string(keyDelete)
	}
	return string(keyNone)
}

func arrow(final byte, word bool) string {
	switch {
	case final == 'A':
		return string(keyUp)
	case final == 'B':
		return string(keyDown)
	case final == 'C' && word:
		return string(keyWordRight)
	case final == 'C':
		return right
	case final == 'D' && word:
		return string(keyWordLeft)
	case final == 'D':
		return left
	case final == 'H':
		return home
	case final == 'F':
		return end
	}
	return string(keyNone)
}
