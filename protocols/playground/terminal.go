package playground

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// What a client may tell of its terminal: its type (RFC 1091) and the size of
// its window (RFC 1073).
const (
	telnetTType = 24
	telnetNAWS  = 31

	ttypeIs   = 0
	ttypeSend = 1

	maxTold = 64 // bytes of one subnegotiation that are kept
)

// A terminal is what a client told of its own. "" and 0 are not known.
type terminal struct {
	agreed     [2]bool // TTYPE, NAWS
	name       string
	cols, rows int
}

// agree lets the client tell of its terminal, each thing once. It reports
// whether that was what the client said.
func (c *nvt) agree(verb, option byte) bool {
	agreed := &c.terminal.agreed[0]
	switch {
	case option == telnetNAWS:
		agreed = &c.terminal.agreed[1]
	case option != telnetTType:
		return false
	}
	switch {
	case verb == telnetWill && !*agreed:
		*agreed = true
		c.say([]byte{telnetIAC, telnetDo, option})
		if option == telnetTType {
			c.say([]byte{telnetIAC, telnetSB, option, ttypeSend, telnetIAC, telnetSE})
		}
	case verb == telnetWont && *agreed:
		*agreed = false
		c.say([]byte{telnetIAC, telnetDont, option})
	}
	return verb == telnetWill || verb == telnetWont
}

// sub takes what follows IAC SB.
func (c *nvt) sub() error {
	var told []byte
	for iac := false; ; {
		b, err := c.in.ReadByte()
		switch {
		case err != nil:
			return err
		case iac && b == telnetSE:
			c.learn(told)
			return nil
		case !iac && b == telnetIAC:
			iac = true
			continue
		}
		iac = false
		if len(told) < maxTold {
			told = append(told, b)
		}
	}
}

// learn takes a subnegotiation: its option and what it says.
func (c *nvt) learn(told []byte) {
	t := &c.terminal
	switch {
	case len(told) > 2 && told[0] == telnetTType && told[1] == ttypeIs:
		t.name = strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' {
				return '?'
			}
			return r
		}, strings.ToLower(string(told[2:])))
	case len(told) == 5 && told[0] == telnetNAWS:
		t.cols, t.rows = int(binary.BigEndian.Uint16(told[1:])), int(binary.BigEndian.Uint16(told[3:]))
	}
}

// String is ", vt100, 80x24", as far as it is known.
func (t *terminal) String() string {
	text := ""
	if t.name != "" {
		text += ", " + t.name
	}
	if t.cols > 0 && t.rows > 0 {
		text += fmt.Sprintf(", %dx%d", t.cols, t.rows)
	}
	return text
}
