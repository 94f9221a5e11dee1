package ftp_test

import (
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"wireline/protocols/lab"
)

// A cable leads to a server, and can be cut.
type cable struct {
	addr string
	ln   net.Listener
	to   string

	mu    sync.Mutex
	conns []net.Conn
	done  sync.WaitGroup
}

func newCable(t testing.TB, to string) *cable {
	t.Helper()
	ln, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", lab.Row(t, 1)))
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{addr: ln.Addr().String(), ln: ln, to: to}
	c.serve()
	t.Cleanup(func() {
		c.unplug()
		c.done.Wait()
	})
	return c
}

func (c *cable) serve() {
	ln := c.ln
	c.done.Go(func() {
		for {
			from, err := ln.Accept()
			if err != nil {
				return
			}
			c.join(from)
		}
	})
}

// unplug cuts, and has nobody listen any more.
func (c *cable) unplug() {
	c.ln.Close()
	c.cut()
}

// plug is for after unplug.
func (c *cable) plug(t testing.TB) {
	t.Helper()
	var err error
	if c.ln, err = net.Listen("tcp", c.addr); err != nil {
		t.Error(err)
		return
	}
	c.serve()
}

func (c *cable) join(from net.Conn) {
	to, err := net.Dial("tcp", c.to)
	if err != nil {
		from.Close()
		return
	}
	c.mu.Lock()
	c.conns = append(c.conns, from, to)
	c.mu.Unlock()
	for _, pair := range [][2]net.Conn{{from, to}, {to, from}} {
		c.done.Go(func() {
			io.Copy(pair[0], pair[1])
			pair[0].Close()
		})
	}
}

// cut ends all that goes over the cable.
func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.conns {
		x.Close()
	}
	c.conns = nil
}
