//go:build unix

package line

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireline/protocols/lab"

	"golang.org/x/sys/unix"
)

// T13: ^C ends the command, and the prompt is as before.
func TestInterrupt(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	g.keys("not this\x03")
	g.ends("wl> not this^C\nwl> |")
	g.keys("wait\r")
	g.ends("waiting\n|")
	g.keys("ls\x03")
	g.ends("cancelled\nwl> |")
	g.keys("wait\r\x03") // right behind the line
	g.ends("waiting\ncancelled\nwl> |")
	g.keys("wait\rabc\x03later\r")
	g.ends("LINE=\"later\"\nwl> |")
	if err := g.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	g.ends("wl> ^C\nwl> |")
	g.keys("\x04")
	g.quits()
}

func TestTypeAhead(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	g.keys("one\rtwo\rthr\x1b[D\x1b[Dx")
	g.ends("LINE=\"one\"\nwl> two\nLINE=\"two\"\nwl> tx|hr")
	g.keys("\x05\x15talk\rab\rq")
	g.ends("TALK=\"ab\\rq\"\nwl> |")
	g.keys("cook\rab\rq\r")
	g.ends("TALK=\"ab\\nq\\n\"\nwl> |")
	g.keys("talk\r")
	g.ends("talking\n|")
	g.keys("x\x03q")
	g.ends("TALK=\"x\\x03q\"\nwl> |")
	g.keys("cook\r")
	g.ends("talking\n|")
	g.keys("x\x7fy\rq\rnext\r")
	g.has("TALK=\"y\\nq\\n\"")
	g.ends("LINE=\"next\"\nwl> |")
	g.keys("cook\r")
	g.ends("talking\n|")
	g.keys("\x03")
	g.has("read: context canceled")
	g.ends("wl> |")
	g.keys("\x04")
	g.quits()
}

// T13: whenever ^C comes, the command ends and the next prompt comes soon.
func TestInterruptAnyTime(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	for range 50 {
		g.keys("wait\r")
		pause := time.NewTimer(time.Duration(rand.IntN(2000)) * time.Microsecond)
		<-pause.C
		took := lab.Stopwatch(t)
		g.keys("\x03")
		g.ends("cancelled\nwl> |")
		if d := took(); d > 500*time.Millisecond {
			t.Errorf("the prompt came after %v", d)
		}
		g.keys("\x0cok\r")
		g.ends("LINE=\"ok\"\nwl> |")
	}
	g.keys("\x04")
	g.quits()
}

// ^Z stops the job with the terminal as it was, and fg brings the line back.
func TestStop(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		lab.Skip(t, "no shell")
	}
	script := `set -m; stty >/dev/null; before=$(stty -g); "$0"; [ "$before" = "$(stty -g)" ] && echo SAME; fg; [ "$before" = "$(stty -g)" ] && echo RESTORED`
	g := startCommand(t, exec.Command(sh, "-c", script, os.Args[0]), 80, 24)
	g.ends("wl> |")
	g.keys("half\x1b[D\x1a")
	g.has("SAME")
	g.ends("wl> hal|f")
	g.keys("X\r")
	g.ends("LINE=\"halXf\"\nwl> |")
	g.keys("\x04")
	g.quits()
	g.has("RESTORED")
}

// Without a shell to continue it, ^Z does nothing.
func TestStopAlone(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	g.keys("a\x1ab")
	g.ends("wl> ab|")
	g.keys("\r\x04")
	g.quits()
}

func TestCloseDuringReadLine(t *testing.T) {
	g := start(t, 80, 24)
	g.ends("wl> |")
	g.keys("half")
	g.ends("wl> half|")
	g.event("CLOSE")
	g.has("closed in time: true")
	g.has("bye")
	g.quits()
}

// K03: a terminal that can do nothing.
func TestDumb(t *testing.T) {
	g := start(t, 80, 24, "TERM=dumb")
	g.ends("> |")
	g.keys("abx\x7fc\r")
	g.has("LINE=\"abc\"")
	g.keys("wait\r")
	g.has("waiting")
	g.keys("\x03")
	g.has("cancelled")
	g.ends("> |")
	g.keys("half\x03")
	g.ends("^C\nwl> |")
	g.keys("\"more\r")
	g.ends("... |")
	g.keys("x\"\r")
	g.has(`LINE="\"more\nx\""`)
	g.event("news")
	g.has("\nnews\n")
	g.keys("secret\r")
	g.has("Password for host: ")
	g.keys("pass\r")
	g.has("4 bytes, <nil>")
	g.keys("\x04")
	g.quits()
}

// T13: a program that is told to end puts the terminal back first, at the
// prompt and within a command.
func TestTerminate(t *testing.T) {
	for _, typed := range []string{"half", "wait\r"} {
		for sig, want := range map[syscall.Signal]string{
			syscall.SIGTERM: "error: terminated", syscall.SIGHUP: "error: the terminal went away",
		} {
			g := start(t, 80, 24)
			g.ends("wl> |")
			g.keys(typed)
			g.until("command", func(s string) bool { return strings.Contains(s, "half") || strings.Contains(s, "waiting") })
			if err := g.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			g.has(want)
			if tio, err := unix.IoctlGetTermios(int(g.f.Fd()), getTermios); err != nil || tio.Lflag&unix.ICANON == 0 || tio.Lflag&unix.ECHO == 0 {
				t.Errorf("the terminal is left raw: %v", err)
			}
			g.events.Close()
			<-g.exit
		}
	}
}
