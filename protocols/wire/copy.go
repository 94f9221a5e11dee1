package wire

import (
	"context"
	"io"
	"net"
	"os"
)

// Large enough that the number of system calls does not matter, and no
// multiple of what is slow on a loopback device.
const copySize = 1 << 20

// WriteTo copies what comes to w until the peer ends its side. Where nothing
// watches and w is a file or a pipe, the kernel moves the bytes. It stops
// with nothing lost when reading is interrupted by a deadline.
func (c *Conn) WriteTo(w io.Writer) (total int64, err error) { return c.copyTo(w, -1) }

// CopyN copies the next n bytes that come to w, in the same way. When the
// peer ends its side before, it is io.ErrUnexpectedEOF.
func (c *Conn) CopyN(w io.Writer, n int64) (total int64, err error) {
	total, err = c.copyTo(w, n)
	if err == nil && total < n {
		err = io.ErrUnexpectedEOF
	}
	return total, err
}

// copyTo copies up to most bytes, or all if that is negative.
func (c *Conn) copyTo(w io.Writer, most int64) (total int64, err error) {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	for most < 0 && len(c.left) > 0 {
		n, err := w.Write(c.next())
		if total += int64(n); err != nil {
			return total, err
		}
	}
	for len(c.buf) > 0 && total != most {
		n, err := w.Write(c.buf[:upTo(most, total, len(c.buf))])
		total += int64(n)
		c.taken = true
		c.setBuf(c.buf[n:])
		if err != nil {
			return total, err
		}
	}
	if raw := c.direct(); raw != nil && !c.reply.on && total != most {
		n, handled, err := c.kernelTo(raw, w, max(most-total, -1))
		total += n
		if handled {
			return total, quietEOF(err)
		}
	}
	room := make([]byte, upTo(most, total, copySize))
	if c.tls.Load() != nil && len(room) == copySize {
		if err := c.ready(context.Background()); err != nil { // whoever writes may be shaking hands
			return total, err
		}
		defer c.sock.gather()()
	}
	for total != most {
		n, err := c.receive(room[:upTo(most, total, len(room))])
		for err == nil && len(c.sock.ahead) >= record && n < upTo(most, total, len(room)) {
			var more int // which is there already
			more, err = c.receive(room[n:upTo(most, total, len(room))])
			n += more
		}
		if n > 0 {
			c.taken = true
			if lerr := c.reply.bytes(c, room[:n]); lerr != nil {
				return total, lerr
			}
			m, werr := w.Write(room[:n])
			total += int64(m)
			if werr == nil && m < n {
				werr = io.ErrShortWrite
			}
			if werr != nil {
				return total, werr
			}
		}
		if err != nil {
			return total, quietEOF(err)
		}
	}
	return total, nil
}

// upTo is how much to take at once: size, but no more than is left of most.
func upTo(most, done int64, size int) int {
	if most >= 0 && most-done < int64(size) {
		return int(most - done)
	}
	return size
}

func quietEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// direct is the transport when nothing stands between it and the reader: no
// TLS, no trace, no line mode.
func (c *Conn) direct() net.Conn {
	if c.tls.Load() != nil || c.line || c.d.tracer() != nil || c.sock.isCut() != nil || c.packets() {
		return nil
	}
	t := c.sock.Conn
	if _, local := t.(*net.UnixConn); local || isTCP(t) {
		return t
	}
	return nil
}

// isTCP reports whether c is a TCP connection with nothing around it.
func isTCP(c net.Conn) bool {
	switch c.(type) {
	case *net.TCPConn, *briefConn:
		return true
	}
	return false
}

// ReadFrom copies r to the peer until r ends. Where nothing watches and r is
// a pipe or another connection, the kernel moves the bytes.
func (c *Conn) ReadFrom(r io.Reader) (total int64, err error) {
	if from, ok := r.(*Conn); ok {
		// What is in its buffer goes first; then its WriteTo may be as fast.
		return from.WriteTo(onlyWriter{c})
	}
	if raw := c.direct(); raw != nil {
		n, handled, err := c.kernelFrom(raw, r)
		total += n
		if handled {
			return total, err
		}
	}
	room := make([]byte, copySize)
	for {
		n, rerr := r.Read(room)
		if n > 0 {
			m, werr := c.Write(room[:n])
			total += int64(m)
			if werr != nil {
				return total, werr
			}
		}
		if rerr == io.EOF {
			return total, nil
		}
		if rerr != nil {
			return total, rerr
		}
	}
}

type onlyWriter struct{ io.Writer }

// sent counts what the kernel has moved to the peer.
func (c *Conn) sent(n int64) {
	if n > 0 {
		c.out.Add(n)
		c.d.count(out, n)
	}
}

// came counts what the kernel has moved from the peer.
func (c *Conn) came(n int64) {
	if n > 0 {
		was := c.in.Add(n) - n
		c.taken = true
		c.d.count(in, n)
		c.d.firstByte(*c.usable.Load(), was == 0 && c.out.Load() == 0 && !c.server)
	}
}

// file is the *os.File that a reader or writer is.
func file(x any) *os.File {
	switch f := x.(type) {
	case *os.File:
		return f
	case interface{ File() *os.File }:
		return f.File()
	}
	return nil
}
