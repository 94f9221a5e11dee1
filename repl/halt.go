package repl

import (
	"context"
	"slices"
	"time"
)

// background is the line of a job, which nobody waits for.
func background(sh *Shell, cancel context.CancelCauseFunc) *foreground {
	f := &foreground{sh: sh, cancel: cancel, begun: make(chan struct{}), stopped: make(chan struct{}, 1), end: func() {}}
	f.behind.Store(true)
	return f
}

// begins is called when the first verb of a line has the session it is for,
// or has none, or has to wait for it.
func (f *foreground) begins() {
	if f != nil && f.begun != nil {
		f.first.Do(func() { close(f.begun) })
	}
}

// soon bounds the wait for a job to begin: what it does before that may take
// for ever, such as a command that it takes words from.
const soon = time.Second

// settle waits until a job has begun, so that it is the first to have its
// session if the next line is for that, too.
func (j *job) settle() {
	t := time.NewTimer(soon)
	defer t.Stop()
	select {
	case <-j.front.begun:
	case <-j.done:
	case <-t.C:
	}
}

// watched reports whether a person waits for the line, so that its programs
// may have the terminal. A line that is none of a prompt's is.
func (f *foreground) watched() bool { return f == nil || !f.behind.Load() || f.awaited.Load() }

// stop is what ^Z does. While fg waits for a job it is the job's.
func (f *foreground) stop() {
	if job := f.waits.Load(); job != nil {
		f = job
	}
	select {
	case f.stopped <- struct{}{}:
	default:
	}
}

func (f *foreground) add(p *program) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.programs = append(f.programs, p)
}

func (f *foreground) remove(p *program) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.programs = slices.DeleteFunc(f.programs, func(q *program) bool { return p == q })
}

func (f *foreground) running() []*program {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.programs)
}

// asleep reports whether a program of the line was stopped.
func (f *foreground) asleep() bool {
	return slices.ContainsFunc(f.running(), func(p *program) bool { return p.stopped.Load() })
}

// unlend takes the terminal from programs that have begun with it just now.
func (f *foreground) unlend() {
	for _, p := range f.running() {
		p.loan.Take(false)
	}
}

// halted is called when a program was stopped and is to stay so.
func (f *foreground) halted() {
	if f.watched() {
		f.stop()
		return
	}
	f.sh.mu.Lock()
	i := slices.IndexFunc(f.sh.jobs, func(j *job) bool { return j.front == f })
	var j *job
	if i >= 0 {
		j = f.sh.jobs[i]
	}
	f.sh.mu.Unlock()
	if j != nil {
		f.sh.tellJob(j)
	}
}

// wake brings the line back into the foreground: programs that were stopped
// go on, the first of them with the terminal.
func (f *foreground) wake() {
	select {
	case <-f.stopped: // long ago
	default:
	}
	f.awaited.Store(true)
	for _, p := range f.running() {
		if p.stopped.Load() {
			p.resume()
		}
	}
}
