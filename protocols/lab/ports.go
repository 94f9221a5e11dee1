package lab

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// Ports of the lab lie below those that the system gives out by itself, to
// connections and to listeners at port 0: between finding a port and a
// program's listening on it only another test of the lab can come.
const lowest, beyond = 10_000, 32_000

// free finds a port that is free for tcp and for udp, and holds it until it
// is released.
func free(t testing.TB, host string) (port int, release func()) {
	t.Helper()
	for range 100 {
		port = lowest + rand.IntN(beyond-lowest)
		addr := net.JoinHostPort(host, strconv.Itoa(port))
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		pc, err := net.ListenPacket("udp", addr)
		if err != nil {
			ln.Close()
			continue
		}
		return port, func() { ln.Close(); pc.Close() }
	}
	t.Fatalf("lab: no port of %s is free", host)
	return 0, nil
}

// Row is the first of n ports of 127.0.0.1 that are free, one after the
// other.
func Row(t testing.TB, n int) int {
	t.Helper()
	for range 100 {
		if base := lowest + rand.IntN(beyond-lowest-n); vacant(base, n) {
			return base
		}
	}
	t.Fatalf("lab: no %d ports in a row are free", n)
	return 0
}

func vacant(base, n int) bool {
	for port := base; port < base+n; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}

// Skip skips a test for want of something that the machines of CI have: where
// CI=true or LAB=all, it fails instead.
func Skip(t testing.TB, why ...any) {
	t.Helper()
	if Required() {
		t.Fatal(why...)
	}
	t.Skip(why...)
}
