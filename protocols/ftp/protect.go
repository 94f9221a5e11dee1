package ftp

import (
	"context"
	"fmt"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// protect asks for TLS on data connections (RFC 4217, section 9). A server
// that refuses gets no data, unless the user has said that it may.
func (s *Session) protect(ctx context.Context) error {
	r, err := s.ask(ctx, "PBSZ 0")
	if err == nil {
		r, err = s.ask(ctx, "PROT P")
	}
	if err != nil {
		return err
	}
	if r.good() {
		s.clear = false
		return nil
	}
	if s.args.ClearData {
		s.clear = true
		s.warn("the server refuses TLS on data connections: files and listings go in the clear")
		return nil
	}
	return &fault.Error{Kind: fault.TLSRequired, At: s.target.String(), Phase: "tls", Code: fmt.Sprint(r.Code),
		Text: "the server refuses TLS on data connections: " + quote(r.text()), Hint: "--ftp-clear-data goes on without"}
}

// ProtArgs are the arguments of prot.
type ProtArgs struct {
	Level string `arg:"level" enum:"c,p,C,P" help:"c, clear, or p, private"`
}

// Prot sets whether data connections are under TLS.
func (s *Session) Prot(ctx context.Context, a ProtArgs) (r Reply, err error) {
	if err := s.ready(ctx); err != nil {
		return r, err
	}
	if s.ctl.TLS() == nil && !s.ctl.cleared {
		f := fault.New(fault.Unsupported, "the session is not under TLS")
		f.At = s.target.String()
		return r, f.WithHint("starttls")
	}
	level := map[string]string{"c": "C", "C": "C", "p": "P", "P": "P"}[a.Level]
	if r, err = s.must(ctx, "PROT "+level); err == nil {
		s.clear = level == "C"
	}
	return r, err
}

// StartTLS changes to TLS in the middle of a session (AUTH TLS), on the
// control connection and on data connections.
func (s *Session) StartTLS(ctx context.Context, _ struct{}) (*wire.TLSInfo, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	err := s.call(ctx, func() error {
		if err := s.ctl.Conn.Upgrade(ctx, wire.FTP, ""); err != nil {
			return s.ctl.fail(err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.wire.Options.TLS = "require" // also for a connection that is made again
	if err := s.protect(ctx); err != nil {
		return nil, err
	}
	return s.ctl.Conn.Info().TLS, nil
}

// Ccc has the control connection go on in the clear (RFC 4217, section 6), for
// firewalls that read along. Data connections stay as prot has set them.
func (s *Session) Ccc(ctx context.Context, _ struct{}) (r Reply, err error) {
	if err := s.ready(ctx); err != nil {
		return r, err
	}
	if s.ctl.TLS() == nil {
		f := fault.New(fault.Unsupported, "the session is not under TLS")
		f.At = s.target.String()
		return r, f
	}
	if r, err = s.must(ctx, "CCC"); err != nil {
		return r, err
	}
	err = s.call(ctx, func() error {
		if err := s.ctl.Conn.EndTLS(); err != nil {
			return s.ctl.fail(err)
		}
		return nil
	})
	if err == nil {
		s.ctl.cleared = true
	}
	return r, err
}

// PassiveArgs are the arguments of passive.
type PassiveArgs struct {
	On string `arg:"on?" enum:"on,off" help:"on: we make data connections; off: the server does; shown if left out"`
}

// Passive tells who makes data connections.
type Passive struct {
	Passive bool `json:"passive"`
}

// SetPassive sets who makes data connections.
func (s *Session) SetPassive(_ context.Context, a PassiveArgs) (Passive, error) {
	switch a.On {
	case "on":
		s.act.on = false
	case "off":
		s.act.on = true
	}
	s.args.Active = s.act.on
	return Passive{!s.act.on}, nil
}
