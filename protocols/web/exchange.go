package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"wireline/protocols/fault"
)

// An exchange is one request and its response on a connection.
type exchange struct {
	c      *Client
	k      *conn
	reused bool
	clock  *Clock
	alarm  *alarm
	idle   time.Duration
	reply  time.Duration
	stop   func() bool   // ctx cuts the connection no longer
	body   io.ReadCloser // what is sent, if it can be sent but once
	sent   chan error    // how sending it went; nil: there was none
	done   chan struct{} // closed when sending is over
	keep   bool          // the connection may be kept
	line   bool          // others wait in line for the connection
	whole  bool          // it came to a good end
}

// Do sends r as it is and waits for the head of the response. ctx governs the
// body as well. A connection that was kept and turns out to be gone is
// replaced, once, if that cannot do anything twice.
func (c *Client) Do(ctx context.Context, r *Request) (*Response, error) {
	if err := r.Check(); err != nil {
		return nil, at(err, r.URL)
	}
	for fresh := false; ; fresh = true {
		res, stale, err := c.try(ctx, r, fresh)
		if err == nil || !stale || fresh || !r.idempotent() || !r.Body.Again() {
			return res, err
		}
	}
}

// try does so once. stale is set when a connection that was kept has ended
// before a byte of the response.
func (c *Client) try(ctx context.Context, r *Request, fresh bool) (res *Response, stale bool, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	x := c.exchange(&alarm{cancel: cancel})
	if x.k, x.reused, err = c.connect(ctx, r, fresh); err != nil {
		err = explain(ctx, err, r.URL)
		x.alarm.end()
		return nil, false, err
	}
	x.clock.connected(x.reused)
	x.taken()
	if x.k.h2 != nil {
		res, err = c.ask2(ctx, x, r)
	} else {
		x.stop = context.AfterFunc(ctx, x.k.close)
		res, err = x.ask(ctx, r)
	}
	if err != nil {
		stale = x.reused && !x.clock.answered() && ctx.Err() == nil
		err = explain(ctx, err, r.URL)
		x.keep = false
		x.end()
		return nil, stale, err
	}
	c.mu.Lock()
	c.count.Requests++
	c.mu.Unlock()
	return res, false, nil
}

func (c *Client) exchange(a *alarm) *exchange {
	limits := c.Wire.InForce()
	return &exchange{
		c: c, clock: newClock(c.Wire), alarm: a,
		idle: limits.Idle, reply: limits.Reply,
	}
}

// ask is one exchange over HTTP/1.
func (x *exchange) ask(ctx context.Context, r *Request) (*Response, error) {
	res := &Response{URL: r.URL, Method: r.Method, Clock: x.clock, Reused: x.reused, Sent: x.k.head(r)}
	if err := x.send(r, res.Sent); err != nil {
		return nil, err
	}
	h, err := x.head()
	if err != nil {
		if failed := x.unsent(); failed != nil {
			return nil, failed
		}
		return nil, err
	}
	return res, x.answer(ctx, r, res, h)
}

// answer makes the response of its head.
func (x *exchange) answer(ctx context.Context, r *Request, res *Response, h head) error {
	how, n, err := h.frame(r.Method)
	if err != nil {
		return err
	}
	x.keep = how != closing && h.persists() && !r.Fields.has("Connection", "close") &&
		(r.Version != "1.0" || h.fields.has("Connection", "keep-alive"))
	res.Version, res.Code, res.Text = h.version, h.code, statusText(h.code, h.text)
	res.Fields, res.Length = h.fields, n
	res.Body = x.content(ctx, res, x.framed(how, n, res))
	return nil
}

// head reads the head of the final response. Those before it are for traces.
func (x *exchange) head() (head, error) {
	left := maxHead
	for n := 0; ; n++ {
		_, err := x.k.r.Peek(1)
		if err == io.EOF && n > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return head{}, err
		}
		x.clock.mark(&x.clock.first)
		h, err := readHead(x.k.r, &left)
		switch {
		case err != nil:
			return h, err
		case h.code == http.StatusSwitchingProtocols:
			return h, fault.New(fault.Protocol, "the server changes to another protocol, which nobody asked for")
		case h.code >= 200:
			return h, nil
		case n == maxInterim:
			return h, fault.New(fault.Limit, "more than %d interim responses", maxInterim)
		}
	}
}

// end gives the connection back, or drops it. It may be called twice.
func (x *exchange) end() {
	x.clock.mark(&x.clock.end)
	if x.line {
		x.alarm.rest()
		return
	}
	k := x.k
	if k != nil && k.h2 == nil {
		x.k = nil
		if !x.sending() && x.stop() && x.keep && k.r.Buffered() == 0 {
			x.c.keep(k)
		} else {
			k.close()
			if x.body != nil {
				_ = x.body.Close() // nobody waits for more of it
			}
		}
	}
	x.alarm.end()
}
