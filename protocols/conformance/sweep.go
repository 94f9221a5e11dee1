package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// sweep: each transcript is played once for every byte after which its peer
// could hang up or reset, and for some after which it could stall, go on for
// ever, or say one byte at a time. A conversation that was broken off never
// passes for a whole one. (T01, T02, T03, L01, L02)
func (s *suite) sweep(t *testing.T) {
	for _, tr := range s.transcripts {
		t.Run(tr.name, func(t *testing.T) {
			s.pool.keep(t)
			whole := s.perform(t.Context(), t, tr, "", mishap{})
			grown := watchHeap()
			var found findings
			for _, where := range tr.peers {
				steps, err := parse(tr.files[where], map[string]string{"password": password})
				if err != nil {
					t.Fatal(err)
				}
				one := func(m mishap) {
					for _, trouble := range s.endure(t, tr, where, m, whole, steps) {
						found.add(where+": "+m.String(), "%s", trouble)
					}
				}
				work, waits := mishaps(steps)
				each(len(waits), idle, func(i int) { one(waits[i]) })
				each(len(work), busy, func(i int) { one(work[i]) })
			}
			found.report(t)
			if n := grown(); n > most {
				t.Errorf("the heap grew by %d MiB", n>>20)
			}
		})
	}
}

// mishaps are what may befall a peer that says these steps: those that keep
// the machine busy, and those that mostly wait.
func mishaps(steps []step) (work, waits []mishap) {
	n := said(steps)
	for _, k := range some(n, 400) {
		work = append(work, mishap{kind: "fin", after: k}, mishap{kind: "rst", after: k})
	}
	for _, k := range some(n, 6) {
		waits = append(waits, mishap{kind: "stall", after: k})
	}
	var begins []int
	k := 0
	for _, s := range steps {
		if s.do == say {
			begins = append(begins, k)
			k += len(s.data)
		}
	}
	for _, i := range some(len(begins), 4) {
		work = append(work, mishap{kind: "flood", after: begins[i]}, mishap{kind: "repeat", after: begins[i]})
	}
	return append(work, mishap{kind: "bytes"}), waits
}

// some are up to most of the numbers below n, the first and the last among
// them.
func some(n, most int) (ks []int) {
	for i := range min(n, most) {
		k := i
		if n > most {
			k = i * (n - 1) / (most - 1)
		}
		ks = append(ks, k)
	}
	return ks
}

// calmly is how much more time there is for what ran out of it at first: a busy
// machine can be slower than limits that a test waits for.
const calmly = 8

// endure plays a transcript with a mishap, and tells what is wrong with its
// outcome. What is wrong for want of time is tried again with more.
func (s *suite) endure(t *testing.T, tr *transcript, where string, m mishap, whole outcome, steps []step) (wrong []string) {
	for _, m.calm = range []int{1, calmly} {
		if m.ours() {
			m.under = &faulty{mishap: m}
		}
		o, why := s.befall(t, tr, where, m)
		if !o.ok {
			return nil
		}
		wrong = s.examine(o, whole, why, steps, m)
		late := func(err error) bool { return errors.Is(err, why) || fault.Of(err) == fault.Timeout }
		if len(wrong) == 0 || !slices.ContainsFunc(o.errs, late) {
			break
		}
	}
	return wrong
}

// befall plays a transcript with a mishap. Its context ends, for the reason
// that is returned, where nothing else would end it.
func (s *suite) befall(t *testing.T, tr *transcript, where string, m mishap) (outcome, error) {
	why := fault.New(fault.Interrupt, "the test interrupts")
	limit := 5 * time.Second
	switch {
	case m.endless():
		limit = 250 * time.Millisecond // limits on bytes are reached before that
	case s.patient:
		limit = 700 * time.Millisecond
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), m.times(limit), why)
	defer cancel()
	return s.perform(ctx, t, tr, where, m), why
}

// examine tells what is wrong with an outcome.
func (s *suite) examine(o, whole outcome, why error, steps []step, m mishap) (wrong []string) {
	bad := func(format string, a ...any) { wrong = append(wrong, fmt.Sprintf(format, a...)) }
	for i, err := range o.errs {
		if errors.Is(err, why) {
			if m.kind == "stall" && !s.patient {
				bad("no limit of the wire's ended the wait")
			}
			continue
		}
		if trouble := judge(err); trouble != nil {
			bad("%s: %v", o.told[i], trouble)
		}
	}
	switch {
	case s.unframed || m.endless():
	case m.kind == "bytes", m.kind == "short":
		if o.stdout != whole.stdout || o.stderr != whole.stderr {
			bad("it gives\n%s%s\nand not what it gives when lines come whole", o.stdout, o.stderr)
		}
	case m.kind == "fin" && closes(steps, m.after):
	default:
		if i := passes(o, whole); i >= 0 {
			bad("a conversation broken off passes for a whole one: line %d gives %q", i, o.lines[i].text)
		}
	}
	return wrong
}

// passes is the first line that gives something else than when all goes well,
// and no error; or -1. After an error of its own the rest may differ.
func passes(o, whole outcome) int {
	for i, r := range o.lines[:min(len(o.lines), len(whole.lines))] {
		if r.err != whole.lines[i].err {
			if r.err != "" {
				return -1
			}
			return i
		}
		if r.err == "" && r.text != whole.lines[i].text {
			return i
		}
	}
	return -1
}

// closes reports whether the reply that byte k is in ends by the peer's
// hanging up, so that an early end looks the same.
func closes(steps []step, k int) bool {
	n := 0
	for _, s := range steps {
		if s.do == say {
			n += len(s.data)
		}
		if n <= k {
			continue
		}
		switch s.do {
		case hear, match, leave, secure, reset:
			return false
		case hangup, shutdown:
			return true
		}
	}
	return false
}
