package conformance

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// An Opening is a server that begins in plain text and may change to TLS, as
// whoever sits in between would have it. Commands that Plain or Secure do not
// name are answered with Else. What is said is byte for byte, with the ends of
// lines as they are.
type Opening struct {
	Greeting string            // in plain text
	Plain    map[string]string // what it says to a command, by its first word
	Ask      string            // the word after whose answer it makes the handshake
	After    string            // what it says behind that answer, in the clear, a moment later
	Secure   map[string]string // the same as Plain, under TLS; nil: no handshake is made
	Hail     string            // what it says under TLS before it is asked
	Else     string

	mu    sync.Mutex
	clear bytes.Buffer // what the client said in the clear
	words []string     // the commands it said under TLS
}

// Start has the server take clients until the test ends.
func (o *Opening) Start(t testing.TB, s wire.Scheme) *Peer {
	t.Helper()
	var config *tls.Config
	id, err := identity()
	if err != nil {
		t.Fatal(err)
	}
	config = id.config
	return Serve(t, s, func(c net.Conn) { o.serve(c, config) })
}

// Heard is what the client said in the clear, and its commands under TLS.
func (o *Opening) Heard() (clear string, secure []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.clear.String(), o.words
}

func (o *Opening) serve(c net.Conn, config *tls.Config) {
	c.SetDeadline(time.Now().Add(20 * time.Second))
	in := bufio.NewReader(io.TeeReader(c, locked{o}))
	io.WriteString(c, o.Greeting)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word := first(line)
		answer, known := o.Plain[word]
		if !known {
			answer = o.Else
		}
		io.WriteString(c, answer)
		if answer == "" {
			return // it hangs up
		}
		if word == o.Ask && o.Secure != nil {
			if o.After != "" {
				time.Sleep(20 * time.Millisecond) // so that it is another segment
				io.WriteString(c, o.After)
			}
			o.under(tls.Server(c, config))
			return
		}
	}
}

// under is the conversation under TLS.
func (o *Opening) under(c *tls.Conn) {
	if c.Handshake() != nil {
		return
	}
	io.WriteString(c, o.Hail)
	for in := bufio.NewReader(c); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word := first(line)
		o.mu.Lock()
		o.words = append(o.words, word)
		o.mu.Unlock()
		answer, known := o.Secure[word]
		if !known {
			answer = o.Else
		}
		io.WriteString(c, answer)
		if answer == "" {
			return
		}
	}
}

func first(line string) string {
	word, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
	return strings.ToUpper(word)
}

// locked is where what is said in the clear is kept.
type locked struct{ o *Opening }

func (l locked) Write(p []byte) (int, error) {
	l.o.mu.Lock()
	defer l.o.mu.Unlock()
	return l.o.clear.Write(p)
}
