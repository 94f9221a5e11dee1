package lab

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// Row is the first of n ports of 127.0.0.1 that are free, one after the
// other. They lie below those that the system gives out by itself, so that
// only a test which also asks for a row could come between.
func Row(t testing.TB, n int) int {
	t.Helper()
	for range 100 {
		if base := 20000 + rand.IntN(12000-n); vacant(base, n) {
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
