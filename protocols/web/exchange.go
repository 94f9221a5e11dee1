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
	clock  Clock
	alarm  *alarm
	idle   time.Duration
	reply  time.Duration
	stop   func() bool   // ctx cuts the connection no longer
	once   io.ReadCloser // what is sent, if it can be sent but once
	sent   chan error    // how sending it went; nil: there was none
	done   chan struct{} // closed when sending is over
	keep   bool          // the connection may be kept
	line   *line         // whose others wait for the connection; nil: there are none
	whole  bool          // it came to a good end

	left  int // bytes that the head may still have
	res   Response
	body  Content
	plain plain
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
	x, ok := c.spare.Get().(*exchange)
	if !ok {
		x = new(exchange)
	}
	x.c, x.alarm, x.idle, x.reply = c, a, limits.Idle, limits.Reply
	x.clock.wire, x.clock.start = c.Wire, time.Now()
	return x
}

// response is that of x to r.
func (x *exchange) response(r *Request) *Response {
	x.res.URL, x.res.Method, x.res.Clock, x.res.Reused = r.URL, r.Method, &x.clock, x.reused
	x.res.asked, x.res.via = r, x.k.Forward()
	return &x.res
}

// ask is one exchange over HTTP/1.
func (x *exchange) ask(ctx context.Context, r *Request) (*Response, error) {
	if err := x.send(r); err != nil {
		return nil, err
	}
	h, err := x.head()
	if err != nil {
		if failed := x.unsent(); failed != nil {
			return nil, failed
		}
		return nil, err
	}
	return x.answer(ctx, r, h)
}

// answer makes the response to r of its head.
func (x *exchange) answer(ctx context.Context, r *Request, h head) (*Response, error) {
	how, n, err := h.frame(r.Method)
	if err != nil {
		return nil, err
	}
	res := x.response(r)
	x.keep = how != closing && h.persists() && !r.Fields.has("Connection", "close") &&
		(r.Version != "1.0" || h.fields.has("Connection", "keep-alive"))
	res.Version, res.Code, res.Text = h.version, h.code, statusText(h.code, h.text)
	res.Fields, res.Length = h.fields, n
	res.Body = x.content(ctx, x.framed(how, n))
	return res, nil
}

// head reads the head of the final response. Those before it are for traces.
func (x *exchange) head() (head, error) {
	x.left = maxHead
	for n := 0; ; n++ {
		_, err := x.k.r.Peek(1)
		if err == io.EOF && n > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return head{}, err
		}
		x.clock.mark(&x.clock.first)
		h, err := readHead(x.k.r, &x.left, x.res.Fields[:0])
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
	if x.line != nil {
		x.line.good = x.whole && x.keep
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
			if x.once != nil {
				_ = x.once.Close() // nobody waits for more of it
			}
		}
	}
	x.alarm.end()
}
