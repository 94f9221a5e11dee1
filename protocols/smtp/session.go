package smtp

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/sasl"
	"wireline/protocols/wire"
)

// A Session is one conversation with a server of SMTP or LMTP.
type Session struct {
	wire   *wire.Dialer
	peer   protocols.Peer
	target wire.Target
	args   ConnectArgs
	lmtp   bool

	ctl    *control
	lib    *gosmtp.Client
	greet  Reply
	hailed bool  // the greeting came before TLS
	caps   []Cap // as of the last EHLO
	clear  []Cap // as of the EHLO before TLS
	user   string
	cred   sasl.Credentials // of the login
	dirty  bool             // a transaction was begun by the step verbs
	taken  int              // recipients of it, so far
}

// A Cap is an extension that the server offers (RFC 5321, section 4.1.1.1).
type Cap struct {
	Name   string   `json:"name"`
	Params []string `json:"params,omitempty"`
}

// begin takes a fresh connection up to the answer to EHLO.
func (s *Session) begin(ctx context.Context, c *wire.Conn) error {
	c.SetLine(true)
	s.clear, s.hailed = nil, false
	s.ctl = newControl(c, s.at)
	s.library("")
	err := s.call(ctx, "greeting", func() error {
		var err error
		s.greet, err = s.ctl.answer()
		if err == nil && s.greet.Code != 220 {
			err = s.refusal("greeting", s.greet)
		}
		return err
	})
	if err != nil {
		return err
	}
	s.ctl.pending = s.greet.wire()
	if c.TLS() != nil {
		s.before(c.Cleartext())
	}
	return s.hello(ctx)
}

// before keeps what was said before TLS. The library's greeting is ours then,
// and the server's would be lost.
func (s *Session) before(said wire.Cleartext) {
	if len(said.Greeting) > 0 {
		s.greet, s.hailed = replyOf(said.Greeting), true
	}
	s.clear = capsOf(replyOf(said.Hello))
}

// wire is the reply with the ends of lines that it came with.
func (r Reply) wire() []byte { return []byte(strings.Join(r.Lines, "\r\n") + "\r\n") }

// library gives the library a new start on the connection, with a greeting
// that it has still to read.
func (s *Session) library(greeting string) {
	if s.lmtp {
		s.lib = gosmtp.NewClientLMTP(s.ctl)
	} else {
		s.lib = gosmtp.NewClient(s.ctl)
	}
	s.ctl.pending = []byte(greeting)
}

// hello says EHLO, and HELO where the server knows no EHLO.
func (s *Session) hello(ctx context.Context) error {
	name := s.heloName()
	s.caps = nil
	err := s.call(ctx, "helo", func() error { return s.lib.Hello(name) })
	if err != nil {
		return err
	}
	s.caps = capsOf(s.ctl.reply)
	return nil
}

// heloName is what we call ourselves: nothing that tells of this machine
// (RFC 5321, section 4.1.3).
func (s *Session) heloName() string {
	if s.args.EHLO != "" {
		return s.args.EHLO
	}
	ap, err := netip.ParseAddrPort(s.ctl.LocalAddr().String())
	switch a := ap.Addr().Unmap().WithZone(""); {
	case err != nil:
		return "localhost"
	case a.Is4():
		return "[" + a.String() + "]"
	default:
		return "[IPv6:" + a.String() + "]"
	}
}

// capsOf reads the answer to EHLO; that to HELO has one line.
func capsOf(r Reply) (caps []Cap) {
	for _, l := range r.Lines[min(1, len(r.Lines)):] {
		words := strings.Fields(rest(l))
		if len(words) == 0 {
			continue
		}
		name, more, old := strings.Cut(strings.ToUpper(words[0]), "=")
		if old && name == "AUTH" { // AUTH=LOGIN, as servers of old say it
			words = append([]string{name, more}, words[1:]...)
		}
		c := Cap{Name: strings.ToUpper(words[0])}
		if len(words) > 1 {
			c.Params = words[1:]
		}
		caps = append(caps, c)
	}
	return caps
}

// offers reports whether the server offers an extension.
func (s *Session) offers(name string) bool {
	return slices.ContainsFunc(s.caps, func(c Cap) bool { return c.Name == name })
}

// params are those of an extension.
func (s *Session) params(name string) (all []string) {
	for _, c := range s.caps {
		if c.Name == name {
			all = append(all, c.Params...)
		}
	}
	return all
}

// at is the place for messages.
func (s *Session) at() string { return s.target.String() }

// Where is nothing: a server of mail has no places.
func (s *Session) Where() string { return "" }

// Reply is the server's last reply, for assert and JSON.
func (s *Session) Reply() (code, text string) {
	if s.ctl.reply.Code == 0 {
		return "", ""
	}
	return strconv.Itoa(s.ctl.reply.Code), s.ctl.reply.text()
}

// Keep says NOOP.
func (s *Session) Keep(ctx context.Context) error {
	return s.call(ctx, "noop", s.lib.Noop)
}

// Close says QUIT. Whether the server answers changes nothing.
func (s *Session) Close() error {
	if s.ctl.Broken != nil {
		return nil
	}
	s.ctl.Conn.SetDeadline(time.Now().Add(s.wire.InForce().Goodbye))
	if err := s.lib.Quit(); err != nil {
		s.ctl.Conn.Close()
	}
	s.ctl.Fail(fault.New(fault.Recv, "the session was closed"))
	return nil
}

// Greeting is what the server said first.
func (s *Session) Greeting() (lines []string, clear bool) { return s.greet.Lines, s.hailed }

// Info is what is known of the session.
type Info struct {
	Greeting string `json:"greeting"`
	Clear    bool   `json:"greeting_in_clear,omitempty"` // it came before TLS: nobody has proved whose it is
	Protocol string `json:"protocol"`                    // SMTP, ESMTP or LMTP
	User     string `json:"user,omitempty"`
	Caps     []Cap  `json:"caps"`
}

// Info tells of the session.
func (s *Session) Info() any {
	p := "ESMTP"
	switch {
	case s.lmtp:
		p = "LMTP"
	case len(s.caps) == 0:
		p = "SMTP"
	}
	return Info{s.greet.text(), s.hailed, p, s.user, s.caps}
}
