package lab

import (
	"testing"
	"time"
)

// A test that sleeps has taken its time, whatever the machine does besides.
func TestStopwatch(t *testing.T) {
	began := time.Now()
	took := Stopwatch(t)
	time.Sleep(300 * time.Millisecond)
	if d, wall := took(), time.Since(began); d < 20*time.Millisecond || d > wall {
		t.Errorf("%v of %v", d, wall)
	}
}
