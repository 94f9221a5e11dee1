package conformance

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// hanging is when a run counts as hung, whatever it was for.
const hanging = 10 * time.Second

// An outcome is what became of a transcript.
type outcome struct {
	stdout, stderr string
	errs           []error      // of its lines, in order
	told           []string     // the same, without what differs each time
	lines          []result     // of connect and each line after it
	wrong          []error      // what its peers say went otherwise than written
	faults         []error      // results that do not survive JSON
	events         []wire.Event // what went over the wire
	ok             bool         // it neither hung nor panicked
}

// A result is what one line gave.
type result struct {
	text string
	err  string // "" for none
}

// perform plays a transcript, with a mishap to the peer called where. It goes
// on after an error, as a shell does. The context is that of every line.
func (s *suite) perform(ctx context.Context, t testing.TB, tr *transcript, where string, m mishap) (o outcome) {
	t.Helper()
	st := tr.set(t, s.scheme, s.ca, &s.pool, where, m)
	u := meet(s.p, st.main)
	for _, limit := range []*time.Duration{&u.wire.Limits.Reply, &u.wire.Limits.Idle, &u.wire.Limits.Goodbye, &u.wire.Limits.Handshake} {
		*limit = m.times(*limit)
	}
	if m.kind == "" {
		u.wire.Limits.Handshake = hanging // no transcript has one that fails
	}
	if m.under != nil {
		u.wire.Under = m.under.below
	}
	if m.endless() {
		u.wire.Trace = nil // which keeps all that was said
	}
	u.env.Open = tr.open
	if ref, ok := tr.files["url"]; ok {
		rel, err := url.Parse(strings.TrimSpace(ref))
		if err != nil {
			t.Error(err)
			return o
		}
		u.to.URL = u.to.ResolveReference(rel)
		u.to.User = rel.User
	}
	out := &screen{there: m.kind != ""}
	shown := 0
	note := func(err error) {
		var r result
		if err != nil {
			o.errs = append(o.errs, err)
			r.err = anyPort.ReplaceAllString(err.Error(), "127.0.0.1:*")
			o.told = append(o.told, r.err)
			out.fail(err)
		}
		text, _ := out.texts()
		r.text, shown = st.neutral(text[shown:]), len(text)
		o.lines = append(o.lines, r)
	}
	o.ok = hold(t, m.times(hanging), tr.name+": "+m.String(), func() {
		lines := tr.lines
		var opener *command
		if tr.opens {
			opener, lines = &lines[0], lines[1:]
		}
		err := u.open(ctx, opener)
		note(err)
		if err == nil {
			for _, line := range lines {
				note(u.do(ctx, line, out))
			}
		}
		u.close()
	})
	if m.kind == "" && o.ok {
		st.wait(len(tr.peers))
	}
	o.wrong = st.clear()
	o.stdout, o.stderr = out.texts()
	o.stdout, o.stderr = st.neutral(o.stdout), st.neutral(o.stderr)
	o.faults = out.faults
	u.mu.Lock()
	defer u.mu.Unlock()
	o.events = u.events
	return o
}

// anyPort differs between runs of the same.
var anyPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// play plays every transcript as it is, and compares.
func (s *suite) play(t *testing.T) {
	for _, tr := range s.transcripts {
		t.Run(tr.name, func(t *testing.T) {
			o := s.perform(t.Context(), t, tr, "", mishap{})
			for _, err := range o.wrong {
				t.Error(err)
			}
			for _, err := range o.faults {
				t.Error(err)
			}
			compare(t, "stdout", o.stdout, tr.files["stdout"])
			compare(t, "stderr", o.stderr, tr.files["stderr"])
			if want, ok := tr.files["trace"]; ok {
				compare(t, "trace", dialogue(o.events), want)
			}
			for _, err := range o.errs {
				if trouble := judge(err); trouble != nil {
					t.Errorf("%v: %v", err, trouble)
				}
			}
			if leak := leaks(o.events, password); leak != "" {
				t.Errorf("the trace shows the password, %s", leak)
			}
		})
	}
}

func compare(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is\n%s\nand should be\n%s", what, got, want)
	}
}

// dialogue is what went over the wire, a line a line.
func dialogue(events []wire.Event) string {
	var b strings.Builder
	var side string
	var data bytes.Buffer
	flush := func() {
		for line := range bytes.Lines(data.Bytes()) {
			b.WriteString(side + " " + strings.TrimRight(string(line), "\r\n") + "\n")
		}
		data.Reset()
	}
	for _, e := range events {
		mark := map[string]string{"send": ">", "recv": "<"}[e.What]
		if mark == "" {
			continue
		}
		if mark != side {
			flush()
		}
		side = mark
		data.Write(e.Data)
	}
	flush()
	return b.String()
}
