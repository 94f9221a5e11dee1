package telnet

import "bytes"

// tidy undoes what a server may have left a terminal with: a sequence cut in
// two, colours, a hidden cursor, mouse reports, bracketed paste, application
// keys, another character set.
const tidy = "\x1b\\\x1b[0m\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1l\x1b>\x1b(B\x0f"

// Going to the alternate screen and back. To go back from where one is not
// would move the cursor, on many terminals to a place of long ago.
const (
	toAlternate   = "\x1b[?1049h"
	fromAlternate = "\x1b[?1049l"
)

// alternate follows whether a program has gone to the alternate screen.
type alternate struct {
	escapes
	on bool
}

// look takes what is shown.
func (a *alternate) look(p []byte) {
	if a.order == nil {
		a.order, a.text = a.steer, func(rune, []byte) {}
	}
	for len(p) > 0 {
		if a.in == 0 {
			i := bytes.IndexByte(p, keyESC)
			if i < 0 {
				return
			}
			p = p[i:]
		}
		a.byte(p[0])
		p = p[1:]
	}
}

func (a *alternate) steer(seq []byte) {
	switch private, ok := bytes.CutPrefix(seq, []byte("\x1b[?")); {
	case string(seq) == "\x1bc":
		a.on = false
	case ok:
		how := private[len(private)-1]
		if how != 'h' && how != 'l' {
			return
		}
		for mode := range bytes.SplitSeq(private[:len(private)-1], []byte{';'}) {
			switch string(mode) {
			case "47", "1047", "1049":
				a.on = how == 'h'
			}
		}
	}
}

// tidy is what puts the terminal right, the cursor on a fresh line.
func (a *alternate) tidy() string {
	if a.on {
		return tidy + fromAlternate + "\r\n"
	}
	return tidy + "\r\n"
}
