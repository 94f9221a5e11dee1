package nntp

import (
	"context"
	"errors"
	"io"
	"mime"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// partial gives the file of a message that some articles have a part of each
// (RFC 2046, section 5.2.2), in whatever order. It is nil when that is not what
// they are.
func (s *Session) partial(ctx context.Context, j *job) (*verb.Blob, error) {
	whole, parts, total := "", map[int64]string{}, int64(0)
	for arg := range j.args {
		if j.group != nil {
			arg = j.group.Name + "/" + arg
		}
		n, id, of, err := s.fragment(ctx, arg)
		if err != nil || n == 0 && whole == "" {
			return nil, err
		}
		if whole == "" {
			whole = id
		}
		if id != whole {
			return nil, j.odd(fault.Protocol, "%s is a part of another message", short(arg))
		}
		if _, twice := parts[n]; twice {
			return nil, j.odd(fault.Protocol, "there are two articles with part %d", n)
		}
		if parts[n] = arg; len(parts) > mostParts {
			return nil, s.tooMany("parts")
		}
		total = max(total, of)
	}
	if total == 0 {
		return nil, j.odd(fault.Partial, "the last part is missing: %d are there", len(parts))
	}
	c := &chain{s: s, ctx: ctx}
	for n := range total {
		arg, ok := parts[n+1]
		if !ok {
			return nil, j.odd(fault.Partial, "part %d of %d is missing", n+1, total)
		}
		c.args = append(c.args, arg)
	}
	e, err := c.file()
	if err != nil {
		c.Close()
		return nil, err
	}
	return &verb.Blob{Name: e.Name, Size: -1, Type: e.Type, Save: true, ReadCloser: struct {
		io.Reader
		io.Closer
	}{e.Data(), c}}, nil
}

// mostParts bounds the articles that have a message together.
const mostParts = 10_000

// fragment reads in the header of an article which part it is of which message,
// and how many there are if it says so; 0 is that it is none.
func (s *Session) fragment(ctx context.Context, arg string) (n int64, id string, total int64, err error) {
	b, err := s.Head(ctx, ArticleArgs{arg})
	if err != nil {
		return 0, "", 0, err
	}
	defer b.Close()
	h, err := s.header(b)
	if err != nil {
		return 0, "", 0, err
	}
	typ, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || !strings.EqualFold(typ, "message/partial") {
		return 0, "", 0, nil
	}
	n, err = number(params["number"])
	if err != nil || n < 1 || params["id"] == "" {
		return 0, "", 0, nil
	}
	if total, err = number(params["total"]); err != nil || total > mostParts {
		total = 0
	}
	return n, params["id"], total, nil
}

func (j *job) odd(k *fault.Kind, format string, a ...any) error {
	e := fault.New(k, format, a...)
	e.At, e.Phase = j.s.link.at, "body"
	return e
}

// A chain is the bodies of some articles, one behind the other.
type chain struct {
	s    *Session
	ctx  context.Context
	args []string
	at   *body // nil between articles
}

// Read gives their bytes.
func (c *chain) Read(p []byte) (int, error) {
	for {
		if c.at == nil {
			if len(c.args) == 0 {
				return 0, io.EOF
			}
			if _, err := c.s.about(c.ctx, "BODY", c.args[0], bodyFollows); err != nil {
				return 0, err
			}
			c.at, c.args = c.s.body(c.ctx), c.args[1:]
		}
		n, err := c.at.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if c.Close(); n > 0 {
			return n, nil
		}
	}
}

// Close lets go of the body that is read.
func (c *chain) Close() error {
	if c.at != nil {
		c.at.Close()
		c.at = nil
	}
	return nil
}

// file goes to the file in the message: to its first part with a name, which
// may be all of it.
func (c *chain) file() (*mail.Entity, error) {
	for r := mail.NewReader(c); ; {
		e, err := r.Next()
		if errors.Is(err, io.EOF) {
			err = fault.New(fault.NotFound, "the message has no part with the name of a file")
		}
		if err != nil || !e.Multipart && e.Name != "" {
			return e, err
		}
	}
}
