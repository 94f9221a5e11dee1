package web

import (
	"context"
	"io"
	"strings"
)

// Pipeline sends requests, one behind the other, on one connection that was
// kept, before the first of them is answered (RFC 9112, section 9.3.2), and
// calls each with the responses in their order. Each returns an error, or when
// the body is Done. None of the requests has a body, and all are for one server and may be
// sent twice.
//
// It returns how many were answered. When the connection ends before the
// last, or when there is none, that is no error: the rest is to be sent by
// other means. The error is each's own, or why ctx ended.
func (c *Client) Pipeline(ctx context.Context, rs []*Request, each func(i int, res *Response) error) (n int, err error) {
	k := c.kept(c.key(rs[0]))
	if k == nil || k.h2 != nil || !k.alive() {
		if k != nil && k.h2 == nil {
			k.close()
		}
		return 0, nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, k.close)
	n, good, err := c.line(ctx, cancel, k, rs, each)
	if stop() && good && k.r.Buffered() == 0 {
		c.keep(k)
	} else {
		k.close()
	}
	if e := Ended(ctx); e != nil && err == nil {
		err = Locate(e, rs[min(n, len(rs)-1)].URL)
	}
	return n, err
}

// taken is how much the kernel takes from us whether the server reads or not.
const taken = 8 << 10

// line does so on k. good is set when k may be used for more.
func (c *Client) line(ctx context.Context, cancel context.CancelCauseFunc, k *conn, rs []*Request, each func(int, *Response) error) (n int, good bool, err error) {
	heads := make([]string, len(rs))
	for i, r := range rs {
		if err := r.Check(); err != nil {
			return 0, false, at(err, r.URL)
		}
		heads[i] = r.Head()
	}
	all := strings.Join(heads, "")
	wrote := make(chan struct{})
	write := func() {
		defer close(wrote)
		_, _ = io.WriteString(k, all) // whoever reads will notice
	}
	if len(all) <= taken {
		write()
	} else {
		go write()
	}
	defer func() {
		if !good {
			k.close()
		}
		<-wrote
	}()
	bell := &alarm{cancel: cancel}
	for i, r := range rs {
		x := c.exchange(bell.again())
		x.k, x.line, x.reused = k, true, true
		x.clock.connected(true)
		x.wrote()
		res := &Response{URL: r.URL, Method: r.Method, Clock: x.clock, Reused: true, Sent: heads[i]}
		h, err := x.head()
		if err == nil {
			err = x.answer(ctx, r, res, h)
		}
		if err != nil {
			x.end()
			return i, false, nil
		}
		c.mu.Lock()
		c.count.Requests++
		c.mu.Unlock()
		if err = each(i, res); err != nil || !x.whole || !x.keep {
			return i + 1, false, err
		}
	}
	return len(rs), true, nil
}
