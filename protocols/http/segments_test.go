package http

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// HTTP-18: one file by several ranges at a time is the file; D09: and never
// glued from two versions.
func TestSegments(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789abcdef"), 5<<16+7) // a little more than 5 MiB
	plain := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
	}
	var requests, broken atomic.Int32
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		kind  *fault.Kind
		least int32 // requests
	}{
		"ranges": {plain, nil, 6},
		"no ranges": {func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("Range")
			plain(w, r)
		}, nil, 1},
		"no validator": {func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
		}, nil, 2},
		"a connection breaks": {func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.Header.Get("Range"), "bytes=2097152-") && broken.Add(1) == 1 {
				w.Header().Set("Content-Range", fmt.Sprintf("bytes 2097152-3145727/%d", len(text)))
				w.Header().Set("Content-Length", "1048576")
				w.WriteHeader(http.StatusPartialContent)
				w.Write(text[:1000])
				panic(http.ErrAbortHandler)
			}
			plain(w, r)
		}, nil, 7},
		"changed": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if !strings.HasPrefix(r.Header.Get("Range"), "bytes=0-") {
				w.Header().Set("ETag", `"2"`)
			}
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
		}, fault.ResumeMismatch, 2},
		"changed, and the server does not know If-Range": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if !strings.HasPrefix(r.Header.Get("Range"), "bytes=0-") {
				w.Header().Set("ETag", `"2"`)
			}
			r.Header.Del("If-Range")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
		}, fault.ResumeMismatch, 2},
		"redirected": {http.RedirectHandler("/other", http.StatusFound).ServeHTTP, nil, 7},
	} {
		t.Run(name, func(t *testing.T) {
			requests.Store(0)
			base := site(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				if r.URL.Path == "/other" {
					plain(w, r)
					return
				}
				c.serve(w, r)
			})
			got, err := do(t, open(t, &wire.Dialer{}, base), "get", "/f", "--segments", "3", "--follow")
			if fault.Of(err) != c.kind {
				t.Fatalf("%v", err)
			}
			if err == nil && got != string(text) || requests.Load() < c.least {
				t.Errorf("%d bytes of %d, %d requests", len(got), len(text), requests.Load())
			}
		})
	}
	t.Run("one connection for each", func(t *testing.T) {
		var mu sync.Mutex
		from := map[string]bool{}
		s := open(t, &wire.Dialer{}, site(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			from[r.RemoteAddr] = true
			mu.Unlock()
			plain(w, r)
		}))
		if _, err := do(t, s, "get", "/f", "--segments", "4"); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if n := len(from); n < 2 || n > 6 {
			t.Errorf("%d connections", n)
		}
	})
	t.Run("given up", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := open(t, &wire.Dialer{}, site(t, plain))
		v, _ := verb.Find(verbs(), "get")
		res, err := v.Do(ctx, s, verb.Env{}, []string{"/f", "--segments", "2"})
		if err != nil {
			t.Fatal(err)
		}
		b := res.(*verb.Blob)
		if b.Size != int64(len(text)) {
			t.Errorf("the size is %d", b.Size)
		}
		if _, err := io.CopyN(io.Discard, b, 100); err != nil {
			t.Error(err)
		}
		cancel()
		if _, err := io.Copy(io.Discard, b); fault.Of(err) != fault.Interrupt {
			t.Error(err)
		}
		b.Close() // and nothing is left running, which TestMain sees
	})
	t.Run("empty", func(t *testing.T) {
		base := site(t, func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(""))
		})
		if got, err := do(t, open(t, &wire.Dialer{}, base), "get", "/f", "--segments", "2"); got != "" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	})
}
