package pop3_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/conformance"
	"wireline/protocols/pop3"
)

// A server has so many messages of one text. It counts round trips: times that
// it waited for the client when all was said that it was asked.
type server struct {
	n          int
	list, uidl string
	text       string
	plain      bool // no PIPELINING
	short      int  // the message that is cut short; 0 for none
	trickle    int  // the message before which +OK never ends; 0 for none
	repeat     int  // how often the text's lines are said again

	hang chan bool // the connection ends when something can be taken from it
	slow func()    // is called before the answer to QUIT

	mu    sync.Mutex
	trips int
	log   []string
	kept  []int // that were to be deleted when the session was not closed
	gone  []int // that were deleted by QUIT
}

func (s *server) start(t testing.TB) *conformance.Peer {
	t.Helper()
	if s.text == "" {
		s.list, s.uidl, s.text = mailbox(s.n, 800)
	}
	return conformance.Serve(t, pop3.Protocol().Schemes[0], s.serve)
}

func (s *server) serve(c net.Conn) {
	in, out := bufio.NewReader(c), bufio.NewWriterSize(c, 64<<10)
	say := func(format string, a ...any) { fmt.Fprintf(out, format+"\r\n", a...) }
	var marked []int
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.kept = append(s.kept, marked...)
	}()
	s.mu.Lock()
	total, list, uidl := s.n, s.list, s.uidl
	s.mu.Unlock()
	over := make(chan bool)
	defer close(over)
	go func() {
		select {
		case <-s.hang:
			c.Close()
		case <-over:
		}
	}()
	say("+OK ready")
	for {
		if in.Buffered() == 0 {
			out.Flush()
			s.mu.Lock()
			s.trips++
			s.mu.Unlock()
		}
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		f := strings.Fields(line)
		n := 0
		if len(f) > 1 {
			n, _ = strconv.Atoi(f[1])
		}
		s.mu.Lock()
		s.log = append(s.log, strings.TrimSpace(line))
		s.mu.Unlock()
		switch f[0] {
		case "CAPA":
			say("+OK\r\nTOP\r\nUIDL\r\nUSER")
			if !s.plain {
				say("PIPELINING")
			}
			say(".")
		case "STAT":
			say("+OK %d %d", total, total*len(s.text))
		case "LIST":
			say("+OK\r\n%s.", list)
		case "UIDL":
			say("+OK\r\n%s.", uidl)
		case "TOP":
			say("+OK\r\nSubject: number %d\r\n\r\n.", n)
		case "RETR":
			if n == s.trickle {
				out.WriteString("+OK")
				for out.Flush() == nil {
					out.WriteByte('.')
					time.Sleep(20 * time.Millisecond)
				}
				return
			}
			say("+OK")
			out.WriteString(s.text)
			if n == s.short {
				out.Flush()
				return
			}
			for range s.repeat {
				out.WriteString(s.text)
			}
			say(".")
		case "DELE":
			marked = append(marked, n)
			say("+OK")
		case "RSET":
			marked = nil
			say("+OK")
		case "STLS":
			say("-ERR no")
		case "QUIT":
			s.mu.Lock()
			s.gone = append(s.gone, marked...)
			s.mu.Unlock()
			marked = nil
			if s.slow != nil {
				s.slow()
			}
			say("+OK")
			out.Flush()
			io.Copy(io.Discard, c)
			return
		default:
			say("+OK")
		}
	}
}

// become has the server show another mailbox to those who log in from now on:
// n messages, whose UIDs end in tag.
func (s *server) become(n int, tag string) {
	list, uidl, _ := mailbox(n, 800)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n, s.list, s.uidl = n, list, strings.ReplaceAll(uidl, "\r\n", tag+"\r\n")
}

// since is what the server was asked since the last call, and in how many
// round trips.
func (s *server) since() (trips int, log []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	trips, log = s.trips, s.log
	s.trips, s.log = 0, nil
	return trips, log
}
