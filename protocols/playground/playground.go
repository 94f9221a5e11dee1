// Package playground runs small servers for every protocol on the loopback
// interface, for the demo, for the classroom and for tests. They all show one
// world that lives in memory and ends with them.
package playground

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"wireline/protocols/verb"
)

// Options say how a World is to be started. The zero value is fine. The tags
// are those of package verb, for programs that read them off a command line.
type Options struct {
	// PortBase is the first of the consecutive ports that the servers take, in
	// the order of Services. With 0 each takes its well-known demo port, or any
	// other that is free.
	PortBase int `flag:"port-base" help:"first of the ports, in a row; free ones unless said"`
	// Latency is how long every server takes to notice what it was sent, or
	// for datagrams how long its answer is under way.
	Latency time.Duration `flag:"latency" help:"answer so much later, such as 50ms"`
	// Bandwidth is what every connection carries in a second, each way, in
	// bytes; 0 is as much as can be.
	Bandwidth verb.Size `flag:"bandwidth" help:"bytes a second, each way, such as 64k"`
	// Loss is how many of the datagrams never arrive.
	Loss Share `flag:"loss" help:"lose so many datagrams, such as 10%"`
	// Faults are what goes wrong.
	Faults []Fault `flag:"fault" help:"SERVER:fin@N, or rst, stall, garbage; may be repeated"`
	// Log is told, in one line, of every connection. It is called from many
	// goroutines. Nil: nobody is told.
	Log func(string)
}

// A World is a set of running servers and what they share.
type World struct {
	opts     Options
	dir      string // of the unix sockets
	running  []running
	files    *files
	mail     *mails
	imap     *imapMail
	users    map[string]string
	identity identity

	mu     sync.Mutex
	open   map[io.Closer]bool // listeners and connections; nil once the world has ended
	tasks  sync.WaitGroup
	stop   func() bool
	ending sync.Once
	err    error
}

// Start starts all servers, or none: after an error every port is free again.
// The world ends with ctx, or by Close, which should be called in any case.
func Start(ctx context.Context, o Options) (*World, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := o.check(table()); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "wireline")
	if err != nil {
		return nil, err
	}
	w := &World{opts: o, dir: dir, open: map[io.Closer]bool{}, files: demoFiles(), mail: demoMails(), users: map[string]string{User: Password}}
	w.imap = newIMAPMail(w.mail.box(User, inbox))
	for _, s := range table() {
		if err := w.start(s); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	w.stop = context.AfterFunc(ctx, func() { w.end() })
	return w, nil
}

// Close stops the servers, cuts their connections, and returns when no port,
// file and goroutine of the world is left. It may be called more than once.
func (w *World) Close() error {
	if w.stop != nil {
		w.stop()
	}
	w.end()
	return w.err
}

func (w *World) end() {
	w.ending.Do(func() {
		w.mu.Lock()
		open := w.open
		w.open = nil
		w.mu.Unlock()
		for c := range open {
			if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
				w.err = errors.Join(w.err, err)
			}
		}
		w.tasks.Wait()
		w.err = errors.Join(w.err, os.RemoveAll(w.dir))
	})
}

// own has c closed when the world ends, which may be at once.
func (w *World) own(c io.Closer) {
	w.mu.Lock()
	ended := w.open == nil
	if !ended {
		w.open[c] = true
	}
	w.mu.Unlock()
	if ended {
		_ = c.Close()
	}
}

func (w *World) disown(c io.Closer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, c)
}

// run runs f in the background, unless the world has ended. f has to return
// soon after the connections of the world are closed.
func (w *World) run(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open != nil {
		w.tasks.Go(f)
	}
}

func (w *World) log(line string) {
	if w.opts.Log != nil {
		w.opts.Log(line)
	}
}
