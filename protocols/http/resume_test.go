package http

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// site is a server of net/http.
func site(t *testing.T, f http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	return srv.URL
}

// D09: what cannot be put behind what is there already is refused.
func TestFrom(t *testing.T) {
	for _, c := range []struct {
		name, response string
		kind           *fault.Kind
		want           string
	}{
		{"the rest", "206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789", nil, "56789"},
		{"of unknown size", "206 Partial Content\r\nContent-Range: bytes 5-9/*\r\nContent-Length: 5\r\n\r\n56789", nil, "56789"},
		{"from elsewhere", "206 Partial Content\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 6\r\n\r\n456789", fault.ResumeMismatch, ""},
		{"no Content-Range", "206 Partial Content\r\nContent-Length: 5\r\n\r\n56789", fault.ResumeMismatch, ""},
		{"several parts", "206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: 5\r\n\r\n56789", fault.ResumeMismatch, ""},
		{"the whole", "200 OK\r\nContent-Length: 10\r\n\r\n0123456789", fault.ResumeMismatch, ""},
		{"of another version", "206 Partial Content\r\nETag: \"v2\"\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n56789", fault.ResumeMismatch, ""},
		{"nothing left of another version", "416 Range Not Satisfiable\r\nETag: \"v2\"\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n", fault.ResumeMismatch, ""},
		{"elsewhere now", "302 Found\r\nLocation: /x\r\nContent-Length: 5\r\n\r\nmoved", fault.ResumeMismatch, ""},
		{"nothing left", "416 Range Not Satisfiable\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n", nil, ""},
		{"smaller now", "416 Range Not Satisfiable\r\nContent-Range: bytes */3\r\nContent-Length: 0\r\n\r\n", fault.ResumeMismatch, ""},
		{"gone", "404 Not Found\r\nContent-Length: 0\r\n\r\n", fault.Refused, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got seen
			addr := peer(t, func(conn net.Conn, r *http.Request) { got.add(r); io.WriteString(conn, "HTTP/1.1 "+c.response) })
			s := open(t, &wire.Dialer{}, addr)
			text, err := do(t, s, "get", "/f", "--from", "5", "--if-range", `"v1"`, "--compressed")
			if fault.Of(err) != c.kind || text != c.want {
				t.Errorf("%q, %v; want %q, %v", text, err, c.want, c.kind)
			}
			if h := got.get()[0].Header; h.Get("Range") != "bytes=5-" || h.Get("If-Range") != `"v1"` || h.Get("Accept-Encoding") != "" {
				t.Errorf("%v", h)
			}
		})
	}
	s := open(t, &wire.Dialer{}, "localhost:1")
	_, err := do(t, s, "get", "/f", "--from", "5", "--if-range", `W/"v1"`)
	wants(t, err, fault.ResumeMismatch, "weak")
}

// What tells one version from another.
func TestValidator(t *testing.T) {
	for head, want := range map[string]string{
		"ETag: \"a\"":   `"a"`,
		"ETag: W/\"a\"": "",
		"":              "",
		"Date: Sun, 06 Nov 1994 09:49:37 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT": "Sun, 06 Nov 1994 08:49:37 GMT",
		"Date: Sun, 06 Nov 1994 08:49:40 GMT\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT": "",
	} {
		addr := peer(t, func(c net.Conn, _ *http.Request) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"+strings.TrimPrefix(head+"\r\n", "\r\n")+"\r\nx")
		})
		b, err := open(t, &wire.Dialer{}, addr).Get(t.Context(), GetArgs{})
		if err != nil {
			t.Fatal(err)
		}
		got := b.ReadCloser.(interface{ Validator() string }).Validator()
		b.Close()
		if got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

// flaky serves text but breaks off every response after some of it. version
// is the ETag's.
func flaky(t *testing.T, text []byte, version func(n int64) string) (url string, requests *atomic.Int64) {
	requests = &atomic.Int64{}
	return site(t, func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		w.Header().Set("ETag", version(n))
		http.ServeContent(&breaking{w, 40_000}, r, "f.bin", time.Time{}, bytes.NewReader(text))
	}), requests
}

// breaking ends the connection after so many bytes.
type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) > b.left {
		b.ResponseWriter.Write(p[:b.left])
		http.NewResponseController(b.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}

// HTTP-17, D09: a body that breaks off is gone on with, but never with the
// rest of another version.
func TestResumeOnRetry(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 10_000)
	url, n := flaky(t, text, func(int64) string { return `"same"` })
	s := open(t, &wire.Dialer{}, url)
	got, err := do(t, s, "get", "/f.bin", "--retry", "5")
	if err != nil || sha256.Sum256([]byte(got)) != sha256.Sum256(text) || n.Load() != 3 {
		t.Errorf("%d bytes after %d requests, %v", len(got), n.Load(), err)
	}
	url, _ = flaky(t, text, func(n int64) string { return fmt.Sprintf(`"%d"`, n) })
	got, err = do(t, open(t, &wire.Dialer{}, url), "get", "/f.bin", "--retry", "5")
	wants(t, err, fault.ResumeMismatch, "changed")
	if len(got) > 40_000 {
		t.Errorf("%d bytes of two versions", len(got))
	}
	url, _ = flaky(t, text, func(int64) string { return `"same"` })
	_, err = do(t, open(t, &wire.Dialer{}, url), "get", "/f.bin")
	wants(t, err, fault.Partial, "of 100000 bytes")
}

// D09: what a server answers that does not know If-Range, or is elsewhere by
// then, is not put behind what came; and where nothing came there is nothing to
// be put behind.
func TestRetryAnswers(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 10_000)
	for name, c := range map[string]struct {
		second http.HandlerFunc
		most   int // bytes of the first response
		kind   *fault.Kind
	}{
		"another version": {func(w http.ResponseWriter, r *http.Request) {
			r.Header.Del("If-Range")
			w.Header().Set("ETag", `"2"`)
			http.ServeContent(w, r, "f.bin", time.Time{}, bytes.NewReader(text))
		}, 40_000, fault.ResumeMismatch},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/x")
			w.WriteHeader(http.StatusFound)
			io.WriteString(w, "moved")
		}, 40_000, fault.ResumeMismatch},
		"nothing came": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			http.ServeContent(w, r, "f.bin", time.Time{}, bytes.NewReader(text))
		}, 0, nil},
		"nothing came, and it has changed": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"2"`)
			http.ServeContent(w, r, "f.bin", time.Time{}, bytes.NewReader(text[:50_000]))
		}, 0, fault.ResumeMismatch},
	} {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int64
			url := site(t, func(w http.ResponseWriter, r *http.Request) {
				if n.Add(1) > 1 {
					c.second(w, r)
					return
				}
				w.Header().Set("ETag", `"1"`)
				w.Header().Set("Content-Length", fmt.Sprint(len(text)))
				(&breaking{w, c.most}).Write(text)
			})
			got, err := do(t, open(t, &wire.Dialer{}, url), "get", "/f.bin", "--retry", "2")
			if fault.Of(err) != c.kind || n.Load() != 2 {
				t.Fatalf("%v, after %d requests", err, n.Load())
			}
			if err == nil && got != string(text) || err != nil && len(got) > c.most {
				t.Errorf("%d bytes", len(got))
			}
		})
	}
}

// Only a part has a place in the whole.
func TestOffset(t *testing.T) {
	addr := peer(t, func(conn net.Conn, r *http.Request) {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\n\r\n01234")
	})
	b, err := open(t, &wire.Dialer{}, addr).Get(t.Context(), GetArgs{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	part := b.ReadCloser.(interface {
		Offset() int64
		Total() int64
	})
	if part.Offset() != 0 || part.Total() != 5 {
		t.Errorf("from %d of %d", part.Offset(), part.Total())
	}
}

// The rest of a body can be asked for later, as the shell does for -c.
func TestAgain(t *testing.T) {
	_, d := world(t)
	s := open(t, d, "localhost:8080")
	b, err := s.Get(t.Context(), GetArgs{Args: Args{URL: "/bytes/100"}})
	if err != nil {
		t.Fatal(err)
	}
	again := b.ReadCloser.(interface {
		Again(ctx context.Context, from int64) (*verb.Blob, error)
	})
	b.Close()
	rest, err := again.Again(t.Context(), 90)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(rest)
	part := rest.ReadCloser.(interface {
		Offset() int64
		Total() int64
	})
	if len(text) != 10 || err != nil || part.Offset() != 90 || part.Total() != 100 {
		t.Errorf("%q, %v, from %d of %d", text, err, part.Offset(), part.Total())
	}
	rest.Close()
}

// HTTP-17: a server that is busy is asked again when it says, and what may
// have been done is not done twice.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		verb     string
		code     int
		requests int64
	}{{"get", 503, 3}, {"get", 500, 3}, {"post", 503, 3}, {"post", 500, 1}, {"get", 404, 1}} {
		var n atomic.Int64
		url := site(t, func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1) < 3 {
				w.Header().Set("Retry-After", "0")
				w.WriteHeader(c.code)
			}
		})
		began := time.Now()
		_, err := do(t, open(t, &wire.Dialer{}, url), c.verb, "/", "--retry", "2")
		if n.Load() != c.requests || (err == nil) != (c.requests == 3) {
			t.Errorf("%s %d: %d requests, %v", c.verb, c.code, n.Load(), err)
		}
		if took := time.Since(began); c.requests == 3 && took < 30*time.Millisecond {
			t.Errorf("%s %d: no pause between the tries: %v", c.verb, c.code, took)
		}
	}
}

// HTTP-18: several URLs, in their order, whole, whatever the number of jobs;
// the first failure counts, and the others come all the same.
func TestSeveral(t *testing.T) {
	big := strings.Repeat("x", 300<<10)
	var requests atomic.Int64
	url := site(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		switch {
		case r.URL.Path == "/none":
			http.NotFound(w, r)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/7", http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "5"):
			io.WriteString(w, r.URL.Path+big+"\n")
		default:
			if strings.HasSuffix(r.URL.Path, "3") {
				w.Header().Set("Connection", "close")
			}
			io.WriteString(w, r.URL.Path+"\n")
		}
	})
	var words []string
	want := ""
	for i := range 100 {
		words = append(words, fmt.Sprintf("%s/%d", url, i))
		want += fmt.Sprintf("/%d", i)
		if i%10 == 5 {
			want += big
		}
		want += "\n"
	}
	for _, jobs := range []string{"1", "3", "16"} {
		s := open(t, &wire.Dialer{}, url)
		got, err := do(t, s, "get", append(words, "-j", jobs)...)
		if got != want || err != nil {
			t.Errorf("-j %s: %d bytes of %d, %v", jobs, len(got), len(want), err)
		}
		got, err = do(t, s, "get", url+"/1", url+"/none", url+"/moved", url+"/2", "--follow", "-j", jobs)
		if fault.Of(err) != fault.Refused || !strings.HasPrefix(got, "/1\n404") || !strings.HasSuffix(got, "/7\n/2\n") {
			t.Errorf("-j %s: %q, %v", jobs, got, err)
		}
		// A redirect is not held up by a body behind it that waits for its turn.
		got, err = do(t, s, "get", url+"/1", url+"/moved", url+"/5", url+"/2", "--follow", "-j", jobs)
		if want := "/1\n/7\n/5" + big + "\n/2\n"; got != want || err != nil {
			t.Errorf("-j %s: %d bytes of %d, %v", jobs, len(got), len(want), err)
		}
	}
	s := open(t, &wire.Dialer{}, url)
	b, err := s.Get(t.Context(), GetArgs{Args: Args{URL: words[0], Items: words[1:3]}, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	parts := b.ReadCloser.(interface{ Next() (*verb.Blob, error) })
	for i := 0; ; i++ {
		one, err := parts.Next()
		if err != nil {
			t.Fatal(err)
		}
		if one == nil {
			if i != 3 {
				t.Errorf("%d parts", i)
			}
			break
		}
		text, err := io.ReadAll(one)
		if one.Name != fmt.Sprint(i) || string(text) != fmt.Sprintf("/%d\n", i) || err != nil {
			t.Errorf("%s: %q, %v", one.Name, text, err)
		}
		one.Close()
	}
	b.Close()
	// Nobody reads on: nothing hangs, nothing is left.
	b, err = s.Get(t.Context(), GetArgs{Args: Args{URL: words[0], Items: words[1:]}, Jobs: 4})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(b, make([]byte, 100)); err != nil {
		t.Error(err)
	}
	b.Close()
}

// HTTP-10: a download reaches a file as it was, by whatever way it takes.
func TestToFile(t *testing.T) {
	s := demo(t)
	for _, words := range [][]string{{"/files/pub/1MiB.bin"}, {"/bytes/5000000"}, {"/stream/3"}, {"/bytes/0"}} {
		want, err := do(t, s, "get", words...)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(t.TempDir(), "f"))
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Get(t.Context(), GetArgs{Args: Args{URL: words[0]}})
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(f, b.ReadCloser)
		if cerr := b.Close(); err == nil {
			err = cerr
		}
		f.Close()
		got, rerr := os.ReadFile(f.Name())
		if string(got) != want || n != int64(len(want)) || err != nil || rerr != nil {
			t.Errorf("%v: %d of %d bytes, %v", words, n, len(want), err)
		}
	}
	if i := s.Info().(Info); i.Connections != 1 {
		t.Errorf("%d connections", i.Connections)
	}
}

// L13: a limit on the size holds before and while a body comes.
func TestMaxFilesize(t *testing.T) {
	s := demo(t)
	for _, path := range []string{"/bytes/2000", "/stream/100"} {
		got, err := do(t, s, "get", path, "--max-filesize", "1000")
		wants(t, err, fault.TooLarge, "--max-filesize")
		if len(got) > 1000 {
			t.Errorf("%s: %d bytes", path, len(got))
		}
	}
	if got, err := do(t, s, "get", "/bytes/1000", "--max-filesize", "1000"); len(got) != 1000 || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
