//go:build unix

package line

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A rig is a child on a pty, and the screen it draws on.
type rig struct {
	t      *testing.T
	cmd    *exec.Cmd
	f      *os.File
	events *os.File
	exit   chan error

	mu     sync.Mutex
	vt     *vt
	raw    strings.Builder
	change chan struct{}
}

// start runs the child on a screen of the given size.
func start(t *testing.T, cols, rows int, env ...string) *rig {
	t.Helper()
	return startCommand(t, exec.Command(os.Args[0]), cols, rows, env...)
}

func startCommand(t *testing.T, cmd *exec.Cmd, cols, rows int, env ...string) *rig {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = append(os.Environ(), append([]string{childEnv + "=1", "TERM=xterm", "GORACE=atexit_sleep_ms=0"}, env...)...)
	cmd.ExtraFiles = []*os.File{r}
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: uint16(rows), Cols: uint16(cols)})
	r.Close()
	if err != nil {
		t.Fatal(err)
	}
	g := &rig{t: t, cmd: cmd, f: f, events: w, exit: make(chan error, 1), vt: newVT(cols, rows), change: make(chan struct{}, 1)}
	var reader sync.WaitGroup
	reader.Go(g.read)
	go func() { g.exit <- cmd.Wait() }()
	t.Cleanup(func() {
		w.Close()
		if g.cmd.ProcessState == nil {
			g.cmd.Process.Kill()
		}
		f.Close()
		reader.Wait()
		if len(g.vt.bad) > 0 {
			t.Errorf("unknown escape sequences: %q", g.vt.bad)
		}
	})
	return g
}

func (g *rig) read() {
	b := make([]byte, 4096)
	for {
		n, err := g.f.Read(b)
		g.mu.Lock()
		g.vt.Write(b[:n])
		g.raw.Write(b[:n])
		g.mu.Unlock()
		select {
		case g.change <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (g *rig) screen() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.vt.text()
}

// until waits for ok to hold of the screen.
func (g *rig) until(what string, ok func(screen string) bool) {
	g.t.Helper()
	late := time.After(time.Minute)
	for !ok(g.screen()) {
		select {
		case <-g.change:
		case <-late:
			g.t.Fatalf("no %s; the screen is\n%s\nafter %q", what, g.screen(), g.output())
		}
	}
}

// rung is how often the bell rang.
func (g *rig) rung() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.vt.bells
}

// marked reports whether bracketed paste is on.
func (g *rig) marked() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.vt.paste
}

func (g *rig) output() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.raw.String()
}

// ends waits until the screen ends in want; the cursor is a vertical bar.
func (g *rig) ends(want string) {
	g.t.Helper()
	g.until(fmt.Sprintf("%q at the end", want), func(s string) bool { return strings.HasSuffix(s, want) })
}

func (g *rig) has(want string) {
	g.t.Helper()
	g.until(fmt.Sprintf("%q", want), func(s string) bool { return strings.Contains(s, want) })
}

func (g *rig) keys(s string) {
	g.t.Helper()
	if _, err := g.f.WriteString(s); err != nil {
		g.t.Fatal(err)
	}
}

// event lets something happen that nobody typed.
func (g *rig) event(s string) {
	g.t.Helper()
	if _, err := g.events.WriteString(s + "\n"); err != nil {
		g.t.Fatal(err)
	}
}

// quits waits for the child to end well: its goroutines gone, no race seen.
func (g *rig) quits() {
	g.t.Helper()
	g.events.Close()
	select {
	case err := <-g.exit:
		if err != nil {
			g.t.Fatalf("the child: %v; the screen is\n%s", err, g.screen())
		}
	case <-time.After(time.Minute):
		g.t.Fatalf("the child does not end; the screen is\n%s", g.screen())
	}
}
