package nntp

import (
	"context"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// NewgroupsArgs are the arguments of Newgroups.
type NewgroupsArgs struct {
	Since When `flag:"since" help:"date such as 2026-01-31, or how long ago, such as 36h or 7d; a week if left out"`
}

// Newgroups lists the groups that the server has got since a moment (RFC
// 3977, section 7.3).
func (s *Session) Newgroups(ctx context.Context, a NewgroupsArgs) (verb.Stream[Listed], error) {
	if _, err := s.ask(ctx, "NEWGROUPS "+a.Since.or(7*24*time.Hour).String(), newgroupsFollow); err != nil {
		return nil, err
	}
	return s.listed(ctx), nil
}

// or is w, or so long ago if nothing was said.
func (w When) or(ago time.Duration) When {
	if w.IsZero() {
		return When{time.Now().Add(-ago)}
	}
	return w
}

// An ID is the message-id of an article.
type ID struct {
	ID string `json:"id"`
}

// String is the message-id.
func (x ID) String() string { return x.ID }

// NewnewsArgs are the arguments of Newnews.
type NewnewsArgs struct {
	Groups string `arg:"groups?" help:"pattern of groups such as comp.lang.*; the current group if left out" complete:"group"`
	Since  When   `flag:"since" help:"date such as 2026-01-31, or how long ago, such as 36h or 7d; a day if left out"`
}

// Newnews lists the articles that the server has got since a moment (RFC
// 3977, section 7.4).
func (s *Session) Newnews(ctx context.Context, a NewnewsArgs) (verb.Stream[ID], error) {
	words, err := unfold([]string{a.Groups})
	if err != nil {
		return nil, err
	}
	groups := strings.Join(words, "")
	if groups == "" && s.group != nil {
		groups = s.group.Name
	}
	if groups == "" {
		groups = "*"
	}
	if err := checkPattern(groups); err != nil {
		return nil, err
	}
	if _, err := s.ask(ctx, "NEWNEWS "+groups+" "+a.Since.or(24*time.Hour).String(), newnewsFollows); err != nil {
		return nil, of(groups, err)
	}
	return func(yield func(ID, error) bool) {
		for line, err := range s.lines(ctx) {
			if !yield(ID{string(line)}, err) || err != nil {
				return
			}
		}
	}, nil
}

// WatchArgs are the arguments of Watch.
type WatchArgs struct {
	Group string        `arg:"group?" help:"name of a group; the current one if left out" complete:"group"`
	Every time.Duration `flag:"every" help:"how often to look, 30 seconds if left out"`
	Count int           `flag:"n,count" help:"end after so many articles"`
}

// Watch tells of the articles that a group gets from now on, until the
// session is closed.
func (s *Session) Watch(ctx context.Context, a WatchArgs) (verb.Stream[Row], error) {
	words := []string{}
	if a.Group != "" {
		words = append(words, a.Group)
	}
	c, err := chosen(words)
	if err != nil {
		return nil, err
	}
	g, _, err := s.reach(ctx, c)
	if err != nil {
		return nil, err
	}
	every := a.Every
	if every <= 0 {
		every = 30 * time.Second
	}
	return func(yield func(Row, error) bool) {
		if !s.turn.begin() {
			yield(Row{}, fault.New(fault.Usage, "the session watches a group already").WithHint("kill ends the job that does; another session can watch another group"))
			return
		}
		defer s.turn.end()
		high, count := g.High, 0
		for {
			s.turn.give()
			select {
			case <-ctx.Done():
			case <-s.closed:
			case <-time.After(every):
			}
			s.turn.take()
			if s.isClosed() {
				return
			}
			if cause := context.Cause(ctx); cause != nil {
				yield(Row{}, cause)
				return
			}
			now, err := s.choose(ctx, g.Name)
			if err != nil {
				yield(Row{}, err)
				return
			}
			s.freshen(now)
			if s.peer.Moved != nil {
				s.peer.Moved()
			}
			if now.High < high {
				high = now.High // the server counts anew
			}
			if now.High == high {
				continue
			}
			from := high + 1
			high = now.High
			for row, err := range s.rows(s.over(ctx, g.Name, []span{{from, high}})) {
				count++
				if !yield(row, err) || err != nil || count == a.Count {
					return
				}
			}
		}
	}, nil
}
