//go:build unix

package socket

import (
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// RAW-22: an option is read back; an unknown one is refused by name.
func TestSockopt(t *testing.T) {
	s, _ := pipe(t)
	for _, v := range []string{"0", "1"} {
		if o := must(t, s, "sockopt", "TCP_NODELAY", v).(Option); o != (Option{"TCP_NODELAY", v}) {
			t.Errorf("%+v", o)
		}
	}
	if _, err := run(t.Context(), s, "sockopt", "SO_NONSENSE"); fault.Of(err) != fault.BadArgument || !strings.Contains(err.Error(), "SO_NONSENSE") {
		t.Errorf("%v", err)
	}
	seen := map[string]bool{}
	for o, err := range must(t, s, "caps").(verb.Stream[Option]) {
		if err != nil {
			t.Fatal(err)
		}
		seen[o.Name] = true
	}
	for _, name := range []string{"SO_RCVBUF", "SO_SNDBUF", "TCP_NODELAY", "IP_TTL"} {
		if !seen[name] {
			t.Errorf("%s is not listed", name)
		}
	}
}

// RAW-22: urgent data goes beside the stream.
func TestUrgent(t *testing.T) {
	l := open(t, "tcp", "listen", "127.0.0.1:0")
	a := open(t, "tcp", "connect", l.(protocols.Namer).Named())
	b, err := l.(protocols.Accepter).Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := run(t.Context(), b, "recv", "--oob", "-t", "0.05"); fault.Of(err) != fault.Timeout {
		t.Errorf("none is there: %v", err)
	}
	must(t, a, "send", "plain")
	must(t, a, "send", "--oob", "!")
	wantRecv(t, b, "!", "recv", "--oob", "-t", "5")
	wantRecv(t, b, "plain", "recv", "-t", "5")
}

// U02: clients that come and go leave nothing behind.
func TestComeAndGo(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("counts /proc/self/fd")
	}
	count := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(fds)
	}
	l := open(t, "tcp", "listen", "127.0.0.1:0", "--echo")
	at := l.(protocols.Namer).Named()
	before, routines := count(), runtime.NumGoroutine()
	for range 1000 {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	// More than --max-conns at a time are turned away; the next is served.
	served := func() bool {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(c, "x")
		_, err = io.ReadFull(c, make([]byte, 1))
		return err == nil
	}
	for end := time.Now().Add(time.Minute); !served(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody is served any more")
		}
	}
	for end := time.Now().Add(time.Minute); count() > before || runtime.NumGoroutine() > routines; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d descriptors and %d goroutines, before %d and %d", count(), runtime.NumGoroutine(), before, routines)
		}
	}
}
