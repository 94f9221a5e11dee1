package gopher

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// fetch gives the bytes of an item: of a text and a menu without their end
// mark, of all else what comes until the server closes.
func (s *Session) fetch(ctx context.Context, it Item, look Look) (*verb.Blob, error) {
	kind := it.kind()
	if err := s.fetchable(it, kind); err != nil {
		return nil, err
	}
	if it.Local {
		return s.fetchLocal(ctx, it, s.encodingFor(look))
	}
	strict := s.strict || look.Strict
	if kind == asBytes && s.target(it).Scheme.Security != wire.TLS {
		const doubt = "end not verifiable: gopher marks no end of such an item"
		if strict {
			return nil, (&fault.Error{Kind: fault.Partial, At: it.URL(), Text: doubt}).
				WithHint("without --strict it is fetched until the server closes; with gophers:// TLS vouches for the end")
		}
		s.warn("%s: %s", it.URL(), doubt)
	}
	c, err := s.ask(ctx, it, "")
	if err != nil {
		return nil, err
	}
	b := &verb.Blob{Name: fileName(it), Size: -1, Type: classOf(it.Type).media, ReadCloser: c}
	if kind == asBytes {
		err = s.bytes(ctx, b, c, it, strict)
	} else {
		err = s.text(b, c, it, strict, s.encodingFor(look))
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return b, nil
}

// fetchable tells why an item cannot be fetched, and what can be done instead.
func (s *Session) fetchable(it Item, kind kind) error {
	e := &fault.Error{Kind: fault.Unsupported, At: it.URL()}
	switch {
	case (kind == asSearch || kind == asPeople) && it.Search == "":
		e.Kind, e.Text = fault.Usage, "a search needs words"
		e.Err = &protocols.Question{Text: "search for:", Words: []string{"gopher", "search", it.URL(), "--"}}
		return e.WithHint("search ITEM WORDS, such as: search %s unix tools", quote(it.URL()))
	case kind == asNothing:
		e.Text = "there is nothing behind an item of type " + classOf(it.Type).word
		return e
	case kind != asElsewhere:
		return nil
	case it.web() == "":
		word := classOf(it.Type).word
		e.Text = fmt.Sprintf("the item is not a file but a %s service at %s", word, it.address())
		switch it.Type {
		case '8', 'T':
			e.Err = protocols.Way("telnet://" + it.address() + "/")
			e.Hint = "connect telnet " + quote(it.address()) + " goes there"
			if it.Selector != "" {
				e.Hint += "; log in as " + quote(it.Selector)
			}
		case 'w':
			e.Hint = "connect tcp " + quote(it.address()) + " goes there"
		}
		return e
	}
	u, err := url.Parse(it.web())
	if err == nil {
		e.Err = protocols.Way(u.String())
	}
	e.Text = "the item leads out of gopher"
	switch {
	case err != nil || u.Host == "":
		e.Text, e.Err = "the item leads to a URL that is not followed", nil
	case u.Scheme == "http" || u.Scheme == "https":
		e.Hint = "http get " + quote(u.String()) + " fetches it"
	case u.Scheme == "gopher" || u.Scheme == "gophers":
		e.Hint = "gopher cat " + quote(u.String()) + " shows it"
	case u.Scheme == "telnet":
		e.Hint = "connect " + quote(u.String()) + " goes there"
	default:
		e.Text, e.Err = "the item leads to a URL that is not followed", nil
	}
	return e
}

// quote is a word that a server gave as one that may be typed.
func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", "%27") + "'"
}

// bytes gives the connection itself, so that the kernel may move the bytes.
// Only a reply that begins like a refusal is read here, to find out.
func (s *Session) bytes(ctx context.Context, b *verb.Blob, c *wire.Conn, it Item, strict bool) error {
	begin, err := c.Peek(ctx, 1)
	if err != nil {
		return err
	}
	var in io.Reader = c
	if begin[0] == '3' {
		ahead := bufio.NewReaderSize(c, block)
		if err := refusal(ahead, it); err != nil {
			return err
		}
		in = ahead
	}
	switch {
	case c.TLS() != nil:
		b.ReadCloser = &vouched{in, c, func() error { return s.end(c, it, false, strict) }}
	case in != io.Reader(c):
		b.ReadCloser = struct {
			io.Reader
			io.Closer
		}{in, c}
	}
	return nil
}

// A vouched reply has an end that TLS may vouch for.
type vouched struct {
	io.Reader
	io.Closer
	end func() error
}

func (v *vouched) Read(p []byte) (int, error) {
	n, err := v.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		if end := v.end(); end != nil {
			err = end
		}
	}
	return n, err
}

// text takes the end mark off. Its encoding is told, and changed to UTF-8
// only if the user has named it.
func (s *Session) text(b *verb.Blob, c *wire.Conn, it Item, strict bool, encoding string) error {
	in := bufio.NewReaderSize(c, block)
	if err := refusal(in, it); err != nil {
		return err
	}
	b.ReadCloser = &text{
		in: in,
		soon: func(on bool) {
			if limit := s.goodbye(); on && limit > 0 {
				c.SetReadDeadline(time.Now().Add(limit))
			} else {
				c.SetReadDeadline(time.Time{})
			}
		},
		end:   func(marked bool) error { return s.end(c, it, marked, strict) },
		close: c.Close,
	}
	if !strings.HasPrefix(b.Type, "text/") {
		return nil
	}
	if encoding == latin1 || encoding == cp437 {
		b.ReadCloser = &decoder{ReadCloser: b.ReadCloser, encoding: encoding}
		encoding = utf
	}
	if encoding == "" || encoding == auto {
		p, _ := in.Peek(in.Buffered())
		encoding = guess(p)
	}
	b.Type += "; charset=" + charsets[encoding]
	return nil
}

// fileName is a name for a file: the last part of the selector, or else the
// name in the menu, with nothing in it that could lead elsewhere.
func fileName(it Item) string {
	path := strings.TrimRight(it.Selector, `/\`)
	for _, name := range []string{path[strings.LastIndexAny(path, `/\`)+1:], it.Name} {
		name = safeName(name)
		if name != "" {
			return name
		}
	}
	return "gopher"
}

// safeName is the name of a file without what could lead elsewhere, or be
// taken for something else by who reads it.
func safeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r >= 0x7f && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfffd:
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, decode(auto, name))
	name = strings.TrimSpace(strings.TrimLeft(name, ".- "))
	for len(name) > 200 {
		name = strings.ToValidUTF8(name[:200], "")
	}
	return name
}
