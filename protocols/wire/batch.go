package wire

import (
	"net"
	"slices"

	"wireline/protocols/fault"
)

// ReadBatch reads datagrams and hands each to f until f returns false or
// reading fails. p is valid during the call only. Where the system can, one
// system call takes many; after each, pause is called, which may end reading
// too by false.
func (c *PacketConn) ReadBatch(f func(p []byte, from net.Addr) bool, pause func() bool) error {
	c.rmu.Lock()
	defer c.rmu.Unlock()
	for len(c.left) > 0 {
		p := c.left[0]
		c.left = c.left[1:]
		if !f(p.data, p.from) {
			pause()
			return nil
		}
	}
	if !pause() {
		return nil
	}
	more := true
	err := readBatch(c.c, func(p []byte, from net.Addr) bool {
		c.arrived(p, from)
		if !more {
			c.left = append(c.left, datagram{slices.Clone(p), from})
			return false
		}
		more = f(p, from)
		return more
	}, pause)
	if err != nil {
		return c.fail(err, fault.Recv)
	}
	return nil
}

// A datagram was read in a batch by somebody who wanted less.
type datagram struct {
	data []byte
	from net.Addr
}

// WriteBatch sends each of ps as a datagram to one address. Where the system
// can, one system call takes many.
func (c *PacketConn) WriteBatch(ps [][]byte, address string) error {
	to, err := c.resolve(address)
	if err != nil {
		return err
	}
	for _, p := range ps {
		c.show(out, c.out.Load(), p, to)
	}
	n, err := writeBatch(c.c, ps, to)
	c.out.Add(n)
	c.d.count(out, n)
	if err != nil {
		return c.unsent(err, address)
	}
	return nil
}

// ReadBatch is PacketConn's for a connected datagram socket.
func (c *Conn) ReadBatch(f func(p []byte, from net.Addr) bool, pause func() bool) error {
	p, ok := c.sock.Conn.(net.PacketConn)
	if !ok || !c.packets() {
		return c.unsupported("reading datagrams")
	}
	c.rmu.Lock()
	defer c.rmu.Unlock()
	for len(c.left) > 0 {
		if !f(c.next(), c.RemoteAddr()) {
			pause()
			return nil
		}
	}
	if !pause() {
		return nil
	}
	c.sock.wait(&c.sock.r)
	more := true
	err := readBatch(p, func(p []byte, _ net.Addr) bool {
		c.arrived(p)
		if !more {
			c.keepDatagram(p)
			return false
		}
		c.sock.wait(&c.sock.r)
		more = f(p, c.RemoteAddr())
		return more
	}, pause)
	if err != nil {
		return c.fail(&c.sock.r, err)
	}
	return nil
}

// keepDatagram keeps one that has been read for the next reader.
func (c *Conn) keepDatagram(p []byte) {
	c.left = append(c.left, datagram{data: slices.Clone(p)})
	c.buffered.Add(int64(len(p)))
}

// next takes the first datagram that was kept.
func (c *Conn) next() []byte {
	p := c.left[0].data
	c.left = c.left[1:]
	c.buffered.Add(-int64(len(p)))
	return p
}

// WriteBatch is PacketConn's for a connected datagram socket.
func (c *Conn) WriteBatch(ps [][]byte) error {
	p, ok := c.sock.Conn.(net.PacketConn)
	if !ok || !c.packets() {
		return c.unsupported("sending datagrams")
	}
	c.wmu.Lock()
	defer c.wmu.Unlock()
	off := c.out.Load()
	for _, b := range ps {
		c.show(out, off, b)
		off += int64(len(b))
	}
	c.sock.wait(&c.sock.w)
	n, err := writeBatch(p, ps, nil)
	c.out.Add(n)
	c.d.count(out, n)
	if err != nil {
		return c.fail(&c.sock.w, err)
	}
	return nil
}

// writeEach sends one datagram at a time; to nil is the connected peer.
func writeEach(c net.PacketConn, ps [][]byte, to net.Addr) (total int64, err error) {
	for _, p := range ps {
		var n int
		if to == nil {
			n, err = c.(net.Conn).Write(p)
		} else {
			n, err = c.WriteTo(p, to)
		}
		if err != nil {
			return total, err
		}
		total += int64(n)
	}
	return total, nil
}
