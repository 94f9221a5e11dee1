package repl

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/syntax"
)

// A queued command waits for those before it.
type queued struct {
	session string // its number; "" for none
	words   []string
}

func (q queued) String() string {
	words := make([]string, len(q.words))
	for i, w := range q.words {
		words[i] = syntax.Quote(w)
	}
	text := strings.Join(words, " ")
	if q.session != "" {
		text = "@" + q.session + " " + text
	}
	return text
}

type QueueArgs struct {
	Words []string `arg:"command..." help:"the command; with none the queue is listed" dash:"yes"`
	Clear bool     `flag:"clear" help:"drop what waits; what runs is a job, which kill ends"`
}

// QueueRow is a command that waits.
type QueueRow struct {
	Place   int    `json:"place"`
	Command string `json:"command"`
}

// Queue lets a command run in the background when those queued before it have
// ended, however they did, in the session that is current now.
func (sh *Shell) Queue(ctx context.Context, a QueueArgs) (any, error) {
	r := running(ctx)
	if a.Clear || len(a.Words) == 0 {
		sh.mu.Lock()
		defer sh.mu.Unlock()
		if a.Clear {
			sh.queue = nil
			return nil, nil
		}
		var list []QueueRow
		for i, q := range sh.queue {
			list = append(list, QueueRow{i + 1, q.String()})
		}
		return rows(list), nil
	}
	q := queued{words: slices.Clone(a.Words)}
	if s := r.call.sess; s != nil {
		q.session = strconv.Itoa(s.id)
	}
	if _, err := sh.route(q.session, q.words, r.argv); err != nil {
		return nil, err
	}
	sh.mu.Lock()
	sh.queue = append(sh.queue, q)
	idle := !sh.queueing
	sh.queueing = true
	sh.mu.Unlock()
	if idle {
		sh.launch("queue", r.io, func(ctx context.Context, sh *Shell, s streams) error { return sh.drain(ctx, s) })
	}
	return nil, nil
}

// drain runs what is queued until nothing is left; it fails as the first that
// failed.
func (sh *Shell) drain(ctx context.Context, s streams) error {
	var first error
	for {
		sh.mu.Lock()
		if len(sh.queue) == 0 || ctx.Err() != nil {
			sh.queueing = false
			sh.mu.Unlock()
			if first == nil {
				first = context.Cause(ctx)
			}
			return first
		}
		q := sh.queue[0]
		sh.queue = sh.queue[1:]
		sh.mu.Unlock()
		if err := sh.queuedCommand(ctx, q, s); err != nil && first == nil {
			first = err
		}
	}
}

func (sh *Shell) queuedCommand(ctx context.Context, q queued, s streams) (err error) {
	defer sh.caught(&err)
	if err = sh.words(ctx, q.session, q.words, false, s); err != nil {
		sh.report("", syntax.Pos{}, err, s, false)
	}
	return err
}

type AtArgs struct {
	Time  string   `arg:"time" help:"18:30, 18:30:15, 2026-11-30T18:30, or +5m from now"`
	Words []string `arg:"command..." help:"the command" dash:"yes"`
}

// At waits until a time of the clock and runs a command then.
func (sh *Shell) At(ctx context.Context, a AtArgs) (any, error) {
	if len(a.Words) == 0 {
		return nil, fault.New(fault.Usage, "missing COMMAND")
	}
	r := running(ctx)
	at := ""
	if s := r.call.sess; s != nil {
		at = strconv.Itoa(s.id)
	}
	if _, err := sh.route(at, a.Words, r.argv); err != nil {
		return nil, err
	}
	when, err := moment(a.Time, sh.now())
	if err != nil {
		return nil, err
	}
	// The clock may be set while we wait.
	for left := when.Sub(sh.now()); left > 0; left = when.Sub(sh.now()) {
		if err := pause(ctx, min(left, time.Minute)); err != nil {
			return nil, err
		}
	}
	return nil, sh.words(ctx, at, a.Words, r.argv, r.io)
}

// moment reads a time; one of the day is the next such.
func moment(w string, now time.Time) (time.Time, error) {
	if span, ok := strings.CutPrefix(w, "+"); ok {
		d, err := verb.Seconds(span)
		if err != nil {
			return time.Time{}, fault.New(fault.Usage, "%w", err)
		}
		return now.Add(d), nil
	}
	for _, layout := range []string{"15:04", "15:04:05"} {
		if t, err := time.ParseInLocation(layout, w, now.Location()); err == nil {
			t = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, now.Location())
			if !t.After(now) {
				t = t.AddDate(0, 0, 1)
			}
			return t, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, w, now.Location()); err == nil {
			return t, nil
		}
	}
	if t, err := time.Parse(time.RFC3339, w); err == nil {
		return t, nil
	}
	return time.Time{}, fault.New(fault.Usage, "%q is no time", w).WithHint("18:30, 2026-11-30T18:30 and +5m are")
}
