package http

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// listen runs events and gives what came until the end, or most events.
func listen(t *testing.T, s *Session, most int, words ...string) (all []Event, err error) {
	t.Helper()
	v, _ := verb.Find(verbs(), "events")
	res, err := v.Do(t.Context(), s, verb.Env{}, words)
	if err != nil {
		return nil, err
	}
	for e, err := range res.(verb.Stream[Event]) {
		if err != nil {
			return all, err
		}
		if all = append(all, e); len(all) == most {
			break
		}
	}
	return all, nil
}

// streams is a session with a server that answers the n-th request as f says.
func streams(t *testing.T, f func(n int, w http.ResponseWriter, r *http.Request)) *Session {
	t.Helper()
	n := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		w.Header().Set("Content-Type", "text/event-stream")
		f(n, w, r)
	}))
	t.Cleanup(srv.Close)
	return open(t, &wire.Dialer{}, srv.URL)
}

// A server that answers 204 wants no further request (HTML standard, section
// 9.2.3), and so does one whose answer is not 200.
func TestEventsStop(t *testing.T) {
	for _, code := range []int{204, 205, 206} {
		asked := 0
		s := streams(t, func(n int, w http.ResponseWriter, _ *http.Request) {
			if asked = n; n == 2 {
				w.WriteHeader(code)
				return
			}
			fmt.Fprint(w, "retry: 0\ndata: x\n\n")
		})
		got, err := listen(t, s, 5, "/", "--reconnect")
		if len(got) != 1 || err != nil || asked != 2 {
			t.Errorf("%d: %d events of %d requests, %v", code, len(got), asked, err)
		}
	}
	s := streams(t, func(n int, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) })
	_, err := listen(t, s, 5, "/", "--reconnect")
	wants(t, err, fault.Refused, "404")
}

// retry: 0 does not have the server run over.
func TestEventsPause(t *testing.T) {
	s := streams(t, func(n int, w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "retry: 0\ndata: x\n\n") })
	s.unit = 100 * time.Millisecond
	began := time.Now()
	if got, err := listen(t, s, 4, "/", "--reconnect"); len(got) != 4 || err != nil {
		t.Errorf("%d events, %v", len(got), err)
	}
	if took := time.Since(began); took < 3*s.unit/2 {
		t.Errorf("4 requests in %v", took)
	}
}

// An event that is cut off was not seen: it is asked for again. An id that is
// taken back is not sent any more.
func TestEventsLastID(t *testing.T) {
	var asked []string
	s := streams(t, func(n int, w http.ResponseWriter, r *http.Request) {
		asked = append(asked, strings.Join(r.Header.Values("Last-Event-ID"), "+"))
		switch n {
		case 1:
			fmt.Fprint(w, "retry: 1\nid: 1\ndata: a\n\nid: 2\ndata: b\n")
		case 2:
			fmt.Fprint(w, "id: 2\ndata: b\n\n")
		case 3:
			fmt.Fprint(w, "id\ndata: c\n\n")
		default:
			fmt.Fprint(w, "data: d\n\n")
		}
	})
	got, err := listen(t, s, 4, "/", "--reconnect")
	if err != nil || len(got) != 4 || got[1].Data != "b" || got[3].Data != "d" {
		t.Errorf("%+v, %v", got, err)
	}
	if text := strings.Join(asked, ","); text != ",1,2," {
		t.Errorf("asked from %q", text)
	}
}

// Each request begins where the user said, wherever the last was led.
func TestEventsRedirected(t *testing.T) {
	var asked []string
	s := streams(t, func(n int, w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		if r.URL.Path == "/" {
			http.Redirect(w, r, fmt.Sprint("/", n), http.StatusFound)
			return
		}
		fmt.Fprint(w, "retry: 1\ndata: x\n\n")
	})
	if got, err := listen(t, s, 2, "/", "--reconnect", "--follow"); err != nil || len(got) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if text := strings.Join(asked, " "); text != "/ /1 / /3" {
		t.Errorf("asked for %s", text)
	}
}

// L09: an event that is too long is an error, and is not given in part.
func TestEventBounds(t *testing.T) {
	for name, text := range map[string]string{
		"many lines": strings.Repeat("data\n", maxEvent+2) + "\n",
		"long lines": strings.Repeat("data: "+strings.Repeat("x", 1000)+"\n", 1100) + "\n",
		"one line":   "data: " + strings.Repeat("x", maxEvent) + "\n\n",
	} {
		at := stream{}
		err := at.read(strings.NewReader(text), func(e Event) bool { t.Errorf("%s: %d bytes are given", name, len(e.Data)); return true }, &request{url: parsedURL("http://h/")})
		wants(t, err, fault.Limit, "1024 KiB")
	}
}

// A line that ends with CR is given as it comes: nothing more may follow.
func TestLineEnds(t *testing.T) {
	for text, want := range map[string]string{
		"a\rb\r\nc\n\rd": "a|b|c||d",
		"\r\r\n\n":       "||",
		"a\r":            "a",
		"":               "",
	} {
		for size := 1; size < 4; size++ {
			var got []string
			split, held := lineEnds(), ""
			for rest := text; held != "" || rest != ""; {
				n := min(size, len(rest))
				held, rest = held+rest[:n], rest[n:]
				k, line, _ := split([]byte(held), rest == "")
				if line != nil {
					got = append(got, string(line))
				}
				if held = held[k:]; k == 0 && rest == "" {
					break
				}
			}
			if s := strings.Join(got, "|"); s != want {
				t.Errorf("%q in pieces of %d: %q, want %q", text, size, s, want)
			}
		}
	}
}
