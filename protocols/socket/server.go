package socket

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A Server serves clients by itself until it is closed.
type Server struct {
	name    string // the address
	began   string
	serves  string
	close   func() error // ends the waiting for clients
	end     context.CancelFunc
	news    *notices
	clients atomic.Int64
	work    sync.WaitGroup

	mu   sync.Mutex
	open map[*wire.Conn]bool
}

// Where is empty: a server is nowhere.
func (s *Server) Where() string { return "" }

// Named is the address it listens on.
func (s *Server) Named() string { return s.name }

// Message tells the address and what it does there.
func (s *Server) Message() string { return s.began + " (" + s.serves + ")" }

// Serving is true: it works by itself.
func (s *Server) Serving() bool { return true }

// Idle tells of the clients that come.
func (s *Server) Idle(ctx context.Context) verb.Stream[verb.Notice] { return s.news.stream(ctx) }

// Info is the state of the server.
func (s *Server) Info() any {
	return ListenerInfo{Local: s.name, Serves: s.serves, Clients: s.clients.Load()}
}

// Close stops listening, drops the clients and waits until all work has
// ended.
func (s *Server) Close() error {
	s.end()
	err := s.close()
	s.mu.Lock()
	for c := range s.open {
		c.Close()
	}
	s.mu.Unlock()
	s.work.Wait()
	return err
}

func newServer(name, began, serves string, close func() error) (*Server, context.Context) {
	ctx, cancel := context.WithCancel(context.Background())
	return &Server{name: name, began: began, serves: serves, close: sync.OnceValue(close), end: cancel, news: newNotices(), open: map[*wire.Conn]bool{}}, ctx
}

// serve serves the clients of ln, or only the first.
func serve(ln *wire.Listener, does *service, once bool) *Server {
	s, ctx := newServer(ln.Addr().String(), listens(ln), does.name, ln.Close)
	s.work.Go(func() {
		defer close(s.news.done)
		for {
			c, err := ln.Accept(ctx)
			switch {
			case err != nil && ctx.Err() != nil:
				return
			case err != nil:
				s.news.add(talk.Notice("no more clients: %v", err))
				return
			}
			s.clients.Add(1)
			s.news.add(talk.Notice("Got connection from %s", pair(who(c))))
			if once {
				s.client(c, does)
				s.close()
				return
			}
			s.work.Go(func() { s.client(c, does) })
		}
	})
	return s
}

// client serves one client to its end.
func (s *Server) client(c *wire.Conn, does *service) {
	s.mu.Lock()
	s.open[c] = true
	s.mu.Unlock()
	defer func() {
		c.Close()
		s.mu.Lock()
		delete(s.open, c)
		s.mu.Unlock()
	}()
	err := fault.Safely(func() error { return does.talk(c) })
	if err == nil && c.CloseWrite() == nil {
		// To close while the peer still sends could destroy our last words.
		c.SetReadDeadline(time.Now().Add(10 * linger))
		io.Copy(io.Discard, io.LimitReader(c, talk.Most))
	}
	if err != nil && !left(err) {
		s.news.add(talk.Notice("%s: %v", who(c), err))
	}
}

// left reports whether err only says that a client, or we, went away.
func left(err error) bool {
	k := fault.Of(err)
	return k == fault.Recv || k == fault.Send || k == fault.Interrupt || errors.Is(err, net.ErrClosed)
}

// answer answers each datagram that comes to b.
func answer(b *wire.PacketConn, does *service, once bool) *Server {
	s, ctx := newServer(b.LocalAddr().String(), "listening on "+b.LocalAddr().String(), does.name, b.Close)
	s.work.Go(func() {
		defer close(s.news.done)
		known := map[string]bool{}
		p := make([]byte, largest)
		for {
			var n int
			var from net.Addr
			err := talk.Politely(ctx, b.SetReadDeadline, func() (err error) {
				n, from, err = b.ReadFrom(p)
				return err
			})
			switch {
			case ctx.Err() != nil:
				return
			case errors.Is(err, net.ErrClosed):
				return
			case err != nil:
				s.news.add(talk.Notice("%v", err))
				continue
			}
			who := text(from)
			if !known[who] && len(known) < 1024 {
				known[who] = true
				s.clients.Add(1)
				s.news.add(talk.Notice("Got datagram from %s", pair(who)))
			}
			if q := does.answer(p[:n]); q != nil {
				if _, err := b.WriteTo(q, who); err != nil {
					s.news.add(talk.Notice("%s: %v", who, err))
				}
			}
			if once {
				s.close()
				return
			}
		}
	})
	return s
}
