package nntp

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// An Overview is what a server keeps at hand of an article (RFC 3977, section
// 8.3), as the server says it.
type Overview struct {
	Number     int64    `json:"number"`
	Subject    string   `json:"subject"`
	From       string   `json:"from"`
	Date       string   `json:"date"`
	ID         string   `json:"id"`
	References string   `json:"references"`
	Bytes      int64    `json:"bytes"`
	Lines      int64    `json:"lines"`
	Other      []string `json:"other,omitempty"` // further fields, with their names

	text []byte // lines themselves, instead of all else
}

// parseOverview reads a line. It has no copy of it.
func parseOverview(line []byte) (o Overview, ok bool) {
	n := bytes.IndexByte(line, '\t')
	if n < 1 {
		return o, false
	}
	for _, c := range line[:n] {
		if c < '0' || c > '9' || o.Number > 1<<58 {
			return o, false
		}
		o.Number = o.Number*10 + int64(c-'0')
	}
	rest := string(line[n+1:])
	for _, to := range [...]*string{&o.Subject, &o.From, &o.Date, &o.ID, &o.References} {
		if *to, rest, ok = strings.Cut(rest, "\t"); !ok {
			return o, false
		}
	}
	size, rest, _ := strings.Cut(rest, "\t")
	lines, rest, _ := strings.Cut(rest, "\t")
	if o.Bytes, ok = counted(size); !ok {
		return o, false
	}
	if o.Lines, ok = counted(lines); !ok {
		return o, false
	}
	if rest != "" {
		o.Other = strings.Split(rest, "\t")
	}
	return o, true
}

// counted reads a number that may have been left out.
func counted(s string) (int64, bool) {
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return n, err == nil && n >= 0
}

// over gives the overviews of some articles of a group. Lines that make no
// sense are counted, and an error in the end.
func (s *Session) over(ctx context.Context, group string, spans []span) Overviews {
	texts := false
	return func(yield func(Overview, error) bool) {
		if yield == nil {
			texts = true
			return
		}
		odd, all := 0, 0
		for _, x := range spans {
			if err := s.askOver(ctx, group, x.String()); err != nil {
				if missing(err) {
					continue
				}
				yield(Overview{}, of(group, err))
				return
			}
			if texts {
				if !s.texts(ctx, yield, &odd, &all) {
					return
				}
				continue
			}
			for line, err := range s.lines(ctx) {
				if err != nil {
					yield(Overview{}, err)
					return
				}
				all++
				o, ok := parseOverview(line)
				if !ok {
					odd++
					continue
				}
				if !yield(o, nil) {
					return
				}
			}
		}
		if odd > 0 {
			e := fault.New(fault.Protocol, "%d of %d lines of the overview make no sense", odd, all)
			e.At, e.Phase = s.link.at, "body"
			yield(Overview{}, e)
		}
	}
}

// askOver asks for the overview by its name of today, or by its old one.
func (s *Session) askOver(ctx context.Context, group, what string) error {
	if !s.oldOver {
		_, err := s.in(ctx, group, "OVER "+what, overFollows)
		if !unknown(err) {
			return err
		}
		s.oldOver = true
	}
	_, err := s.in(ctx, group, "XOVER "+what, overFollows)
	return err
}

// missing reports whether err says that there are no such articles.
func missing(err error) bool {
	f, ok := err.(*fault.Error)
	return ok && (f.Code == "420" || f.Code == "423" || f.Code == "430")
}

// unknown reports whether err says that the server does not know a command.
func unknown(err error) bool {
	f, ok := err.(*fault.Error)
	return ok && (f.Code == "500" || f.Code == "503")
}

// Over shows overviews as the server has them.
func (s *Session) Over(ctx context.Context, a SetArgs) (Overviews, error) {
	c, err := chosen(a.What)
	if err != nil {
		return nil, err
	}
	if len(c.ids) > 0 {
		return s.overID(ctx, c.ids)
	}
	g, spans, err := s.reach(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(c.sets) == 0 && g.Count > 0 {
		spans = []span{{g.Low, g.High}}
	}
	if len(spans) == 0 && len(c.sets) > 0 && g.Count > 0 {
		return nil, s.none(g)
	}
	return s.over(ctx, g.Name, spans), nil
}

// overID gives the overviews of articles by their message-ids.
func (s *Session) overID(ctx context.Context, ids []string) (Overviews, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	read := parseOverview
	return func(yield func(Overview, error) bool) {
		if yield == nil {
			read = textOf
			return
		}
		for _, id := range ids {
			if _, err := s.ask(ctx, "OVER "+id, overFollows); err != nil {
				yield(Overview{}, of(id, err))
				return
			}
			for line, err := range s.lines(ctx) {
				if err != nil {
					yield(Overview{}, err)
					return
				}
				o, ok := read(line)
				if !ok {
					yield(Overview{}, s.link.protocol("a line of the overview makes no sense: %s", quote(string(line))))
					return
				}
				if !yield(o, nil) {
					return
				}
			}
		}
	}, nil
}

// none is the error for numbers that a group does not have.
func (s *Session) none(g *Group) error {
	e := fault.New(fault.NotFound, "the group has no such articles")
	e.At = s.link.at + "/" + short(g.Name)
	if g.Count > 0 {
		e.Hint = "it has " + span{g.Low, g.High}.String()
	}
	return e
}
