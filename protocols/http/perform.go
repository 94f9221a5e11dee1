package http

import (
	"context"
	"net/http"
	"slices"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

// maxHops is how many redirects are followed unless the user says otherwise.
const maxHops = 10

// perform sends r and, if it is to, follows redirects. The body of the
// response is the caller's to read and close.
func (s *Session) perform(ctx context.Context, r *request) (*web.Response, error) {
	res, hops, err := s.travel(ctx, r)
	if res != nil {
		head := response(r, res, hops)
		s.last = &head
	}
	if err != nil {
		return nil, err
	}
	if res.Reused && s.wire.Options.Insecure && s.wire.Warn != nil && r.url.Scheme == "https" {
		s.wire.Warn("the certificate of " + r.url.Hostname() + " is not checked (-k)") // S07: each time
	}
	return res, nil
}

// travel does so, and touches nothing of the session's that another request
// under way could touch. When it fails it returns the last response that was
// read, if any.
func (s *Session) travel(ctx context.Context, r *request) (last *web.Response, hops []Hop, err error) {
	asked := *r.url
	most := maxHops
	if r.how.Redirects > 0 {
		most = r.how.Redirects
	}
	for {
		res, err := s.attempt(ctx, r)
		if err != nil {
			return last, hops, err
		}
		last = res
		to := res.Fields.Get("Location")
		if !r.how.Follow || to == "" || !redirects(res.Code) {
			return res, hops, nil
		}
		if err := res.Drain(); err != nil {
			return res, hops, err
		}
		if len(hops) == most {
			return res, hops, web.Locate(fault.New(fault.Redirect, "more than %d redirects", most), &asked)
		}
		before := response(r, res, nil)
		if err := r.redirect(res.Code, to); err != nil {
			return res, hops, err
		}
		took := res.Clock.Timing()
		hops = append(hops, Hop{res.Code, before.URL, r.url.Redacted(), took.Total, took, &before})
	}
}

// attempt sends r, and sends it again if the user wants that and it may go
// better.
func (s *Session) attempt(ctx context.Context, r *request) (*web.Response, error) {
	for n := 1; ; n++ {
		m := r.message()
		res, err := s.client.Send(ctx, &m, r.login)
		if n > r.ways.Retry || !r.body.again() || ctx.Err() != nil || !worthAgain(r.method, res, err) {
			return res, err
		}
		pause := s.backoff(n)
		if res != nil {
			pause = max(pause, retryAfter(res))
			_ = res.Drain()
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, web.Locate(err, r.url)
		}
	}
}

// worthAgain reports whether another try may do better and cannot do twice
// what should be done once.
func worthAgain(method string, res *web.Response, err error) bool {
	if err != nil {
		k := fault.Of(err)
		return k == fault.Connect || k == fault.Resolve || k.Retry && web.Idempotent(method)
	}
	busy := []int{http.StatusTooManyRequests, http.StatusServiceUnavailable}
	gone := []int{http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout}
	return slices.Contains(busy, res.Code) || web.Idempotent(method) && slices.Contains(gone, res.Code)
}
