package gopher

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// robots is what a server's robots.txt says to every robot.
type robots struct {
	disallow []string // how selectors begin that are not to be fetched
	delay    time.Duration
}

// parseRobots reads what is said to all robots and to ours; the rest of the
// file is for others.
func parseRobots(text string) (r robots) {
	ours, heads := false, false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if !heads {
				ours = false
			}
			heads = true
			ours = ours || value == "*" || strings.EqualFold(value, "wireline")
			continue
		case "disallow":
			if ours && value != "" {
				r.disallow = append(r.disallow, strings.TrimSuffix(value, "*"))
			}
		case "crawl-delay":
			if d, err := strconv.ParseFloat(value, 64); ours && err == nil && d > 0 && d < 1e6 {
				r.delay = time.Duration(d * float64(time.Second))
			}
		}
		heads = false
	}
	return r
}

// forbids is the rule that a selector must not be fetched by. Servers differ in
// whether their selectors begin with a slash, and in whether a rule has the
// type of the item before it.
func (r robots) forbids(selector string) (rule string, ok bool) {
	selector = "/" + strings.TrimPrefix(selector, "/")
	for _, rule := range r.disallow {
		if strings.HasPrefix(selector, "/"+strings.TrimPrefix(rule, "/")) {
			return rule, true
		}
	}
	return "", false
}

// small is a short text as a whole.
func (s *Session) small(ctx context.Context, it Item) (string, error) {
	b, err := s.fetch(ctx, it, Look{})
	if err != nil {
		return "", err
	}
	defer b.Close()
	text, err := io.ReadAll(io.LimitReader(b, mostText+1))
	if err == nil && len(text) > mostText {
		err = &fault.Error{Kind: fault.Limit, At: it.URL(), Text: "the file is larger than 256 KiB"}
	}
	return string(text), err
}
