package repl

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
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

	several bool // there was more than one
}

func (m Matched) Message() string {
	if m.several {
		return fmt.Sprintf("matched %d: %s", m.Index, strings.TrimSpace(m.Match))
	}
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
	for _, p := range joined(a.Patterns) {
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
	give, err := s.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	defer s.wire.Bind(ctx)()
	i, match, before, err := e.Expect(ctx, res, a.Timeout)
	if err != nil {
		return nil, err
	}
	m := Matched{Index: i, Match: string(match), Before: string(before), several: len(res) > 1}
	if g := res[i].FindSubmatch(match); len(g) > 1 {
		for _, b := range g[1:] {
			m.Groups = append(m.Groups, string(b))
		}
	}
	return m, nil
}

// closing is how a word ends that ends a regular expression.
var closing = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(.*[^\\])?/[imsU]*$`) })

// joined puts regular expressions with blanks in them together again, as in
// /\$ /, since words are told apart before anyone knows what they are.
func joined(words []string) (patterns []string) {
	for i := 0; i < len(words); i++ {
		p := words[i]
		if strings.HasPrefix(p, "/") && !closing().MatchString(p[1:]) {
			for j := i + 1; j < len(words); j++ {
				if closing().MatchString(words[j]) {
					p, i = strings.Join(words[i:j+1], " "), j
					break
				}
			}
		}
		patterns = append(patterns, p)
	}
	return patterns
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
