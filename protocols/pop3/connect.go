package pop3

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/command"
	"wireline/protocols/fault"
	"wireline/protocols/sasl"
	"wireline/protocols/wire"
)

// ConnectArgs are the arguments of connect.
type ConnectArgs struct {
	User  string `flag:"u,user" help:"log in under this name; asked for if left out"`
	Mech  string `flag:"mech" help:"way of the login: user, apop, rpop, or a SASL mechanism such as PLAIN; the strongest if left out"`
	Act   string `flag:"authzid" help:"act as this user, where the login may"`
	Later bool   `flag:"no-login" help:"do not log in"`
}

func connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	a = withURL(a, p.Target.URL)
	if err := sasl.Check(a.User, a.Mech, a.Act); err != nil {
		return nil, err
	}
	s := &Session{wire: p.Dialer, peer: p, target: p.Target, args: a}
	c, err := p.Dialer.Dial(ctx, p.Target)
	if err != nil {
		return nil, err
	}
	if err := s.start(ctx, c); err != nil {
		c.Close()
		return nil, err
	}
	return s, nil
}

func (s *Session) start(ctx context.Context, c *wire.Conn) error {
	if err := s.begin(ctx, c); err != nil {
		return err
	}
	if err := s.capa(ctx); err != nil || s.args.Later {
		return err
	}
	err := s.login(ctx, LoginArgs{s.args.User, s.args.Mech, s.args.Act})
	if err != nil {
		s.Close()
	}
	return err
}

// withURL adds what a URL says of the login: pop://ann;auth=+APOP@host (RFC
// 2384).
func withURL(a ConnectArgs, u *url.URL) ConnectArgs {
	if u == nil || u.User == nil {
		return a
	}
	name, auth, has := strings.Cut(u.User.Username(), ";")
	if a.User == "" {
		a.User = name
	}
	if mech, ok := strings.CutPrefix(strings.ToLower(auth), "auth="); has && ok && a.Mech == "" && mech != "*" {
		a.Mech = strings.TrimPrefix(mech, "+")
	}
	return a
}

// LoginArgs are the arguments of login.
type LoginArgs struct {
	User string `flag:"u,user" help:"name of the user"`
	Mech string `flag:"mech" help:"user, apop, rpop, or a SASL mechanism such as PLAIN; the strongest if left out"`
	Act  string `flag:"authzid" help:"act as this user, where the login may"`
}

// A LoggedIn tells of a login.
type LoggedIn struct {
	User  string `json:"user"`
	Mech  string `json:"mech"`
	Count int    `json:"count"` // messages
	Size  int64  `json:"size"`  // of all of them, in bytes
}

// Message says it.
func (l LoggedIn) Message() string {
	return fmt.Sprintf("logged in as %s by %s: %s, %d bytes", l.User, l.Mech, messages(l.Count), l.Size)
}

// Login logs in.
func (s *Session) Login(ctx context.Context, a LoginArgs) (LoggedIn, error) {
	if err := sasl.Check(a.User, a.Mech, a.Act); err != nil {
		return LoggedIn{}, err
	}
	if err := s.login(ctx, a); err != nil {
		return LoggedIn{}, err
	}
	return LoggedIn{s.user, s.args.Mech, s.count, s.size}, nil
}

func (s *Session) login(ctx context.Context, a LoginArgs) error {
	switch {
	case s.ctl.Broken != nil:
		return s.gone()
	case s.in:
		return &fault.Error{Kind: fault.Unsupported, At: s.at(), Text: "the session is " + s.user + "'s already", Hint: "close it, and connect again"}
	}
	ch := sasl.Over(s.ctl.Conn.Conn)
	ch.Offered = s.params("SASL")
	mech, err := s.choose(a.Mech, ch)
	if err != nil {
		return s.inLogin(err)
	}
	cred, err := sasl.Lookup(ctx, s.peer, mech, a.User, a.Act)
	if err != nil {
		return err
	}
	err = s.enter(ctx, mech, cred, ch)
	if fresh, ok := cred.Renew(ctx, s.peer, mech, err); ok && s.ctl.Broken == nil {
		cred, err = fresh, s.enter(ctx, mech, fresh, ch)
	}
	if err != nil {
		return err
	}
	s.in, s.user, s.cred, s.args.Mech, s.args.Act = true, cred.Name, cred, mech, a.Act
	// What a server can may differ from here on (RFC 2449, section 5).
	if s.caps != nil {
		if err := s.capa(ctx); err != nil {
			return err
		}
	}
	_, err = s.Stat(ctx, None{})
	return err
}

// enter logs in by mech.
func (s *Session) enter(ctx context.Context, mech string, cred sasl.Credentials, ch sasl.Channel) (err error) {
	switch mech {
	case "user", "rpop":
		if _, err = s.ask(ctx, "login", "USER", cred.Name); err == nil {
			word := map[string]string{"user": "PASS", "rpop": "RPOP"}[mech]
			_, err = s.ask(ctx, "login", word, cred.Secret)
		}
	case "apop":
		sum := md5.Sum([]byte(s.timestamp() + cred.Secret))
		_, err = s.ask(ctx, "login", "APOP", cred.Name, hex.EncodeToString(sum[:]))
	default:
		err = s.sasl(ctx, mech, cred, ch)
	}
	return err
}

// choose takes a way to log in: that which is wanted, or the strongest.
func (s *Session) choose(want string, ch sasl.Channel) (string, error) {
	clear := func(mech string) (string, error) {
		if ch.Private {
			return mech, nil
		}
		return "", fault.New(fault.TLSRequired, "the password would go over the network in the clear").
			WithHint("--tls require, the scheme pop3s, or --allow-cleartext if it must be")
	}
	switch want = strings.ToLower(want); want {
	case "user", "rpop":
		return clear(want)
	case "apop":
		if s.timestamp() == "" {
			return "", fault.New(fault.Unsupported, "the server's greeting has no timestamp, which APOP needs")
		}
		return want, nil
	case "":
	default:
		return sasl.Choose(nil, want, ch)
	}
	if len(ch.Offered) > 0 {
		if mech, err := sasl.Choose(ch.Offered, "", ch); err == nil {
			return mech, nil
		}
	}
	if s.timestamp() != "" && (!ch.Private || len(s.caps) > 0 && !s.offers("USER")) {
		return "apop", nil
	}
	return clear("user")
}

// timestamp is that of the greeting, or "" (RFC 1939, section 7). One that is
// no message-ID may have been made to find out the password from the answer
// (CVE-2007-1558).
func (s *Session) timestamp() string {
	text := s.greet.Text
	from := strings.IndexByte(text, '<')
	if from < 0 {
		return ""
	}
	to := strings.IndexByte(text[from:], '>')
	if to < 0 || !strings.Contains(text[from:from+to], "@") || strings.ContainsFunc(text[from:from+to], func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return text[from : from+to+1]
}

// sasl logs in by AUTH (RFC 5034).
func (s *Session) sasl(ctx context.Context, mech string, cred sasl.Credentials, ch sasl.Channel) error {
	client, err := sasl.New(mech, cred, ch)
	if err != nil {
		return s.inLogin(err)
	}
	return s.call(ctx, "login", func() error {
		_, first, err := client.Start()
		if err != nil {
			return err
		}
		line := "AUTH " + mech
		if first != nil {
			text := base64.StdEncoding.EncodeToString(first)
			if text == "" {
				text = "="
			}
			if len(line)+len(text) < 253 {
				line, first = line+" "+text, nil
			}
		}
		for {
			challenge, more, err := s.ctl.challenge(line)
			if err != nil || !more {
				if err == nil {
					err = sasl.Verified(client)
				}
				return err
			}
			answer := first
			if first == nil {
				data, derr := base64.StdEncoding.DecodeString(challenge)
				if err = derr; err == nil {
					answer, err = client.Next(data)
				} else {
					err = &fault.Error{Kind: fault.Protocol, Text: "the server's part of the login is no base64"}
				}
			}
			if first = nil; err != nil {
				s.ctl.challenge("*") // the server says no to it
				return err
			}
			line = base64.StdEncoding.EncodeToString(answer)
		}
	})
}

// challenge says a line of a login, and returns what the server asks then. An
// answer that is no is an error.
func (c *control) challenge(line string) (text string, more bool, err error) {
	if _, err := c.Write([]byte(line + "\r\n")); err != nil {
		return "", false, err
	}
	c.Sent = "AUTH"
	defer c.Conn.Reply()()
	if err := c.ReadLine(); err != nil {
		return "", false, c.Fail(c.Ended(err, false))
	}
	answer := strings.TrimRight(string(c.Line), "\r\n")
	if text, ok := strings.CutPrefix(answer, "+ "); ok || answer == "+" {
		return text, true, nil
	}
	r, ok := status(answer)
	if !ok {
		return "", false, c.Fail(&fault.Error{Kind: fault.Protocol, Text: "the server's answer to AUTH is no reply of POP3: " + command.Quote(answer)})
	}
	if c.reply = r; !r.OK {
		return "", false, errNo
	}
	return "", false, nil
}

// inLogin says where a login was.
func (s *Session) inLogin(err error) error {
	return sasl.Located(err, s.at(), "login", command.Short(s.ctl.Info().NoTLS))
}
