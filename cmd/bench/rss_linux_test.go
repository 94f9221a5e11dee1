package main

import "testing"

func TestHighWater(t *testing.T) {
	if n := highWater([]byte("Name:\tcat\nVmPeak:\t 9000 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 1000 kB\n")); n != 1234<<10 {
		t.Errorf("%d", n)
	}
	if n := highWater([]byte("Name:\tcat\nState:\tZ (zombie)\n")); n != 0 {
		t.Errorf("%d", n)
	}
}
