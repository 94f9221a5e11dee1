package http

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// Limits of what a response may ask us to keep.
const (
	maxHead    = 300 << 10 // bytes of status line and headers
	maxHeaders = 5000
	maxInterim = 10 // 1xx responses before the final one
)

// transport is net/http's pool of connections, all of them the wire's.
func (s *Session) transport() *http.Transport {
	dial := func(secure bool) func(context.Context, string, string) (net.Conn, error) {
		return func(ctx context.Context, _, addr string) (net.Conn, error) {
			scheme := schemes[0]
			if secure {
				scheme = schemes[1]
			}
			c, err := s.wire.Dial(ctx, wire.Target{URL: &url.URL{Scheme: scheme.Name, Host: addr}, Scheme: scheme})
			if err != nil {
				return nil, err
			}
			return &link{Conn: c}, nil
		}
	}
	return &http.Transport{
		DialContext:            dial(false),
		DialTLSContext:         dial(true),
		DisableCompression:     true,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: maxHead,
		ReadBufferSize:         64 << 10,
		WriteBufferSize:        64 << 10,
	}
}

// An exchange is one request and its response.
type exchange struct {
	res   *http.Response
	clock *clock
	alarm *alarm
	sent  *http.Request
}

// roundTrip sends r and waits for the head of the response. ctx governs the
// body as well, so the caller ends it, with the alarm, when that is done.
func (s *Session) roundTrip(ctx context.Context, r *request) (*exchange, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	x := &exchange{clock: newClock(s.wire), alarm: &alarm{cancel: cancel}}
	idle := limit(s.wire.Limits.Idle, s.wire.Options.IdleTime, wire.DefaultLimits.Idle)
	reply := limit(s.wire.Limits.Reply, s.wire.Options.ReplyTime, wire.DefaultLimits.Reply)
	interim := 0
	var used atomic.Pointer[link]
	trace := &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) {
			x.clock.connected(i.Reused)
			if l, ok := i.Conn.(*link); ok {
				used.Store(l)
			}
			x.alarm.set(idle, "%v without a byte taken", "--idle-timeout")
		},
		WroteRequest: func(httptrace.WroteRequestInfo) {
			x.clock.mark(&x.clock.wrote)
			x.alarm.set(reply, "no response within %v", "--reply-timeout")
		},
		GotFirstResponseByte: func() { x.clock.mark(&x.clock.first) },
		Got1xxResponse: func(int, textproto.MIMEHeader) error {
			if interim++; interim > maxInterim {
				return fault.New(fault.Limit, "more than %d interim responses", maxInterim)
			}
			return nil
		},
	}
	x.sent = r.message(httptrace.WithClientTrace(ctx, trace), func() {
		x.alarm.set(idle, "%v without a byte taken", "--idle-timeout")
	})
	for _, c := range s.jar.Cookies(r.url) {
		x.sent.AddCookie(c)
	}
	var err error
	x.res, err = s.pool.RoundTrip(x.sent)
	if err != nil {
		l := used.Load()
		err = explain(ctx, err, r.url, l != nil && l.ended.Load(), x.clock.answered())
		x.alarm.end()
		return nil, err
	}
	if e := check(x.res.Header); e != nil {
		_ = x.res.Body.Close()
		x.alarm.end()
		return nil, located(e, r.url)
	}
	s.count.requests++
	if !x.clock.reused() {
		s.count.connections++
	}
	x.res.Body = &body{x: x, from: x.res.Body, ctx: ctx, url: r.url, want: x.res.ContentLength, idle: idle}
	x.alarm.set(idle, "%v without a byte", "--idle-timeout")
	return x, nil
}

// check refuses what net/http lets pass.
func check(h http.Header) *fault.Error {
	n := 0
	for name, values := range h {
		if n += len(values); !httpguts.ValidHeaderFieldName(name) {
			return fault.New(fault.Protocol, "no HTTP response: %s is not the name of a header", brief(strconv.Quote(name)))
		}
	}
	if n > maxHeaders {
		return fault.New(fault.Limit, "%d headers; at most %d are taken", n, maxHeaders)
	}
	return nil
}

// A link is a connection that remembers that the server ended it.
type link struct {
	*wire.Conn
	ended atomic.Bool
}

func (l *link) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if err == io.EOF {
		l.ended.Store(true)
	}
	return n, err
}

// limit is the first of flag, setting and default that is set; negative is
// none.
func limit(setting, flag, standard time.Duration) time.Duration {
	switch {
	case flag != 0:
		return flag
	case setting != 0:
		return setting
	}
	return standard
}
