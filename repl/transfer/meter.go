package transfer

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// A Meter shows on a terminal how transfers get on: one line, with the rate,
// the time left, and totals when there are several files. A nil Meter shows
// nothing.
type Meter struct {
	w     io.Writer
	width int

	mu    sync.Mutex
	jobs  map[*job]bool
	done  int
	bytes int64 // of jobs that have ended
	began time.Time
	stop  chan struct{}
	quiet chan struct{}
	drawn bool
}

// NewMeter makes a Meter for a terminal of so many columns.
func NewMeter(w io.Writer, width int) *Meter {
	if width <= 0 {
		width = 80
	}
	return &Meter{w: w, width: width, jobs: map[*job]bool{}}
}

// A job is one file on its way.
type job struct {
	m     *Meter
	name  string
	from  int64 // bytes that were there before
	whole int64 // -1 when unknown
	size  func() int64
}

// begin tells of a file. size is how much of it there is by now.
func (m *Meter) begin(name string, from, whole int64, size func() int64) *job {
	j := &job{m, name, from, whole, size}
	if m == nil {
		return j
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.began.IsZero() {
		m.began = time.Now()
	}
	m.jobs[j] = true
	if m.stop == nil {
		m.stop, m.quiet = make(chan struct{}), make(chan struct{})
		go m.draw(m.stop, m.quiet)
	}
	return j
}

func (j *job) end() {
	m := j.m
	if m == nil {
		return
	}
	m.mu.Lock()
	delete(m.jobs, j)
	m.done++
	m.bytes += max(0, j.size()-j.from)
	m.mu.Unlock()
}

// drop forgets a file that begin will tell of again.
func (j *job) drop() {
	if j.m == nil {
		return
	}
	j.m.mu.Lock()
	delete(j.m.jobs, j)
	j.m.mu.Unlock()
}

// Close wipes the line. It is called once the command is done.
func (m *Meter) Close() {
	if m == nil {
		return
	}
	m.mu.Lock()
	stop, quiet := m.stop, m.quiet
	m.stop = nil
	m.mu.Unlock()
	if stop != nil {
		close(stop)
		<-quiet
	}
}

// draw redraws the line. Nothing is shown of what takes less than a second.
func (m *Meter) draw(stop, quiet chan struct{}) {
	defer close(quiet)
	t := time.NewTicker(200 * time.Millisecond)
	defer t.Stop()
	for {
		select {
		case <-stop:
			if m.drawn {
				io.WriteString(m.w, "\r\x1b[K")
			}
			return
		case <-t.C:
			if time.Since(m.began) > time.Second {
				io.WriteString(m.w, "\r"+m.line(time.Now())+"\x1b[K")
				m.drawn = true
			}
		}
	}
}

// line is what is shown at a moment.
func (m *Meter) line(now time.Time) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	got, left, known := m.bytes, int64(0), true
	name := ""
	var there, whole int64
	for j := range m.jobs {
		n := j.size()
		got += max(0, n-j.from)
		there += n
		whole += j.whole
		if j.whole < 0 {
			known = false
		}
		left += j.whole - n
		if name == "" || j.name < name {
			name = j.name
		}
	}
	rate := float64(got) / max(0.001, now.Sub(m.began).Seconds())
	var b strings.Builder
	if m.done > 0 || len(m.jobs) > 1 {
		fmt.Fprintf(&b, "%d done, %d on their way, %s", m.done, len(m.jobs), human(m.bytes+there))
	} else {
		b.WriteString(human(there))
		if known {
			fmt.Fprintf(&b, " of %s, %d%%", human(whole), 100*there/max(1, whole))
		}
	}
	fmt.Fprintf(&b, ", %s/s", human(int64(rate)))
	if known && rate > 0 && len(m.jobs) > 0 {
		fmt.Fprintf(&b, ", %v left", (time.Duration(float64(left)/rate) * time.Second).Round(time.Second))
	}
	text := b.String()
	if room := m.width - len(text) - 3; room > 8 {
		if r := []rune(name); len(r) > room {
			name = "…" + string(r[len(r)-room+1:])
		}
		text = name + "  " + text
	}
	if len(text) >= m.width {
		text = text[:m.width-1]
	}
	return text
}

// human is a number of bytes for people: 1.4 MiB.
func human(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	f, unit := float64(n)/1024, 0
	for f >= 1024 && unit < 3 {
		f, unit = f/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", f, "KMGT"[unit])
}
