package transfer

import (
	"io"
	"sync"
	"time"
)

// A Meter shows on a terminal how transfers get on: one line, with the rate
// and the time left, and totals when there are several files. It is wiped at
// the end, and there what came of several files is summed up. A nil Meter
// shows nothing.
type Meter struct {
	w     io.Writer
	width int

	mu    sync.Mutex
	jobs  map[*job]bool
	files int   // planned
	plan  int64 // bytes of those, as far as that is known
	done  int   // files that have come whole
	whole int64 // bytes of those
	moved int64 // bytes of all jobs that have ended
	same  bool  // Kept was called
	kept  int   // files that were left as they are
	began time.Time
	stop  chan struct{}
	quiet chan struct{}
	shown bool // the line stands there
	told  bool // whoever moves them sums up
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
	from  int64        // bytes that were there before
	whole int64        // -1 when unknown
	at    func() int64 // bytes that are there now, those before included
}

// Plan adds to what is to be done in all. Bytes are those that are known of.
func (m *Meter) Plan(files int, bytes int64) {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.files, m.plan = m.files+files, m.plan+bytes
	m.mu.Unlock()
}

// Kept adds to the files that are left as they are. At the end they are told,
// also when there was no other to be done.
func (m *Meter) Kept(files int) {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.same, m.kept = true, m.kept+files
	m.mu.Unlock()
}

// Watch tells of a file: of how many bytes were there before, how many it has
// in the end (-1 when unknown), and how many are there by now. done is called
// when no more will come, with whether it is whole.
func (m *Meter) Watch(name string, from, whole int64, at func() int64) (done func(ok bool)) {
	return m.begin(name, from, whole, at).end
}

func (m *Meter) begin(name string, from, whole int64, at func() int64) *job {
	if m == nil {
		return nil
	}
	j := &job{m, name, from, whole, at}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.start()
	m.jobs[j] = true
	return j
}

// start has the line drawn. Call it with mu held.
func (m *Meter) start() {
	if m.began.IsZero() {
		m.began = time.Now()
	}
	if m.stop == nil {
		m.stop, m.quiet = make(chan struct{}), make(chan struct{})
		go m.draw(m.stop, m.quiet)
	}
}

// Add tells of a file that has come whole, and of which nothing was told
// before. Whoever does so sums up, too.
func (m *Meter) Add(bytes int64) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.start()
	m.told = true
	m.done++
	m.whole += bytes
	m.moved += bytes
}

// end forgets a file. Of one that did not come whole only the rate knows. j is
// nil where m was.
func (j *job) end(ok bool) {
	if j == nil {
		return
	}
	m := j.m
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.jobs, j)
	at := j.at()
	m.moved += max(0, at-j.from)
	if ok {
		m.done++
		m.whole += at
	}
}

// Close wipes the line, and sums up if there were several files. It is called
// once the command is done.
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
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wipe()
	if !m.told && (m.done > 1 || m.done > 0 && m.kept > 0 || m.same && m.files == 0) {
		io.WriteString(m.w, m.sum(time.Now())+"\n")
	}
}

// Above is w, which is the same terminal, with what is written to it above
// the line.
func (m *Meter) Above(w io.Writer) io.Writer {
	if m == nil {
		return w
	}
	return above{m, w}
}

type above struct {
	m *Meter
	w io.Writer
}

func (a above) Write(p []byte) (int, error) {
	a.m.mu.Lock()
	defer a.m.mu.Unlock()
	a.m.wipe()
	return a.w.Write(p)
}

func (m *Meter) wipe() {
	if m.shown {
		io.WriteString(m.w, "\r\x1b[K")
		m.shown = false
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
			return
		case <-t.C:
			m.mu.Lock()
			if now := time.Now(); now.Sub(m.began) > time.Second {
				io.WriteString(m.w, "\r"+m.line(now)+"\x1b[K\r")
				m.shown = true
			}
			m.mu.Unlock()
		}
	}
}
