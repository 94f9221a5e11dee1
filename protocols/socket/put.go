package socket

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// PutArgs are those of put.
type PutArgs struct {
	File verb.Input `arg:"file" help:"what to send; - is standard input" complete:"local"`
	Pace
}

// Put sends a file.
func (s *Stream) Put(ctx context.Context, a PutArgs) (*Sent, error) { return put(ctx, s, a) }

func put(ctx context.Context, t talker, a PutArgs) (*Sent, error) {
	defer a.File.Close()
	return t.pump(ctx, a.File, a.Pace)
}

// piece is how much is read and sent at a time: large enough that the cost of
// a call does not matter, small enough for the cache.
const piece = 512 << 10

// pump sends all of in.
func (s *Stream) pump(ctx context.Context, in verb.Input, a Pace) (*Sent, error) {
	sent := &Sent{File: in.Name}
	start := time.Now()
	if a.NoHash && a.Rate == 0 {
		err := talk.Politely(ctx, s.conn.SetWriteDeadline, func() (err error) {
			sent.Bytes, err = s.conn.ReadFrom(in.ReadCloser)
			return err
		})
		sent.Took = time.Since(start)
		return sent, err
	}
	hash := sha256.New()
	size := piece
	if a.Rate > 0 {
		size = int(min(piece, max(1, a.Rate/20)))
	}
	p := make([]byte, size)
	for {
		n, err := in.Read(p)
		if !a.NoHash {
			hash.Write(p[:n])
		}
		m, werr := s.write(ctx, p[:n])
		sent.Bytes += m
		switch {
		case werr != nil:
			return nil, werr
		case err == io.EOF:
			sent.Took = time.Since(start)
			if !a.NoHash {
				sent.SHA256 = hex.EncodeToString(hash.Sum(nil))
			}
			return sent, nil
		case err != nil:
			return nil, unread(in, err)
		}
		if err := a.hold(ctx, start, sent.Bytes); err != nil {
			return nil, err
		}
	}
}

// hold waits until n bytes are due at the rate of a.
func (a Pace) hold(ctx context.Context, start time.Time, n int64) error {
	if a.Rate <= 0 {
		return nil
	}
	due := time.Duration(float64(n) / float64(a.Rate) * float64(time.Second))
	select {
	case <-time.After(time.Until(start.Add(due))):
		return nil
	case <-ctx.Done():
		return talk.Ended(ctx)
	}
}

// unread is the error of an input that could not be read to its end.
func unread(in verb.Input, err error) error {
	if fault.Of(err) != fault.Internal {
		return err
	}
	name := in.Name
	if name == "" {
		name = "standard input"
	}
	return fault.New(fault.ReadLocal, "cannot read %s: %w", name, err)
}
