//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
	"wireline/protocols/playground"
)

// The tour types a line on Enter, runs what the learner types, goes on with
// ^C and ends with ^D.
func TestTour(t *testing.T) {
	p := sit(t, "demo")
	p.sees("wireline> ")
	p.types("tour nonsense\r")
	p.sees(`no lesson "nonsense"`)
	p.types("tour\r")
	p.sees("Enter types the next line for you.")
	p.sees("tcp: two streams of bytes")
	p.sees("[Enter] wireline> ")
	p.types("\r")
	p.sees("wireline> connect tcp echo 12345\r\n[1] connected")
	p.sees("[Enter] [1] tcp echo:12345> ")
	p.types("send \"my own\\n\"\r")
	p.sees("sent 7 bytes")
	p.sees("[Enter] [1] tcp echo:12345> ")
	p.types("tour\r")
	p.sees("this is the tour")
	p.sees("[Enter] [1] tcp echo:12345> ")
	p.types("\r")
	p.sees("[1] tcp echo:12345> send \"HELLO\\r\\n\"\r\nsent 7 bytes")
	p.sees("[Enter] ")
	p.types("\x03")
	p.sees("[Enter: udp] ")
	p.types("\r")
	p.sees("udp: datagrams")
	p.sees("[Enter] ")
	p.types("sleep 20\r") // ^C ends it and not the tour
	p.sees("sleep 20")
	time.Sleep(200 * time.Millisecond)
	p.types("\x03")
	p.sees("exit 130")
	p.sees("[Enter] ")
	p.types("\x04")
	p.sees("[1] tcp echo:12345> ")
	p.leaves()
}

func TestTourOneShot(t *testing.T) {
	p := sit(t, "demo", "tour", "finger")
	p.sees("finger: who is on a host")
	p.sees("[Enter] ")
	p.types("\r")
	p.sees("finger finger://people/\r\n")
	p.sees("Ann of the playground")
	p.sees("[Enter] ")
	p.types("\x04")
	select {
	case err := <-p.gone:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("^D does not end it")
	}
}

// Without a terminal the tour is a script, which runs as it is.
func TestTourScript(t *testing.T) {
	o := wireline(t, "", "demo", "tour", "gopher")
	o.check(t, 0, "# gopher: ", "")
	wireline(t, o.out, "demo").check(t, 0, "Hello, world!", "closed [1]")
	wireline(t, "", "tour").check(t, 4, "", "there are no servers here")
	wireline(t, "", "demo", "tour", "nonsense").check(t, 2, "", "no lesson")
}

// A demo and its faults, and how they look to a client.
func TestDemoFaults(t *testing.T) {
	for _, c := range []struct {
		exit     int
		out, err string
		words    string
	}{
		{0, "Tha", "", "--fault tutorial:fin@3 tcp recv tutorial 12346 --all"},
		{56, "", "RECV, exit 56", "--fault echo:rst@3 tcp send echo 12345 hello --recv-until o"},
		{28, "", "TIMEOUT, exit 28", "--fault echo:stall@3 tcp send echo 12345 hello --recv-until o -t 1"},
		{18, "", "PARTIAL, exit 18", "--fault 8080:fin@300 http get http://www:8080/bytes/1000"},
		{35, "", "TLS_HANDSHAKE, exit 35", "--fault https:garbage@10 http get https://www:8443/"},
		{28, "", "TIMEOUT, exit 28", "--loss 100% -c send"},
		{2, "", `no server "eco"; did you mean echo?`, "--fault eco:fin@1 tour"},
		{2, "", "demo: --latency: \"x\" is not a time span", "--latency x tour"},
		{2, "", "no option --lattency", "--lattency 1 tour"},
		{0, "--fault FAULT", "", "--help"},
	} {
		words := append([]string{"demo"}, strings.Fields(c.words)...)
		if words[len(words)-1] == "send" {
			words[len(words)-1] = "connect udp echo 4000; send hi; recv -t 1"
		}
		t.Run(c.words, func(t *testing.T) { wireline(t, "", words...).check(t, c.exit, c.out, c.err) })
	}
}

// serving starts a playground whose traces are kept in dir.
func serving(t *testing.T, dir string, args ...string) (cmd *exec.Cmd, all []playground.Service) {
	t.Helper()
	cmd = exec.Command("wireline", append([]string{"playground", "--json"}, args...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	lines := bufio.NewScanner(out)
	for range services(t) {
		if !lines.Scan() {
			t.Fatal("a line is missing:", lines.Err())
		}
		var s playground.Service
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("%s: %v", lines.Text(), err)
		}
		all = append(all, s)
	}
	return cmd, all
}

// services is how many servers there are.
func services(t *testing.T) int {
	t.Helper()
	w, err := playground.Start(t.Context(), playground.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return len(w.Services())
}

// After ^C, SIGTERM or SIGHUP nothing of a playground is left: no process, no
// port, no file.
func TestPlaygroundEnds(t *testing.T) {
	for _, sig := range []os.Signal{os.Interrupt, sigTerm, sigHup} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			cmd, all := serving(t, dir, "--port-base", fmt.Sprint(lab.Row(t, 50)))
			var open []net.Conn
			for _, s := range all {
				u, err := url.Parse(s.URL)
				if err != nil {
					t.Fatal(err)
				}
				if c, err := net.Dial("tcp", u.Host); err == nil {
					defer c.Close()
					open = append(open, c)
				}
			}
			if len(open) < 8 || len(dirEntries(t, dir)) != 1 {
				t.Fatalf("%d servers of %d answer, and %q is there", len(open), len(all), dirEntries(t, dir))
			}
			took := lab.Stopwatch(t)
			cmd.Process.Signal(sig)
			if err := cmd.Wait(); err != nil || took() > 5*time.Second {
				t.Errorf("%v after %v", err, took())
			}
			for _, c := range open {
				if again, err := net.Dial("tcp", c.RemoteAddr().String()); err == nil {
					again.Close()
					t.Errorf("%s answers", c.RemoteAddr())
				}
			}
			if names := dirEntries(t, dir); len(names) != 0 {
				t.Errorf("%q is left", names)
			}
		})
	}
}

// The same of a demo, whatever it is at.
func TestDemoEnds(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	for name, args := range map[string][]string{
		"a command": {"tcp", "recv", "echo", "12345"},
		"a line":    {"-c", "connect tcp echo 12345; recv"},
		"a script":  nil, // which never comes
	} {
		for _, sig := range []os.Signal{os.Interrupt, sigTerm, sigHup} {
			t.Run(name+" "+sig.String(), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				cmd := exec.Command("wireline", append([]string{"demo"}, args...)...)
				cmd.Env = append(os.Environ(), "TMPDIR="+dir, "HOME="+fifo)
				in, err := cmd.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				defer in.Close()
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				for end := time.Now().Add(time.Minute); len(dirEntries(t, dir)) == 0 && time.Now().Before(end); {
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(300 * time.Millisecond)
				cmd.Process.Signal(sig)
				timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
				defer timer.Stop()
				cmd.Wait()
				want := map[os.Signal]int{os.Interrupt: 130, sigTerm: 143, sigHup: 129}[sig]
				if got := cmd.ProcessState.ExitCode(); got != want || len(dirEntries(t, dir)) != 0 {
					t.Errorf("exit %d, want %d; left: %q", got, want, dirEntries(t, dir))
				}
			})
		}
	}
}

// A failed start leaves nothing, and says why.
func TestPlaygroundRefuses(t *testing.T) {
	base := lab.Row(t, 4)
	l, err := net.Listen("tcp4", fmt.Sprint("127.0.0.1:", base+3))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	for words, want := range map[string]string{
		fmt.Sprint("--port-base ", base): fmt.Sprintf("the port is in use (127.0.0.1:%d) (CONNECT, exit 7)", base+3),
		"--port-base 65530":              "USAGE, exit 2",
		"--fault imap":                   `"imap" is no fault such as imap:stall@120`,
		"--falt imap:fin@1":              "did you mean --fault?",
		"--bandwidth":                    "--bandwidth needs a value",
		"surprise":                       `too many arguments: "surprise"`,
		"--loss 11 --json":               "is not a share",
		"--fault unix:eof@12":            `"eof" is not one of fin, rst, stall, garbage`,
	} {
		o := wirelineEnv(t, []string{"TMPDIR=" + dir}, "", append([]string{"playground"}, strings.Fields(words)...)...)
		if o.exit == 0 || o.out != "" || !strings.Contains(o.err, want) || strings.Count(o.err, "\n") != 1 {
			t.Errorf("%s: exit %d, %s%s", words, o.exit, o.out, o.err)
		}
	}
	if names := dirEntries(t, dir); len(names) != 0 {
		t.Errorf("%q is left", names)
	}
	if l, err := net.Listen("tcp4", fmt.Sprint("127.0.0.1:", base)); err != nil {
		t.Error(err)
	} else {
		l.Close()
	}
	wireline(t, "", "playground", "--help").check(t, 0, "--port-base N", "")
}

func dirEntries(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}
