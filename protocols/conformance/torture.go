package conformance

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
)

// torture: each transcript is played once for every call to the system by
// which we write, with that call and all after it failing, and once for every
// call by which we read, which then gives a single byte. The first never
// passes for a conversation that went well, and the second changes nothing.
// (Q2)
func (s *suite) torture(t *testing.T) {
	for _, tr := range s.transcripts {
		t.Run(tr.name, func(t *testing.T) {
			s.pool.keep(t)
			whole := s.perform(t.Context(), t, tr, "", mishap{})
			calls := &faulty{}
			s.perform(t.Context(), t, tr, "", mishap{kind: "count", under: calls})
			var list []mishap
			for _, k := range some(int(calls.writes.Load()), 100) {
				list = append(list, mishap{kind: "write", after: k})
			}
			for _, k := range some(int(calls.reads.Load()), 100) {
				list = append(list, mishap{kind: "short", after: k})
			}
			var found findings
			each(len(list), busy, func(i int) {
				m := list[i]
				for _, trouble := range s.endure(t, tr, "", m, whole, nil) {
					found.add(m.String(), "%s", trouble)
				}
			})
			found.report(t)
		})
	}
}

// A faulty counts the calls of all connections that it lies under, and fails
// one of them.
type faulty struct {
	mishap        mishap
	reads, writes atomic.Int64
}

func (f *faulty) below(c net.Conn) net.Conn { return &faultyConn{c, f} }

type faultyConn struct {
	net.Conn
	f *faulty
}

func (c *faultyConn) Read(p []byte) (int, error) {
	if k := c.f.reads.Add(1) - 1; c.f.mishap.kind == "short" && k == int64(c.f.mishap.after) && len(p) > 1 {
		p = p[:1]
	}
	return c.Conn.Read(p)
}

func (c *faultyConn) Write(p []byte) (int, error) {
	if k := c.f.writes.Add(1) - 1; c.f.mishap.kind == "write" && k >= int64(c.f.mishap.after) {
		return 0, &net.OpError{Op: "write", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError("write", syscall.EPIPE)}
	}
	return c.Conn.Write(p)
}

// CloseWrite ends our half, where the connection has halves.
func (c *faultyConn) CloseWrite() error {
	if h, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return h.CloseWrite()
	}
	return fmt.Errorf("a %T has no halves", c.Conn)
}
