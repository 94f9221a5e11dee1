package pop3

import (
	"context"
	"strconv"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// How often watch looks, and after how many failures in a row it gives up.
const (
	lookEach  = time.Minute
	mostTries = 5
)

// WatchArgs are the arguments of watch.
type WatchArgs struct {
	Every time.Duration `flag:"every" help:"time between two looks; a minute if not given"`
	Count int           `flag:"count" help:"stop after so many new messages"`
}

// Watch tells of each message that comes, until the context ends. What a
// session of POP3 shows does not change, so it logs in again each time. In
// between there is no connection, and others can get at the mailbox.
func (s *Session) Watch(ctx context.Context, a WatchArgs) (verb.Stream[mail.Summary], error) {
	if len(s.deleted) > 0 {
		return nil, fault.New(fault.Usage, "%s to be deleted, and watch ends the session", messages(len(s.deleted))).
			WithHint("close deletes them, undelete keeps them")
	}
	list, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	if len(list) > 0 && list[0].uid == "" || len(list) == 0 && len(s.caps) > 0 && !s.offers("UIDL") {
		return nil, &fault.Error{Kind: fault.Unsupported, At: s.at(), Text: "the server does not offer UIDL, without which nobody knows what is new"}
	}
	if a.Every <= 0 {
		a.Every = lookEach
	}
	// Logins that come too soon are refused (RFC 2449, section 6.5).
	if p := s.params("LOGIN-DELAY"); len(p) > 0 {
		if n, err := strconv.ParseUint(p[0], 10, 16); err == nil {
			a.Every = max(a.Every, time.Duration(n)*time.Second)
		}
	}
	return func(yield func(mail.Summary, error) bool) {
		w := &watch{s: s, seen: map[string]bool{}}
		w.fresh(list)
		for n := 0; ; {
			if err := w.pause(ctx, a.Every); err != nil {
				yield(mail.Summary{}, err)
				return
			}
			list, err := w.look(ctx)
			if err != nil {
				yield(mail.Summary{}, err)
				return
			}
			for m, err := range s.summaries(ctx, w.fresh(list)) {
				if !yield(m, err) || err != nil {
					return
				}
				if n++; n == a.Count {
					return
				}
			}
		}
	}, nil
}

// A watch knows which messages were there before.
type watch struct {
	s     *Session
	seen  map[string]bool
	tries int // that failed in a row
}

// fresh are those of the messages that were not there before.
func (w *watch) fresh(list []row) (some []row) {
	for _, r := range list {
		if !w.seen[r.uid] {
			w.seen[r.uid] = true
			some = append(some, r)
		}
	}
	return some
}

// pause ends the session until it is time for the next look.
func (w *watch) pause(ctx context.Context, every time.Duration) error {
	if err := w.s.Close(); err != nil {
		return err
	}
	w.s.resting = true
	t := time.NewTimer(every)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// look lists what is there now. A failure that may pass is told, and has it
// look again the next time.
func (w *watch) look(ctx context.Context) ([]row, error) {
	err := w.s.rejoin(ctx)
	var list []row
	if err == nil {
		list, err = w.s.list(ctx)
	}
	if err == nil {
		w.tries = 0
		return list, nil
	}
	k := fault.Of(err)
	if w.tries++; ctx.Err() != nil || w.tries == mostTries || !k.Retry && k != fault.Denied {
		return nil, err
	}
	if warn := w.s.wire.Warn; warn != nil {
		warn(err.Error() + "; looking again later")
	}
	return nil, nil
}
