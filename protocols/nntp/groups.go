package nntp

import (
	"context"
	"slices"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// A Listed is a group in a list. The count is exact where the server counts
// (RFC 6048), and otherwise how many numbers there are.
type Listed struct {
	Group       string `json:"group"`
	Count       int64  `json:"count"`
	Low         int64  `json:"low"`
	High        int64  `json:"high"`
	New         *int64 `json:"new,omitempty"` // not marked as read, where marks are kept
	Status      string `json:"status"`        // open, closed, moderated, junk, foreign, or =GROUP for another name of it
	Description string `json:"description"`
}

// statuses are what a list says of a group in a letter (RFC 3977, section
// 7.6.3, and RFC 6048, section 3.1).
var statuses = map[string]string{"y": "open", "n": "closed", "m": "moderated", "j": "junk", "x": "foreign"}

// parseListed reads a line of LIST ACTIVE: name, high, low, status; or of
// LIST COUNTS, which has the count before the status.
func parseListed(line string) (g Listed, ok bool) {
	f := strings.Fields(line)
	if len(f) < 4 {
		return g, false
	}
	g.Group = f[0]
	var err error
	if g.High, err = number(f[1]); err != nil {
		return g, false
	}
	if g.Low, err = number(f[2]); err != nil {
		return g, false
	}
	g.Count = max(0, g.High-g.Low+1)
	if len(f) > 4 {
		if g.Count, err = number(f[3]); err != nil {
			return g, false
		}
		f = f[1:]
	}
	if g.Status = statuses[f[3]]; g.Status == "" {
		g.Status = f[3]
	}
	return g, true
}

// isPattern reports whether a word means groups by a pattern (RFC 3977,
// section 4) rather than one by its name.
func isPattern(w string) bool { return strings.ContainsAny(w, "*?[!,") && !isNumbers(w) && !isID(w) }

// checkPattern refuses what cannot be a pattern.
func checkPattern(w string) error {
	if err := protocols.OneLine("pattern", w); err != nil {
		return err
	}
	if strings.ContainsAny(w, " \t") {
		return fault.New(fault.BadArgument, "%q is not a pattern such as comp.lang.*", short(w))
	}
	return nil
}

// groups lists the groups that match a pattern; "" is all.
func (s *Session) groups(ctx context.Context, pattern string, marked bool) (verb.Stream[Listed], error) {
	if err := checkPattern(pattern); err != nil {
		return nil, err
	}
	about, err := s.descriptions(ctx, pattern)
	if err != nil {
		return nil, err
	}
	what := "ACTIVE"
	if s.link.caps.has("LIST", "COUNTS") {
		what = "COUNTS"
	}
	if err := s.askList(ctx, what, pattern); err != nil {
		return nil, err
	}
	return func(yield func(Listed, error) bool) {
		seen := actives{prefix: "", at: time.Now(), whole: pattern == ""}
		for g, err := range s.listed(ctx) {
			if err != nil {
				yield(Listed{}, err)
				return
			}
			if seen.whole {
				seen.add(g.Group)
			}
			g.Description = about[g.Group]
			if s.news != nil {
				unread := s.news.unread(&Group{Name: g.Group, Count: g.Count, Low: g.Low, High: g.High})
				g.New = &unread
				if marked && !s.news.subscribed(g.Group) {
					continue
				}
			}
			if !yield(g, nil) {
				return
			}
		}
		if seen.whole {
			s.actives = seen
		}
	}, nil
}

func (s *Session) askList(ctx context.Context, what, pattern string) error {
	line := strings.TrimSuffix("LIST "+what+" "+pattern, " ")
	_, err := s.ask(ctx, line, listFollows)
	return err
}

// listed are the groups that the last reply goes on with.
func (s *Session) listed(ctx context.Context) verb.Stream[Listed] {
	return func(yield func(Listed, error) bool) {
		odd, all := 0, 0
		for line, err := range s.lines(ctx) {
			if err != nil {
				yield(Listed{}, err)
				return
			}
			all++
			g, ok := parseListed(string(line))
			if !ok {
				odd++
				continue
			}
			if !yield(g, nil) {
				return
			}
		}
		if odd > 0 {
			e := fault.New(fault.Protocol, "%d of %d lines of the list make no sense", odd, all)
			e.At, e.Phase = s.link.at, "body"
			yield(Listed{}, e)
		}
	}
}

// Limits of a list that is kept as a whole (L03).
const (
	mostKept = 1_000_000
	mostRoom = 64 << 20
)

func (s *Session) tooMany(what string) error {
	e := fault.New(fault.Limit, "there are more than %d %s, or 64 MiB of them", mostKept, what)
	e.At = s.link.at
	return s.link.fail(e)
}

// descriptions are what LIST NEWSGROUPS says of the groups. A server that has
// none is no error.
func (s *Session) descriptions(ctx context.Context, pattern string) (map[string]string, error) {
	about := map[string]string{}
	if err := s.askList(ctx, "NEWSGROUPS", pattern); err != nil {
		if f, ok := err.(*fault.Error); ok && s.link.broken == nil && (f.Kind == fault.Unsupported || f.Code == "501") {
			return about, nil
		}
		return nil, err
	}
	size := 0
	for line, err := range s.lines(ctx) {
		if err != nil {
			return nil, err
		}
		name, text, ok := strings.Cut(strings.Replace(string(line), " ", "\t", 1), "\t")
		if tab := strings.IndexByte(string(line), '\t'); tab >= 0 {
			name, text, ok = string(line[:tab]), string(line[tab:]), true
		}
		if !ok {
			continue
		}
		about[name] = mail.Decode(strings.TrimSpace(text))
		if size += len(line); len(about) > mostKept || size > mostRoom {
			return nil, s.tooMany("groups")
		}
	}
	return about, nil
}

// actives are the names of groups that are known for completion.
type actives struct {
	prefix string // they all begin so
	whole  bool   // no name that begins so is missing
	at     time.Time
	names  []string
	size   int
}

const (
	fresh      = 10 * time.Minute // how long names are taken for what there is
	mostNames  = 16 << 20         // bytes of names that are kept
	mostOffers = 1000             // names that are offered
)

func (a *actives) add(name string) {
	if a.size += len(name) + 16; a.size > mostNames {
		a.whole = false
		return
	}
	a.names = append(a.names, name)
}

// Complete gives names of groups. The list of them is kept for a while.
func (s *Session) Complete(ctx context.Context, what, prefix string) ([]string, error) {
	if what != "group" || s.link.block != nil || prefix != "" && checkGroup(prefix) != nil || isPattern(prefix) {
		return nil, nil
	}
	a := &s.actives
	if !a.whole || time.Since(a.at) > fresh || !strings.HasPrefix(prefix, a.prefix) {
		if err := s.askList(ctx, "ACTIVE", prefix+"*"); err != nil {
			return nil, err
		}
		*a = actives{prefix: prefix, whole: true, at: time.Now()}
		for g, err := range s.listed(ctx) {
			if err != nil && fault.Of(err) != fault.Protocol {
				a.whole = false
				return nil, err
			}
			if err == nil {
				a.add(g.Group)
			}
		}
		slices.Sort(a.names)
	}
	var found []string
	for _, name := range a.names {
		if strings.HasPrefix(name, prefix) && len(found) < mostOffers {
			found = append(found, name)
		}
	}
	return found, nil
}
