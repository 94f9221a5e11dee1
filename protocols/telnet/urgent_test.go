//go:build linux

package telnet

import (
	"syscall"
	"testing"
	"time"
)

// TEL-05: the DM of a synch is the urgent byte, and nothing comes between it
// and its IAC.
func TestSynch(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "send-cmd", "dm")
	raw, err := p.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 1)
	for late := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		var n int
		raw.Control(func(fd uintptr) { n, _, err = syscall.Recvfrom(int(fd), got, syscall.MSG_OOB|syscall.MSG_DONTWAIT) })
		if err == nil && n == 1 {
			break
		}
		if time.Now().After(late) {
			t.Fatalf("no urgent byte: %v", err)
		}
	}
	if got[0] != cmdDM {
		t.Errorf("the urgent byte is %d", got[0])
	}
	p.hears("IAC")
	must(t, s, "send", "x")
	p.hears("'x'")
}

// E01: the DM of a server's synch comes urgent, and the data around it is
// exact.
func TestServerSynch(t *testing.T) {
	s, p := pipe(t)
	p.says("'before' IAC")
	raw, err := p.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) { err = syscall.Sendto(int(fd), []byte{cmdDM}, syscall.MSG_OOB, nil) })
	if err != nil {
		t.Fatal(err)
	}
	p.says("'after' 10")
	wantText(t, s, "beforeafter\n", "recv", "--until", "\n")
}
