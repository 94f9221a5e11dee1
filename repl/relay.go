package repl

import (
	"context"
	"errors"
	"fmt"
	"io"

	"wireline/protocols"
	"wireline/protocols/fault"
)

type RelayArgs struct {
	A string `arg:"session" help:"one end" complete:"session"`
	B string `arg:"session2" help:"the other end" complete:"session"`
}

// Relayed is how much a relay moved.
type Relayed struct {
	AtoB int64 `json:"a_to_b"`
	BtoA int64 `json:"b_to_a"`
	a, b string
}

func (r Relayed) Message() string {
	return fmt.Sprintf("relayed %d bytes from %s to %s, %d back", r.AtoB, r.a, r.b, r.BtoA)
}

// Relay copies between two sessions, both ways, until each end has said all.
func (sh *Shell) Relay(ctx context.Context, a RelayArgs) (any, error) {
	var ends [2]protocols.Streamer
	var names [2]string
	for i, n := range []string{a.A, a.B} {
		s, err := sh.named(n)
		if err != nil {
			return nil, err
		}
		st, ok := s.Session.(protocols.Streamer)
		if !ok {
			return nil, fault.New(fault.Unsupported, "%s cannot be relayed", sh.label(s))
		}
		if i == 1 && st == ends[0] {
			return nil, fault.New(fault.Usage, "a session cannot be relayed to itself")
		}
		give, err := s.hold(ctx)
		if err != nil {
			return nil, err
		}
		defer give()
		defer s.wire.Bind(ctx)()
		ends[i], names[i] = st, sh.label(s)
	}
	r := Relayed{a: names[0], b: names[1]}
	back := make(chan error, 1)
	go func() { back <- pour(ends[0], ends[1], &r.BtoA) }()
	err := pour(ends[1], ends[0], &r.AtoB)
	return r, errors.Join(err, <-back)
}

// pour copies src to dst until src ends, and passes that end on.
func pour(dst, src protocols.Streamer, n *int64) (err error) {
	defer fault.Catch(&err)
	to, from := dst.Stream(), src.Stream()
	if held := src.Take(); len(held) > 0 {
		m, err := to.Write(held)
		if *n += int64(m); err != nil {
			return err
		}
	}
	m, err := io.Copy(to, from)
	*n += m
	to.CloseWrite()
	return err
}
