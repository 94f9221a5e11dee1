package nntp

import (
	"context"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Group is a newsgroup that has been gone to. Its count is the server's
// estimate.
type Group struct {
	Name  string `json:"group"`
	Count int64  `json:"count"`
	Low   int64  `json:"low"`  // number of the first article
	High  int64  `json:"high"` // number of the last one
}

// Message says it.
func (g Group) Message() string {
	switch {
	case g.Name == "":
		return "in no group"
	case g.Count == 0 || g.High < g.Low:
		return g.Name + ": no articles"
	case g.Count == 1:
		return g.Name + ": 1 article, " + span{g.Low, g.High}.String()
	}
	return g.Name + ": " + strconv.FormatInt(g.Count, 10) + " articles, " + span{g.Low, g.High}.String()
}

// parseGroup reads the reply to GROUP (RFC 3977, section 6.1.1).
func parseGroup(text, name string) (*Group, bool) {
	f := strings.Fields(text)
	if len(f) < 3 {
		return nil, false
	}
	g := &Group{Name: name}
	for i, to := range []*int64{&g.Count, &g.Low, &g.High} {
		n, err := number(f[i])
		if err != nil {
			return nil, false
		}
		*to = n
	}
	return g, true
}

// choose goes to a group at the server.
func (s *Session) choose(ctx context.Context, name string) (*Group, error) {
	if err := checkGroup(name); err != nil {
		return nil, err
	}
	r, err := s.ask(ctx, "GROUP "+name, groupIs)
	if err != nil {
		return nil, of(name, err)
	}
	g, ok := parseGroup(r.text, name)
	if !ok {
		return nil, s.link.protocol("the reply to GROUP has no numbers: %s", quote(r.text))
	}
	s.link.group, s.link.article = name, g.Low
	return g, nil
}

// of adds to an error which group or article it is about.
func of(what string, err error) error {
	f, ok := err.(*fault.Error)
	if !ok || what == "" || f.Code == "" || strings.Contains(f.At, "/") {
		return err
	}
	e := *f
	e.At += "/" + short(what)
	return &e
}

// arrive makes g the current group.
func (s *Session) arrive(g *Group) {
	if s.group == nil || s.group.Name != g.Name {
		s.found = nil
	}
	s.group, s.current = g, 0
	if g.Count > 0 {
		s.current = g.Low
	}
}

// CdArgs are the arguments of Cd.
type CdArgs struct {
	Group string `arg:"group?" help:"name of a group; none is where the session began" complete:"group"`
}

// Cd goes to a group (RFC 3977, section 6.1.1).
func (s *Session) Cd(ctx context.Context, a CdArgs) (Group, error) {
	if words, err := unfold([]string{a.Group}); err != nil {
		return Group{}, err
	} else if len(words) == 1 {
		a.Group = words[0]
	}
	name := strings.Trim(a.Group, "/")
	if name == "" || name == ".." {
		if err := protocols.OneLine("group", a.Group); err != nil {
			return Group{}, err
		}
		s.start, s.group, s.current, s.found = "", nil, 0, nil
		return Group{}, nil
	}
	g, err := s.choose(ctx, name)
	if err != nil {
		return Group{}, err
	}
	s.arrive(g)
	return *g, nil
}

// Pwd is the current group.
func (s *Session) Pwd(context.Context, None) (string, error) {
	switch {
	case s.group != nil:
		return "/" + s.group.Name, nil
	case s.start != "":
		return "/" + s.start, nil
	}
	return "/", nil
}

// A Number is an article that is there.
type Number struct {
	Number int64 `json:"number"`
}

// String is the number.
func (n Number) String() string { return strconv.FormatInt(n.Number, 10) }

// SetArgs are the arguments of verbs that work on articles of a group.
type SetArgs struct {
	What []string `arg:"what..." help:"articles, such as 5, 1-100, last 20, new; before them another group" complete:"group"`
}

// Numbers tells which articles a group has (RFC 3977, section 6.1.2).
func (s *Session) Numbers(ctx context.Context, a SetArgs) (verb.Stream[Number], error) {
	c, err := chosen(a.What)
	if err != nil {
		return nil, err
	}
	g, spans, err := s.reach(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(c.sets) == 0 {
		spans = []span{{g.Low, last}}
	}
	return func(yield func(Number, error) bool) {
		for _, x := range spans {
			for n, err := range s.list(ctx, g.Name, x) {
				if !yield(Number{n}, err) || err != nil {
					return
				}
			}
		}
	}, nil
}

// reach goes to the group of a choice, and finds the numbers that it means.
// The current group stays what it is.
func (s *Session) reach(ctx context.Context, c choice) (*Group, []span, error) {
	if len(c.ids) > 0 {
		return nil, nil, fault.New(fault.BadArgument, "a message-id is not a number").WithHint("articles of a group are such as 5, 1-100, last 20, new")
	}
	name := c.group
	if name == "" {
		if err := s.begun(ctx); err != nil {
			return nil, nil, err
		}
		if s.group == nil {
			return nil, nil, fault.New(fault.Usage, "no group is selected").WithHint("cd GROUP goes to one; ls lists them")
		}
		name = s.group.Name
	}
	g, err := s.choose(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	s.freshen(g)
	spans, err := s.spans(c, g)
	return g, spans, err
}

// freshen takes the numbers of the current group from g, if that is it.
func (s *Session) freshen(g *Group) {
	if s.group != nil && s.group.Name == g.Name {
		s.group = g
	}
}

// list gives the numbers of the articles in a span.
func (s *Session) list(ctx context.Context, group string, x span) verb.Stream[int64] {
	return func(yield func(int64, error) bool) {
		if _, err := s.ask(ctx, "LISTGROUP "+group+" "+x.String(), groupIs); err != nil {
			yield(0, of(group, err))
			return
		}
		s.link.group, s.link.article = group, 0
		for line, err := range s.lines(ctx) {
			n := int64(0)
			if err == nil {
				if n, err = number(strings.TrimSpace(string(line))); err != nil {
					err = s.link.protocol("the reply to LISTGROUP has a line that is no number: %s", quote(string(line)))
				}
			}
			if !yield(n, err) || err != nil {
				return
			}
		}
	}
}
