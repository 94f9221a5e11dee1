package ftp

import (
	"context"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// RawArgs are the arguments of raw.
type RawArgs struct {
	Command string   `arg:"command" help:"what to send, such as SITE" escapes:"yes"`
	Words   []string `arg:"word..." help:"its arguments" dash:"yes"`
	Data    bool     `flag:"data" help:"with a data connection, whose bytes are the result"`
}

// Raw sends a command and gives the reply as it comes, or what comes on a
// data connection.
func (s *Session) Raw(ctx context.Context, a RawArgs) (any, error) {
	line := strings.TrimRight(strings.Join(append([]string{a.Command}, a.Words...), " "), "\r\n")
	if err := protocols.OneLine("command", line); err != nil {
		return nil, err
	}
	word := strings.ToUpper(verbOf(line))
	if err := permitted(word, a.Data); err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if word == "PASS" || word == "ACCT" {
		_, secret, _ := strings.Cut(line, " ")
		s.wire.Secret(secret)
	}
	defer s.changed()
	if a.Data {
		x, err := s.open(ctx, request{command: line, size: -1})
		if err != nil {
			return nil, err
		}
		return &verb.Blob{Size: -1, ReadCloser: x}, nil
	}
	r, err := s.ask(ctx, line)
	if err != nil {
		return nil, err
	}
	return r, s.follow(ctx, word, line, r)
}

// permitted refuses what would leave the session in a state that it does not
// know.
func permitted(word string, data bool) error {
	switch word {
	case "":
		return fault.New(fault.BadArgument, "there is no command")
	case "AUTH", "CCC":
		return fault.New(fault.Unsupported, "%s changes the connection itself", word).WithHint("starttls")
	case "STOR", "APPE", "STOU":
		return fault.New(fault.Unsupported, "%s wants a data connection to send on", word).WithHint("put, append and put-unique send")
	case "RETR", "LIST", "NLST", "MLSD":
		if !data {
			return fault.New(fault.Unsupported, "%s wants a data connection", word).WithHint("raw --data gives it one")
		}
	}
	return nil
}

// follow keeps in step with what a raw command has changed.
func (s *Session) follow(ctx context.Context, word, line string, r Reply) error {
	if word == "QUIT" {
		s.ctl.fail(&fault.Error{Kind: fault.Recv, At: s.target.String(), Text: "the session has ended with QUIT"})
		return nil
	}
	if !r.good() {
		return nil
	}
	_, arg, _ := strings.Cut(line, " ")
	switch word {
	case "CWD", "XCWD", "CDUP", "XCUP", "REIN", "PASS":
		before := s.cwd
		if err := s.where(ctx); err != nil {
			return err
		}
		s.left(before)
	case "TYPE":
		s.kind, _, _ = strings.Cut(strings.ToUpper(strings.TrimSpace(arg)), " ")
	case "PROT":
		s.clear = !strings.EqualFold(strings.TrimSpace(arg), "P")
	}
	return nil
}

// WordsArgs are the arguments of commands that are passed on.
type WordsArgs struct {
	Words []string `arg:"word..." help:"arguments, as the server wants them" dash:"yes"`
}

// Site sends a command of the server's own.
func (s *Session) Site(ctx context.Context, a WordsArgs) (Reply, error) {
	return s.pass(ctx, "SITE", a.Words)
}

// Status asks for the state of the server, or of a file, without a data
// connection.
func (s *Session) Status(ctx context.Context, a WordsArgs) (Reply, error) {
	return s.pass(ctx, "STAT", a.Words)
}

// Help asks the server for help.
func (s *Session) Help(ctx context.Context, a WordsArgs) (Reply, error) {
	return s.pass(ctx, "HELP", a.Words)
}

// Syst asks what the server runs on.
func (s *Session) Syst(ctx context.Context, _ struct{}) (Reply, error) {
	return s.pass(ctx, "SYST", nil)
}

// Noop says nothing.
func (s *Session) Noop(ctx context.Context, _ struct{}) (Reply, error) {
	return s.pass(ctx, "NOOP", nil)
}

// Abor asks the server to stop a transfer.
func (s *Session) Abor(ctx context.Context, _ struct{}) (Reply, error) {
	return s.pass(ctx, "ABOR", nil)
}

func (s *Session) pass(ctx context.Context, command string, words []string) (r Reply, err error) {
	line := with(command, strings.Join(words, " "))
	if err := protocols.OneLine("word", line); err != nil {
		return r, err
	}
	if err := s.ready(ctx); err != nil {
		return r, err
	}
	return s.must(ctx, line)
}

// system is what SYST tells, asked once.
func (s *Session) system(ctx context.Context) string {
	if !s.asked {
		s.asked = true
		if r, err := s.must(ctx, "SYST"); err == nil {
			s.sys = r.text()
		}
	}
	return s.sys
}

// LoginArgs are the arguments of login.
type LoginArgs struct {
	User    string `arg:"user?" help:"login name; the same if left out"`
	Account string `flag:"acct" help:"account, where the server asks for one"`
}

// Login logs in as another user, on a new connection.
func (s *Session) Login(ctx context.Context, a LoginArgs) (r Reply, err error) {
	if err := protocols.OneLine("user", a.User); err != nil {
		return r, err
	}
	if err := protocols.OneLine("acct", a.Account); err != nil {
		return r, err
	}
	if s.busy {
		return r, s.ready(ctx)
	}
	next := &Session{peer: s.peer, wire: s.wire, target: s.target, args: s.args, names: s.names, act: s.act}
	next.args.User = a.User
	if a.User == "" {
		next.args.User = s.name
	}
	if a.Account != "" {
		next.args.Account = a.Account
	}
	if err := next.dial(ctx); err != nil {
		return r, err
	}
	if err = next.keys(ctx); err == nil {
		err = next.enter(ctx)
	}
	if err != nil {
		next.ctl.fail(err)
		return r, err
	}
	// The old connection has done its work, however it ends.
	_ = s.Close()
	next.ctl.owner = s
	s.ctl, s.lib, s.caps, s.args = next.ctl, next.lib, next.caps, next.args
	s.name, s.secret, s.kind, s.clear = next.name, next.secret, next.kind, next.clear
	s.cwd, s.home, s.last, s.seen, s.login = next.cwd, next.cwd, "", nil, next.login
	return Reply{Code: 230, Lines: []string{"230 logged in as " + s.name}}, nil
}

// Charset is the character set of names.
type Charset struct {
	Charset string `json:"charset"`
}

// CharsetArgs are the arguments of charset.
type CharsetArgs struct {
	Name string `arg:"name?" help:"utf-8, latin1, windows-1251 …, or auto to guess; shown if left out"`
}

// SetCharset says how the server spells names.
func (s *Session) SetCharset(_ context.Context, a CharsetArgs) (c Charset, err error) {
	if err := protocols.OneLine("name", a.Name); err != nil {
		return c, err
	}
	if a.Name != "" {
		n, err := newNames(a.Name)
		if err != nil {
			return c, err
		}
		s.names.charset, s.names.enc = n.charset, n.enc
		s.names.latin.Store(false)
		s.changed()
	}
	if c.Charset = s.names.charset; c.Charset == "" {
		c.Charset = "auto"
	}
	return c, nil
}

var (
	_ files.Tree    = (*Session)(nil)
	_ files.Resumer = (*Session)(nil)
	_ files.Cloner  = (*Session)(nil)
	_ files.Sender  = (*Session)(nil)

	_ protocols.Completer = (*Session)(nil)
	_ protocols.Keeper    = (*Session)(nil)
	_ protocols.Mover     = (*Session)(nil)
	_ protocols.Namer     = (*Session)(nil)
	_ protocols.Replier   = (*Session)(nil)
	_ protocols.Informer  = (*Session)(nil)
)
