package nntp

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
)

func TestParseOverview(t *testing.T) {
	o, ok := parseOverview([]byte("7\ts\tf\td\t<i@x>\t<r@x>\t10\t2\tXref: h g:7\tX-Y: z"))
	if want := (Overview{Number: 7, Subject: "s", From: "f", Date: "d", ID: "<i@x>", References: "<r@x>", Bytes: 10, Lines: 2, Other: []string{"Xref: h g:7", "X-Y: z"}}); !ok || fmt.Sprint(o) != fmt.Sprint(want) {
		t.Errorf("%+v", o)
	}
	for line, want := range map[string]bool{
		"7\t\t\t\t\t\t\t": true, "7\t\t\t\t\t\t": true, "0\ts\tf\td\ti\tr\t1": true,
		"": false, "7": false, "x\t\t\t\t\t\t\t": false, "7\t\t\t\t\t": false, "7\ts\tf\td\ti\tr\tx\t1": false, "7\ts\tf\td\ti\tr\t1\t-1": false,
		"\t\t\t\t\t\t\t\t": false, "99999999999999999999\t\t\t\t\t\t\t": false, "-1\t\t\t\t\t\t\t": false,
	} {
		if _, ok := parseOverview([]byte(line)); ok != want {
			t.Errorf("%q: %v", line, ok)
		}
	}
}

func FuzzOverview(f *testing.F) {
	f.Add([]byte("7\ts\tf\td\t<i@x>\t<r@x>\t10\t2\tXref: h g:7"))
	f.Fuzz(func(t *testing.T, line []byte) {
		o, ok := parseOverview(line)
		if ok && (o.Number < 0 || o.Bytes < 0 || o.Lines < 0) {
			t.Errorf("%q: %+v", line, o)
		}
		o.row()
		if _, text := textOf(line); ok && !text {
			t.Errorf("%q is good as a row and not as text", line)
		}
		parseListed(string(line))
	})
}

// Threads: circles of references are cut, and nothing is lost or twice
// (NEWS-05).
func TestOrdered(t *testing.T) {
	for in, want := range map[string]string{
		"1 2<1 3<2 4<1":   "1.0 2.1 3.2 4.1",
		"1<2 2<1":         "1.1 2.0",
		"1<1":             "1.0",
		"1 2<9 3<9,1":     "1.0 3.1 2.0",
		"1<3 2<1 3<2 4<3": "",
		"3<1 1 2":         "1.0 3.1 2.0",
	} {
		var all []Overview
		for f := range strings.FieldsSeq(in) {
			id, refs, _ := strings.Cut(f, "<")
			n, _ := number(id)
			all = append(all, Overview{Number: n, ID: id, References: strings.ReplaceAll(refs, ",", " ")})
		}
		var got []string
		seen := map[int64]bool{}
		for _, x := range ordered(all) {
			n := all[x.index].Number
			if seen[n] {
				t.Errorf("%s: %d is there twice", in, n)
			}
			seen[n] = true
			got = append(got, fmt.Sprintf("%d.%d", n, x.depth))
		}
		if len(got) != len(all) || want != "" && !sameThreads(strings.Join(got, " "), want) {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

// sameThreads compares, but for which of a circle is on top.
func sameThreads(got, want string) bool {
	if strings.HasPrefix(want, "1.1") {
		return len(got) == len(want)
	}
	return got == want
}

// A thread of a hundred thousand, each below the one before, takes no time.
func TestDeepThread(t *testing.T) {
	all := make([]Overview, 100_000)
	for i := range all {
		all[i] = Overview{Number: int64(i + 1), ID: fmt.Sprint("<", i, ">"), References: fmt.Sprint("<", i-1, ">")}
	}
	took := lab.Stopwatch(t)
	order := ordered(all)
	if d := took(); d > 5*time.Second {
		t.Errorf("took %v", d)
	}
	if last := order[len(order)-1]; last.depth != len(all)-1 {
		t.Errorf("the last is %+v", last)
	}
}

func TestNewsrc(t *testing.T) {
	const file = "options -x\na.b: 1-10,12\nc.d! 3\ne.f:\nodd line\ng: 5-3\n"
	n := &newsrc{index: map[string]int{}}
	n.parse(file)
	if got := string(n.text()); got != file {
		t.Errorf("it comes back as %q", got)
	}
	g := &Group{Name: "a.b", Count: 15, Low: 5, High: 20}
	if got := fmt.Sprint(n.unseen(g), n.unread(g)); got != "[11 13-20] 9" {
		t.Errorf("unread: %s", got)
	}
	if !n.subscribed("a.b") || n.subscribed("c.d") || n.subscribed("x") {
		t.Error("subscriptions")
	}
	x := n.line("a.b")
	x.read = joined(append(x.read, span{11, 11}, span{30, 40}))
	if got := fmt.Sprint(x.read, minus(x.read, []span{{5, 6}, {40, 50}})); got != "[1-12 30-40] [1-4 7-12 30-39]" {
		t.Errorf("marks: %s", got)
	}
	n.line("new.group").subscribed = true
	if !bytes.HasSuffix(n.text(), []byte("new.group:\n")) {
		t.Errorf("%q", n.text())
	}
}

func FuzzNewsrc(f *testing.F) {
	f.Add("a.b: 1-10,12\nc.d! 3\n")
	f.Fuzz(func(t *testing.T, text string) {
		n := &newsrc{index: map[string]int{}}
		n.parse(text)
		once := n.text()
		again := &newsrc{index: map[string]int{}}
		again.parse(string(once))
		if !bytes.Equal(once, again.text()) {
			t.Errorf("%q becomes %q and then %q", text, once, again.text())
		}
	})
}

func TestWhen(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-31T12:30:00Z": "20260131 123000 GMT", "2026-01-31T00:30:00+01:00": "20260130 233000 GMT",
	} {
		var w When
		if err := w.UnmarshalText([]byte(text)); err != nil || w.String() != want {
			t.Errorf("%s: %s, %v", text, w, err)
		}
	}
	for text, ago := range map[string]time.Duration{"36h": 36 * time.Hour, "3d": 72 * time.Hour, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute} {
		var w When
		err := w.UnmarshalText([]byte(text))
		if d := time.Since(w.Time) - ago; err != nil || d < 0 || d > time.Minute {
			t.Errorf("%s: %v, %v", text, w, err)
		}
	}
	for _, text := range []string{"", "yesterday", "-3d", "-1h", "3x", "2026-13-01"} {
		if err := new(When).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is a moment", text)
		}
	}
}

// What is posted has CR LF at the end of each line, and no NUL (N02, I05).
func TestPostedLines(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a\r\n", "a\n": "a\r\n", "a\r\nb": "a\r\nb\r\n", "a\rb\n\n": "a\r\nb\r\n\r\n", "\r\n.\r\n": "\r\n.\r\n", "\n.\n": "\r\n.\r\n", "\r.\r\n": "\r\n.\r\n", "\r.\r": "\r\n.\r\n",
	} {
		if got, err := lines([]byte(in)); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"a\x00", strings.Repeat("x", 999)} {
		if _, err := lines([]byte(in)); err == nil {
			t.Errorf("%.10q… is let through", in)
		}
	}
}

// A follow-up has References that are not longer than a header may be
// (NEWS-08).
func TestReferences(t *testing.T) {
	if got := references("<a@x> <b@x>", "<c@x>"); got != "<a@x>\r\n <b@x>\r\n <c@x>" {
		t.Errorf("%q", got)
	}
	var many []string
	for i := range 100 {
		many = append(many, fmt.Sprintf("<%d@x>", i))
	}
	got := strings.Fields(references(strings.Join(many, " "), "<last@x>"))
	if len(got) != 20 || got[0] != "<0@x>" || got[19] != "<last@x>" || got[18] != "<99@x>" {
		t.Errorf("%q", got)
	}
	if got := references("<a@x><b@x> junk <c@\x01>", "<d@x>"); got != "<a@x>\r\n <b@x>\r\n <d@x>" {
		t.Errorf("%q", got)
	}
}
