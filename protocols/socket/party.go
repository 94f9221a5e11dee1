package socket

import (
	"context"
	"io"
	"net"
	"os"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

func (s *Stream) over() error { return s.End }

func (s *Stream) hush() error { return s.conn.CloseWrite() }

func (s *Stream) say(ctx context.Context, p []byte) (int64, error) { return s.write(ctx, p) }

func (s *Stream) down(ctx context.Context, w io.Writer) (int64, error) {
	n, err := (&rest{s: s, ctx: ctx, cancel: func() {}}).WriteTo(w)
	return n, written(err)
}

func (s *Stream) up(r io.Reader, _ int) (int64, error) {
	return s.conn.ReadFrom(r)
}

// Take gives all that came and was not taken, without its bounds.
func (s *Datagram) Take() []byte {
	var all []byte
	for _, m := range s.queue {
		all = append(all, m.data...)
	}
	s.queue, s.held = nil, 0
	return all
}

func (s *Datagram) over() error { return s.end }

func (s *Datagram) hush() error {
	if s.conn != nil && s.conn.LocalAddr().Network() == "unixpacket" {
		return s.conn.CloseWrite()
	}
	return fault.New(fault.Unsupported, "datagrams have no end")
}

// say sends a datagram to the peer, or to who spoke last.
func (s *Datagram) say(ctx context.Context, p []byte) (int64, error) {
	if s.conn != nil {
		return s.write(ctx, p)
	}
	to := s.last.Load()
	if to == nil {
		return 0, fault.New(fault.Usage, "nobody has sent anything yet, so there is nobody to answer")
	}
	n, err := s.bound.WriteTo(p, *to)
	return int64(n), err
}

// down writes what comes until ctx ends.
func (s *Datagram) down(ctx context.Context, w io.Writer) (n int64, err error) {
	m, werr := w.Write(s.Take())
	n = int64(m)
	var out []byte // came with one call
	flush := func() bool {
		if len(out) > 0 {
			m, werr = w.Write(out)
			n += int64(m)
			out = out[:0]
		}
		return werr == nil
	}
	take := func(p []byte, from net.Addr) bool {
		if s.conn == nil {
			name := text(from)
			s.last.Store(&name)
		}
		out = append(out, p...)
		return len(out) < talk.Most || flush()
	}
	for err == nil && werr == nil && ctx.Err() == nil {
		err = s.politely(ctx, func() error {
			if s.conn != nil {
				return s.conn.ReadBatch(take, flush)
			}
			return s.bound.ReadBatch(take, flush)
		})
	}
	switch {
	case werr != nil:
		return n, written(werr)
	case err == io.EOF:
		return n, nil
	case err != nil:
		return n, s.failed(ctx, err)
	}
	return n, talk.Ended(ctx)
}

// up sends what is read: a file in full datagrams, anything else as it comes.
func (s *Datagram) up(r io.Reader, size int) (int64, error) {
	read := r.Read
	if f, ok := r.(*os.File); ok {
		if fi, err := f.Stat(); err == nil && fi.Mode().IsRegular() {
			read = func(p []byte) (int, error) {
				n, err := io.ReadFull(r, p)
				if err == io.ErrUnexpectedEOF {
					err = io.EOF
				}
				return n, err
			}
		}
	}
	block := make([]byte, size*batch)
	var sent Sent
	for {
		n, err := read(block)
		if s.conn == nil && n > 0 {
			for p := block[:n]; len(p) > 0; {
				m := min(size, len(p))
				if _, err := s.say(context.Background(), p[:m]); err != nil {
					return sent.Bytes, err
				}
				sent.Bytes += int64(m)
				p = p[m:]
			}
		} else if werr := s.pieces(block[:n], size, &sent); werr != nil {
			return sent.Bytes, werr
		}
		if err == io.EOF {
			return sent.Bytes, nil
		}
		if err != nil {
			return sent.Bytes, fault.New(fault.ReadLocal, "cannot read the input: %w", err)
		}
	}
}
