package playground

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"wireline/protocols/lab"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o Options) *World {
	t.Helper()
	w, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// dial connects to where the demo's own shell would.
func dial(t *testing.T, w *World, network, address string) net.Conn {
	t.Helper()
	real := w.Map(network, address)
	if real == "" {
		t.Fatalf("%s %s is nowhere", network, address)
	}
	c, err := net.Dial(network, real)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return c
}

// addresses are where every server listens.
func addresses(w *World) map[string]string {
	all := map[string]string{}
	for _, r := range w.running {
		all[r.addr] = r.network
	}
	return all
}

func TestWorldsSideBySide(t *testing.T) {
	var all sync.WaitGroup
	worlds := make([]*World, 4)
	for i := range worlds {
		all.Go(func() {
			w, err := Start(t.Context(), Options{})
			if err != nil {
				t.Error(err)
				return
			}
			worlds[i] = w
		})
	}
	all.Wait()
	seen := map[string]bool{}
	for _, w := range worlds {
		if w == nil {
			continue
		}
		for addr, network := range addresses(w) {
			if seen[network+addr] {
				t.Errorf("two worlds at %s", addr)
			}
			seen[network+addr] = true
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Once a world is closed its ports are free, its sockets gone, and whoever
// was connected is cut off, busy or not.
func TestClose(t *testing.T) {
	w := start(t, Options{})
	idle := dial(t, w, "tcp", "echo:12345")
	busy := dial(t, w, "tcp", "www:8080")
	if _, err := busy.Write([]byte("GET /slow/3600 HTTP/1.1\r\nHost: www\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	took := lab.Stopwatch(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if d := took(); d > 3*time.Second {
		t.Errorf("closing took %v", d)
	}
	for _, c := range []net.Conn{idle, busy} {
		if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after the end: %d bytes, %v", n, err)
		}
	}
	for addr, network := range addresses(w) {
		var err error
		if network == "udp" || network == "unixgram" {
			var pc net.PacketConn
			if pc, err = net.ListenPacket(network, addr); err == nil {
				err = pc.Close()
			}
		} else if c, dialed := net.Dial(network, addr); dialed == nil {
			c.Close()
			err = errors.New("somebody answers")
		}
		if err != nil && !errors.Is(err, syscall.ENOENT) { // the directory of the unix sockets is gone
			t.Errorf("%s %s after the end: %v", network, addr, err)
		}
	}
	if _, err := os.Stat(w.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s: %v", w.dir, err)
	}
	if err := w.Close(); err != nil {
		t.Error("closing again:", err)
	}
}

func TestEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w, err := Start(ctx, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c := dial(t, w, "tcp", "echo:12345")
	cancel()
	if n, err := c.Read(make([]byte, 1)); n != 0 || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after the context: %d bytes, %v", n, err)
	}
	if _, err := Start(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("started under an ended context: %v", err)
	}
}

// With a port base every server has its place, and one that cannot have it
// brings down the others.
func TestPortBase(t *testing.T) {
	base := lab.Row(t, 30)
	w, err := Start(t.Context(), Options{PortBase: base})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Services()[0].URL; got != fmt.Sprint("tcp://127.0.0.1:", base) {
		t.Errorf("the first server is at %s", got)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	inTheWay, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", base+3))
	if err != nil {
		t.Fatal(err)
	}
	defer inTheWay.Close()
	if w, err := Start(t.Context(), Options{PortBase: base}); !errors.Is(err, syscall.EADDRINUSE) {
		w.Close()
		t.Fatalf("a port was taken, and the error is %v", err)
	}
	l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", base))
	if err != nil {
		t.Fatal("the first port is still taken:", err)
	}
	l.Close()
}

func TestLatencyAndLog(t *testing.T) {
	lines := make(chan string, 100)
	w := start(t, Options{Latency: 80 * time.Millisecond, Log: func(s string) { lines <- s }})
	c := dial(t, w, "tcp", "echo:12345")
	began := time.Now()
	say(t, c, "hi\r\n", "hi\r\n")
	if took := time.Since(began); took < 80*time.Millisecond {
		t.Errorf("the answer took %v", took)
	}
	if line := <-lines; !strings.HasPrefix(line, "echo:12345: connection from 127.0.0.1:") {
		t.Errorf("logged: %s", line)
	}
}

func TestMap(t *testing.T) {
	w := start(t, Options{})
	at := func(name string) string {
		for _, r := range w.running {
			if r.what() == name {
				return r.addr
			}
		}
		t.Fatal("no server", name)
		return ""
	}
	echoPort := at("echo:12345")[len("127.0.0.1:"):]
	for _, c := range []struct{ network, address, want string }{
		{"tcp", "echo:12345", at("echo:12345")},
		{"tcp4", "ECHO.:12345", at("echo:12345")},
		{"tcp", "localhost:12345", at("echo:12345")},
		{"tcp", "127.0.0.1:12345", at("echo:12345")},
		{"tcp6", "[::1]:12345", at("echo:12345")},
		{"tcp", "echo:" + echoPort, at("echo:12345")},
		{"tcp", "tutorial:12346", at("tutorial:12346")},
		{"udp", "127.0.0.1:4000", at("echo:4000")},
		{"tcp", "localhost:993", at("mail:993")},
		{"tcp", "imap:imaps", at("mail:993")},
		{"tcp", "www:80", at("www:8080")},
		{"tcp", "www:443", at("www:8443")},
		{"unix", "/run/app.sock", at("unix /run/app.sock")},
		{"tcp", "localhost:80", ""},       // the user's own
		{"tcp", "localhost:4000", ""},     // udp only
		{"tcp", "www:12345", ""},          // not its port
		{"tcp", "example.com:12345", ""},  // not ours
		{"tcp", "127.0.0.1", ""},          // no port
		{"unix", "/run/other.sock", ""},   // not ours
		{"unixgram", "/run/app.soc", ""},  // not quite
		{"tcp", "192.0.2.1:12345", ""},    // elsewhere
		{"tcp", "echo.example:12345", ""}, // elsewhere
	} {
		if got := w.Map(c.network, c.address); got != c.want {
			t.Errorf("Map(%s, %s) = %q, want %q", c.network, c.address, got, c.want)
		}
	}
}
