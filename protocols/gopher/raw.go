package gopher

import (
	"bufio"
	"context"
	"io"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// RawArgs are the arguments of Raw.
type RawArgs struct {
	Selector string `arg:"selector?" help:"what to send before the CRLF; nothing if left out" dash:"yes" escapes:"yes"`
}

// Raw sends a line as it is typed and gives the reply as it comes.
func (s *Session) Raw(ctx context.Context, a RawArgs) (*verb.Blob, error) {
	if err := protocols.OneLine("selector", a.Selector); err != nil {
		return nil, err
	}
	it := s.here.root()
	selector, _, _ := strings.Cut(a.Selector, "\t")
	it.Type, it.Selector = '0', selector
	c, err := s.send(ctx, it, a.Selector)
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Name: fileName(it), Size: -1, ReadCloser: c}, nil
}

// mostText bounds the replies that are read as a whole.
const mostText = 256 << 10

// An Attribute is a line of what Gopher+ tells of an item.
type Attribute struct {
	Block string `json:"block"` // INFO, ADMIN, VIEWS, ABSTRACT …
	Text  string `json:"text"`
}

// AttributesArgs are the arguments of Attributes.
type AttributesArgs struct {
	Item string `arg:"item?" help:"number, URL, selector or name; the menu itself if left out" complete:"remote"`
	All  bool   `flag:"all" help:"of every item of the menu"`
}

// Attributes asks a server that speaks Gopher+ what it knows of an item.
func (s *Session) Attributes(ctx context.Context, a AttributesArgs) (verb.Stream[Attribute], error) {
	it, err := s.item(ctx, a.Item, View{})
	if err != nil {
		return nil, err
	}
	if it.kind() == asElsewhere {
		return nil, s.fetchable(it, asElsewhere)
	}
	if it.Local {
		return nil, &fault.Error{Kind: fault.Unsupported, At: it.URL(), Text: "a file of this machine has no attributes"}
	}
	more := "!"
	if a.All {
		more = "$"
	}
	c, err := s.ask(ctx, it, more)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	bound := &io.LimitedReader{R: c, N: mostText}
	in := bufio.NewReader(bound)
	head, err := in.ReadString('\n')
	if err != nil && err != io.EOF {
		return nil, err
	}
	if head = strings.TrimRight(head, "\r\n"); len(head) < 2 || len(head) > 20 || strings.Trim(head, "+-0123456789") != "" || head[0] != '+' && head[0] != '-' {
		return nil, &fault.Error{Kind: fault.Unsupported, At: it.URL(), Text: "the server does not speak Gopher+"}
	}
	var attributes []Attribute
	block := ""
	for {
		line, err := in.ReadString('\n')
		if err != nil && err != io.EOF {
			return nil, err
		}
		if err == io.EOF && bound.N <= 0 {
			return nil, &fault.Error{Kind: fault.Limit, At: it.URL(), Text: "the attributes are longer than 256 KiB"}
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "." || err == io.EOF && line == "" {
			return rows(attributes), nil
		}
		line = decode(s.encoding, line)
		if head[0] == '-' {
			code, text, _ := strings.Cut(line, " ")
			return nil, &fault.Error{Kind: fault.Refused, At: it.URL(), Code: code, Text: text}
		}
		if name, text, ok := strings.Cut(line, ":"); ok && strings.HasPrefix(name, "+") {
			block, line = name[1:], text
		}
		if line = strings.TrimSpace(line); line != "" {
			attributes = append(attributes, Attribute{block, line})
		}
	}
}
