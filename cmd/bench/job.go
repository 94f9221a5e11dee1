package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A job is a program with its words, and where it reads and writes: the null
// device unless said.
type job struct {
	words  []string
	dir    string // where it runs, if not here
	in     string // a file to read
	out    string // a file to write
	pipe   bool   // write into a pipe, which `cat >/dev/null` empties
	held   bool   // standard input is empty, and does not end while it runs
	killed bool   // it does not end by itself, or not well
}

// A runner is a job under way.
type runner struct {
	cmd    *exec.Cmd
	job    job
	errs   strings.Builder
	start  time.Time
	peak   chan int64
	ended  chan struct{}
	reader *exec.Cmd // of the pipe
	stdin  *os.File  // the end that keeps it open
	files  []*os.File
}

// run does the job to its end.
func (j job) run(ctx context.Context) (cost, error) {
	r, err := j.start(ctx)
	if err != nil {
		return cost{}, err
	}
	return r.wait()
}

// start begins the job. When ctx ends it is killed.
func (j job) start(ctx context.Context) (*runner, error) {
	r := &runner{cmd: exec.CommandContext(ctx, j.words[0], j.words[1:]...), job: j, peak: make(chan int64, 1), ended: make(chan struct{})}
	r.cmd.Stderr = &r.errs
	r.cmd.Dir = j.dir
	r.cmd.WaitDelay = time.Second // for what it has started itself
	err := r.open()
	if err == nil {
		r.start = time.Now()
		err = r.cmd.Start()
	}
	for _, f := range r.files {
		f.Close() // the program has its own
	}
	if err != nil {
		if r.reader != nil {
			r.reader.Wait()
		}
		return nil, err
	}
	go func() { r.peak <- peak(r.cmd.Process.Pid, r.ended) }()
	return r, nil
}

// open opens what the program reads and writes.
func (r *runner) open() (err error) {
	if r.job.in != "" {
		if r.cmd.Stdin, err = r.hold(os.Open(r.job.in)); err != nil {
			return err
		}
	}
	if r.job.held {
		in, keep, err := os.Pipe()
		if err != nil {
			return err
		}
		r.cmd.Stdin, r.stdin, r.files = in, keep, append(r.files, in)
	}
	if r.job.out != "" {
		if r.cmd.Stdout, err = r.hold(os.Create(r.job.out)); err != nil {
			return err
		}
	}
	if r.job.pipe {
		return r.cat()
	}
	return nil
}

// hold keeps a file until the program has it.
func (r *runner) hold(f *os.File, err error) (*os.File, error) {
	if err == nil {
		r.files = append(r.files, f)
	}
	return f, err
}

// cat gives the program a pipe for its output and starts the pipe's reader.
func (r *runner) cat() error {
	from, to, err := os.Pipe()
	if err != nil {
		return err
	}
	r.files = append(r.files, from, to)
	cat := exec.Command("cat")
	cat.Stdin, r.cmd.Stdout = from, to
	if err := cat.Start(); err != nil {
		return err
	}
	r.reader = cat
	return nil
}

// wait waits for the end of the job. Its time is until the last byte of it is
// read.
func (r *runner) wait() (cost, error) {
	err := r.cmd.Wait()
	close(r.ended)
	if r.stdin != nil {
		r.stdin.Close()
	}
	if r.reader != nil {
		if rerr := r.reader.Wait(); err == nil {
			err = rerr
		}
	}
	s := r.cmd.ProcessState
	c := cost{wall: time.Since(r.start), cpu: s.UserTime() + s.SystemTime(), rss: <-r.peak, done: 1}
	if c.rss == 0 {
		c.rss = maxRSS(s)
	}
	var status *exec.ExitError
	if err == nil || r.job.killed && errors.As(err, &status) {
		return c, nil
	}
	said := strings.TrimSpace(r.errs.String())
	if said != "" {
		said = ": " + said
	}
	return c, fmt.Errorf("%s: %w%s", strings.Join(r.job.words, " "), err, said)
}
