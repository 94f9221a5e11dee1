package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// A line is a command line of an entrant. In it {1} is the port of the first
// server, {2} that of the second; "wireline" is ours, "limit" is this program.
type line struct {
	name  string
	words []string
}

// typed is a line whose words are free of blanks.
func typed(name, words string) line { return line{name, strings.Fields(words)} }

// entrant is who types a line.
func (c *course) entrant(l line) (e entrant, words []string) {
	words = slices.Clone(l.words)
	e = entrant{name: l.name, role: peer, program: words[0]}
	switch words[0] {
	case "wireline":
		e.role, e.program, words[0] = ours, "", c.wireline
	case "limit":
		e.role, e.program, words = bound, "", append([]string{c.self}, words...)
	}
	return e, words
}

// clients are entrants that connect to a server of each service. A heat is
// over when the program and all of its servers have ended, and each service
// must have counted the amount of the race.
func (c *course) clients(j job, services []service, lines ...line) (all []entrant) {
	for _, l := range lines {
		e, words := c.entrant(l)
		e.heat = func(ctx context.Context) (cost, error) { return c.heat(ctx, j, words, services) }
		all = append(all, e)
	}
	return all
}

func (c *course) heat(ctx context.Context, j job, words []string, services []service) (took cost, err error) {
	var servers []*server
	defer func() {
		for _, s := range servers {
			s.l.Close()
		}
	}()
	var ports []string
	for i, f := range services {
		s, err := serve(f)
		if err != nil {
			return took, err
		}
		servers = append(servers, s)
		ports = append(ports, fmt.Sprintf("{%d}", i+1), s.port())
	}
	j.words = replaced(words, ports)
	r, err := j.start(ctx)
	if err != nil {
		return took, err
	}
	if took, err = r.wait(); err != nil {
		return took, err
	}
	for _, s := range servers {
		switch got := s.wait(); {
		case got.err != nil:
			return took, fmt.Errorf("the server of %s: %w", words[0], got.err)
		case got.n != c.amount:
			return took, fmt.Errorf("%d of %d bytes went over the wire", got.n, c.amount)
		default:
			took.wall = max(took.wall, got.at.Sub(r.start))
		}
	}
	return took, nil
}

// replaced are words with the even ones of pairs replaced by the odd ones.
func replaced(words, pairs []string) []string {
	r := strings.NewReplacer(pairs...)
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = r.Replace(w)
	}
	return out
}
