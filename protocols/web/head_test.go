package web

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"syscall"
	"testing"

	"wireline/protocols/fault"
)

// H01, L13: heads that two readers could take differently are refused.
func TestReadHead(t *testing.T) {
	for _, c := range []struct {
		text string
		kind *fault.Kind
		says string
	}{
		{"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", nil, ""},
		{"HTTP/1.1 200\r\n\r\n", nil, ""},
		{"HTTP/1.0 200 OK\n\n", nil, ""},
		{"HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", fault.Protocol, "second line"},
		{"HTTP/1.1 200 OK\r\n A: b\r\n\r\n", fault.Protocol, "second line"},
		{"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", fault.Protocol, "not a header"},
		{"HTTP/1.1 200 OK\r\nA\r\n\r\n", fault.Protocol, "not a header"},
		{"HTTP/1.1 200 OK\r\n: b\r\n\r\n", fault.Protocol, "not a header"},
		{"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", fault.Protocol, "control character"},
		{"HTTP/1.1 200 OK\r\nA: b\x00\r\n\r\n", fault.Protocol, "control character"},
		{"HTTP/2.0 200 OK\r\n\r\n", fault.Protocol, "the version is"},
		{"HTTP/1.1 2000 OK\r\n\r\n", fault.Protocol, "not a status line"},
		{"HTTP/1.1 099 OK\r\n\r\n", fault.Protocol, "not a status line"},
		{"HTTP/1.1  200 OK\r\n\r\n", fault.Protocol, "not a status line"},
		{"HTTP 200 OK\r\n\r\n", fault.Protocol, "begins with"},
		{"\r\nHTTP/1.1 200 OK\r\n\r\n", fault.Protocol, "begins with"},
		{"HTTP/1.1 200 OK\r\n" + strings.Repeat("A: b\r\n", maxFields+1) + "\r\n", fault.Limit, "5000 headers"},
		{"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", maxHead) + "\r\n\r\n", fault.Limit, "300 KiB"},
	} {
		left := maxHead
		_, err := readHead(bufio.NewReader(strings.NewReader(c.text)), &left, nil)
		wants(t, err, c.kind, c.says)
	}
}

// T02: a connection that breaks within the first word of a response is said to
// have broken, not to have ended.
func TestReadHeadBroken(t *testing.T) {
	for _, text := range []string{"H", "HTTP", "HTTP/", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nA"} {
		for _, how := range []error{syscall.ECONNRESET, io.EOF} {
			broken := how
			once := readerFunc(func([]byte) (int, error) { // as a socket tells of it
				err := broken
				broken = io.EOF
				return 0, err
			})
			want := how
			if how == io.EOF {
				want = io.ErrUnexpectedEOF
			}
			left := maxHead
			if _, err := readHead(bufio.NewReader(io.MultiReader(strings.NewReader(text), once)), &left, nil); !errors.Is(err, want) {
				t.Errorf("%q and %v: %v", text, how, err)
			}
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestFrame(t *testing.T) {
	for _, c := range []struct {
		method, head string
		how          framing
		n            int64
		kind         *fault.Kind
	}{
		{"GET", "Content-Length: 5", length, 5, nil},
		{"GET", "Content-Length: 5, 5", length, 5, nil},
		{"GET", "Content-Length: 5\nContent-Length: 5", length, 5, nil},
		{"GET", "Transfer-Encoding: chunked", chunked, -1, nil},
		{"GET", "", closing, -1, nil},
		{"HEAD", "Content-Length: 5", nothing, 5, nil},
		{"GET", "Content-Length: 5\nTransfer-Encoding: chunked", 0, 0, fault.Protocol},
		{"HEAD", "Content-Length: 5\nTransfer-Encoding: chunked", 0, 0, fault.Protocol},
		{"GET", "Content-Length: 5, 6", 0, 0, fault.Protocol},
		{"GET", "Content-Length: +5", 0, 0, fault.Protocol},
		{"GET", "Content-Length: 0x5", 0, 0, fault.Protocol},
		{"GET", "Content-Length: 9223372036854775808", 0, 0, fault.Protocol},
		{"GET", "Content-Length: ", 0, 0, fault.Protocol},
		{"GET", "Transfer-Encoding: gzip, chunked", 0, 0, fault.Unsupported},
		{"GET", "Transfer-Encoding: chunked\nTransfer-Encoding: chunked", 0, 0, fault.Unsupported},
		{"GET", "Transfer-Encoding: chunked;q=1", 0, 0, fault.Unsupported},
	} {
		h := head{version: "HTTP/1.1", code: 200}
		for line := range strings.SplitSeq(c.head, "\n") {
			if name, value, ok := strings.Cut(line, ": "); ok {
				h.fields.Add(name, value)
			}
		}
		how, n, err := h.frame(c.method)
		if fault.Of(err) != c.kind || err == nil && (how != c.how || n != c.n) {
			t.Errorf("%s %q: %v, %d, %v", c.method, c.head, how, n, err)
		}
	}
	if _, _, err := (&head{version: "HTTP/1.0", fields: Fields{{"Transfer-Encoding", "chunked"}}}).frame("GET"); fault.Of(err) != fault.Protocol {
		t.Errorf("chunks in HTTP/1.0: %v", err)
	}
}

// Whatever comes, a head is read or refused, within its limits.
func FuzzHead(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 3\r\n\r\nabc")
	f.Add("HTTP/1.1 200\nTransfer-Encoding: chunked\n\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		left := maxHead
		h, err := readHead(bufio.NewReaderSize(strings.NewReader(text), 16), &left, nil)
		if err != nil {
			return
		}
		if h.code < 100 || h.code > 999 || len(h.fields) > maxFields {
			t.Errorf("%+v", h)
		}
		for _, x := range h.fields {
			if CheckField(Field{x.Name, ""}) != nil || strings.ContainsAny(x.Value, "\r\n\x00") {
				t.Errorf("%q: %q", x.Name, x.Value)
			}
		}
		_, _, _ = h.frame("GET")
	})
}

// A chunked body is read to its end or is an error; its size never is that of
// more than there was.
func FuzzChunks(f *testing.F) {
	f.Add("3\r\nabc\r\n0\r\n\r\n")
	f.Add("3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\n")
	f.Add("ffffffffffffffff\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		var trailers Fields
		got, err := io.ReadAll(&chunks{r: bufio.NewReader(strings.NewReader(text)), trailers: &trailers})
		if len(got) > len(text) || err == nil && !strings.Contains(text, "0") {
			t.Errorf("%q gives %q, %v", text, got, err)
		}
	})
}

func TestChunks(t *testing.T) {
	for text, want := range map[string]string{
		"3\r\nabc\r\n0\r\n\r\n":                      "abc",
		"3 \r\nabc\r\n000\r\nX: y\r\n\r\n":           "abc",
		"3\r\nabcd\r\n0\r\n\r\n":                     "longer than announced",
		"-3\r\nabc\r\n0\r\n\r\n":                     "not the size of a chunk",
		"0x3\r\nabc\r\n0\r\n\r\n":                    "not the size of a chunk",
		"\r\nabc\r\n0\r\n\r\n":                       "not the size of a chunk",
		"8000000000000000\r\n":                       "not the size of a chunk",
		"3;" + strings.Repeat("x", 5000) + "\r\nabc": "more than 4 KiB",
		"3\r\nab":           "unexpected EOF",
		"3\r\nabc\r\n":      "unexpected EOF",
		"3\r\nabc\r\n0\r\n": "unexpected EOF",
	} {
		var trailers Fields
		got, err := io.ReadAll(&chunks{r: bufio.NewReader(strings.NewReader(text)), trailers: &trailers})
		if err == nil && string(got) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
		if strings.Contains(text, "X: y") && trailers.Get("x") != "y" {
			t.Errorf("trailers: %v", trailers)
		}
	}
}
