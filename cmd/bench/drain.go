package main

import (
	"net"
	"sync"
	"time"

	"golang.org/x/net/ipv4"
)

// A drained socket takes datagrams, many at a time, and counts them.
type drained struct {
	c       *net.UDPConn
	work    sync.WaitGroup
	n       int
	largest int
}

func drain() (*drained, error) {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	c.SetReadBuffer(8 * megabyte)
	d := &drained{c: c}
	d.work.Go(d.run)
	return d, nil
}

func (d *drained) port() int { return d.c.LocalAddr().(*net.UDPAddr).Port }

func (d *drained) run() {
	p := ipv4.NewPacketConn(d.c)
	list := make([]ipv4.Message, 64)
	for i := range list {
		list[i].Buffers = [][]byte{make([]byte, 16<<10)}
	}
	for {
		n, err := p.ReadBatch(list, 0)
		if err != nil {
			return
		}
		d.n += n
		for _, m := range list[:n] {
			d.largest = max(d.largest, m.N)
		}
	}
}

// close takes what has arrived already and tells how many datagrams came, and
// the size of the largest.
func (d *drained) close() (n, largest int) {
	d.c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	d.work.Wait()
	d.c.Close()
	return d.n, d.largest
}
