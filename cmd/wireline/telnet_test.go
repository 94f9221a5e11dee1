//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"wireline/protocols/lab"
)

// A remote is the other end of a telnet session of a test.
type remote struct {
	t *testing.T
	net.Conn
}

func (r remote) says(text string) {
	r.t.Helper()
	if _, err := io.WriteString(r, text); err != nil {
		r.t.Fatal(err)
	}
}

func (r remote) hears(want string) {
	r.t.Helper()
	r.SetReadDeadline(time.Now().Add(time.Minute))
	got := make([]byte, len(want))
	if n, err := io.ReadFull(r, got); string(got) != want {
		r.t.Fatalf("the server heard %q, want %q (%v)", got[:n], want, err)
	}
}

const (
	willEcho, doEcho = "\xff\xfb\x01", "\xff\xfd\x01"
	willSGA, doSGA   = "\xff\xfb\x03", "\xff\xfd\x03"
	doNAWS, willNAWS = "\xff\xfd\x1f", "\xff\xfb\x1f"
)

// cooked reports whether the terminal echoes and makes lines.
func (p *person) cooked() bool {
	t, err := unix.IoctlGetTermios(int(p.tty.Fd()), unix.TCGETS)
	if err != nil {
		p.t.Fatal(err)
	}
	return t.Lflag&(unix.ECHO|unix.ICANON|unix.ISIG) == unix.ECHO|unix.ICANON|unix.ISIG && t.Oflag&unix.OPOST != 0
}

// drawn is all that came to the terminal, as it came.
func (p *person) drawn() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.String()
}

// ends waits for the end of the program, after which the terminal is as it
// was. Its status is want.
func (p *person) ends(want int) {
	p.t.Helper()
	select {
	case <-p.gone:
	case <-time.After(time.Minute):
		p.t.Fatal("wireline did not end")
	}
	if got := p.cmd.ProcessState.ExitCode(); got != want {
		p.t.Errorf("exit status %d, want %d", got, want)
	}
	if !p.cooked() {
		p.t.Error("the terminal was left raw")
	}
}

// TEL-02, X07: however a talk ends, the terminal is as it was before.
func TestTelnetTerminal(t *testing.T) {
	for _, c := range []struct {
		end  string
		act  func(*person, remote)
		exit int
	}{
		{"^]", func(p *person, _ remote) { p.types("\x1d") }, 0},
		{"the server closes", func(_ *person, r remote) { r.Close() }, 0},
		{"terminate", func(p *person, _ remote) { p.cmd.Process.Signal(sigTerm) }, 143},
		{"hang up", func(p *person, _ remote) { p.cmd.Process.Signal(sigHup) }, 129},
	} {
		t.Run(c.end, func(t *testing.T) {
			addr, client := peer(t)
			p := sit(t, "connect", "telnet", addr)
			r := remote{t, client()}
			r.says(willEcho + willSGA + "\x1b[?1049h\x1b[?25lready")
			r.hears(doEcho + doSGA)
			p.sees("ready")
			if p.cooked() {
				t.Fatal("the terminal is not raw in a talk")
			}
			c.act(p, r)
			p.ends(c.exit)
			if _, after, _ := strings.Cut(p.drawn(), "ready"); !strings.Contains(after, "\x1b[?25h") || !strings.Contains(after, "\x1b[?1049l") && !strings.Contains(after, "\x1b[?1047l") {
				t.Errorf("at the end came %q", after)
			}
		})
	}
}

// TEL-02: what is typed ahead of interact goes to the server, what is typed
// behind ^] to the prompt.
func TestTelnetTypeAhead(t *testing.T) {
	addr, client := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect telnet " + addr + " ; interact\rann\r\x1decho \"$(echo ba)ck\"\r")
	r := remote{t, client()}
	r.hears("ann\r\n")
	p.sees("back\r\n")
	p.leaves()
}

// TEL-04: the server knows of another size of the window within a second.
func TestTelnetResize(t *testing.T) {
	addr, client := peer(t)
	p := sit(t, "connect", "telnet", addr)
	r := remote{t, client()}
	r.says(doNAWS + "ready")
	r.hears(willNAWS + "\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0")
	p.sees("ready")
	took := lab.Stopwatch(t)
	if err := pty.Setsize(p.tty, &pty.Winsize{Cols: 100, Rows: 30}); err != nil {
		t.Fatal(err)
	}
	r.hears("\xff\xfa\x1f\x00\x64\x00\x1e\xff\xf0")
	if d := took(); d > time.Second {
		t.Errorf("it took %v", d)
	}
	p.types("\x1d")
	p.ends(0)
}

// set keep tells a telnet server that we are there, by IAC NOP, but none
// that has not spoken of an option: it may not be one.
func TestTelnetKept(t *testing.T) {
	addr, client := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("set keep 100ms\r")
	p.types("connect telnet " + addr + "\r")
	r := remote{t, client()}
	p.sees("[1] telnet")
	p.types("trace line\r")
	p.sees("> ")
	r.says("220 this is SMTP\r\n")
	p.sees("recv takes them")
	r.SetReadDeadline(time.Now().Add(400 * time.Millisecond))
	if n, err := r.Read(make([]byte, 9)); n > 0 {
		t.Fatalf("a server that is none of telnet heard something (%v)", err)
	}
	r.says(willEcho)
	r.hears(doEcho + "\xff\xf1\xff\xf1\xff\xf1")
	r.says("still there\r\n")
	p.sees("still there")
	p.leaves()
}

// TEL-07: a trace within interact has lines of its own, and goes on to the
// end of what was asked to be traced.
func TestTelnetTrace(t *testing.T) {
	addr, client := peer(t)
	p := sit(t, "connect", "telnet", addr, "-v")
	r := remote{t, client()}
	r.says(willEcho + willSGA + "login: ")
	r.hears(doEcho + doSGA)
	p.sees("← IAC WILL ECHO\r\n")
	p.sees("login: ")
	p.types("a")
	r.hears("a")
	r.says("a")
	p.sees("> a\r\n")
	p.sees("< a\r\n")
	p.types("\x1d")
	p.ends(0)
	for line := range strings.Lines(escapes.ReplaceAllString(p.all(), "")) {
		if i := strings.Index(line, " [1] "); i > len("15:04:05.000") {
			t.Errorf("within a line: %q", line)
		}
		if !strings.HasSuffix(line, "\r\n") && strings.HasSuffix(line, "\n") {
			t.Errorf("without a return: %q", line)
		}
	}
}

// TEL-13: a trigger of a session answers while another one is talked with,
// and in a script.
func TestTelnetBackground(t *testing.T) {
	one, first := peer(t)
	two, second := peer(t)
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect telnet " + one + "\r")
	p.sees("[1] telnet")
	a := remote{t, first()}
	p.types("on /more\\?/ do send \"y\\r\\n\"\r")
	p.sees("[1] on /more")
	p.types("connect telnet " + two + " ; interact\r")
	b := remote{t, second()}
	b.says("here")
	p.sees("here")
	for range 3 {
		a.says("more? ")
		a.hears("y\r\n")
	}
	b.says("still")
	if got := p.sees("still"); strings.Contains(got, "more?") {
		t.Errorf("the other session is seen: %q", got)
	}
	p.types("\x1d")
	p.sees("[1] 18 bytes: more? more? more? ; recv takes them") // told then
	p.leaves()

	p = sit(t, "-c", fmt.Sprintf("connect telnet %s ; on /more/ do send yes ; connect telnet %s ; recv --until end", one, two))
	a, b = remote{t, first()}, remote{t, second()}
	a.says("more")
	a.hears("yes")
	b.says("end")
	p.ends(0)
}
