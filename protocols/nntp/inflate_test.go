package nntp

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
)

func deflate(t testing.TB, level int, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	for len(text) > 0 {
		n := min(len(text), 30_000)
		w.Write(text[:n])
		w.Flush()
		text = text[n:]
	}
	w.Close()
	return b.Bytes()
}

// What package flate compressed comes back, at every level, in any pieces.
func TestInflate(t *testing.T) {
	random := make([]byte, 100_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(r.Uint32() >> (r.Uint32() % 8))
	}
	for name, text := range map[string][]byte{
		"empty":  {},
		"byte":   []byte("x"),
		"same":   bytes.Repeat([]byte("x"), 300_000),
		"text":   []byte(strings.Repeat("the overview of an article\t42\r\n", 10_000)),
		"random": random,
	} {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 6, 9} {
			for how, reader := range readers {
				if how == "single" && len(text) > 200_000 {
					continue
				}
				got, err := io.ReadAll(newInflater(reader(bytes.NewReader(deflate(t, level, text)))))
				if err != nil || !bytes.Equal(got, text) {
					t.Errorf("%s, level %d, %s: %d bytes of %d, %v", name, level, how, len(got), len(text), err)
				}
			}
		}
	}
}

// A partial flush of zlib, which servers end what they say with, is given
// whole before more is waited for. (COMPRESS, RFC 8054)
func TestPartialFlush(t *testing.T) {
	// z = zlib.compressobj(6, zlib.DEFLATED, -15); z.compress(b"215 list follows\r\n.\r\n") + z.flush(zlib.Z_PARTIAL_FLUSH)
	p, err := base64.StdEncoding.DecodeString(partial)
	if err != nil {
		t.Fatal(err)
	}
	in, out := io.Pipe()
	defer out.Close()
	go out.Write(p)
	const want = "215 list follows\r\n.\r\n"
	got := make([]byte, len(want))
	if _, err := io.ReadFull(newInflater(in), got); err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
}

// What is not DEFLATE, or only its beginning, is an error.
func TestInflateBroken(t *testing.T) {
	whole := deflate(t, 6, []byte(strings.Repeat("text and more text, ", 500)))
	for k := range len(whole) - 1 {
		if _, err := io.ReadAll(newInflater(bytes.NewReader(whole[:k]))); err != io.ErrUnexpectedEOF {
			t.Fatalf("cut off after %d bytes: %v", k, err)
		}
	}
	for _, p := range [][]byte{{0x07}, {0x01, 1, 0, 1, 0}, {0xff, 0xff, 0xff}} {
		if _, err := io.ReadAll(newInflater(bytes.NewReader(p))); err == nil {
			t.Errorf("%x is good", p)
		}
	}
}

// FuzzInflate has package flate for a judge.
func FuzzInflate(f *testing.F) {
	f.Add(deflate(f, 6, []byte("some text, some text, some more text")))
	f.Add(deflate(f, 0, []byte("stored")))
	f.Add([]byte{0x4b, 0x04, 0x00})
	f.Fuzz(func(t *testing.T, p []byte) {
		const most = 1 << 20
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p)), most))
		got, err := io.ReadAll(io.LimitReader(newInflater(iotest.HalfReader(bytes.NewReader(p))), most))
		if wantErr == nil && (err != nil || !bytes.Equal(got, want)) {
			t.Errorf("%d bytes, %v; want %d bytes", len(got), err, len(want))
		}
	})
}

const partial = "MjI0VcjJLC5RSMvPyckvL+bl0uPlAgg="
