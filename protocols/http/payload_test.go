package http

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// fed is what a pipe gives to a verb.
func fed(from io.ReadCloser) verb.Env {
	return verb.Env{Stdin: func() (verb.Input, bool) { return verb.Input{Size: -1, ReadCloser: from}, true }}
}

// HTTP-05: a pipe with nothing in it, such as the standard input of a script,
// is no body, and is no second one beside --data.
func TestPipedBody(t *testing.T) {
	s := open(t, &wire.Dialer{}, site(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Method+" "+strings.Join(r.TransferEncoding, " ")+" "+r.Header.Get("Content-Length")+" "+string(b))
	}))
	for _, c := range []struct {
		pipe, want string
		words      []string
	}{
		{"", "POST  0 ", []string{"post", "/"}},
		{"", "DELETE   ", []string{"delete", "/"}},
		{"some", "PUT chunked  some", []string{"put", "/"}},
		{"some", "PURGE chunked  some", []string{"request", "PURGE", "/"}},
		{"", "POST  3 a=b", []string{"post", "/", "-d", "a=b"}},
		{"some", "POST  3 a=b", []string{"post", "/", "-d", "a=b"}},
		{"some", "POST  10 {\"a\": \"b\"}", []string{"post", "/", "a=b"}},
	} {
		got, err := doCtx(t, t.Context(), s, fed(io.NopCloser(strings.NewReader(c.pipe))), c.words[0], c.words[1:]...)
		if err != nil || got != c.want {
			t.Errorf("%q | %q: %q, %v; want %q", c.pipe, c.words, got, err, c.want)
		}
	}
}

// T13: a pipe that nobody writes to can be interrupted.
func TestPipedBodyInterrupted(t *testing.T) {
	s := open(t, &wire.Dialer{}, "localhost:1")
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(fault.Interrupt)
	if _, err := doCtx(t, ctx, s, fed(r), "post", "/"); fault.Of(err) != fault.Interrupt {
		t.Error(err)
	}
}
