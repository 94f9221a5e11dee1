package web

import (
	"context"
	"slices"
)

// Pipeline sends requests, one behind the other, on one connection that was
// kept, before the first of them is answered (RFC 9112, section 9.3.2), and
// calls each with the responses in their order. Each returns an error, or when
// the body is Done. More is asked for requests, before the first and after each
// response, and told how many wait for theirs; when it has none and none wait,
// the line ends. What it gives is read before it is asked again. None of them
// has a body, and all are for one server and may be sent twice.
//
// It returns how many were answered. When the connection ends before the
// last, or when there is none, that is no error: the rest is to be sent by
// other means. The error is each's own, or why ctx ended.
func (c *Client) Pipeline(ctx context.Context, more func(waiting int) []*Request, each func(i int, res *Response) error) (n int, err error) {
	rs := more(0)
	if len(rs) == 0 {
		return 0, nil
	}
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
	l := &line{c: c, k: k, bell: &alarm{cancel: cancel}, unsent: rs, more: more, out: make([]byte, 0, taken)}
	n, err = l.run(ctx, each)
	if stop() && l.good && k.r.Buffered() == 0 {
		c.keep(k)
	} else {
		k.close()
	}
	if e := Ended(ctx); e != nil && err == nil {
		err = Locate(e, rs[0].URL)
	}
	return n, err
}

// taken is how much the kernel takes from us whether the server reads or not.
const taken = 8 << 10

// A line is requests on their way over one connection.
type line struct {
	c       *Client
	k       *conn
	bell    *alarm
	more    func(int) []*Request
	unsent  []*Request
	waiting []asked
	bytes   int    // of their heads
	out     []byte // what is sent at once
	good    bool   // the connection may be used for more
}

// asked is a request that was sent.
type asked struct {
	r     *Request
	bytes int // of its head
}

// run sends and receives.
func (l *line) run(ctx context.Context, each func(int, *Response) error) (n int, err error) {
	for l.send(); len(l.waiting) > 0; l.send() {
		a := l.waiting[0]
		x := l.c.exchange(l.bell.again())
		x.k, x.line, x.reused = l.k, l, true
		l.good = false
		x.clock.connected(true)
		x.wrote()
		var res *Response
		h, err := x.head()
		if err == nil {
			res, err = x.answer(ctx, a.r, h)
		}
		if err != nil {
			x.end()
			return n, nil
		}
		l.c.mu.Lock()
		l.c.count.Requests++
		l.c.mu.Unlock()
		l.waiting = slices.Delete(l.waiting, 0, 1) // so that there is room behind them
		l.bytes -= a.bytes
		n++
		if err = each(n-1, res); err != nil || !l.good {
			return n, err
		}
	}
	l.good = l.good && len(l.unsent) == 0
	return n, nil
}

// send sends what there is to be sent, but no more than the kernel takes: a
// server may read nothing before we have read its response.
func (l *line) send() {
	if len(l.unsent) == 0 {
		l.unsent = l.more(len(l.waiting))
	}
	l.out = l.out[:0]
	for len(l.unsent) > 0 {
		r := l.unsent[0]
		if r.Check() != nil {
			break // which is told when it is sent by itself
		}
		before := len(l.out)
		r.introduce(l.k.Forward())
		l.out = r.head(l.out, l.k.Forward())
		n := len(l.out) - before
		if len(l.waiting) > 0 && l.bytes+n > taken {
			l.out = l.out[:before]
			break
		}
		l.bytes += n
		l.waiting, l.unsent = append(l.waiting, asked{r, n}), l.unsent[1:]
	}
	if len(l.out) > 0 {
		l.bell.again().set(sending, l.c.Wire.InForce().Idle, "%v without a byte taken", "--idle-timeout")
		_, _ = l.k.Write(l.out) // whoever reads will notice
	}
}
