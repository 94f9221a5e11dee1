package http

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

// maxPause is the longest that we wait before a try.
const maxPause = 30 * time.Second

// backoff is how long to wait before the n-th further try: 1, 2, 4 … times the
// session's unit, and up to a quarter more or less, so that clients do not
// come all at once.
func (s *Session) backoff(n int) time.Duration {
	pause := maxPause
	if n < 6 {
		pause = min(s.unit<<(n-1), maxPause)
	}
	return pause - pause/4 + rand.N(pause/2)
}

// retryAfter is how long a server asks us to wait (RFC 9110, section 10.2.3);
// a time that is too long for us is left to the user's --max-time.
func retryAfter(res *web.Response) time.Duration {
	v := res.Fields.Get("Retry-After")
	if n, err := strconv.ParseUint(v, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(time.Until(t), 0)
	}
	return 0
}

func sleep(ctx context.Context, d time.Duration) *fault.Error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return web.Ended(ctx)
	}
}
