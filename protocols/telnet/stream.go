package telnet

import (
	"context"
	"io"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// A rest is all that comes until the server closes.
type rest struct {
	s      *Session
	ctx    context.Context
	cancel context.CancelFunc
	room   []byte // what is read lies in
}

func (r *rest) Read(p []byte) (int, error) {
	if len(r.s.Buf) == 0 {
		if r.room == nil {
			r.room = make([]byte, 0, stride)
		}
		r.s.Buf, r.s.spare = nil, r.room
		if err := r.s.more(r.ctx); err != nil {
			return 0, r.why(err)
		}
	}
	n := copy(p, r.s.Buf)
	r.s.Drop(n)
	return n, nil
}

// stride is how much is read at a time when all is wanted: enough that the
// cost of a call does not matter, and it fits the cache.
const stride = 256 << 10

// WriteTo moves everything to w, in large pieces.
func (r *rest) WriteTo(w io.Writer) (n int64, err error) {
	s := r.s
	s.Buf = append(make([]byte, 0, max(stride, len(s.Buf))), s.Buf...)
	for {
		m, err := w.Write(s.Buf)
		n += int64(m)
		if err != nil {
			s.Drop(m)
			return n, err
		}
		s.spare, s.Buf = s.Buf[:0], nil
		if err := s.more(r.ctx); err != nil {
			if r.why(err) == io.EOF {
				return n, nil
			}
			return n, err
		}
	}
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

// Watch yields what comes as it comes, until the server closes.
func (s *Session) Watch(ctx context.Context, a WatchArgs) (verb.Stream[*Arrival], error) {
	if len(s.Buf) == 0 {
		if err := s.revive(ctx); err != nil {
			return nil, err
		}
	}
	return func(yield func(*Arrival, error) bool) {
		for n := 0; a.Count == 0 || n < a.Count; n++ {
			one, cancel := talk.Within(ctx, a.Timeout, "-t")
			if len(s.Buf) == 0 {
				if err := s.more(one); err != nil {
					cancel()
					if s.lost() {
						if err = s.comeBack(ctx, s.remark); err == nil {
							n--
							continue
						}
						yield(nil, err)
						return
					}
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
