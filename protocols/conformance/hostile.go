package conformance

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// enough is how long a peer may misbehave before the user leaves. The tests of
// these tests have more, for what they look for takes a while to come.
var enough = 700 * time.Millisecond

// loaded is how long after its limit a command may end that has to be done
// with a flood first, on a machine that has other things to do as well.
const loaded = 5 * time.Second

// most is how much the heap may grow while peers say several times that.
const most = 96 << 20

// hostile: whatever a peer does, a command ends when its limit does, with an
// error that says what and where, and without keeping all that was said.
// (T03, T06, L01, L02)
func (s *suite) hostile(t *testing.T) {
	moods := []string{"is silent", "sends endless NULs"}
	if s.stream() {
		moods = append(moods, "hangs up", "resets", "is slow", "repeats itself", "sends an endless line", "sends endless lines")
	}
	for _, mood := range moods {
		t.Run(mood, func(t *testing.T) {
			grown := watchHeap()
			trials := s.trials()
			width := busy
			if mood == "is silent" || mood == "is slow" {
				width = idle
			}
			each(len(trials), width, func(i int) { s.suffer(t, trials[i], mood) })
			if n := grown(); n > most {
				t.Errorf("the heap grew by %d MiB", n>>20)
			}
		})
	}
}

func (s *suite) suffer(t *testing.T, tr trial, mood string) {
	m := s.meet(t)
	defer m.over()
	m.wire.Trace = nil // which keeps all that was said
	why := fault.New(fault.Timeout, "the test waits no longer")
	enough := enough
	if mood == "is silent" || mood == "is slow" {
		enough = 700 * time.Millisecond
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), enough, why)
	defer cancel()
	hold(t, hanging, tr.name, func() {
		watch := lab.Stopwatch(t)
		err, ok := s.try(ctx, m, tr, mood)
		if took := watch(); took > enough+loaded {
			t.Errorf("%s: took %v", tr.name, took)
		}
		m.close()
		if err == nil || err == error(why) || !ok {
			return
		}
		if trouble := judge(err); trouble != nil {
			t.Errorf("%s: %v: %v", tr.name, err, trouble)
		}
	})
}

// How many conversations are held at a time: those that keep the machine
// busy, and those that mostly wait for each other.
const (
	busy = 4
	idle = 16
)

// each calls f for every i below n, width of them at a time.
func each(n, width int, f func(i int)) {
	var all sync.WaitGroup
	turn := make(chan struct{}, width)
	for i := range n {
		turn <- struct{}{}
		all.Go(func() {
			defer func() { <-turn }()
			f(i)
		})
	}
	all.Wait()
}

// watchHeap tells how much more the heap has held at most since the call, than
// before. Only what the collector has found in use counts, so the garbage of
// many conversations at once does not, however late it is collected on a
// loaded machine; and a limit has it look as soon as there may be too much.
func watchHeap() (grown func() int64) {
	runtime.GC()
	before := live()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	limit := debug.SetMemoryLimit(int64(m.Sys-m.HeapReleased) + most/2)
	peak, done, over := before, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			peak = max(peak, live())
			select {
			case <-tick.C:
			case <-done:
				tick.Stop()
				return
			}
		}
	}()
	return func() int64 {
		close(done)
		<-over
		debug.SetMemoryLimit(limit)
		return peak - before
	}
}

// live is what the last collection found in use.
func live() int64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}
