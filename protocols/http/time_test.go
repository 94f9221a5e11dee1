package http

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// HTTP-16: the parts of the time add up to the whole.
func TestTiming(t *testing.T) {
	s := demo(t)
	began := time.Now()
	if _, err := do(t, s, "get", "/drip/3"); err != nil {
		t.Fatal(err)
	}
	wall := time.Since(began)
	got := *s.Info().(Info).Timing
	sum := got.Resolve + got.Connect + got.TLS + got.Send + got.Wait + got.Transfer
	if got.Total > wall || sum > got.Total || got.Transfer < 150*time.Millisecond || wall-sum > 50*time.Millisecond {
		t.Errorf("%+v, sum %v, wall clock %v", got, sum, wall)
	}
}

// A stalled transfer is ended by its context at once, with the cause of that,
// and leaves the session usable.
func TestInterrupt(t *testing.T) {
	s := demo(t)
	for _, path := range []string{"/slow/3600", "/stream/100000"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		why := errors.New("the user has had enough")
		time.AfterFunc(100*time.Millisecond, func() { cancel(why) })
		took := lab.Stopwatch(t)
		if _, err := doCtx(t, ctx, s, verb.Env{}, "get", path); !errors.Is(err, why) {
			t.Errorf("%s: %v", path, err)
		}
		if d := took(); d > time.Second {
			t.Errorf("%s: took %v", path, d)
		}
	}
	if got, err := do(t, s, "get", "/bytes/3"); got != "abc" || err != nil {
		t.Errorf("afterwards: %q, %v", got, err)
	}
}

func TestTimeouts(t *testing.T) {
	s := demo(t)
	s.wire.Options.ReplyTime = 80 * time.Millisecond
	_, err := do(t, s, "get", "/slow/3600")
	wants(t, err, fault.Timeout, "no response within 80ms")
	if !strings.Contains(fault.Hint(err), "--reply-timeout") {
		t.Errorf("hint: %s", fault.Hint(err))
	}
	s.wire.Options = wire.Options{IdleTime: 30 * time.Millisecond} // of the 100 between two lines
	got, err := do(t, s, "get", "/stream/3")
	wants(t, err, fault.Timeout, "30ms without a byte of the body, after ")
	if !strings.Contains(got, `"line": 1`) {
		t.Errorf("what came before is lost: %q", got)
	}
}
