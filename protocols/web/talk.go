package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"wireline/protocols/fault"
)

// A Talk is a connection on which the user writes requests by hand.
type Talk struct {
	c    *Client
	r    *Request // whom it is with
	k    *conn
	seen *bytes.Buffer // what came and was not shown
}

// Talk connects to the server of r.
func (c *Client) Talk(ctx context.Context, r *Request) (*Talk, error) {
	k, err := c.dial(ctx, r)
	if err != nil {
		return nil, explain(ctx, err, r.URL)
	}
	if k.h2 != nil {
		k.close()
		return nil, Locate(fault.New(fault.Unsupported, "HTTP/2 is not text that can be typed"), r.URL)
	}
	t := &Talk{c: c, r: r, k: k, seen: &bytes.Buffer{}}
	k.r = bufio.NewReaderSize(io.TeeReader(k.Conn, t.seen), bufferSize)
	return t, nil
}

// Write sends p as it is.
func (t *Talk) Write(p []byte) (int, error) { return t.k.Write(p) }

// Close ends the connection.
func (t *Talk) Close() error { t.k.close(); return nil }

// Answer reads the response to a request of that method and gives it as it
// comes, with its head and its frames. What is no response is given, too, and
// then is an error. The connection ends with it.
func (t *Talk) Answer(ctx context.Context, method string) io.ReadCloser {
	ctx, cancel := context.WithCancelCause(ctx)
	x := t.c.exchange(&alarm{cancel: cancel})
	x.k, x.stop = t.k, context.AfterFunc(ctx, t.k.close)
	x.clock.connected(true)
	x.wrote()
	return &answer{t: t, x: x, ctx: ctx, method: method}
}

// An answer is a response with its head.
type answer struct {
	t      *Talk
	x      *exchange
	ctx    context.Context
	method string
	body   *Content
	err    error
}

func (a *answer) Read(p []byte) (int, error) {
	for a.t.seen.Len() == 0 && a.err == nil {
		a.err = a.more(p)
	}
	if a.t.seen.Len() > 0 {
		return a.t.seen.Read(p)
	}
	return 0, a.err
}

// more reads something, which is then seen.
func (a *answer) more(room []byte) error {
	if a.body != nil {
		_, err := a.body.Read(room)
		return err
	}
	h, err := a.x.head()
	var res *Response
	if err == nil {
		res, err = a.x.answer(a.ctx, &Request{Method: a.method, URL: a.t.r.URL}, h)
	}
	if err == nil {
		a.body = res.Body
		return nil
	}
	if errors.Is(err, io.EOF) && a.t.seen.Len() > 0 {
		return io.EOF
	}
	err = explain(a.ctx, err, a.t.r.URL)
	a.x.end()
	return err
}

func (a *answer) Close() error {
	if a.body != nil {
		_ = a.body.Close()
	} else if a.err == nil {
		a.x.end()
		a.err = errClosed
	}
	return a.t.Close()
}
