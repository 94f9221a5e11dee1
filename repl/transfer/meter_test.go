package transfer

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"wireline/protocols/files"
)

// FTP-27, X-30: what a person sees at a moment, of one file and of many.
func TestMeterLine(t *testing.T) {
	at := func(n int64) func() int64 { return func() int64 { return n } }
	now := time.Unix(1700000000, 0)
	for _, c := range []struct {
		name  string
		width int
		make  func(m *Meter)
		want  string
	}{
		{"one", 80, func(m *Meter) { m.begin("big.iso", 0, 4<<20, at(1<<20)) }, "big.iso  1.0 of 4.0 MiB, 25%, 102.4 KiB/s, 0:30 left"},
		{"gone on with", 80, func(m *Meter) { m.begin("big.iso", 1<<20, 4<<20, at(2<<20)) }, "big.iso  2.0 of 4.0 MiB, 50%, 102.4 KiB/s, 0:20 left"},
		{"size unknown", 80, func(m *Meter) { m.begin("x", 0, -1, at(5000)) }, "x  4.9 KiB, 500 B/s"},
		{"nothing yet", 80, func(m *Meter) { m.begin("x", 0, 10, at(0)) }, "x  0 of 10 B, 0%, 0 B/s"},
		{"long", 80, func(m *Meter) { m.begin("x", 0, 100<<30, at(1<<20)) }, "x  1.0 MiB of 100.0 GiB, 0%, 102.4 KiB/s, 284:26:30 left"},
		{"many", 80, func(m *Meter) {
			m.Plan(5000, 5000*4096)
			for range 1000 {
				m.begin("f", 0, 4096, at(4096)).end(true)
			}
			m.begin("f0", 0, 4096, at(4096)).end(false) // to be tried again
			m.begin("f2", 0, 4096, at(2048))
			m.begin("f1", 0, 4096, at(2048))
		}, "f1  1000 of 5000 files, 3.9 of 19.5 MiB, 20%, 400.8 KiB/s, 0:40 left"},
		{"counted", 80, func(m *Meter) {
			m.Plan(400, 0)
			for range 100 {
				m.Add(1024)
			}
		}, "100 of 400 files, 100.0 KiB, 10.0 KiB/s, 25%, 0:30 left"},
		{"narrow", 30, func(m *Meter) { m.begin("a/very/long/name", 0, 4<<20, at(1<<20)) }, "1.0 of 4.0 MiB, 25%, 102.4 Ki"},
		{"cut", 60, func(m *Meter) { m.begin("a/very/long/name", 0, 4<<20, at(1<<20)) }, "…ery/long/name  1.0 of 4.0 MiB, 25%, 102.4 KiB/s, 0:30 left"},
		{"hostile", 80, func(m *Meter) { m.begin("a\x1b[2Jb\u202e", 0, -1, at(1)) }, "a?[2Jb?  1 B, 0 B/s"},
	} {
		m := NewMeter(&bytes.Buffer{}, c.width)
		c.make(m)
		m.began = now.Add(-10 * time.Second)
		m.mu.Lock()
		got := m.line(now)
		m.mu.Unlock()
		m.Close()
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Rows come above the line, nothing of it stays, and in the end there is a
// sum of several files.
func TestMeterAbove(t *testing.T) {
	var out bytes.Buffer
	m := NewMeter(&out, 80)
	d := &Disk{Dir: t.TempDir(), Meter: m}
	b := d.Batch()
	for _, name := range []string{"a", "b"} {
		if err := b.Store(t.Context(), name, of("text"), files.Storing{}, func(error) {}); err != nil {
			t.Fatal(err)
		}
	}
	m.mu.Lock()
	m.shown = true
	m.mu.Unlock()
	m.Above(&out).Write([]byte("copied a\n"))
	b.Close()
	m.Close()
	if got := out.String(); !strings.HasPrefix(got, "\r\x1b[Kcopied a\n2 files, 8 B in ") || !strings.HasSuffix(got, "B/s\n") {
		t.Errorf("the terminal got %q", got)
	}
	var none *Meter
	none.Plan(1, 1)
	none.Kept(1)
	none.Watch("x", 0, 1, func() int64 { return 0 })(true)
	none.Close()
	if none.Above(&out) != &out {
		t.Error("no meter, and still something stands in between")
	}
}

// A person is told that there was nothing to do. (FTP-13)
func TestMeterKept(t *testing.T) {
	for _, c := range []struct {
		done int
		kept []int
		want string
	}{
		{0, nil, ""},
		{1, nil, ""},
		{0, []int{0}, "nothing to transfer; 0 unchanged\n"},
		{0, []int{4000, 1000}, "nothing to transfer; 5000 unchanged\n"},
		{1, []int{3}, "1 file, 4 B in "},
		{1, []int{0}, ""},
	} {
		var out bytes.Buffer
		m := NewMeter(&out, 80)
		m.Plan(c.done, 0)
		for range c.done {
			m.begin("f", 0, 4, func() int64 { return 4 }).end(true)
		}
		for _, n := range c.kept {
			m.Kept(n)
		}
		m.Close()
		if got := out.String(); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%d done, %v kept: %q", c.done, c.kept, got)
		}
	}
}
