package http

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"wireline/protocols/fault"
)

// A body is that of a response. It tells of one that ends too early, and its
// end is the end of the exchange.
type body struct {
	x    *exchange
	from io.ReadCloser
	ctx  context.Context
	url  *url.URL
	want int64 // -1 when unknown
	idle time.Duration

	got  int64
	err  error
	keep func(p []byte) // sees what is read; nil: nobody does
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.from.Read(p)
	b.got += int64(n)
	b.err = b.explain(err)
	if b.keep != nil {
		b.keep(p[:n])
	}
	if b.err != nil {
		b.x.clock.mark(&b.x.clock.end)
		b.x.alarm.end()
	} else {
		b.x.alarm.set(b.idle, "%v without a byte of the body", "--idle-timeout")
	}
	return n, b.err
}

// explain is what an error in the middle of a body means.
func (b *body) explain(err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	came := fmt.Sprintf("%d bytes", b.got)
	if b.want >= 0 {
		came = fmt.Sprintf("%d of %d bytes", b.got, b.want)
	}
	if e := ended(b.ctx); e != nil {
		err = e
	}
	var e *fault.Error
	switch k := fault.Of(err); {
	case k == fault.Interrupt || k == fault.Timeout:
		e = fault.New(k, "%w, after %s", err, came)
	case errors.Is(err, io.ErrUnexpectedEOF), k == fault.Recv:
		e = fault.New(fault.Partial, "the body ends after %s", came)
	case k != fault.Internal:
		e = fault.New(k, "%w, after %s", err, came)
	default:
		e = fault.New(fault.Protocol, "the body is malformed after %s: %s", came, brief(err.Error()))
	}
	e.Phase = "body"
	if h := fault.Hint(err); h != "" {
		e.Hint = h
	}
	return located(e, b.url)
}

// Close ends the exchange. A connection whose body was not read to its end
// is not used again.
func (b *body) Close() error {
	err := b.from.Close()
	b.x.clock.mark(&b.x.clock.end)
	b.x.alarm.end()
	if b.err == nil {
		b.err = errors.New("the body is closed")
	}
	return err
}
