package main

import (
	"bytes"
	"io"
	"net"
	"strconv"
	"testing"
)

func TestSourceAndSink(t *testing.T) {
	const n = 3*megabyte + 17
	from, err := serve(source(n))
	if err != nil {
		t.Fatal(err)
	}
	to, err := serve(sink)
	if err != nil {
		t.Fatal(err)
	}
	if err := limits([]string{"relay", from.port(), to.port()}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*server{from, to} {
		if got := s.wait(); got.n != n || got.err != nil || got.at.IsZero() {
			t.Errorf("%+v", got)
		}
	}
}

func TestNobodyCame(t *testing.T) {
	s, err := serve(sink)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.wait(); got.err == nil {
		t.Errorf("%+v", got)
	}
}

func TestDatagrams(t *testing.T) {
	d, err := drain()
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("udp4", "127.0.0.1:"+strconv.Itoa(d.port()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := datagrams(c, io.LimitReader(filler{}, 10*datagram+1)); err != nil {
		t.Fatal(err)
	}
	if n, largest := d.close(); n != 11 || largest != datagram {
		t.Errorf("%d datagrams, the largest of %d bytes", n, largest)
	}
}

func TestCopied(t *testing.T) {
	var b bytes.Buffer
	if n, err := copied(&b, io.LimitReader(filler{}, 2*megabyte+5)); n != 2*megabyte+5 || err != nil || int64(b.Len()) != n {
		t.Errorf("%d, %v", n, err)
	}
}
