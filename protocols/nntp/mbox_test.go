package nntp

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// An mbox has the ends of lines of this machine and a > before what would
// begin an article, however the article comes, and wherever buffers end.
func TestMbox(t *testing.T) {
	long := strings.Repeat("x", room-1)
	for _, c := range []struct{ name, wire, want string }{
		{"empty", ".\r\n", ""},
		{"lines", "a\r\n\r\nb\r\n.\r\n", "a\n\nb\n"},
		{"From", "From a\r\n>From b\r\n>>From c\r\nFrom: d\r\nFrom\r\n From e\r\n.\r\n", ">From a\n>>From b\n>>>From c\nFrom: d\nFrom\n From e\n"},
		{"From after a dot", "..From a\r\n.\r\n", ".From a\n"},
		{"From behind a dot that stuffs nothing", ".From a\r\n.>From b\r\nx\r\n.\r\n", ">From a\n>>From b\nx\n"},
		{"From after a bare LF", "a\nFrom b\r\n.\r\n", "a\n>From b\n"},
		{"bare CR", "a\rFrom b\r\r\n.\r\n", "a\rFrom b\r\n"},
		{"CR at the edge", long + "\r\nFrom b\r\n.\r\n", long + "\n>From b\n"},
		{"LF at the edge", "x" + long + "\r\n.\r\n", "x" + long + "\n"},
		{"From within a long line", long + "xFrom b\r\n.\r\n", long + "xFrom b\n"},
	} {
		for how, reader := range readers {
			l := linkTo(t, reader(strings.NewReader(c.wire+"223 next\r\n")))
			var got bytes.Buffer
			m := newMbox(&got)
			if err := m.article(l.begin()); err != nil {
				t.Errorf("%s, %s: %v", c.name, how, err)
			}
			if err := m.flush(); err != nil || m.bytes != int64(got.Len()) {
				t.Errorf("%s, %s: %d bytes are said to be %d, %v", c.name, how, got.Len(), m.bytes, err)
			}
			if text, ok := strings.CutPrefix(got.String(), m.from); !ok || text != c.want+"\n" {
				t.Errorf("%s, %s: %q, want %q", c.name, how, brief(text), brief(c.want))
			}
			if r, err := l.answer(); err != nil || r.code != 223 {
				t.Errorf("%s, %s: what follows is %v, %v", c.name, how, r, err)
			}
		}
	}
}

// What has come of an article before the connection breaks off is given out.
func TestCutOff(t *testing.T) {
	for _, text := range []string{"one", "one\r", "one\r\ntw", "one\r\n"} {
		for how, reader := range readers {
			got, err := io.ReadAll(linkTo(t, reader(strings.NewReader(text))).begin())
			if err == nil || string(got) != text {
				t.Errorf("%s: %q, %v; want %q and an error", how, got, err, text)
			}
			var all bytes.Buffer
			if _, err := linkTo(t, reader(strings.NewReader(text))).begin().WriteTo(&all); err == nil || all.String() != text {
				t.Errorf("%s, written: %q, %v; want %q and an error", how, all.String(), err, text)
			}
		}
	}
}
