//go:build unix

package lab

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// endsBy names how TestLeft, in a process of its own, comes to an end.
const endsBy = "WIRELINE_LAB_ENDS_BY"

// However a test ends, its servers and what they have started end with it.
func TestLeavesNothing(t *testing.T) {
	Need(t, "python3")
	for _, how := range []string{"panic", "interrupt", "kill"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(os.Args[0], "-test.run=^TestLeft$", "-test.timeout=1m")
			cmd.Env = append(os.Environ(), endsBy+"="+how, "TMPDIR="+t.TempDir())
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			held := ""
			for lines := bufio.NewScanner(out); lines.Scan(); {
				if text, ok := strings.CutPrefix(lines.Text(), "holds "); ok {
					held = text
					break
				}
			}
			switch how {
			case "interrupt":
				cmd.Process.Signal(os.Interrupt)
			case "kill":
				cmd.Process.Kill()
			}
			cmd.Wait()
			if held == "" || cmd.ProcessState.Success() {
				t.Fatalf("it ended with %v, and had %q", cmd.ProcessState, held)
			}
			f, err := os.Open(held)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			for end := time.Now().Add(time.Minute); syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil; time.Sleep(20 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the server is still there")
				}
			}
		})
	}
}

// TestLeft is the test that ends, for TestLeavesNothing.
func TestLeft(t *testing.T) {
	how := os.Getenv(endsBy)
	if how == "" {
		return
	}
	r := Start(t, Python(`
import fcntl, os, signal, sys, time
f = open(os.path.dirname(__file__) + "/held", "w")
fcntl.flock(f, fcntl.LOCK_EX)
if os.fork() == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(100)
    sys.exit()
print("ready")
time.sleep(100)
`))
	os.Stdout.WriteString("holds " + r.Path("held") + "\n")
	if how == "panic" {
		go panic("on purpose")
	}
	select {}
}
