package playground

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// maxLate is how many answers may be under way at once; more are lost.
const maxLate = 1024

// packets answers datagrams until pc is closed.
func (w *World) packets(s server, pc net.PacketConn) {
	buf := make([]byte, 64<<10)
	for {
		n, from, err := pc.ReadFrom(buf)
		if err != nil {
			return
		}
		w.log(fmt.Sprintf("%s: %d bytes from %v", s.what(), n, from))
		// A sender that has no address of its own, or has gone, gets no answer.
		if from != nil && from.String() != "" {
			_, _ = pc.WriteTo(s.answer(buf[:n]), from)
		}
	}
}

// wrapPackets is what wrap is for connections.
func (w *World) wrapPackets(s server, pc net.PacketConn) net.PacketConn {
	p := &packetConn{PacketConn: pc, w: w, name: s.what(), closed: make(chan struct{}), late: make(chan struct{}, maxLate)}
	w.own(p)
	return p
}

// A packetConn loses datagrams on their way to the server, and delays those
// that it sends.
type packetConn struct {
	net.PacketConn
	w      *World
	name   string
	once   sync.Once
	closed chan struct{}
	late   chan struct{} // one in it for each answer under way
}

func (c *packetConn) ReadFrom(p []byte) (n int, from net.Addr, err error) {
	for {
		n, from, err = c.PacketConn.ReadFrom(p)
		if err != nil || rand.Float64() >= float64(c.w.opts.Loss) {
			return n, from, err
		}
		c.w.log(fmt.Sprintf("%s: %d bytes from %v lost", c.name, n, from))
	}
}

func (c *packetConn) WriteTo(p []byte, to net.Addr) (int, error) {
	if c.w.opts.Latency <= 0 {
		return c.PacketConn.WriteTo(p, to)
	}
	select {
	case c.late <- struct{}{}:
	default:
		return len(p), nil
	}
	p = append([]byte(nil), p...)
	c.w.run(func() {
		select {
		case <-time.After(c.w.opts.Latency):
			_, _ = c.PacketConn.WriteTo(p, to)
		case <-c.closed:
		}
		<-c.late
	})
	return len(p), nil
}

func (c *packetConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.PacketConn.Close()
}
