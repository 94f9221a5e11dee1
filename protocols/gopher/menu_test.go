package gopher

import (
	"fmt"
	"strings"
	"testing"
)

// keep reads a menu as a listing does.
func keep(lines []string) (*menu, []Row) {
	m, r := &menu{}, reader{place: Item{Host: "h", Port: 70}}
	var rows []Row
	for _, line := range lines {
		next, before := r.number+1, r.before
		rows = append(rows, r.row([]byte(line)))
		m.items = r.number
		m.add([]byte(line), next, before)
	}
	return m, rows
}

// same fails unless every number leads to the item it stood before.
func same(t *testing.T, m *menu, rows []Row) {
	t.Helper()
	n := 0
	for _, row := range rows {
		if row.Number == 0 {
			continue
		}
		n++
		it, ok := m.item(row.Number)
		if !ok || row.Number != n || it.URL() != row.URL {
			t.Fatalf("item %d, the %dth, is %s; number %d is %v, %s", row.Number, n, row.URL, row.Number, ok, it.URL())
		}
	}
	for _, none := range []int{-1, 0, n + 1} {
		if it, ok := m.item(none); ok {
			t.Fatalf("of %d items, number %d is %+v", n, none, it)
		}
	}
}

// Numbers find their items over many pages, between lines without numbers.
func TestMenuNumbers(t *testing.T) {
	var lines []string
	for i := range 3000 {
		lines = append(lines, fmt.Sprintf("%cItem %d\t/%d\th\t70", "019"[i%3], i, i))
		if i%5 == 0 {
			lines = append(lines, "i"+strings.Repeat("x", i%80), "+again\t/again\th2\t70", "broken")
		}
	}
	m, rows := keep(lines)
	if len(m.pages) < 3 {
		t.Fatalf("%d pages", len(m.pages))
	}
	same(t, m, rows)
	again := 0
	for line := range m.lines() {
		if string(line) != lines[again] {
			t.Fatalf("line %d is %q, was %q", again, line, lines[again])
		}
		again++
	}
	if again != len(lines) {
		t.Errorf("%d of %d lines", again, len(lines))
	}
}

// Of a menu too large to keep the beginning is (L03).
func TestMenuTooLarge(t *testing.T) {
	m, r := &menu{}, reader{place: Item{Host: "h", Port: 70}}
	line := []byte("0" + strings.Repeat("x", 1000) + "\t/x\th\t70")
	for range 3 * keepBytes / len(line) {
		next, before := r.number+1, r.before
		r.row(line)
		m.add(line, next, before)
	}
	if m.size > keepBytes || !m.full {
		t.Errorf("%d bytes are kept", m.size)
	}
	if _, ok := m.item(keepBytes / len(line) / 2); !ok {
		t.Error("an item of the beginning is not found")
	}
	if _, ok := m.item(r.number); ok {
		t.Error("an item that was not kept is found")
	}
}

// Any bytes are a menu: nothing panics, and numbers lead where they should.
func FuzzMenu(f *testing.F) {
	f.Add("iWelcome\r\n0About\t/a\th\t70\r\n+Mirror\t/a\th2\t70\r\n3no\r\n")
	f.Add("hWeb\tURL:http://h/\th\t70\n8T\tguest\th\t23\t+\textra\n\n.\n\x00\t\t\t\n\xff\xfe\t\xff\tx\t1")
	f.Fuzz(func(t *testing.T, text string) {
		m, rows := keep(strings.Split(text, "\n"))
		same(t, m, rows)
		for _, row := range rows {
			if row.Number > 0 && row.URL == "" || row.Number > 0 && row.Broken != "" {
				t.Fatalf("%+v", row)
			}
			_ = row.String()
		}
	})
}

// What people see of a menu, in 80 columns where the text has 67 (GOPH-02, G01).
func TestRowString(t *testing.T) {
	for _, c := range []struct {
		line, want string
		long       bool
	}{
		{"iWelcome", "             Welcome", false},
		{"i", "", false},
		{"0About\t/a\th\t70", "   1 text    About", false},
		{"0About\t/a\th\t70", "   1 text    About                                     gopher://h/0/a", true},
		{"1Other\t\th2\t7070", "   1 menu    Other  (h2:7070)", false},
		{"hWeb\tURL:http://x/\th\t70", "   1 web     Web  (http://x/)", false},
		{"0Bad\t/a\th\t0", `     text    Bad  (broken: "0" is no port)`, false},
		{"Error: none", "     ?       Error: none  (broken: fields are missing)", false},
		{"3Gone\t\t\t", "     error   Gone", false},
	} {
		r := reader{place: Item{Host: "h", Port: 70}, long: c.long}
		if got := r.row([]byte(c.line)).String(); got != c.want {
			t.Errorf("%q:\n got %q\nwant %q", c.line, got, c.want)
		}
	}
	r := reader{place: Item{Host: "h", Port: 70}, number: 8}
	row := r.row([]byte("1" + strings.Repeat("x", 67) + "\t/x\th\t70"))
	if s := row.String(); len(s) > 80 {
		t.Errorf("a line of %d columns: %s", len(s), s)
	}
}
