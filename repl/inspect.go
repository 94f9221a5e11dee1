package repl

import (
	"context"
	"runtime"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

type InfoArgs struct {
	What string `arg:"what?" help:"a session, host or interfaces; the current session if left out" complete:"session"`
}

// HostInfo is what is known of this host.
type HostInfo struct {
	Name string `json:"hostname"`
	OS   string `json:"os"`
	Arch string `json:"arch"`
}

// Info tells of a session, or of this host.
func (sh *Shell) Info(ctx context.Context, a InfoArgs) (any, error) {
	switch a.What {
	case "host":
		n, err := sh.Hostname(ctx, struct{}{})
		return HostInfo{n, runtime.GOOS, runtime.GOARCH}, err
	case "interfaces":
		return sh.Interfaces(ctx, struct{}{})
	}
	s, err := sh.meantBy(ctx, a.What)
	if err != nil {
		return nil, err
	}
	give, err := s.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	if i, ok := s.Session.(protocols.Informer); ok {
		return i.Info(), nil
	}
	c := s.wire.Last()
	if c == nil {
		return note(s.at() + " has no connection yet"), nil
	}
	return c.Info(), nil
}

// meantBy is the session called name, or the current one if there is no name.
func (sh *Shell) meantBy(ctx context.Context, name string) (*session, error) {
	if name != "" {
		return sh.named(name)
	}
	if s := running(ctx).call.sess; s != nil {
		return s, nil
	}
	return nil, fault.New(fault.Usage, "no session is open").WithHint("connect PROTO HOST opens one")
}

type CertArgs struct {
	Session string `arg:"session?" help:"the session; the current one if left out" complete:"session"`
	Days    int    `flag:"days" help:"fail if the certificate is valid for fewer days than this"`
}

// Cert shows the chain that the server sent.
func (sh *Shell) Cert(ctx context.Context, a CertArgs) (any, error) {
	s, err := sh.meantBy(ctx, a.Session)
	if err != nil {
		return nil, err
	}
	var t *wire.TLSInfo
	if c := s.wire.Last(); c != nil {
		t = c.Info().TLS
	}
	if t == nil {
		return nil, fault.New(fault.Unsupported, "%s has no TLS", s.at()).WithHint("connect tls HOST PORT, or starttls where the protocol has it")
	}
	if a.Days > 0 && len(t.Chain) > 0 && t.DaysLeft < a.Days {
		return nil, fault.New(fault.Assert, "the certificate of %s is valid for %d days more, which is fewer than %d", s.at(), t.DaysLeft, a.Days)
	}
	if running(ctx).flags.JSON {
		return rows(t.Chain), nil
	}
	var b strings.Builder
	for i, c := range t.Chain {
		if i > 0 {
			b.WriteString("\n")
		}
		certificate(&b, c)
	}
	return b.String(), nil
}
