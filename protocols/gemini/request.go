package gemini

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Limits of the protocol: of a request, of the line that answers it, and of
// how many redirects a client follows.
const (
	mostURL       = 1024
	mostStatus    = 1024 + 5
	mostRedirects = 5
)

// send sends a line to the server of u, and waits for the first byte.
func (s *Session) send(ctx context.Context, u *url.URL, line string) (*wire.Conn, error) {
	if s.wire.Known != "" {
		s.wire.Options.TOFU = true
	}
	c, err := s.wire.Dial(ctx, wire.Target{URL: u, Scheme: s.scheme})
	if err != nil {
		return nil, err
	}
	c.SetIdle(s.wire.InForce().Idle)
	if _, err = io.WriteString(c, line+"\r\n"); err == nil {
		_, err = c.Peek(ctx, 1)
	}
	if errors.Is(err, io.EOF) {
		err = &fault.Error{Kind: fault.Empty, At: u.String(), Text: "the server closed the connection without a byte"}
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// fetch asks for a URL and follows redirects, as long as they stay at the
// server. The Blob's Type is what the server says of it; at is where it was
// found.
func (s *Session) fetch(ctx context.Context, u *url.URL) (b *verb.Blob, at *url.URL, err error) {
	for range mostRedirects + 1 {
		if !strings.EqualFold(u.Scheme, "gemini") {
			return nil, nil, away(&fault.Error{Kind: fault.Unsupported, At: u.String(), Text: "the link leads out of gemini"}, u)
		}
		if len(u.String()) > mostURL {
			return nil, nil, &fault.Error{Kind: fault.BadArgument, At: u.Host, Text: "the URL is longer than 1024 bytes"}
		}
		c, err := s.send(ctx, u, u.String())
		if err != nil {
			return nil, nil, err
		}
		in := bufio.NewReaderSize(c, 64<<10)
		code, meta, err := status(in, u)
		if err == nil && code/10 == 2 {
			return &verb.Blob{Name: fileName(u), Size: -1, Type: meta, ReadCloser: &reply{in, c, s, u}}, u, nil
		}
		c.Close()
		if err != nil {
			return nil, nil, err
		}
		if code/10 != 3 {
			return nil, nil, refusal(code, meta, u)
		}
		to, err := s.resolve(u, meta)
		if err != nil {
			return nil, nil, &fault.Error{Kind: fault.Protocol, At: u.String(), Code: strconv.Itoa(code), Text: "the redirect leads to no URL"}
		}
		if !strings.EqualFold(to.Scheme, "gemini") || !same(u, to) {
			e := &fault.Error{Kind: fault.Redirect, At: u.String(), Code: strconv.Itoa(code), Text: "the server redirects elsewhere: " + to.String()}
			return nil, nil, away(e, to)
		}
		u = to
	}
	return nil, nil, &fault.Error{Kind: fault.Redirect, At: u.String(), Text: "there are more than 5 redirects"}
}

// away adds where an error leads: the shell asks whether to go there.
func away(e *fault.Error, u *url.URL) error {
	switch strings.ToLower(u.Scheme) {
	case "gemini", "http", "https", "gopher", "gophers", "telnet", "finger":
		e.Err = protocols.Way(u.String())
		return e.WithHint("open '%s' goes there", strings.ReplaceAll(u.String(), "'", "%27"))
	}
	e.Text += ", to a URL that is not followed"
	return e
}

// status reads the line that answers a request.
func status(in *bufio.Reader, u *url.URL) (code int, meta string, err error) {
	bad := func(text string) error {
		return &fault.Error{Kind: fault.Protocol, At: u.String(), Phase: "reply", Text: text}
	}
	var line []byte
	for {
		c, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return 0, "", &fault.Error{Kind: fault.Partial, At: u.String(), Phase: "reply", Text: "the server closed the connection in the middle of its first line"}
		}
		if err != nil {
			return 0, "", err
		}
		if line = append(line, c); c == '\n' {
			break
		}
		if len(line) > mostStatus {
			return 0, "", &fault.Error{Kind: fault.Limit, At: u.String(), Phase: "reply", Text: "the first line of the reply is longer than 1024 bytes"}
		}
	}
	text := strings.TrimRight(string(line), "\r\n")
	digits, meta, _ := strings.Cut(text, " ")
	code, err = strconv.Atoi(digits)
	if err != nil || len(digits) != 2 || code < 10 || code > 69 {
		return 0, "", bad("the reply does not begin with a status: " + strconv.Quote(text[:min(len(text), 60)]))
	}
	return code, strings.TrimSpace(meta), nil
}

// refusal is what a status says that is no success.
func refusal(code int, meta string, u *url.URL) error {
	e := &fault.Error{Kind: fault.Refused, At: u.String(), Code: strconv.Itoa(code), Text: meta}
	where := "'" + strings.ReplaceAll(u.String(), "'", "%27") + "'"
	switch {
	case code == 11:
		e.Kind = fault.Usage
		e.Hint = "search " + where + " WORDS answers; a blank before the line keeps it out of the history"
	case code < 20:
		e.Kind = fault.Usage
		e.Hint = "search " + where + " WORDS answers"
		e.Err = &protocols.Question{Text: "the page asks: " + meta, Words: []string{"gemini", "search", u.String(), "--"}}
	case code == 44:
		e.Hint = "the server wants a pause of so many seconds"
	case code == 51 || code == 52:
		e.Kind = fault.NotFound
	case code >= 60:
		e.Kind = fault.Login
		e.Hint = "--cert FILE and --key FILE show a certificate of yours"
	}
	if e.Text == "" {
		e.Text = "the server gives no reason"
	}
	return e
}

// A reply is what follows the first line, up to the end of TLS.
type reply struct {
	in   *bufio.Reader
	conn *wire.Conn
	s    *Session
	at   *url.URL
}

func (r *reply) Close() error { return r.conn.Close() }

func (r *reply) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if errors.Is(err, io.EOF) && r.conn.Truncated() {
		const doubt = "end not verifiable: the server did not end TLS as it should"
		if r.s.strict {
			return n, &fault.Error{Kind: fault.Partial, At: r.at.String(), Phase: "body", Text: doubt}
		}
		if r.s.wire.Warn != nil {
			r.s.wire.Warn(r.at.String() + ": " + doubt)
		}
	}
	return n, err
}
