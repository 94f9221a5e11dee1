package http

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// printed is what --print selects of an exchange, in the order in which it
// went over the wire.
func printed(x *exchange, r *request, res *Response) io.ReadCloser {
	var parts []io.Reader
	text := func(s string) { parts = append(parts, strings.NewReader(s)) }
	has := func(letter string) bool { return strings.Contains(r.print, letter) }
	var opened io.Closer
	if has("H") {
		text(requestHead(x.sent) + "\n")
	}
	if has("B") && !r.body.empty() {
		if r.body.again() {
			sent := r.body.open()
			opened = sent
			parts = append(parts, sent)
			text("\n")
		} else {
			text("(the body was piped in and is gone)\n")
		}
		text("\n")
	}
	if has("h") {
		text(res.String() + "\n")
	}
	if has("b") {
		parts = append(parts, x.res.Body)
	}
	if has("m") {
		parts = append(parts, &late{make: func() string { return meta(x.clock.timing()) }})
	}
	return &print{io.MultiReader(parts...), x.res.Body, opened}
}

type print struct {
	io.Reader
	body   io.Closer
	opened io.Closer // of the request's body
}

func (p *print) Close() error {
	err := p.body.Close()
	if p.opened != nil {
		err = errors.Join(err, p.opened.Close())
	}
	return err
}

// late is text that is made when it is due.
type late struct {
	make func() string
	text *strings.Reader
}

func (l *late) Read(p []byte) (int, error) {
	if l.text == nil {
		l.text = strings.NewReader(l.make())
	}
	return l.text.Read(p)
}

func meta(t Timing) string {
	return fmt.Sprintf("\ndns %v, connect %v, tls %v, send %v, wait %v, transfer %v, total %v\n",
		t.Resolve, t.Connect, t.TLS, t.Send, t.Wait, t.Transfer, t.Total)
}

// requestHead is the head of m as net/http sent it, with the secrets left out.
func requestHead(m *http.Request) string {
	c := m.Clone(m.Context())
	for _, name := range []string{"Authorization", "Proxy-Authorization", "Cookie"} {
		if v := c.Header.Get(name); v != "" {
			scheme, _, two := strings.Cut(v, " ")
			if !two || name == "Cookie" {
				scheme = ""
			}
			c.Header.Set(name, strings.TrimSpace(scheme+" ***"))
		}
	}
	if c.Body != nil && c.Body != http.NoBody {
		c.Body, c.GetBody = io.NopCloser(zeros{}), nil
	}
	var w headWriter
	_ = c.Write(&w) // ends in errHead when there is a body
	head, _, _ := bytes.Cut(w.text, []byte("\r\n\r\n"))
	return strings.ReplaceAll(string(head), "\r\n", "\n") + "\n"
}

// headWriter takes what comes up to an empty line.
type headWriter struct{ text []byte }

var errHead = errors.New("the head is complete")

func (w *headWriter) Write(p []byte) (int, error) {
	w.text = append(w.text, p...)
	if bytes.Contains(w.text, []byte("\r\n\r\n")) {
		return len(p), errHead
	}
	return len(p), nil
}

// zeros stands for a body that is not wanted.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
