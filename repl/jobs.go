package repl

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// A job is a line that runs in the background.
type job struct {
	id     int
	text   string
	began  time.Time
	cancel context.CancelCauseFunc
	done   chan struct{}
	err    error
	killed atomic.Bool // by kill
	front  *foreground
}

func (j *job) state() string {
	select {
	case <-j.done:
		if j.err != nil {
			return fmt.Sprintf("exit %d", Exit(j.err))
		}
		return "done"
	default:
	}
	if j.front.asleep() {
		return "stopped"
	}
	return "running"
}

// over reports whether the job has ended.
func (j *job) over() bool {
	select {
	case <-j.done:
		return true
	default:
		return false
	}
}

// start runs a line in the background.
func (sh *Shell) start(l syntax.Line, s streams) error {
	text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(l.Text), "&"))
	sh.launch(text, s, func(ctx context.Context, sh *Shell, s streams) error { return sh.items(ctx, "", l, s) })
	return nil
}

// launch does something in the background, on a shell that shares the sessions.
// What it prints comes as notices, unless fg waits for it.
func (sh *Shell) launch(text string, s streams, do func(context.Context, *Shell, streams) error) *job {
	ctx, cancel := context.WithCancelCause(context.Background())
	j := &job{text: text, began: sh.now(), cancel: cancel, done: make(chan struct{}), front: background(sh, cancel)}
	sh.addJob(j)
	s.front = j.front
	if sh.prompts {
		s = j.front.streams(s)
	}
	own := sh.fork()
	fmt.Fprintf(s.err, "job %s\n", j.name())
	go func() {
		defer close(j.done)
		defer cancel(nil)
		j.err = do(ctx, own, s)
		if sh.prompts {
			sh.ended(j)
		}
	}()
	j.settle()
	return j
}

// name is the job for messages: its number and what runs.
func (j *job) name() string { return fmt.Sprintf("%d: %s", j.id, render.Clean(j.text)) }

// tellJob tells what a job does, unless it has ended.
func (sh *Shell) tellJob(j *job) {
	switch j.state() {
	case "running":
		sh.tell("job " + j.name())
	case "stopped":
		sh.tell(fmt.Sprintf("job %s is stopped; fg %d goes on with it, kill %d ends it", j.name(), j.id, j.id))
	}
}

// addJob lists a job, under the next number.
func (sh *Shell) addJob(j *job) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	j.id = 1
	for _, other := range sh.jobs {
		j.id = max(j.id, other.id+1)
	}
	sh.jobs = append(sh.jobs, j)
}

// ended tells that a job has ended.
func (sh *Shell) ended(j *job) {
	how := "done"
	switch {
	case j.err != nil && j.killed.Load():
		how = "killed"
	case j.err != nil:
		how = "failed"
	}
	sh.tell(fmt.Sprintf("job %d %s: %s", j.id, how, j.text))
}

// running are the jobs that have not ended.
func (sh *Shell) running() []*job {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	var js []*job
	for _, j := range sh.jobs {
		if !j.over() {
			js = append(js, j)
		}
	}
	return js
}

func (sh *Shell) killJobs() {
	for _, j := range sh.running() {
		j.cancel(fault.New(fault.Terminate, "killed"))
		<-j.done
	}
}

type JobRow struct {
	ID      int     `json:"id"`
	State   string  `json:"state"`
	Seconds float64 `json:"seconds"`
	Command string  `json:"command"`
}

// Jobs lists the jobs; those that have ended are shown once.
func (sh *Shell) Jobs(context.Context, struct{}) (verb.Stream[JobRow], error) {
	sh.mu.Lock()
	var list []JobRow
	for _, j := range sh.jobs {
		list = append(list, JobRow{j.id, j.state(), sh.now().Sub(j.began).Seconds(), j.text})
	}
	sh.jobs = slices.DeleteFunc(sh.jobs, func(j *job) bool { return j.over() })
	sh.mu.Unlock()
	return rows(list), nil
}

// A jobNumber is N or, as in other shells, %N.
type jobNumber int

// UnmarshalText reads it.
func (n *jobNumber) UnmarshalText(b []byte) error {
	i, err := strconv.Atoi(strings.TrimPrefix(string(b), "%"))
	if err != nil || i < 1 {
		return fault.New(fault.Usage, "%q is no number of a job", b).WithHint("jobs lists them")
	}
	*n = jobNumber(i)
	return nil
}

type JobArgs struct {
	ID jobNumber `arg:"job?" help:"its number, N or %N; all if left out"`
}

func (sh *Shell) job(id jobNumber) ([]*job, error) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if id == 0 {
		return slices.Clone(sh.jobs), nil
	}
	for _, j := range sh.jobs {
		if j.id == int(id) {
			return []*job{j}, nil
		}
	}
	return nil, fault.New(fault.Usage, "no job %d", id).WithHint("jobs lists them")
}

// Wait waits for jobs and fails as the first of them that failed.
func (sh *Shell) Wait(ctx context.Context, a JobArgs) (any, error) {
	js, err := sh.job(a.ID)
	if err != nil {
		return nil, err
	}
	for _, j := range js {
		select {
		case <-j.done:
			if j.err != nil && err == nil {
				err = &reported{j.err}
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return nil, err
}

// Fg waits for a job as if it had been typed without &: ^C ends it.
func (sh *Shell) Fg(ctx context.Context, a JobArgs) (any, error) {
	js := sh.running()
	if a.ID != 0 {
		var err error
		if js, err = sh.job(a.ID); err != nil {
			return nil, err
		}
	}
	if len(js) == 0 {
		return nil, fault.New(fault.Usage, "no job runs").WithHint("a line that ends in & is one, and one that ^Z has stopped")
	}
	j := js[len(js)-1]
	r := running(ctx)
	j.front.wake()
	defer j.front.awaited.Store(false)
	if line := r.io.front; line != nil {
		line.waits.Store(j.front)
		defer line.waits.Store(nil)
	}
	if r.sh.prompts {
		fmt.Fprintf(r.io.err, "job %s\n", j.name())
	}
	select {
	case <-j.done:
	case <-j.front.stopped:
		j.front.awaited.Store(false)
		sh.editor.FreshRow()
		sh.tellJob(j)
		return nil, nil
	case <-ctx.Done():
		j.cancel(context.Cause(ctx))
		<-j.done
	}
	if j.err != nil {
		return nil, &reported{j.err}
	}
	return nil, nil
}

// Kill stops jobs and waits until they have ended.
func (sh *Shell) Kill(_ context.Context, a struct {
	ID jobNumber `arg:"job" help:"its number, N or %N"`
}) (any, error) {
	js, err := sh.job(a.ID)
	if err != nil {
		return nil, err
	}
	for _, j := range js {
		j.killed.Store(true)
		j.cancel(fault.New(fault.Terminate, "killed"))
		<-j.done
	}
	return nil, nil
}
