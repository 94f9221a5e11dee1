package socket

import (
	"context"
	"io"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// A rest is all that comes on a Stream until the peer closes: first what was
// read already, then the connection itself, so that the kernel may move it.
type rest struct {
	s      *Stream
	ctx    context.Context
	cancel context.CancelFunc
}

func (r *rest) Read(p []byte) (int, error) {
	if len(r.s.Buf) == 0 {
		if err := r.s.more(r.ctx); err != nil {
			return 0, r.why(err)
		}
	}
	n := copy(p, r.s.Buf)
	r.s.Drop(n)
	return n, nil
}

// WriteTo moves everything to w.
func (r *rest) WriteTo(w io.Writer) (int64, error) {
	s := r.s
	first, err := w.Write(s.Take())
	n := int64(first)
	if err != nil {
		return n, err
	}
	if s.End == nil {
		var m int64
		err = talk.Politely(r.ctx, s.conn.SetReadDeadline, func() (err error) {
			m, err = s.conn.WriteTo(w)
			return err
		})
		n += m
		s.In += m
		switch {
		case err == nil:
			s.End = s.whole(io.EOF)
		case fault.Of(err) == fault.Recv:
			s.End = err
		default:
			return n, err
		}
	}
	if s.End == io.EOF {
		return n, nil
	}
	return n, s.End
}

func (r *rest) why(err error) error {
	if r.s.End == io.EOF {
		return io.EOF
	}
	return err
}

func (r *rest) Close() error {
	r.cancel()
	return nil
}

// WatchArgs are those of watch.
type WatchArgs struct {
	Count   int            `flag:"count" help:"end after this many times that something came"`
	Hex     bool           `flag:"hex" help:"show it in hexadecimal"`
	Timeout *time.Duration `flag:"t,timeout" help:"end when nothing came for this long"`
}

// An Arrival is what came at one time.
type Arrival struct {
	Time time.Time `json:"time"`
	Received
}

// Watch yields what comes as it comes, until the peer closes.
func (s *Stream) Watch(ctx context.Context, a WatchArgs) (verb.Stream[*Arrival], error) {
	return func(yield func(*Arrival, error) bool) {
		for n := 0; a.Count == 0 || n < a.Count; n++ {
			one, cancel := talk.Within(ctx, a.Timeout, "-t")
			if len(s.Buf) == 0 {
				if err := s.more(one); err != nil {
					cancel()
					if s.End != io.EOF && (a.Timeout == nil || fault.Of(err) != fault.Timeout) {
						yield(nil, err)
					}
					return
				}
			}
			cancel()
			if !yield(&Arrival{time.Now(), *received(s.Take(), a.Hex)}, nil) {
				return
			}
		}
	}, nil
}
