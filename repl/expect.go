package repl

import (
	"context"
	"regexp"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
)

type ExpectArgs struct {
	Patterns []string      `arg:"pattern..." help:"/regular expression/ or text" escapes:"yes" dash:"yes"`
	Timeout  time.Duration `flag:"t,timeout" help:"how long to wait; 10 seconds if left out"`
}

// Matched is what expect found.
type Matched struct {
	Index  int      `json:"index"` // which pattern, from 0
	Match  string   `json:"match"`
	Groups []string `json:"groups,omitempty"`
	Before string   `json:"before"`
}

func (m Matched) Message() string {
	return "matched " + strings.TrimSpace(m.Match)
}

// Expect waits until the current session says something that matches one of
// the patterns.
func (sh *Shell) Expect(ctx context.Context, a ExpectArgs) (any, error) {
	s, err := sh.meantBy(ctx, "")
	if err != nil {
		return nil, err
	}
	e, ok := s.Session.(protocols.Expecter)
	if !ok {
		return nil, fault.New(fault.Unsupported, "%s cannot expect", s.proto.Name)
	}
	if len(a.Patterns) == 0 {
		return nil, fault.New(fault.Usage, "missing PATTERN").WithHint("such as: expect /OK/")
	}
	var res []*regexp.Regexp
	for _, p := range a.Patterns {
		re, err := pattern(p)
		if err != nil {
			return nil, err
		}
		res = append(res, re)
	}
	if a.Timeout == 0 {
		a.Timeout = 10 * time.Second
	}
	running(ctx).sess = s
	defer s.take()()
	defer s.wire.Bind(ctx)()
	i, match, before, err := e.Expect(ctx, res, a.Timeout)
	if err != nil {
		return nil, err
	}
	m := Matched{Index: i, Match: string(match), Before: string(before)}
	if g := res[i].FindSubmatch(match); len(g) > 1 {
		for _, b := range g[1:] {
			m.Groups = append(m.Groups, string(b))
		}
	}
	return m, nil
}

// pattern reads /re/, /re/i, or plain text.
func pattern(p string) (*regexp.Regexp, error) {
	if len(p) > 1 && p[0] == '/' {
		if end := strings.LastIndexByte(p, '/'); end > 0 {
			expr := p[1:end]
			if flags := p[end+1:]; flags != "" {
				expr = "(?" + flags + ")" + expr
			}
			re, err := regexp.Compile(expr)
			if err != nil {
				return nil, fault.New(fault.Usage, "%s is not a regular expression: %v", p, err)
			}
			return re, nil
		}
	}
	return regexp.MustCompile(regexp.QuoteMeta(p)), nil
}
