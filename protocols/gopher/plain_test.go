package gopher

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// What is written without taking a line apart is what a row of it says, and
// numbers go on as they should (GOPH-02, race 23).
func FuzzPlain(f *testing.F) {
	for _, line := range []string{
		"0About\t/a\th\t70", "iinfo\t\tnull\t1", "i", "i  ", "1Menu  \t\th\t70\t+", "0a\t/a\th\t71", "0a\t/a\tH\t70", "0a\t/a\tother\t70", "0a\t/a\th\t070",
		"0a\t/a\th\t 70", "0a\t/a\th\t", "0a\t/a\th", "0a", "", "3no", "hWeb\tURL:http://x/\t\t", "+more\t/a\th\t70", "~odd\t/a\th\t70", "0\xff\t/a\th\t70", "0a\t/a\x00\th\t70",
		"0a\rb\t/a\th\t70", "0a\t/a\th\t70\r", "0a\t/a\th\t99999", "0a\t/a\th\t0", "I\t\th\t70", "\x1b\t\th\t70", "2cso\t\th\t70", "0a\t/a\th\t00000070", "0a\t/a\tother.example\t70", "0a\t/a\tlocalhost\t70", "0a\t/a\t127.0.0.1\t70", "0a\t/a\t192.0.2.1\t7070", "0a\t/a\tH.example\t70", "0a\t/a\t::1\t70",
	} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.IndexByte(line, '\n') >= 0 {
			return
		}
		for _, place := range []Item{{Type: '1', Host: "h", Port: 70}, {Type: '1', Host: "localhost", Port: 7070, via: "127.0.0.1:70"}, {Type: '1', Host: "h.example", Port: 70, via: "192.0.2.1:7070"}} {
			plainly(t, place, line)
		}
	})
}

func plainly(t *testing.T, place Item, line []byte) {
	a, b := reader{place: place, number: 98, before: '9'}, reader{place: place, number: 98, before: '9'}
	row := a.row(line)
	easy := b
	if text, ok := easy.here([]byte("x"), line); ok && easy.easy(line) && (easy.number != a.number || easy.before != a.before || string(text[1:]) != row.String()) {
		t.Errorf("%q is %q (%d %c), want %q (%d %c)", line, text[1:], easy.number, easy.before, row.String(), a.number, a.before)
	}
	plain, ok := b.plain([]byte("x"), line)
	if !ok {
		return
	}
	if text := string(plain[1:]); text != row.String() || a.number != b.number || a.before != b.before || row.Broken != "" {
		t.Errorf("%q is %q (%d %c), want %q (%d %c)", line, text, b.number, b.before, row.String(), a.number, a.before)
	}
}

// A menu that writes itself has all of its lines, and what fails.
func TestTextOfRows(t *testing.T) {
	rows := Rows(func(yield func(Row, error) bool) {
		if yield == nil {
			return
		}
		for _, r := range []Row{{text: []byte("zero\none\n")}, {Type: "i", Kind: "info", Name: "two"}} {
			if !yield(r, nil) {
				return
			}
		}
		yield(Row{}, refused("no more", Item{Host: "h", Port: 70}))
	})
	var b strings.Builder
	err := rows.Text(&b)
	if b.String() != "zero\none\n             two\n" || err == nil {
		t.Errorf("%q, %v", b.String(), err)
	}
}

// What stands before names is right whether numbers come one after the other
// or not.
func TestHead(t *testing.T) {
	var h head
	kinds := []byte("0019g")
	next := func(n int) {
		kind := kinds[n%len(kinds)]
		want := fmt.Sprintf("%4d %-8s", n, classes[kind].word)
		if got := string(h.of(n, kind)); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
	for n := 1; n < 12_000; n++ {
		next(n)
	}
	for _, n := range []int{99_999, 100_000, 100_001, 7, 8, 9, 10, 12, 999, 1000, 1, 2} {
		next(n)
	}
}
