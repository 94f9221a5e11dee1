package web

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

func packed(t testing.TB, coding string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare":
		w, _ = flate.NewWriter(&b, 5)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	}
	w.Write(text)
	w.Close()
	return b.Bytes()
}

// HTTP-11, L09: codings are taken away; what is cut, damaged, or grows beyond
// reason is an error.
func TestDecode(t *testing.T) {
	text := []byte(strings.Repeat("hello, world. ", 10000))
	bomb := packed(t, "gzip", make([]byte, 72<<20))
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(16<<20))
	if err != nil {
		t.Fatal(err)
	}
	z.Write([]byte("hello, "))
	z.Flush() // before it is known how much there is
	z.Write([]byte("world"))
	z.Close()
	wide := b.Bytes()
	two := append(packed(t, "gzip", text), packed(t, "gzip", text)...)
	for _, c := range []struct {
		name, coding string
		body         []byte
		want         int
		kind         *fault.Kind
	}{
		{"gzip", "gzip", packed(t, "gzip", text), len(text), nil},
		{"x-gzip", "x-gzip", packed(t, "gzip", text), len(text), nil},
		{"two members", "gzip", two, 2 * len(text), nil},
		{"deflate", "deflate", packed(t, "deflate", text), len(text), nil},
		{"bare deflate", "deflate", packed(t, "bare", text), len(text), nil},
		{"br", "br", packed(t, "br", text), len(text), nil},
		{"zstd", "zstd", packed(t, "zstd", text), len(text), nil},
		{"identity", "identity", text, len(text), nil},
		{"nothing", "gzip", nil, 0, nil},
		{"two codings", "gzip, gzip", packed(t, "gzip", text), 0, fault.Encoding},
		{"unknown", "lzw", text, 0, fault.Encoding},
		{"not gzip", "gzip", text, 0, fault.Encoding},
		{"not zstd", "zstd", text, 0, fault.Encoding},
		{"half a gzip", "gzip", packed(t, "gzip", text)[:100], -1, fault.Encoding},
		{"a bomb", "gzip", bomb, -1, fault.TooLarge},
		{"something behind gzip", "gzip", append(packed(t, "gzip", text), "and more"...), len(text), fault.Encoding},
		{"something behind deflate", "deflate", append(packed(t, "deflate", text), "and more"...), len(text), fault.Encoding},
		{"something behind br", "br", append(packed(t, "br", text), "and more"...), len(text), fault.Encoding},
		{"a window of 16 MiB", "zstd", wide, -1, fault.Encoding},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := serve(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", c.coding)
				w.Write(c.body)
			})
			res, err := client(t, wire.Options{}).Do(t.Context(), get(t, srv.URL))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			from, err := Decode(res)
			n := int64(0)
			if err == nil {
				n, err = io.Copy(io.Discard, from)
				from.Close()
			}
			if fault.Of(err) != c.kind || c.want >= 0 && int(n) != c.want || n > 100<<20 {
				t.Errorf("%d bytes, %v; want %d, %v", n, err, c.want, c.kind)
			}
		})
	}
}

// A cut in the middle of a coded body is that of the connection, not of the
// coding.
func TestDecodeCut(t *testing.T) {
	whole := packed(t, "gzip", []byte(strings.Repeat("hello ", 1000)))
	addr := peer(t, func(int, *http.Request) string {
		return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: 100000\r\n\r\n" + string(whole[:20])
	})
	// The peer would wait for another request; what it says first is enough.
	ctx := t.Context()
	res, err := client(t, wire.Options{IdleTime: 50_000_000}).Do(ctx, get(t, addr))
	if err != nil {
		t.Fatal(err)
	}
	from, err := Decode(res)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadAll(from)
	from.Close()
	if k := fault.Of(err); k != fault.Timeout && k != fault.Partial {
		t.Errorf("%v", err)
	}
}
