//go:build unix

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A person sits at a real wireline on a pseudo terminal.
type person struct {
	t   *testing.T
	tty *os.File
	cmd *exec.Cmd

	mu     sync.Mutex
	screen bytes.Buffer
	news   chan struct{}
	seen   int
	gone   chan error
}

func sit(t *testing.T, args ...string) *person {
	t.Helper()
	return sitWith(t, []string{"NO_COLOR=1"}, args...)
}

// sitWith is sit with more in the environment.
func sitWith(t *testing.T, env []string, args ...string) *person {
	t.Helper()
	cmd := exec.Command("wireline", args...)
	dir := t.TempDir()
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "TERM=xterm", "PAGER=off", "SHELL=/bin/sh")
	cmd.Env = append(cmd.Env, env...)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, tty: tty, cmd: cmd, news: make(chan struct{}, 1), gone: make(chan error, 1)}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := tty.Read(b)
			p.mu.Lock()
			p.screen.Write(b[:n])
			p.mu.Unlock()
			select {
			case p.news <- struct{}{}:
			default:
			}
			if err != nil {
				p.gone <- cmd.Wait()
				return
			}
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		tty.Close()
	})
	return p
}

// escapes are what the editor draws with.
var escapes = regexp.MustCompile(`\x1b\[[0-9;?]*[a-zA-Z]|\x1b[>=]`)

// sees waits until text appears behind what was seen before, and returns all
// up to it.
func (p *person) sees(text string) string {
	p.t.Helper()
	end := time.After(time.Minute)
	for {
		p.mu.Lock()
		plain := escapes.ReplaceAllString(p.screen.String(), "")
		p.mu.Unlock()
		if p.seen > len(plain) {
			p.seen = len(plain)
		}
		if i := strings.Index(plain[p.seen:], text); i >= 0 {
			got := plain[p.seen : p.seen+i+len(text)]
			p.seen += i + len(text)
			return got
		}
		select {
		case <-p.news:
		case <-end:
			p.t.Fatalf("%q did not appear in %q\n%s", text, plain[p.seen:], p.stacks())
		}
	}
}

// stacks are what the program was doing.
func (p *person) stacks() string {
	p.mu.Lock()
	from := p.screen.Len()
	p.mu.Unlock()
	p.cmd.Process.Signal(syscall.SIGQUIT)
	select {
	case <-p.gone:
	case <-time.After(5 * time.Second):
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()[from:]
}

// seesBoth waits for two texts, whichever comes first.
func (p *person) seesBoth(a, b string) {
	p.t.Helper()
	from := p.seen
	p.sees(a)
	end := p.seen
	p.seen = from
	p.sees(b)
	p.seen = max(p.seen, end)
}

func (p *person) types(text string) {
	p.t.Helper()
	if _, err := p.tty.WriteString(text); err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) leaves() {
	p.t.Helper()
	p.types("exit\r")
	select {
	case err := <-p.gone:
		if err != nil {
			p.t.Errorf("wireline ended with %v", err)
		}
	case <-time.After(time.Minute):
		p.t.Fatalf("wireline did not leave\n%s", p.stacks())
	}
}

// joined is a person at a prompt with a tcp session, and its other end.
func joined(t *testing.T) (*person, net.Conn) {
	t.Helper()
	addr, client := peer(t)
	host, port, _ := strings.Cut(addr, ":")
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect tcp " + host + " " + port + "\r")
	p.sees("connected to")
	c := client()
	t.Cleanup(func() { c.Close() })
	return p, c
}

// peer is a server that hands its one client to the test.
func peer(t *testing.T) (addr string, client func() net.Conn) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), func() net.Conn {
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
}

// RAW-01, X-07: type, edit, history, and the prompt tells where one is.
func TestPrompt(t *testing.T) {
	p := sit(t, "demo")
	p.sees("wireline> ")
	p.types("connect tcp echo 12345\r")
	p.sees("[1] connected to")
	p.sees("[1] tcp echo:12345> ")
	p.types("senx\x7fd \"HELLO\\r\\n\"\r")
	p.sees("sent 7 bytes")
	p.types("recv --until \"\\n\" -t 2\r")
	p.sees("HELLO")
	p.types("\x1b[A\x1b[A\r") // two lines up: send again
	p.sees("sent 7 bytes")
	p.types("sessions\r")
	p.sees("echo:12345")
	p.types("close\r")
	p.sees("closed [1]")
	p.sees("wireline> ")
	p.leaves()
}

// T13: ^C ends recv and not the session.
func TestInterrupt(t *testing.T) {
	addr, client := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect tcp " + addr + "\r")
	c := client()
	p.sees("> ")
	p.types("recv\r")
	p.sees("recv")
	time.Sleep(200 * time.Millisecond) // a person does not hit ^C at once
	p.types("\x03")
	p.sees("INT, exit 130")
	p.sees("> ")
	fmt.Fprint(c, "still here\n")
	p.types("recv -t 5\r")
	p.sees("still here")
	p.leaves()
}

// what comes in while one types does not break the line.
func TestNotice(t *testing.T) {
	addr, client := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect tcp " + addr + "\r")
	c := client()
	p.sees("> ")
	p.types("echo half a")
	p.sees("half a")
	fmt.Fprint(c, "surprise\n")
	p.sees("surprise")
	p.sees("echo half a") // the line is there again
	p.types(" line\r")
	p.sees("half a line")
	p.leaves()
}

// of TRUST: a server cannot steer the terminal.
func TestEscapes(t *testing.T) {
	addr, client := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect tcp " + addr + "\r")
	c := client()
	fmt.Fprint(c, "\x1b]0;owned\x07\x1b[2J\u202eevil\n")
	p.sees("> ")
	p.types("recv --until \"\\n\" -t 5\r")
	p.sees("evil")
	p.leaves()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, bad := range []string{"\x1b]0", "\x1b[2J", "\x07", "\u202e"} {
		if strings.Contains(p.screen.String(), bad) {
			t.Errorf("%q reached the terminal", bad)
		}
	}
}

// A resize while a line is typed redraws it, and the line is whole.
func TestResize(t *testing.T) {
	p := sit(t)
	p.sees("wireline> ")
	p.types("echo abc")
	p.sees("abc")
	if err := pty.Setsize(p.tty, &pty.Winsize{Rows: 24, Cols: 30}); err != nil {
		t.Fatal(err)
	}
	p.types("def\r")
	p.sees("abcdef\r\n")
	p.leaves()
}

// interact: the keyboard goes to the peer until ^].
func TestInteract(t *testing.T) {
	addr, client := peer(t)
	p := sit(t, "connect", "tcp", addr)
	c := client()
	p.sees("connected")
	fmt.Fprint(c, "\x1b]0;owned\x07login: ")
	p.sees("\\x1b]0;owned\\x07login: ") // made visible
	p.types("ann\r")
	b := make([]byte, 16)
	n, err := c.Read(b)
	if err != nil || !strings.HasPrefix(string(b[:n]), "ann") {
		t.Errorf("the peer heard %q, %v", b[:n], err)
	}
	p.types("\x1d")
	select {
	case <-p.gone:
	case <-time.After(time.Minute):
		t.Fatal("^] did not leave")
	}
}
