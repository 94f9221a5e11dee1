package repl

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// a time of the day is the next such; others are as they are.
func TestMoment(t *testing.T) {
	now := time.Date(2026, 11, 28, 14, 0, 0, 0, time.UTC)
	for w, want := range map[string]string{
		"14:01":                "2026-11-28T14:01:00Z",
		"14:00":                "2026-11-29T14:00:00Z",
		"09:30:15":             "2026-11-29T09:30:15Z",
		"+90":                  "2026-11-28T14:01:30Z",
		"+5m":                  "2026-11-28T14:05:00Z",
		"2027-01-02T03:04":     "2027-01-02T03:04:00Z",
		"2027-01-02T03:04:05Z": "2027-01-02T03:04:05Z",
		"soon":                 "", "25:00": "", "+": "", "": "",
	} {
		got, err := moment(w, now)
		if want == "" && fault.Of(err) != fault.Usage || want != "" && (err != nil || got.Format(time.RFC3339) != want) {
			t.Errorf("%s: %v, %v", w, got, err)
		}
	}
}

// A lockedBuffer may be written by several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// what is queued runs in turn, and goes on after a failure.
func TestQueue(t *testing.T) {
	sh := testShell()
	out := &lockedBuffer{}
	sh.Out, sh.Err = out, out
	err := sh.Run(t.Context(), "", "queue sleep 0.05; queue echo one; queue assert exit == 77; queue echo 'two; three'; queue; wait")
	if fault.Of(err) != fault.Assert {
		t.Errorf("%v", err)
	}
	text := out.String()
	one, two := strings.LastIndex(text, "one\n"), strings.LastIndex(text, "two; three\n")
	if one < 0 || two < one || !strings.Contains(text, "echo 'two; three'") {
		t.Errorf("%q", text)
	}
	if err := sh.Run(t.Context(), "", "queue nosuch"); fault.Of(err) != fault.Usage {
		t.Error(err)
	}
	if err := sh.Run(t.Context(), "", "at +0.01 echo then"); err != nil || !strings.HasSuffix(out.String(), "then\n") {
		t.Errorf("%v, %q", err, out.String())
	}
}
