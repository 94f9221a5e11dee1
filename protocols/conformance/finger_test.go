package conformance

import (
	"context"
	"io"
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// finger asks a host who its users are (RFC 1288): one connection for each
// question, and an answer that ends with it.
func finger() protocols.Protocol {
	return protocols.Protocol{
		Name:    "finger",
		Short:   "who is on a host",
		Schemes: []wire.Scheme{{Name: "finger", Port: "79"}},
		Open: []verb.Verb{{Name: "connect", Short: "remember whom to ask",
			Example: []string{"connect finger localhost"}, Run: verb.Call(host)}},
		Verbs: []verb.Verb{{Name: "who", Short: "ask about a user, or about all",
			Example: []string{"who alice", "finger who localhost:79 -l alice"}, Run: verb.Call((*asker).Who)}},
		Route: func(u *url.URL) (string, []string) {
			if user := strings.Trim(u.Path, "/"); user != "" {
				return "who", []string{user}
			}
			return "who", nil
		},
	}
}

type asker struct{ protocols.Peer }

func host(p protocols.Peer, _ context.Context, _ struct{}) (protocols.Session, error) {
	return &asker{p}, nil
}

type whoArgs struct {
	User string `arg:"user?" help:"login name; everyone if left out"`
	Long bool   `flag:"l,long" help:"ask for all that is known"`
}

func (s *asker) Who(ctx context.Context, a whoArgs) (*verb.Blob, error) {
	if err := protocols.OneLine("user", a.User); err != nil {
		return nil, err
	}
	c, err := s.Dial(ctx, s.Target)
	if err != nil {
		return nil, err
	}
	c.SetIdle(s.Limits.Idle)
	q := a.User
	if a.Long {
		q = strings.TrimSpace("/W " + q)
	}
	if _, err := io.WriteString(c, q+"\r\n"); err != nil {
		c.Close()
		return nil, err
	}
	return &verb.Blob{Name: a.User, Size: -1, ReadCloser: c}, nil
}

func (s *asker) Where() string { return "" }
func (s *asker) Close() error  { return nil }
