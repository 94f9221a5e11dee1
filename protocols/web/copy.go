package web

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// copySize is large enough that the number of system calls does not matter.
const copySize = 1 << 20

// pieceSize is how much the kernel moves before we look.
const pieceSize = 64 << 20

// A mover has the kernel move bytes to a file.
type mover interface {
	CopyN(w io.Writer, n int64) (int64, error)
}

// WriteTo copies the body to w: by the kernel, where nothing stands between
// the connection and a file, else by large reads that go past the buffer.
func (b *Content) WriteTo(w io.Writer) (total int64, err error) {
	if len(b.held) > 0 {
		n, err := w.Write(b.held)
		b.held = b.held[n:]
		if err != nil {
			return int64(n), err
		}
		rest, err := b.WriteTo(w)
		return int64(n) + rest, err
	}
	p, ok := b.from.(*plain)
	if !ok {
		return b.copyBy(w, make([]byte, bufferSize), b.from.Read)
	}
	for b.err == nil && p.k.r.Buffered() > 0 {
		n, err := b.copyOnce(w, make([]byte, p.k.r.Buffered()), p.Read)
		if total += n; err != nil {
			return total, err
		}
	}
	if _, file := w.(*os.File); file && p.left != 0 && b.err == nil {
		if m, ok := any(p.k.Conn).(mover); ok {
			n, err := b.move(w, p, m)
			return total + n, err
		}
	}
	n, err := b.copyBy(w, make([]byte, b.room()), func(room []byte) (int, error) {
		if p.left >= 0 && int64(len(room)) > p.left {
			room = room[:p.left]
		}
		n, err := p.k.Read(room)
		p.took(int64(n))
		return n, p.ended(err)
	})
	return total + n, err
}

// room is the size of a buffer for the rest of the body.
func (b *Content) room() int64 {
	if b.want < 0 || b.want-b.got > copySize {
		return copySize
	}
	return max(b.want-b.got, 1)
}

func (b *Content) copyBy(w io.Writer, room []byte, read func([]byte) (int, error)) (total int64, err error) {
	for b.err == nil {
		n, err := b.copyOnce(w, room, read)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, b.how()
}

func (b *Content) copyOnce(w io.Writer, room []byte, read func([]byte) (int, error)) (int64, error) {
	n, err := read(room)
	b.took(n, err)
	if n == 0 {
		return 0, nil
	}
	m, werr := w.Write(room[:n])
	if werr == nil && m < n {
		werr = io.ErrShortWrite
	}
	return int64(m), werr
}

// move has the kernel move the rest of the body. The limit on idleness is the
// wire's meanwhile, which sees every byte.
func (b *Content) move(w io.Writer, p *plain, m mover) (total int64, err error) {
	p.k.SetIdle(b.x.idle)
	b.x.alarm.set(receiving, 0, "", "")
	for b.err == nil {
		n := int64(pieceSize)
		if p.left >= 0 && n > p.left {
			n = p.left
		}
		n, err := m.CopyN(w, n)
		p.took(n)
		b.got += n
		total += n
		if local(err) {
			return total, err
		}
		if err = p.ended(err); err != nil || b.got == b.want {
			p.k.SetIdle(0)
			b.came(err)
		}
	}
	return total, b.how()
}

// local reports whether err is of what was written to.
func local(err error) bool {
	var path *fs.PathError
	return errors.As(err, &path) || errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrShortWrite)
}

// how is how the body ended, for those who copy.
func (b *Content) how() error {
	if b.err == io.EOF {
		return nil
	}
	return b.err
}
