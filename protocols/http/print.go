package http

import (
	"fmt"
	"io"
	"strings"
	"time"

	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// A part is a piece of what --print selects.
type part struct {
	ctype string // "message/http" for a head
	io.Reader
}

const headType = "message/http"

// printed is what --print selects of an exchange, in the order in which it
// went over the wire: the heads of redirects, too.
func printed(x *web.Response, r *request, res *Response, ctype string, body io.ReadCloser) *print {
	p := &print{body: body}
	add := func(ctype string, from io.Reader) { p.parts = append(p.parts, part{ctype, from}) }
	text := func(ctype, s string) { add(ctype, strings.NewReader(s)) }
	has := func(letter string) bool { return strings.Contains(r.show.Print, letter) }
	exchange := func(x *web.Response, res *Response) {
		if has("H") {
			text(headType, discreet(x.Sent()))
		}
		if has("B") && x == res.from && !r.body.empty() {
			if r.body.again() {
				sent := r.body.open()
				p.opened = sent
				add(r.body.ctype, sent)
				text("", "\n\n")
			} else {
				text("", "(the body was piped in and is gone)\n\n")
			}
		}
		if has("h") {
			text(headType, res.String()+"\n")
		}
	}
	for _, h := range res.Hops {
		exchange(h.of.from, h.of)
	}
	exchange(x, res)
	if has("b") {
		add(ctype, body)
	}
	if has("m") {
		add("", &late{make: func() (string, error) { return times(res), nil }})
	}
	return p
}

// A print is parts, one after the other.
type print struct {
	parts  []part
	whole  io.Reader
	body   io.Closer
	opened io.Closer // of the request's body
}

func (p *print) Read(b []byte) (int, error) {
	if p.whole == nil {
		var all []io.Reader
		for _, x := range p.parts {
			all = append(all, x)
		}
		p.whole = io.MultiReader(all...)
	}
	return p.whole.Read(b)
}

// View gives part after part.
func (p *print) View() (*verb.Blob, error) {
	if len(p.parts) == 0 {
		return nil, nil
	}
	one := p.parts[0]
	p.parts = p.parts[1:]
	return &verb.Blob{Size: -1, Type: one.ctype, ReadCloser: io.NopCloser(one.Reader)}, nil
}

func (p *print) Close() error {
	err := p.body.Close()
	if p.opened != nil {
		if e := p.opened.Close(); err == nil {
			err = e
		}
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

// times tells how long each exchange took, a line for each redirect.
func times(res *Response) string {
	var b strings.Builder
	b.WriteByte('\n')
	for _, h := range res.Hops {
		fmt.Fprintf(&b, "%d %s -> %s: %s\n", h.Code, h.From, h.To, phases(h.Timing))
	}
	b.WriteString(phases(res.clock.Timing()) + "\n")
	return b.String()
}

func phases(t web.Timing) string {
	var parts []string
	for _, p := range []struct {
		name string
		took time.Duration
	}{
		{"dns", t.Resolve}, {"connect", t.Connect}, {"tls", t.TLS}, {"send", t.Send},
		{"wait", t.Wait}, {"transfer", t.Transfer}, {"total", t.Total},
	} {
		parts = append(parts, fmt.Sprintf("%s %.1f ms", p.name, float64(p.took)/float64(time.Millisecond)))
	}
	return strings.Join(parts, ", ")
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
