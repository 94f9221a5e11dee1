package gopher

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

var schemes = []wire.Scheme{
	{Name: "gopher", Port: "70"},
	{Name: "gophers", Port: "70", Security: wire.TLS},
	{Name: "file"}, // a menu of this machine
}

// block is how much is read at a time, and the longest line of a menu.
const block = 64 << 10

// wide is how much is read at a time of a menu that nobody looks at as it
// comes.
const wide = 256 << 10

// target is the server that has an item.
func (s *Session) target(it Item) wire.Target {
	scheme := schemes[0]
	if it.Secure || s.wire.Options.TLS == "require" {
		scheme = schemes[1]
	}
	return wire.Target{URL: &url.URL{Scheme: scheme.Name, Host: it.address()}, Scheme: scheme}
}

// ask sends the request for an item (RFC 1436, section 2) and waits for the
// first byte of the reply. more is what Gopher+ adds to a request.
func (s *Session) ask(ctx context.Context, it Item, more string) (*wire.Conn, error) {
	for _, part := range []struct{ name, text string }{{"selector", it.Selector}, {"search", it.Search}} {
		if err := protocols.OneLine(part.name, part.text); err != nil {
			return nil, err
		}
		if strings.Contains(part.text, "\t") {
			return nil, &fault.Error{Kind: fault.BadArgument, At: it.URL(), Text: part.name + ": a tab is not allowed here"}
		}
	}
	line := it.Selector
	if it.Search != "" {
		line += "\t" + it.Search
	}
	if more != "" {
		line += "\t" + more
	}
	return s.send(ctx, it, line)
}

func (s *Session) send(ctx context.Context, it Item, line string) (*wire.Conn, error) {
	if _, err := wire.ParseHost(it.Host); err != nil {
		return nil, err
	}
	t := s.target(it)
	if s.tryTLS && t.Scheme.Security == wire.Plain && !s.noTLS[it.address()] {
		tls := it
		tls.Secure = true
		c, err := s.speak(ctx, tls, s.target(tls), line)
		var f *fault.Error
		if !errors.As(err, &f) || f.Phase != "tls" || f.Kind != fault.TLSHandshake && f.Kind != fault.Timeout {
			return c, err
		}
		s.noTLS[it.address()] = true
		s.warn("%s has no TLS, and is asked without", it.address())
	}
	if s.home.Secure && t.Scheme.Security == wire.Plain {
		s.warn("%s is asked without TLS", it.address())
	}
	return s.speak(ctx, it, t, line)
}

// speak sends a line to a server and waits for the first byte of its reply.
func (s *Session) speak(ctx context.Context, it Item, t wire.Target, line string) (*wire.Conn, error) {
	c, err := s.wire.Dial(ctx, t)
	if err != nil {
		return nil, err
	}
	c.SetIdle(s.idle())
	if _, err = io.WriteString(c, line+"\r\n"); err == nil {
		_, err = c.Peek(ctx, 1)
	}
	if err == nil {
		return c, nil
	}
	c.Close()
	if errors.Is(err, io.EOF) {
		err = &fault.Error{Kind: fault.Empty, At: it.URL(), Text: "the server closed the connection without a byte"}
	}
	return nil, err
}

// idle is how long a server may be silent.
func (s *Session) idle() time.Duration {
	return s.wire.InForce().Idle
}

// goodbye is how long a server may take to close after an end mark.
func (s *Session) goodbye() time.Duration {
	return s.wire.InForce().Goodbye
}

func (s *Session) warn(format string, a ...any) {
	if s.wire.Warn != nil && !s.silent {
		s.wire.Warn(fmt.Sprintf(format, a...))
	}
}

// end judges the end of a reply. One that is marked, or that TLS vouches for,
// is good; any other is too, but is said to be doubtful, or is an error where
// strict.
func (s *Session) end(c *wire.Conn, it Item, marked, strict bool) error {
	if marked || c.TLS() != nil && !c.Truncated() {
		return nil
	}
	const doubt = "end not verifiable: the server closed the connection without an end mark"
	if strict {
		return &fault.Error{Kind: fault.Partial, At: it.URL(), Phase: "body", Text: doubt}
	}
	s.warn("%s: %s", it.URL(), doubt)
	return nil
}

// refusal is what a server says when it has no such item: instead of the file
// comes a menu whose first line has type 3. It looks no further than it must.
func refusal(in *bufio.Reader, it Item) error {
	for {
		b, _ := in.Peek(in.Buffered())
		line, _, whole := bytes.Cut(b, []byte("\n"))
		if len(b) > 0 && b[0] != '3' {
			return nil
		}
		if whole {
			f := strings.Split(string(line), "\t")
			if len(f) < 4 {
				return nil
			}
			if _, err := strconv.ParseUint(strings.TrimSpace(f[3]), 10, 16); err != nil {
				return nil
			}
			return refused(f[0][1:], it)
		}
		if len(b) >= 1024 {
			return nil
		}
		if _, err := in.Peek(len(b) + 1); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func refused(text string, it Item) error {
	if text == "" {
		text = "the server refuses without a word"
	}
	return &fault.Error{Kind: fault.Refused, At: it.URL(), Code: "3", Text: decode(auto, text)}
}
