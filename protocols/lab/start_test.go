package lab

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Stop leaves neither the process, nor what it started, nor its port.
func TestStop(t *testing.T) {
	r := Start(t, Python(`
import socket, subprocess, sys
s = socket.socket()
s.bind((sys.argv[1], int(sys.argv[2])))
s.listen()
s.set_inheritable(True)
subprocess.Popen(["sleep", "60"], close_fds=False)
print("ready")
import time
time.sleep(60)
`))
	took := Stopwatch(t)
	r.Stop()
	if d := took(); d > stopping {
		t.Errorf("Stop took %v", d)
	}
	// The child holds the port too, and its end may be a moment later.
	var ln net.Listener
	var err error
	for range 100 {
		if ln, err = net.Listen("tcp", r.Addr()); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatal("the port is not free:", err)
	}
	ln.Close()
	r.Stop() // a second time does nothing
}

// A server that does not get ready is told of at once, with its log.
func TestEndsBeforeReady(t *testing.T) {
	path := Need(t, "python3")
	r, err := start(t, Python(`import sys; sys.exit("no config")`), path)
	r.Stop()
	if err == nil || !strings.Contains(err.Error(), "ended before it was ready") {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(r.Log(), "no config") {
		t.Errorf("the log is %q", r.Log())
	}
}

// Banner waits for the greeting, not only for the port.
func TestBanner(t *testing.T) {
	s := Python(`
import socket, sys
s = socket.socket()
s.bind((sys.argv[1], int(sys.argv[2])))
s.listen()
for greeting in (b"421 wait\r\n", b"220 ready\r\n"):
    c, addr = s.accept()
    c.sendall(greeting)
    c.close()
`)
	s.Ready = Banner("220 ")
	r := Start(t, s)
	if err := r.Wait(time.Minute); err != nil {
		t.Error(err)
	}
}

// The ports of one server differ, and a name that it lacks is an error.
func TestPorts(t *testing.T) {
	p := place(t, t.TempDir(), []string{"tls", "data"})
	tls, err1 := p.PortOf("tls")
	data, err2 := p.PortOf("data")
	if err1 != nil || err2 != nil || tls == data || tls == p.Port || data == p.Port {
		t.Errorf("ports %d, %d, %d; %v, %v", p.Port, tls, data, err1, err2)
	}
	if _, err := p.PortOf("none"); err == nil {
		t.Error("a port without a name must be an error")
	}
}

// A server that ends at once, as one does whose port was taken, is started
// again, on another port.
func TestStartsAgain(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "mark")
	s := Python(`
import os, sys
if not os.path.exists(sys.argv[3]):
    open(sys.argv[3], "w").write(sys.argv[2])
    sys.exit(1)
print("ready")
sys.stdin.read()
`)
	s.Args = append(s.Args, mark)
	r := Start(t, s)
	first, err := os.ReadFile(mark)
	if err != nil {
		t.Fatal(err)
	}
	if string(first) == strconv.Itoa(r.Port) {
		t.Errorf("it was started again on the port %s", first)
	}
}
