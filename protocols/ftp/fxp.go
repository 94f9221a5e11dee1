package ftp

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// Send has the server send a file straight to another FTP server (RFC 959,
// section 5.2). An error of kind Unsupported is that these two cannot do that.
// (files.Sender)
func (s *Session) Send(ctx context.Context, from string, tree files.Tree, to string) error {
	other, ok := tree.(*Session)
	if !ok {
		return fault.New(fault.Unsupported, "the other side is no FTP server")
	}
	if other == s {
		return fault.New(fault.Unsupported, "both are the same session")
	}
	if _, err := s.remote("from", from); err != nil {
		return err
	}
	if _, err := other.remote("to", to); err != nil {
		return err
	}
	for _, x := range []*Session{s, other} {
		if err := x.ready(ctx); err != nil {
			return err
		}
		if err := x.setType(ctx, "I"); err != nil {
			return err
		}
	}
	whole, err := s.facts(ctx, from)
	if err != nil && s.ctl.broken != nil {
		return err
	}
	if s.private() && other.private() {
		// The one that connects is to be the client in TLS.
		if err := s.client(ctx); err != nil {
			return err
		}
		defer s.ask(ctx, "SSCN OFF") // the next command tells of an error
	}
	if err := s.meet(ctx, other); err != nil {
		return err
	}
	defer other.changed()
	src, dst := &end{s: s, about: from}, &end{s: other, about: to}
	if err := dst.say(ctx, "STOR "+to); err != nil {
		return err
	}
	if err := src.say(ctx, "RETR "+from); err != nil {
		dst.abort()
		return err
	}
	if err := settle(ctx, src, dst); err != nil {
		return err
	}
	if err := other.received(ctx, to, whole); err != nil {
		return err
	}
	if !whole.Modified.IsZero() {
		return other.keepTime(ctx, to, whole.Modified)
	}
	return nil
}

func (s *Session) cannot(format string, a ...any) error {
	f := fault.New(fault.Unsupported, format, a...)
	f.At = s.target.String()
	return f
}

// client has the server be the client in TLS on data connections.
func (s *Session) client(ctx context.Context) error {
	if _, ok := s.caps.has("SSCN"); !ok {
		return s.cannot("the server cannot be a client in TLS: it has no SSCN")
	}
	r, err := s.ask(ctx, "SSCN ON")
	if err == nil && !r.good() {
		err = s.cannot("the server refuses SSCN: %s", short(r.text()))
	}
	return err
}

// meet tells the other server to listen, and ours where: at the other end of
// our connection to it, whatever address it names (F01).
func (s *Session) meet(ctx context.Context, other *Session) error {
	switch {
	case s.ctl.proxied || other.ctl.proxied:
		return s.cannot("one of the servers is behind a proxy")
	case s.private() != other.private():
		return s.cannot("only one of the servers has its data under TLS")
	}
	at, err := other.listens(ctx)
	if err != nil {
		return err
	}
	var r Reply
	err = s.call(ctx, func() (err error) {
		r, err = s.announce(at)
		return err
	})
	if err == nil && !r.good() {
		err = s.cannot("the server will not connect to %v: %d %s", at, r.Code, short(r.text()))
	}
	return err
}

// listens has the server listen for a data connection, and is where.
func (s *Session) listens(ctx context.Context) (at netip.AddrPort, err error) {
	host, err := netip.ParseAddr(s.host())
	if err != nil {
		return at, fault.New(fault.Unsupported, "%s has no address of its own", s.host())
	}
	port := 0
	if !s.args.NoEPSV {
		r, err := s.ask(ctx, "EPSV")
		if err != nil {
			return at, err
		}
		if r.Code == 229 {
			port = parseEPSV(r.text())
		}
	}
	if port == 0 {
		r, err := s.ask(ctx, "PASV")
		if err != nil {
			return at, err
		}
		if a, ok := parsePASV(r.text()); ok && r.Code == passiveMode {
			port = int(a[4])<<8 | int(a[5])
		}
	}
	if port < 1024 {
		return at, s.cannot("the server does not listen: %s", short(s.ctl.reply.text()))
	}
	return netip.AddrPortFrom(host.Unmap(), uint16(port)), nil
}

// parseEPSV is the port in the text of a reply to EPSV (RFC 2428), or 0.
func parseEPSV(text string) int {
	_, rest, _ := strings.Cut(text, "(|||")
	digits, _, ok := strings.Cut(rest, "|)")
	port, err := strconv.ParseUint(digits, 10, 16)
	if !ok || err != nil {
		return 0
	}
	return int(port)
}

// received compares what came with what there was.
func (s *Session) received(ctx context.Context, to string, whole files.Entry) error {
	got, err := s.facts(ctx, to)
	if err != nil || got.Size < 0 || whole.Size < 0 || got.Size == whole.Size {
		return nil // a server that does not tell has said that it is done
	}
	f := fault.New(fault.Partial, "%d of %d bytes came", got.Size, whole.Size)
	f.At = s.target.String()
	return s.of(to, f)
}

// An end is one side of a transfer between two servers.
type end struct {
	s     *Session
	about string
	begun bool   // it has said that it begins
	last  *Reply // its last word
	err   error  // or why there is none
}

func (e *end) say(ctx context.Context, line string) error {
	return e.s.call(ctx, func() error { return e.s.ctl.say(line) })
}

func (e *end) over() bool { return e.last != nil || e.err != nil }

func (e *end) failed() bool { return e.err != nil || e.last != nil && !e.last.good() }

// look reads a reply if there is one by now.
func (e *end) look(wait time.Duration) {
	c := e.s.ctl
	if !c.speaks(wait) && c.broken == nil {
		return
	}
	r, err := c.answer()
	switch {
	case err != nil:
		e.err = e.s.fault(err)
	case r.Code/100 == 1:
		e.begun = true
	default:
		e.last = &r
	}
}

// abort stops a side that does not end by itself.
func (e *end) abort() {
	if e.over() {
		return
	}
	e.s.sayAbort()
	e.s.resync(false)
}

// How long a transfer may take to begin, and the second side to end after the
// first.
const (
	beginning = 15 * time.Second
	following = 2 * time.Second
)

// settle waits for the last words of both sides.
func settle(ctx context.Context, src, dst *end) error {
	began := time.Now()
	var first time.Time // when one had ended
	late := false
	for ctx.Err() == nil && !(src.over() && dst.over()) {
		for _, e := range []*end{src, dst} {
			if !e.over() {
				e.look(20 * time.Millisecond)
			}
		}
		if first.IsZero() && (src.over() || dst.over()) {
			first = time.Now()
		}
		slow := following
		if !src.failed() && !dst.failed() {
			slow = beginning // its disk may be
		}
		late = !first.IsZero() && time.Since(first) > slow ||
			!(src.begun && dst.begun) && time.Since(began) > beginning
		if late {
			break
		}
	}
	src.abort()
	dst.abort()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var verdict error
	for _, e := range []*end{src, dst} {
		// That they do not meet is why the other one may have hung up.
		if err := e.verdict(); verdict == nil || fault.Of(err) == fault.Unsupported {
			verdict = err
		}
	}
	if verdict != nil {
		return verdict
	}
	if late {
		return fault.New(fault.Unsupported, "the servers do not reach one another within %v", beginning)
	}
	return nil
}

// verdict is the error that a side has ended with. That no data connection
// came about, or that it did not last, is what another way may mend.
func (e *end) verdict() error {
	switch {
	case e.err != nil && fault.Of(e.err) == fault.Recv:
		return e.s.cannot("the server has hung up over it")
	case e.err != nil:
		return e.s.of(e.about, e.err)
	case e.last == nil || e.last.good():
		return nil
	}
	f, ok := e.s.refusal(*e.last).(*fault.Error)
	if !ok {
		return e.s.fault(e.s.ctl.broken)
	}
	switch e.last.Code {
	case 425, 426, 500, 501, 502, 504, 522:
		f.Kind, f.Text = fault.Unsupported, fmt.Sprintf("the servers cannot connect to one another: %s", f.Text)
	}
	return e.s.of(e.about, f)
}
