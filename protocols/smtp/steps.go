package smtp

import (
	"context"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// None is no arguments.
type None struct{}

// HelloArgs are the arguments of ehlo, helo and lhlo.
type HelloArgs struct {
	Name string `arg:"name?" help:"what to call ourselves; an address literal if left out"`
}

// Ehlo says EHLO, and LHLO to a server of LMTP.
func (s *Session) Ehlo(ctx context.Context, a HelloArgs) (Reply, error) {
	word := "EHLO "
	if s.lmtp {
		word = "LHLO "
	}
	return s.greetAs(ctx, word, a.Name)
}

// Helo says HELO: the server offers no extensions after it.
func (s *Session) Helo(ctx context.Context, a HelloArgs) (Reply, error) {
	return s.greetAs(ctx, "HELO ", a.Name)
}

func (s *Session) greetAs(ctx context.Context, word, name string) (Reply, error) {
	if name == "" {
		name = s.heloName()
	}
	r, err := s.step(ctx, "helo", word+name)
	if err == nil && r.good() {
		s.caps, s.dirty = capsOf(r), false
	}
	return r, err
}

// step says one command and gives its reply, whatever it is: when the user
// takes the steps, it is for him to say whether a refusal is a failure.
func (s *Session) step(ctx context.Context, phase, line string) (r Reply, err error) {
	if err := protocols.OneLine(phase, line); err != nil {
		return r, err
	}
	err = s.call(ctx, phase, func() error {
		r, err = s.ctl.ask(line)
		if err == nil && r.Code == closing {
			err = s.refusal(phase, r)
		}
		return err
	})
	if err == nil && r.good() {
		s.count(line)
	}
	return r, err
}

// count keeps count of the recipients of a transaction: with LMTP the message
// has an answer for each.
func (s *Session) count(line string) {
	switch word, _, _ := strings.Cut(strings.ToUpper(line), " "); word {
	case "RCPT":
		s.taken++
	case "MAIL", "RSET", "EHLO", "LHLO", "HELO":
		s.taken = 0
	}
}

// PathArgs are the arguments of mail and rcpt.
type PathArgs struct {
	Path   string   `arg:"address" help:"as in the command: from:<a@x>; or only the address"`
	Params []string `arg:"param..." help:"such as SIZE=1000, BODY=8BITMIME, NOTIFY=NEVER"`
}

// Mail says MAIL FROM, which begins a transaction.
func (s *Session) Mail(ctx context.Context, a PathArgs) (Reply, error) {
	s.dirty = true
	return s.path(ctx, "mail", "MAIL FROM:", a)
}

// Rcpt says RCPT TO.
func (s *Session) Rcpt(ctx context.Context, a PathArgs) (Reply, error) {
	return s.path(ctx, "rcpt", "RCPT TO:", a)
}

func (s *Session) path(ctx context.Context, phase, word string, a PathArgs) (Reply, error) {
	addr := a.Path
	_, prefix, _ := strings.Cut(word, " ")
	if len(addr) >= len(prefix) && strings.EqualFold(addr[:len(prefix)], prefix) {
		addr = strings.TrimLeft(addr[len(prefix):], " ")
		if addr == "" && len(a.Params) > 0 { // FROM: <a@x>
			addr, a.Params = a.Params[0], a.Params[1:]
		}
	}
	if strings.HasPrefix(addr, "<") && strings.HasSuffix(addr, ">") {
		addr = addr[1 : len(addr)-1]
	}
	if err := mail.Mailbox("address", addr); err != nil {
		return Reply{}, err
	}
	line := word + "<" + addr + ">"
	for _, p := range a.Params {
		if err := param(p); err != nil {
			return Reply{}, err
		}
		line += " " + p
	}
	return s.step(ctx, phase, line)
}

// param refuses what is no parameter of MAIL or RCPT (RFC 5321, section
// 4.1.2).
func param(p string) error {
	for i := range len(p) {
		if p[i] <= ' ' || p[i] == 0x7f {
			return fault.New(fault.BadArgument, "param: %q is no parameter such as SIZE=1000", p)
		}
	}
	if p == "" {
		return fault.New(fault.BadArgument, "param: an empty one")
	}
	return nil
}

// Rset ends a transaction without mail.
func (s *Session) Rset(ctx context.Context, _ None) (Reply, error) {
	s.dirty = false
	return s.step(ctx, "rset", "RSET")
}

// Noop has the server answer.
func (s *Session) Noop(ctx context.Context, _ None) (Reply, error) {
	return s.step(ctx, "noop", "NOOP")
}

// WordsArgs are words to follow a command.
type WordsArgs struct {
	Words []string `arg:"word..." help:"what follows the command" dash:"yes"`
}

// NameArgs are a name to follow a command.
type NameArgs struct {
	Name string `arg:"name" help:"user, address, list or domain"`
}

// Vrfy asks whether there is such a user.
func (s *Session) Vrfy(ctx context.Context, a NameArgs) (Reply, error) {
	return s.step(ctx, "vrfy", "VRFY "+a.Name)
}

// Expn asks who is on a list.
func (s *Session) Expn(ctx context.Context, a NameArgs) (Reply, error) {
	return s.step(ctx, "expn", "EXPN "+a.Name)
}

// Etrn asks the server to deliver what it holds for a domain (RFC 1985).
func (s *Session) Etrn(ctx context.Context, a NameArgs) (Reply, error) {
	return s.step(ctx, "etrn", "ETRN "+a.Name)
}

// Help asks the server for its help.
func (s *Session) Help(ctx context.Context, a WordsArgs) (Reply, error) {
	return s.step(ctx, "help", strings.TrimSpace("HELP "+strings.Join(a.Words, " ")))
}

// XclientArgs are the arguments of xclient.
type XclientArgs struct {
	Attributes []string `arg:"attribute..." help:"NAME=…, ADDR=…, PORT=…, PROTO=…, HELO=…, LOGIN=…"`
}

// Xclient has the server, which must trust us, take us for another client, as
// Postfix describes it. Its greeting comes anew.
func (s *Session) Xclient(ctx context.Context, a XclientArgs) (Reply, error) {
	for _, x := range a.Attributes {
		if err := param(x); err != nil {
			return Reply{}, err
		}
	}
	r, err := s.step(ctx, "xclient", strings.TrimSpace("XCLIENT "+strings.Join(a.Attributes, " ")))
	if err != nil || r.Code != 220 {
		return r, err
	}
	s.dirty = false
	_, err = s.Ehlo(ctx, HelloArgs{Name: s.args.EHLO})
	return r, err
}

// Starttls begins TLS (RFC 3207). What the server offered before counts no
// more.
func (s *Session) Starttls(ctx context.Context, _ None) (Reply, error) {
	if s.ctl.Broken == nil && s.ctl.TLS() != nil {
		return Reply{}, fault.New(fault.Unsupported, "the connection is under TLS already")
	}
	r, err := s.step(ctx, "tls", "STARTTLS")
	if err != nil || r.Code != 220 {
		return r, err
	}
	before := s.caps
	s.hailed = true
	err = s.call(ctx, "tls", func() error {
		err := s.ctl.StartTLS(ctx, "")
		if err != nil {
			return s.ctl.Fail(err)
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	s.library("220 ready\r\n")
	s.user, s.dirty = "", false
	if err := s.hello(ctx); err != nil {
		return r, err
	}
	s.clear = before
	return r, nil
}

// RawArgs are the arguments of raw.
type RawArgs struct {
	Line string `arg:"command" help:"the line to send, without its end" dash:"yes"`
}

// Raw says a line and gives the reply as it came.
func (s *Session) Raw(ctx context.Context, a RawArgs) (Reply, error) {
	s.dirty = true
	return s.step(ctx, "command", a.Line)
}

// CapsArgs are the arguments of caps.
type CapsArgs struct {
	Before bool `flag:"before-tls" help:"what the server offered before starttls"`
}

// Caps lists what the server offers.
func (s *Session) Caps(_ context.Context, a CapsArgs) (verb.Stream[Cap], error) {
	if a.Before {
		if s.ctl.Broken == nil && s.ctl.TLS() == nil {
			return rows(s.caps), nil // it is before
		}
		return rows(s.clear), nil
	}
	return rows(s.caps), nil
}
