package nntp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// linkTo is a link whose server says what r has.
func linkTo(t testing.TB, r io.Reader) *link {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close(); theirs.Close() })
	d := &wire.Dialer{}
	l := newLink(d.Own(ours), "news.example:119", wire.Limits{})
	l.in = bufio.NewReaderSize(r, room)
	l.sent = "ARTICLE"
	return l
}

// readers are the ways in which bytes may come.
var readers = map[string]func(io.Reader) io.Reader{
	"whole":       func(r io.Reader) io.Reader { return r },
	"single":      iotest.OneByteReader,
	"half":        iotest.HalfReader,
	"error later": iotest.DataErrReader,
}

// A block ends at CR LF . CR LF and nowhere else, and is exact to the byte,
// however it comes and is read (P01, N01).
func TestBlock(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for _, c := range []struct{ name, wire, want string }{
		{"empty", ".\r\n", ""},
		{"a line", "one\r\n.\r\n", "one\r\n"},
		{"dots", "..\r\n...\r\n. \r\n.x\r\n.\r\n", ".\r\n..\r\n \r\nx\r\n"},
		{"a dot in a bare line", "a\n.\n430 no\r\n.\r\n", "a\n.\n430 no\r\n"},
		{"a bare CR", "a\r.\r\rb\r\n.\r\n", "a\r.\r\rb\r\n"},
		{"CR CR LF", "a\r\r\n..b\r\r\n.\r\n", "a\r\r\n.b\r\r\n"},
		{"dot CR without LF", "a\r\n..\rb\r\n.\r\n", "a\r\n.\rb\r\n"},
		{"NUL", "a\x00b\r\n.\r\n", "a\x00b\r\n"},
		{"long", long + "\r\n.." + long + "\r\n.\r\n", long + "\r\n." + long + "\r\n"},
		{"at the edge", long[:room-2] + "\r\n.\r\n", long[:room-2] + "\r\n"},
		{"just behind", long[:room-1] + "\r\n..x\r\n.\r\n", long[:room-1] + "\r\n.x\r\n"},
	} {
		for how, reader := range readers {
			l := linkTo(t, reader(strings.NewReader(c.wire+"223 next\r\n")))
			var got bytes.Buffer
			if _, err := l.begin().WriteTo(&got); err != nil || got.String() != c.want {
				t.Errorf("%s, %s: %q, %v; want %q", c.name, how, brief(got.String()), err, brief(c.want))
			}
			if r, err := l.answer(); err != nil || r.code != 223 {
				t.Errorf("%s, %s: what follows is %v, %v", c.name, how, r, err)
			}
			l = linkTo(t, reader(strings.NewReader(c.wire)))
			small, err := io.ReadAll(iotest.OneByteReader(l.begin()))
			if err != nil || string(small) != c.want {
				t.Errorf("%s, %s, by small pieces: %q, %v; want %q", c.name, how, brief(string(small)), err, brief(c.want))
			}
			for k := range min(len(c.wire), 40) {
				l := linkTo(t, reader(strings.NewReader(c.wire[:k])))
				if _, err := io.Copy(io.Discard, l.begin()); fault.Of(err) != fault.Partial {
					t.Errorf("%s, %s, cut off after %d bytes: %v", c.name, how, k, err)
				}
			}
		}
	}
}

func brief(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}

// Lines are without their ends and dots. One that has no end is an error
// before it is kept (L01).
func TestLines(t *testing.T) {
	for how, reader := range readers {
		l := linkTo(t, reader(strings.NewReader("one\r\n..two\r\n\r\nthree\nfour\r\n.\n\r\n.\r\n")))
		b := l.begin()
		var got []string
		for {
			line, err := b.line()
			if err != nil {
				if err != io.EOF {
					t.Error(how, err)
				}
				break
			}
			got = append(got, string(line))
		}
		if want := "one|.two||three\nfour|\n"; strings.Join(got, "|") != want {
			t.Errorf("%s: %q, want %q", how, got, want)
		}
	}
	for _, endless := range []string{strings.Repeat("x", 1<<20), strings.Repeat("x\n", 1<<19)} {
		l := linkTo(t, strings.NewReader(endless))
		if _, err := l.begin().line(); fault.Of(err) != fault.Limit {
			t.Errorf("an endless line: %v", err)
		}
	}
}

// What is left of a block is passed over, if it is not too much.
func TestDrain(t *testing.T) {
	l := linkTo(t, strings.NewReader("one\r\ntwo\r\n.\r\n200 next\r\n"))
	if _, err := l.begin().line(); err != nil {
		t.Fatal(err)
	}
	if err := l.block.drain(); err != nil || l.block != nil {
		t.Fatal(err, l.block)
	}
	if r, err := l.answer(); err != nil || r.code != 200 {
		t.Error(r, err)
	}
	l = linkTo(t, strings.NewReader(strings.Repeat("two\r\n", 1<<20)))
	if err := l.begin().drain(); err == nil || l.broken == nil {
		t.Error("a long rest was read to its end")
	}
}

func TestReplies(t *testing.T) {
	for line, want := range map[string]bool{
		"200 ready": true, "200": true, "200 ": true, "480 x y": true,
		"": false, "20": false, "200-x": false, "2000": false, "099 x": false, "600 x": false, "abc": false, "+OK": false, " 200": false,
	} {
		if _, ok := parseReply(line); ok != want {
			t.Errorf("%q: %v", line, ok)
		}
	}
}

// FuzzBlock compares the two ways to read a block with one that is plain.
func FuzzBlock(f *testing.F) {
	f.Add([]byte("one\r\n..two\r\n.\r\n"), 3)
	f.Add([]byte("a\n.\n\r\r\n.\r\r\n..\r\n.\r\n"), 1)
	f.Fuzz(func(t *testing.T, p []byte, size int) {
		want, whole := plainly(string(p))
		in := io.Reader(bytes.NewReader(p))
		if size%2 == 0 {
			in = iotest.OneByteReader(in)
		}
		l := linkTo(t, in)
		got, err := io.ReadAll(l.begin())
		if whole != (err == nil) || whole && string(got) != want {
			t.Errorf("read %q, %v; want %q, %v", got, err, want, whole)
		}
		l = linkTo(t, bytes.NewReader(p))
		var lines strings.Builder
		b := l.begin()
		for {
			line, err := b.line()
			if err != nil {
				if whole != errors.Is(err, io.EOF) {
					t.Errorf("lines end with %v", err)
				}
				break
			}
			lines.WriteString(string(line) + "\r\n")
		}
		if whole && lines.String() != want {
			t.Errorf("lines %q, want %q", lines.String(), want)
		}
	})
}

// plainly reads a block in the simplest way.
func plainly(p string) (string, bool) {
	var b strings.Builder
	for {
		line, rest, ok := strings.Cut(p, "\r\n")
		if !ok {
			return "", false
		}
		if line == "." {
			return b.String(), true
		}
		b.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		p = rest
	}
}

// A reply is no longer than a line may be, also where much is read at a time
// (L01); what is read ahead then is there afterwards.
func TestWiden(t *testing.T) {
	long := "200 " + strings.Repeat("x", room-6)
	for how, reader := range readers {
		l := linkTo(t, reader(strings.NewReader("200 a\r\n"+long+"\r\n201 b\r\n202 c\r\n")))
		done := l.widen()
		for _, want := range []string{"a", long[4:], "b"} {
			if r, err := l.answer(); err != nil || r.text != want {
				t.Fatalf("%s: %q, %v; want %q", how, brief(r.text), err, brief(want))
			}
		}
		done()
		if r, err := l.answer(); err != nil || r.text != "c" {
			t.Errorf("%s: afterwards %q, %v", how, r.text, err)
		}
		l = linkTo(t, reader(strings.NewReader(long+"x\r\n")))
		l.widen()
		if _, err := l.answer(); fault.Of(err) != fault.Limit {
			t.Errorf("%s: a line that is too long: %v", how, err)
		}
	}
	endless := strings.NewReader(strings.Repeat("2", 1<<20))
	l := linkTo(t, endless)
	l.widen()
	if _, err := l.answer(); fault.Of(err) != fault.Limit || endless.Len() < 1<<20-wide {
		t.Errorf("an endless line: %v, %d bytes not read", err, endless.Len())
	}
}
