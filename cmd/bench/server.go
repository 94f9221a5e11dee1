package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

const megabyte = 1 << 20

// A service is what is done with a client; it counts bytes.
type service func(*net.TCPConn) (int64, error)

// A server serves one client and counts the bytes.
type server struct {
	l    *net.TCPListener
	done chan served
}

type served struct {
	n   int64
	err error
	at  time.Time // when the last byte was there
}

// serve waits for one client on the loopback device.
func serve(f service) (*server, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	s := &server{l, make(chan served, 1)}
	go func() {
		c, err := l.AcceptTCP()
		if err != nil {
			s.done <- served{err: errors.New("no client came")}
			return
		}
		defer c.Close()
		n, err := f(c)
		s.done <- served{n, err, time.Now()}
	}()
	return s, nil
}

// port is where it listens.
func (s *server) port() string {
	return fmt.Sprint(s.l.Addr().(*net.TCPAddr).Port)
}

// wait waits for the end of the service. A client that has not come will not
// come any more.
func (s *server) wait() served {
	s.l.Close()
	return <-s.done
}

// source is a service that sends n bytes and waits until the client closes.
// Writes of half a megabyte are what costs the server the least.
func source(n int64) service {
	return func(c *net.TCPConn) (sent int64, err error) {
		p := make([]byte, megabyte/2)
		filler{}.Read(p)
		for sent < n {
			m, err := c.Write(p[:min(n-sent, megabyte/2)])
			if sent += int64(m); err != nil {
				return sent, err
			}
		}
		c.CloseWrite()
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		c.Read(p[:1])
		return sent, nil
	}
}

// copied is the simplest loop from a reader to a writer.
func copied(w io.Writer, r io.Reader) (n int64, err error) {
	p := make([]byte, megabyte)
	for {
		k, rerr := r.Read(p)
		if k > 0 {
			m, err := w.Write(p[:k])
			if n += int64(m); err != nil {
				return n, err
			}
		}
		if rerr == io.EOF {
			return n, nil
		}
		if rerr != nil {
			return n, rerr
		}
	}
}
