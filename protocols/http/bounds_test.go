package http

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// L09: one value of JSON has its bounds, and many have none.
func TestJQBounds(t *testing.T) {
	lengths := func(body string) (string, error) {
		from, err := jq(t.Context(), io.NopCloser(strings.NewReader(body)), "length", &url.URL{Scheme: "http", Host: "h"})
		if err != nil {
			t.Fatal(err)
		}
		from.(*filter).most = 100 << 10
		text, err := io.ReadAll(from)
		return string(text), err
	}
	piece := strings.Repeat("x", 60<<10)
	_, err := lengths(`"` + strings.Repeat(piece, 10) + `"`)
	wants(t, err, fault.TooLarge, "JSON value")
	text, err := lengths(strings.Repeat(`"`+piece+`" `, 10))
	if n := strings.Count(text, "61440\n"); err != nil || n != 10 {
		t.Errorf("%d values, %v", n, err)
	}
}

// T13: what an expression does can be interrupted.
func TestJQInterrupt(t *testing.T) {
	s := open(t, &wire.Dialer{}, site(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "[1]") }))
	ctx, cancel := context.WithCancelCause(t.Context())
	defer time.AfterFunc(100*time.Millisecond, func() { cancel(fault.New(fault.Interrupt, "interrupted")) }).Stop()
	_, err := doCtx(t, ctx, s, verb.Env{}, "get", "/", "--jq", "def f: f; f")
	wants(t, err, fault.Interrupt, "interrupted")
}

// A request that is made again and again is the same each time, also where it
// is redirected.
func TestWatchRedirected(t *testing.T) {
	var n atomic.Int64
	s := open(t, &wire.Dialer{}, site(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/x" {
			http.Redirect(w, r, "/x", http.StatusSeeOther)
			return
		}
		fmt.Fprint(w, n.Add(1))
	}))
	rows, err := s.Watch(t.Context(), WatchArgs{Items: []string{"Content-Type:a/b"}, Every: time.Millisecond, Count: 3, How: How{Follow: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n.Load() != 3 {
		t.Errorf("%d changes", n.Load())
	}
}
