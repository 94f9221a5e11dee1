package lab

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	starting = time.Minute     // until a server must be ready
	stopping = 3 * time.Second // from asking it to end to ending it
)

// A Running is a server at work.
type Running struct {
	Place
	URL   string
	Stdin io.WriteCloser // what the program reads; stays open until Stop

	stop sync.Once
	cmd  *exec.Cmd
	out  *os.File      // standard output
	err  *os.File      // standard error
	done chan struct{} // closed when the process has ended
	exit error
}

// Start runs s and returns when it is ready. It is stopped when t ends, and
// its log is shown if t failed.
func Start(t testing.TB, s Server) *Running {
	t.Helper()
	path := Need(t, s.Program)
	for try := 1; ; try++ {
		r, err := start(t, s, path)
		if err == nil {
			t.Cleanup(func() {
				r.Stop()
				if t.Failed() {
					t.Logf("lab: log of %s:\n%s", s.Program, r.Log())
				}
			})
			return r
		}
		r.Stop()
		// Another test may have taken the port; not every program says so
		// where its log is read, or at all.
		if try == 3 || !errors.Is(err, errEnded) {
			t.Fatalf("lab: %s: %v; its log:\n%s", s.Program, err, r.Log())
		}
	}
}

func start(t testing.TB, s Server, path string) (*Running, error) {
	t.Helper()
	r := &Running{Place: place(t, t.TempDir(), s.Ports), done: make(chan struct{})}
	for name, text := range s.Files {
		file := r.Path(name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal("lab:", err)
		}
		if err := os.WriteFile(file, []byte(r.fill(t, text)), 0o644); err != nil {
			t.Fatal("lab:", err)
		}
	}
	r.URL = r.fill(t, s.URL)

	r.cmd = exec.Command(path)
	for _, arg := range s.Args {
		r.cmd.Args = append(r.cmd.Args, r.fill(t, arg))
	}
	r.cmd.Dir = r.Dir
	group(r.cmd)
	var err error
	if r.out, err = os.Create(r.Path("stdout")); err != nil {
		t.Fatal("lab:", err)
	}
	if r.err, err = os.Create(r.Path("stderr")); err != nil {
		t.Fatal("lab:", err)
	}
	r.cmd.Stdout, r.cmd.Stderr = r.out, r.err
	if r.Stdin, err = r.cmd.StdinPipe(); err != nil {
		t.Fatal("lab:", err)
	}
	if err := r.cmd.Start(); err != nil {
		close(r.done)
		return r, err
	}
	go func() {
		r.exit = r.cmd.Wait()
		close(r.done)
	}()
	return r, r.await(s.Ready)
}

var errEnded = errors.New("it ended before it was ready")

// await polls ready until it holds, the process ends, or time is up.
func (r *Running) await(ready Ready) error {
	if ready == nil {
		ready = Connects
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(starting)
	for {
		isReady := ready(r)
		select {
		case <-r.done: // and what was ready is not r
			return fmt.Errorf("%w: %v", errEnded, r.exit)
		default:
		}
		if isReady {
			return nil
		}
		select {
		case <-r.done:
		case <-limit:
			return fmt.Errorf("it was not ready after %v", starting)
		case <-tick.C:
		}
	}
}

// Stop ends the server, by its process id, with all that it started, and
// waits until it has ended.
func (r *Running) Stop() { r.stop.Do(r.end) }

func (r *Running) end() {
	if r.cmd.Process != nil {
		// Either may come too late, and then there is nothing left to end.
		_ = terminate(r.cmd.Process)
		select {
		case <-r.done:
		case <-time.After(stopping):
		}
		_ = kill(r.cmd.Process)
	}
	<-r.done
	r.Stdin.Close()
	r.out.Close()
	r.err.Close()
}

// Wait waits until the server has ended by itself, for at most limit.
func (r *Running) Wait(limit time.Duration) error {
	select {
	case <-r.done:
		return r.exit
	case <-time.After(limit):
		return fmt.Errorf("it still runs after %v", limit)
	}
}

// Pid is the process id of the server.
func (r *Running) Pid() int { return r.cmd.Process.Pid }

// Output is what the server has written to standard output so far.
func (r *Running) Output() string { return r.read("stdout") }

// Log is all the server has written so far: standard output, standard error
// and any file of its directory that ends in .log.
func (r *Running) Log() string {
	var b strings.Builder
	b.WriteString(r.Output())
	b.WriteString(r.read("stderr"))
	logs, _ := filepath.Glob(r.Path("*.log"))
	for _, l := range logs {
		b.WriteString(r.read(filepath.Base(l)))
	}
	return b.String()
}

func (r *Running) read(name string) string {
	b, _ := os.ReadFile(r.Path(name))
	return string(b)
}
