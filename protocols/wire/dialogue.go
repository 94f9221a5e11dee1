package wire

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// Upgrade speaks u's dialogue on an open plain connection and makes the
// handshake; "" is the host that was dialled. A greeting that has not been
// read yet is read first. A refusal, or anything that came behind the
// go-ahead, is an error of kind TLSRequired; nothing is sent after it.
func (c *Conn) Upgrade(ctx context.Context, u *Upgrade, host string) error {
	if !c.rmu.TryLock() {
		return fault.New(fault.Unsupported, "tls cannot start while something reads from the connection")
	}
	defer c.rmu.Unlock()
	if c.tls.Load() != nil {
		return fault.New(fault.Unsupported, "the connection is under TLS already")
	}
	x := &dialogue{c: c, u: u}
	if err := x.run(ctx, !c.taken); err != nil {
		c.sock.cut(err)
		return err
	}
	return c.startTLS(ctx, host)
}

// A dialogue is an Upgrade being spoken.
type dialogue struct {
	c        *Conn
	u        *Upgrade
	greeting []byte // as the server said it
	refused  bool   // the server said no to TLS, in good order
}

// run speaks the dialogue up to the go-ahead. Call it with c.rmu held.
func (x *dialogue) run(ctx context.Context, greet bool) error {
	c, u := x.c, x.u
	fired := make(chan bool)
	stop := context.AfterFunc(ctx, func() {
		c.sock.set(&c.sock.r, func(s *side) { s.poke = past })
		close(fired)
	})
	if c.limits.Reply > 0 {
		c.sock.set(&c.sock.r, func(s *side) { s.whole = time.Now().Add(c.limits.Reply) })
	}
	defer func() {
		if !stop() {
			<-fired
		}
		c.sock.set(&c.sock.r, func(s *side) { s.whole, s.poke = time.Time{}, time.Time{} })
	}()
	err := x.speak(greet)
	if err != nil && ctx.Err() != nil && timedOut(err) {
		return ended(context.Cause(ctx), c.where(), "tls")
	}
	if err == nil {
		c.d.note(c.id, "upgrade", u.Name+": "+u.Ask+" was agreed to")
	}
	return err
}

func (x *dialogue) speak(greet bool) error {
	u := x.u
	if greet {
		lines, err := x.answer("greeting")
		if err != nil {
			return err
		}
		x.greeting, x.c.clear.Greeting = []byte(strings.Join(lines, "")), bare(lines)
		if err := x.greeted(strings.TrimRight(lines[len(lines)-1], "\r\n")); err != nil {
			return err
		}
	}
	if u.Hello != "" {
		lines, err := x.ask(u.Hello)
		if err != nil {
			return err
		}
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, u.Hail) {
			return x.no("the server refuses "+firstWord(u.Hello), last)
		}
		x.c.clear.Hello = bare(lines)
		if u.Offer != "" && !slices.ContainsFunc(lines, x.offers) {
			return x.no("the server does not offer "+u.Offer, "")
		}
	}
	lines, err := x.ask(u.Ask)
	if err == nil && u.Later != "" && strings.HasPrefix(lines[0], u.Later) {
		lines, err = x.first()
	}
	if err != nil {
		return err
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, u.Go) {
		return x.no("the server refuses TLS", last)
	}
	if len(x.c.buf) > 0 {
		return x.c.injected()
	}
	return nil
}

// first tells the server what it wants to be told before TLS, and asks again.
func (x *dialogue) first() ([]string, error) {
	lines, err := x.ask(x.u.First)
	if err != nil {
		return nil, err
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, x.u.Greet) {
		return nil, x.no("the server refuses "+x.u.First, last)
	}
	x.c.clear.Greeting = bare(lines)
	return x.ask(x.u.Ask)
}

// unproved is said of words that came before TLS. (S05)
const unproved = "unauthenticated server text: it came before TLS, and anybody may have said it"

// greeted looks at the last line of the greeting.
func (x *dialogue) greeted(line string) error {
	e := &fault.Error{At: x.c.where(), Phase: "greeting", Kind: fault.Protocol, Text: "the greeting is not one of " + x.u.Name + ": " + quote(line)}
	switch {
	case strings.HasPrefix(line, x.u.Greet):
		return nil
	case strings.HasPrefix(line, "* PREAUTH"):
		e.Kind, e.Phase, x.refused = fault.TLSRequired, "tls", true
		e.Text = "the server takes us as logged in before TLS (PREAUTH)"
	case digits(line) && (line[0] == '4' || line[0] == '5'):
		e.Kind, e.Code, e.Text, e.Hint = fault.Refused, line[:3], strings.TrimSpace(line[3:]), unproved
	case strings.HasPrefix(line, "-ERR"), strings.HasPrefix(line, "* BYE"):
		e.Kind, e.Code, e.Text, e.Hint = fault.Refused, strings.Trim(line[:5], "* "), strings.TrimSpace(line[min(5, len(line)):]), unproved
	}
	return e
}

func (x *dialogue) no(what, line string) error {
	x.refused = true
	e := &fault.Error{At: x.c.where(), Phase: "tls", Kind: fault.TLSRequired, Text: what,
		Hint: "without TLS all is sent in the clear; --tls off says so"}
	if line = strings.TrimRight(line, "\r\n"); line != "" {
		e.Text += "; unauthenticated server text: " + quote(line)
	}
	return e
}

// offers reports whether a line of the answer to Hello is the offer.
func (x *dialogue) offers(line string) bool {
	return len(line) > 4 && strings.EqualFold(firstWord(strings.TrimRight(line[4:], "\r\n")), x.u.Offer)
}

func (x *dialogue) ask(line string) ([]string, error) {
	if _, err := x.c.Write([]byte(line + "\r\n")); err != nil {
		return nil, err
	}
	return x.answer("tls")
}

// answer reads one reply, which may have several lines.
func (x *dialogue) answer(phase string) (lines []string, err error) {
	total := 0
	for {
		line, err := x.line()
		if err != nil {
			return nil, x.broken(err, phase)
		}
		lines = append(lines, line)
		total += len(line)
		if l := x.c.limits; l.Lines > 0 && len(lines) > l.Lines || l.Bytes > 0 && total > l.Bytes {
			return nil, x.c.tooMuch("the server's answer does not end after %d lines and %d bytes", len(lines), total)
		}
		first := lines[0]
		switch {
		case digits(first) && len(first) > 3 && first[3] == '-':
			if len(lines) > 1 && strings.HasPrefix(line, first[:3]) && (len(line) < 4 || line[3] != '-') {
				return lines, nil
			}
		case strings.HasPrefix(line, "* ") && !strings.HasPrefix(line, "* BYE") && phase != "greeting":
			// IMAP's untagged data, before the answer
		default:
			return lines, nil
		}
	}
}

func (x *dialogue) line() (string, error) {
	c := x.c
	var got []byte
	for {
		if len(c.buf) == 0 {
			if err := c.fill(); err != nil {
				return "", err
			}
		}
		n := bytes.IndexByte(c.buf, '\n') + 1
		end := n > 0
		if !end {
			n = len(c.buf)
		}
		got = append(got, c.buf[:n]...)
		c.setBuf(c.buf[n:])
		if c.limits.Line > 0 && len(got) > c.limits.Line {
			return "", c.tooMuch("a line is longer than %d bytes", c.limits.Line)
		}
		if end {
			return string(got), nil
		}
	}
}

// broken is why there was no answer.
func (x *dialogue) broken(err error, phase string) error {
	if !isEOF(err) {
		if f, ok := err.(*fault.Error); ok && f.Phase == "" {
			f.Phase = phase
		}
		return err
	}
	c := x.c
	e := &fault.Error{At: c.where(), Phase: phase, Kind: fault.Recv, Err: err, Text: "the server closed the connection before it answered"}
	if c.in.Load() == 0 {
		e.Kind, e.Text = fault.Empty, "the server closed the connection without a byte"
	}
	if speaksTLS(c.port) {
		e.Hint = "this port usually speaks TLS from the first byte"
	}
	return e
}

func digits(s string) bool {
	return len(s) >= 3 && strings.Trim(s[:3], "0123456789") == ""
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}
