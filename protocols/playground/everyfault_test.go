package playground

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// before is how many bytes each server sends before something goes wrong.
const before = 5

// Every fault befalls every server that has bytes: it says so much, and then
// what the fault is.
func TestEveryFault(t *testing.T) {
	var streams []server
	for _, s := range table() {
		if s.answer == nil {
			streams = append(streams, s)
		}
	}
	for _, kind := range []string{Fin, Reset, Stall, Garbage} {
		t.Run(kind, func(t *testing.T) {
			var o Options
			for _, s := range streams {
				o.Faults = append(o.Faults, Fault{Server: s.proto, Kind: kind, After: before})
			}
			w := start(t, o)
			for _, r := range w.running {
				if r.answer == nil {
					t.Run(strings.ReplaceAll(r.url(), "/", " "), func(t *testing.T) {
						t.Parallel()
						suffers(t, r, kind)
					})
				}
			}
		})
	}
}

// suffers talks with a server and compares how it ends.
func suffers(t *testing.T, r running, kind string) {
	network := r.network
	c, err := net.Dial(network, r.addr)
	if kind == Reset && errors.Is(err, syscall.ECONNRESET) {
		return // before we knew that there was a connection
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(time.Minute))
	heard := &heard{Conn: c, more: make(chan struct{}, 1)}
	said := make(chan error, 1)
	go func() {
		said <- func() error {
			if r.tls != nil {
				return tls.Client(heard, &tls.Config{InsecureSkipVerify: true}).Handshake()
			}
			if !greets(r.proto) {
				// Who writes to a reset connection is told of that once, there.
				if _, err := io.WriteString(c, "GET / HTTP/1.0\r\n\r\n"); err != nil {
					return err
				}
			}
			_, err := io.Copy(io.Discard, heard)
			return err
		}()
	}()
	if kind == Stall || kind == Garbage {
		for heard.len() <= before && (kind == Garbage || heard.len() < before) {
			select {
			case <-heard.more:
			case err := <-said:
				t.Fatalf("it ended with %v after %q", err, heard.all())
			case <-time.After(time.Minute):
				t.Fatalf("only %q came", heard.all())
			}
		}
	}
	if kind == Stall {
		c.SetReadDeadline(time.Now().Add(silence))
	}
	if kind == Garbage {
		if i := bytes.IndexFunc(bytes.Trim(heard.all()[before:], "\r\n"), func(r rune) bool { return r < 0x80 && r != '\r' && r != '\n' }); i >= 0 {
			t.Errorf("%q came", heard.all())
		}
		return
	}
	err = <-said
	want := map[string]error{Fin: nil, Reset: syscall.ECONNRESET, Stall: os.ErrDeadlineExceeded}[kind]
	switch {
	case kind == Fin && (err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
	case kind == Reset && errors.Is(err, syscall.EPIPE):
	case kind == Reset && strings.HasPrefix(network, "unix") && (err == nil || errors.Is(err, syscall.ECONNRESET)): // unix sockets know no reset
	case !errors.Is(err, want):
		t.Errorf("it ended with %v, want %v; %q came", err, want, heard.all())
	}
	// What was under way when the connection was reset may be lost.
	if n := heard.len(); n > before || n < before && kind != Reset {
		t.Errorf("%q came, want %d bytes", heard.all(), before)
	}
}

// greets reports whether a server speaks first.
func greets(proto string) bool {
	switch proto {
	case "http", "gopher", "finger", "tcp", "unix", "tls":
		return false
	}
	return true
}

// heard keeps what was read from a connection.
type heard struct {
	net.Conn
	mu   sync.Mutex
	b    []byte
	more chan struct{}
}

func (h *heard) Read(p []byte) (int, error) {
	n, err := h.Conn.Read(p)
	h.mu.Lock()
	h.b = append(h.b, p[:n]...)
	h.mu.Unlock()
	select {
	case h.more <- struct{}{}:
	default:
	}
	return n, err
}

func (h *heard) all() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return bytes.Clone(h.b)
}

func (h *heard) len() int { return len(h.all()) }
