package socket

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/wire"
)

// upgrades are the protocols whose way to TLS is known, by the names that
// users give them.
func upgrade(name string) (*wire.Upgrade, error) {
	known := []*wire.Upgrade{wire.SMTP, wire.LMTP, wire.POP3, wire.IMAP, wire.FTP, wire.NNTP}
	names := make([]string, len(known))
	for i, u := range known {
		if names[i] = u.Name; u.Name == name {
			return u, nil
		}
	}
	if name == "submission" {
		return wire.SMTP, nil
	}
	return nil, fault.New(fault.Usage, "%s has no known way to TLS; there are %s", name, strings.Join(names, ", "))
}

// StartTLSArgs are those of starttls.
type StartTLSArgs struct {
	Proto string `arg:"protocol?" help:"smtp, lmtp, pop3, imap, ftp or nntp: ask the server first; without, TLS begins at once" complete:"smtp|lmtp|pop3|imap|ftp|nntp"`
	Name  string `flag:"name" help:"the server's name in its certificate, if not the host that was typed"`
}

func (a StartTLSArgs) check() error {
	return errors.Join(protocols.OneLine("protocol", a.Proto), protocols.OneLine("name", a.Name))
}

// StartTLS turns an open connection into one under TLS.
func (s *Stream) StartTLS(ctx context.Context, a StartTLSArgs) (*Done, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	if s.conn.TLS() != nil {
		return nil, s.at(fault.New(fault.Usage, "the connection is under TLS already"))
	}
	host := a.Name
	if host == "" && s.target.URL != nil {
		host = s.target.Hostname()
	}
	var err error
	if a.Proto == "" {
		if err = s.settled(); err == nil {
			err = s.conn.StartTLS(ctx, host)
		}
	} else {
		var u *wire.Upgrade
		if u, err = upgrade(a.Proto); err != nil {
			return nil, err
		}
		if err = s.greeted(u); err == nil {
			err = s.conn.Upgrade(ctx, u, host)
		}
	}
	if err != nil {
		return nil, err
	}
	return &Done{Text: tlsText(s.conn)}, nil
}

// settled refuses when bytes wait: said in the clear, they would be taken for
// something that was said under TLS.
func (s *Stream) settled() error {
	if len(s.Buf) == 0 {
		return nil
	}
	return s.at(fault.New(fault.TLSRequired, "%s came in the clear and were not taken: %s", talk.Amount(int64(len(s.Buf))), talk.Quote(s.Buf, 60)).
		WithHint("recv takes them; then try again"))
}

// greeted takes the greeting off what came, if that is what it is.
func (s *Stream) greeted(u *wire.Upgrade) error {
	for len(s.Buf) > 0 {
		line, _, ok := bytes.Cut(s.Buf, []byte("\n"))
		if !ok || !bytes.HasPrefix(line, []byte(u.Greet)) {
			break
		}
		s.Drop(len(line) + 1)
	}
	return s.settled()
}

// tlsText sums up what TLS agreed on.
func tlsText(c *wire.Conn) string {
	t := c.Info().TLS
	if t == nil {
		return "no TLS"
	}
	text := t.Version + " " + t.Cipher
	if t.ALPN != "" {
		text += ", ALPN " + t.ALPN
	}
	if !t.Verified {
		return text + ", certificate NOT verified"
	}
	text += ", certificate of " + t.ServerName + " verified"
	if len(t.Chain) > 0 {
		text += ", issued by " + t.Chain[0].Issuer
	}
	return text
}
