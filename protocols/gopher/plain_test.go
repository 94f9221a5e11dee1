package gopher

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
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

// Lines are written as their rows say, and kept, however many are looked at
// together, and whatever is among them.
func TestRuns(t *testing.T) {
	lines := []string{
		"0One\t/1\th\t70\r\n", "1Two\t/2\th\t70\r\n", "0One\t/1\th\t70\r\n", "0One\t/1\th\t70\r\n", "9Bin \t/b\th\t70\r\n", "9\t/b\th\t70\r\n", "iinfo\t\th\t70\r\n", "0bare\t/1\th\t70\n",
		"0tab\t/a\tb\th\t70\r\n", "0two\th\t70\r\n", "0c\rr\t/r\th\t70\r\n", "0cr\t/c\rr\th\t70\r\n", "0plus\t/p\th\t70\t+\r\n", "0away\t/a\tother.example\t70\r\n", "hWeb\tURL:http://x/\th\t70\r\n",
		"3no\t\th\t70\r\n", "\r\n", "\n", "0no fields\r\n", "0Ünï\t/u\th\t70\r\n", "0" + strings.Repeat("x", block) + "\t/l\th\t70\r\n",
	}
	odd := []string{"0bad\xff\t/u\th\t70\r\n", "0nul\x00\t/u\th\t70\r\n"}
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 100 {
		var all []byte
		for range 1 + random.IntN(40) {
			from := lines
			if round%3 == 0 {
				from = lines[:4+random.IntN(len(lines)-4)] // mostly runs
			} else if round%10 == 0 {
				from = append(odd, lines...)
			}
			all = append(all, from[random.IntN(len(from))]...)
		}
		place := Item{Type: '1', Host: "h", Port: 70}
		fast := &listing{rows: reader{place: place}, menu: &menu{place: place, brief: true}}
		slow := &listing{rows: reader{place: place}, menu: &menu{place: place, brief: true}}
		var want []byte
		for line := range bytes.Lines(all) {
			if len(line) > block {
				line = tooLong(line)
			}
			line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
			want = append(append(want, slow.row(line).String()...), '\n')
		}
		got, end := fast.add(nil, all)
		if !bytes.Equal(got, want) || end {
			t.Fatalf("%q is written as\n%q, want\n%q", all, got, want)
		}
		if fast.sound != slow.sound || fast.rows.number != slow.rows.number || fast.rows.before != slow.rows.before || !reflect.DeepEqual(fast.menu, slow.menu) {
			t.Fatalf("%q: %d sound, %+v, want %d, %+v", all, fast.sound, fast.menu, slow.sound, slow.menu)
		}
	}
}
