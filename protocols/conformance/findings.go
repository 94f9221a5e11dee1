package conformance

import (
	"fmt"
	"sync"
	"testing"
)

// findings are what many runs found, told once where they found the same.
type findings struct {
	mu    sync.Mutex
	order []string
	runs  map[string][]string // by what was found
}

func (f *findings) add(run, format string, a ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what := fmt.Sprintf(format, a...)
	if f.runs == nil {
		f.runs = map[string][]string{}
	}
	if f.runs[what] == nil {
		f.order = append(f.order, what)
	}
	f.runs[what] = append(f.runs[what], run)
}

// reported is how many findings are told; more would hide the first.
const reported = 12

// report fails t for everything that was found.
func (f *findings) report(t *testing.T) {
	t.Helper()
	for i, what := range f.order {
		if i == reported {
			t.Errorf("and %d findings more", len(f.order)-i)
			return
		}
		runs := f.runs[what]
		more := ""
		if len(runs) > 1 {
			more = fmt.Sprintf(", and %d times more", len(runs)-1)
		}
		t.Errorf("%s%s: %s", runs[0], more, what)
	}
}
