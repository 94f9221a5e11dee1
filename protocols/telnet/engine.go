package telnet

import "bytes"

// What a server may make us keep.
const (
	subMost   = 4 << 10  // bytes of one subnegotiation; more is dropped
	replyMost = 32 << 10 // bytes of replies before feed returns
	eventMost = 256      // events before it does
)

// An engine is the client's half of a telnet conversation, without the
// network: what came goes in by feed, data and events come out, and out is
// what must be sent (RFC 854, RFC 855, RFC 1143). How the bytes were cut into
// pieces makes no difference.
type engine struct {
	profile
	us, him [256]side // what we do, what the server does
	seen    [256]bool // options that either side spoke of

	state state
	cmd   byte // the command whose option comes next
	cr    bool // the last byte of data was CR
	sub   []byte
	opt   byte // of sub
	long  bool // sub was longer than allowed

	out    []byte  // to be sent, in order
	events []event // what happened, in order
	stop   bool    // what follows is not telnet in the clear

	asked   int    // how often the server asked for the terminal type
	charset string // agreed on, or ""
}

type state byte

const (
	inData   state = iota
	inIAC          // after IAC
	inOption       // after IAC WILL and its like
	inSub          // after IAC SB: its option comes
	inSubData
	inSubIAC
)

// An event is a command that came or went. Those of the kinds below ask the
// session to do something.
type event struct {
	sent bool
	cmd  byte
	opt  byte
	sub  []byte // the content of a subnegotiation
	kind kind
}

type kind byte

const (
	told        kind = iota // a command, for the trace
	tooLong                 // a subnegotiation over subMost was dropped
	inflateNow              // what follows from the server is compressed
	deflateNow              // what follows from us is compressed
	tlsFollows              // we send nothing more before TLS
	tlsNow                  // the server waits for TLS
	tlsRefused              // the server will have no TLS
	charsetIs               // charset was agreed on
	maskBegins              // what follows from us is not for a trace
	maskEnds                // what follows is again
	modeChanged             // an option came into force or ended
)

// feed takes what came. The data in it is gathered at the front of p. rest
// is what was not looked at yet: because replies are to be sent first, or
// because an event changes how the rest is to be read.
func (e *engine) feed(p []byte) (data, rest []byte) {
	n := 0 // p[:n] is data
	for i := 0; i < len(p); {
		switch e.state {
		case inData:
			end := len(p)
			if j := bytes.IndexByte(p[i:], cmdIAC); j >= 0 {
				end = i + j
				e.state = inIAC
			}
			n += e.text(p[n:], p[i:end], n == i)
			i = min(end+1, len(p))
			continue
		case inSubData:
			end := len(p)
			if j := bytes.IndexByte(p[i:], cmdIAC); j >= 0 {
				end = i + j
				e.state = inSubIAC
			}
			e.keep(p[i:end])
			i = min(end+1, len(p))
			continue
		}
		c := p[i]
		i++
		if e.step(c) {
			p[n] = cmdIAC
			n++
		}
		if e.stop || len(e.out) >= replyMost || len(e.events) >= eventMost {
			e.stop = false
			return p[:n], p[i:]
		}
	}
	return p[:n], nil
}

// text copies data to dst without the NUL that follows a CR, and returns how
// much that was. There is nothing to copy when both begin at the same place.
func (e *engine) text(dst, src []byte, same bool) int {
	if len(src) == 0 {
		return 0
	}
	if e.him[optBinary].on() {
		e.cr = false
		return move(dst, src, same)
	}
	n := 0
	if e.cr && src[0] == 0 {
		src, same = src[1:], false
	}
	e.cr = len(src) > 0 && src[len(src)-1] == '\r'
	for from := 0; ; {
		k := bytes.IndexByte(src[from:], 0)
		if k < 0 {
			return n + move(dst[n:], src, same)
		}
		k += from
		if k == 0 || src[k-1] != '\r' {
			from = k + 1
			continue
		}
		n += move(dst[n:], src[:k], same)
		src, from, same = src[k+1:], 0, false
	}
}

func move(dst, src []byte, same bool) int {
	if same {
		return len(src)
	}
	return copy(dst, src)
}

// step takes a byte within a command, and reports whether it was 255 as data.
func (e *engine) step(c byte) (data bool) {
	switch e.state {
	case inIAC:
		e.state = inData
		switch {
		case c == cmdIAC:
			e.cr = false
			return true
		case c == cmdSB:
			e.state = inSub
		case c >= cmdWILL:
			e.cmd, e.state = c, inOption
		default:
			e.note(false, c, 0, nil)
		}
	case inOption:
		e.state = inData
		e.note(false, e.cmd, c, nil)
		e.negotiate(e.cmd, c)
	case inSub:
		e.opt, e.sub, e.long, e.state = c, nil, false, inSubData
	case inSubIAC:
		switch c {
		case cmdIAC:
			e.keep([]byte{cmdIAC})
			e.state = inSubData
		case cmdSE:
			e.state = inData
			e.subnegotiation()
		default: // the IAC SE is missing; this is a command of its own
			e.state = inIAC
			return e.step(c)
		}
	}
	return false
}

func (e *engine) keep(p []byte) {
	if len(e.sub)+len(p) > subMost && !e.long {
		e.long = true
		e.events = append(e.events, event{kind: tooLong, cmd: cmdSB, opt: e.opt})
	}
	if !e.long {
		e.sub = append(e.sub, p...)
	}
}

func (e *engine) note(sent bool, cmd, opt byte, sub []byte) {
	e.events = append(e.events, event{sent: sent, cmd: cmd, opt: opt, sub: sub})
}

func (e *engine) event(k kind, opt byte) {
	e.events = append(e.events, event{kind: k, opt: opt})
}

// saySub sends a subnegotiation; 255 is doubled in it.
func (e *engine) saySub(opt byte, p []byte) {
	e.out = append(e.out, cmdIAC, cmdSB, opt)
	e.out = append(e.out, bytes.ReplaceAll(p, []byte{cmdIAC}, []byte{cmdIAC, cmdIAC})...)
	e.out = append(e.out, cmdIAC, cmdSE)
	e.note(true, cmdSB, opt, p)
}

// encode appends data to dst as it is sent: 255 doubled, and a CR that ends
// no line followed by NUL unless BINARY is in force (RFC 854).
func (e *engine) encode(dst, data []byte) []byte {
	for len(data) > 0 {
		i := bytes.IndexByte(data, cmdIAC)
		part := data
		if i >= 0 {
			part = data[:i]
		}
		if e.us[optBinary].on() {
			dst = append(dst, part...)
		} else {
			dst = returns(dst, part)
		}
		if i < 0 {
			break
		}
		dst = append(dst, cmdIAC, cmdIAC)
		data = data[i+1:]
	}
	return dst
}

func returns(dst, p []byte) []byte {
	for {
		i := bytes.IndexByte(p, '\r')
		if i < 0 {
			return append(dst, p...)
		}
		dst = append(dst, p[:i+1]...)
		if p = p[i+1:]; len(p) == 0 || p[0] != '\n' {
			dst = append(dst, 0)
		}
	}
}

// reset forgets all that was agreed on: after TLS has begun nothing counts
// that was said in the clear.
func (e *engine) reset() {
	*e = engine{profile: e.profile}
}
