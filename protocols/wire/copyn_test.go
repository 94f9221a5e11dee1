package wire_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"wireline/protocols/wire"
)

// CopyN stops at its count, whatever is copied to, and what follows is there
// for the next Read.
func TestCopyN(t *testing.T) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 200_000)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { c.Write(body); io.WriteString(c, "next"); c.Close() }()
		}
	}()
	for _, name := range []string{"file", "null", "buffer", "discard"} {
		d := &wire.Dialer{}
		c, err := d.Dial(t.Context(), wire.Target{URL: &url.URL{Scheme: "tcp", Host: l.Addr().String()}, Scheme: wire.Scheme{Name: "tcp"}})
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, 10) // so that some of it is buffered
		if _, err := io.ReadFull(c, first); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		var w io.Writer = &got
		file := filepath.Join(t.TempDir(), "f")
		switch name {
		case "file":
			w, err = os.Create(file)
		case "null":
			w, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		case "discard":
			w = io.Discard
		}
		if err != nil {
			t.Fatal(err)
		}
		n, err := c.CopyN(w, int64(len(body)-10))
		if n != int64(len(body)-10) || err != nil {
			t.Errorf("%s: %d, %v", name, n, err)
		}
		if f, ok := w.(*os.File); ok {
			f.Close()
		}
		if name == "file" {
			b, _ := os.ReadFile(file)
			got.Write(b)
		}
		if (name == "file" || name == "buffer") && !bytes.Equal(got.Bytes(), body[10:]) {
			t.Errorf("%s: %d other bytes", name, got.Len())
		}
		if n, err := c.CopyN(io.Discard, 100); n != 4 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: the rest is %d bytes, %v", name, n, err)
		}
		if in, _ := d.Counts(); in != int64(len(body)+4) {
			t.Errorf("%s: counted %d", name, in)
		}
		c.Close()
	}
}
