package http

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"wireline/protocols/web"
)

// printed is what --print selects of an exchange, in the order in which it
// went over the wire.
func printed(x *web.Response, r *request, res *Response, body io.ReadCloser) io.ReadCloser {
	var parts []io.Reader
	text := func(s string) { parts = append(parts, strings.NewReader(s)) }
	has := func(letter string) bool { return strings.Contains(r.show.Print, letter) }
	var opened io.Closer
	if has("H") {
		text(discreet(x.Sent))
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
		parts = append(parts, body)
	}
	if has("m") {
		parts = append(parts, &late{make: func() (string, error) { return meta(x.Clock.Timing()), nil }})
	}
	return &print{io.MultiReader(parts...), body, opened}
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
	make func() (string, error)
	of   io.Closer // what it is made of; may be nil
	text *strings.Reader
	err  error
}

func (l *late) Read(p []byte) (int, error) {
	if l.text == nil && l.err == nil {
		var text string
		text, l.err = l.make()
		l.text = strings.NewReader(text)
	}
	if l.err != nil {
		return 0, l.err
	}
	return l.text.Read(p)
}

func (l *late) Close() error {
	if l.of == nil {
		return nil
	}
	return l.of.Close()
}

func meta(t web.Timing) string {
	return fmt.Sprintf("\ndns %v, connect %v, tls %v, send %v, wait %v, transfer %v, total %v\n",
		t.Resolve, t.Connect, t.TLS, t.Send, t.Wait, t.Transfer, t.Total)
}

// discreet is the head of a request, as lines for people, with the secrets
// left out.
func discreet(head string) string {
	var b strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(head, "\r\n", "\n")) {
		name, value, found := strings.Cut(line, ":")
		if found && web.Secret(name) {
			scheme, _, two := strings.Cut(strings.TrimSpace(value), " ")
			if scheme += " "; !two || strings.EqualFold(name, "Cookie") {
				scheme = ""
			}
			line = name + ": " + scheme + "***\n"
		}
		b.WriteString(line)
	}
	return b.String()
}
