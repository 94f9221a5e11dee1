package imap

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// completions are names that were asked for not long ago.
type completions struct {
	boxes []string
	until time.Time
}

func (c *completions) forget() { c.until = time.Time{} }

// fresh is how long names are believed.
const fresh = 30 * time.Second

// Complete proposes mailboxes, flags, criteria of a search, and UIDs with the
// subjects of their messages.
func (s *Session) Complete(ctx context.Context, what, prefix string) ([]string, error) {
	var all []string
	var err error
	switch what {
	case "mailbox":
		all, err = s.boxNames(ctx)
		all = append(slices.Clone(all), "last", "unseen", "all")
	case "flag":
		for _, f := range s.knownFlags() {
			all = append(all, "+"+f, "-"+f)
		}
	case "search":
		all = append(searchKeys(), "not", "or")
	case "message", "remote":
		all, err = s.recentUIDs(ctx)
	}
	all = slices.DeleteFunc(all, func(n string) bool { return !strings.HasPrefix(n, prefix) })
	return all[:min(len(all), 1000)], err
}

func (s *Session) boxNames(ctx context.Context) ([]string, error) {
	if time.Now().Before(s.cache.until) {
		return s.cache.boxes, nil
	}
	all, err := s.folders(ctx, wanted{})
	if err != nil {
		return nil, err
	}
	s.cache = completions{until: time.Now().Add(fresh)}
	for _, f := range all {
		s.cache.boxes = append(s.cache.boxes, f.Name)
	}
	return s.cache.boxes, nil
}

func (s *Session) knownFlags() []string {
	all := []string{`\Seen`, `\Flagged`, `\Answered`, `\Deleted`, `\Draft`}
	if s.box != nil {
		for _, f := range append(slices.Clone(s.box.flags), s.box.lasting...) {
			if f != `\*` && f != `\Recent` && !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

func (s *Session) recentUIDs(ctx context.Context) (all []string, err error) {
	if s.box == nil {
		return nil, nil
	}
	for m, err := range s.fetch(ctx, s.pages(ends(s.box.exists, 50, true)), "(UID ENVELOPE)", keyEnvelope) {
		if err != nil {
			return all, err
		}
		r := m.row(true)
		all = append(all, fmt.Sprintf("%d\t%s", r.UID, strings.ReplaceAll(r.Subject, "\t", " ")))
	}
	return all, nil
}
