package http

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// RobotsArgs are the arguments of robots-txt.
type RobotsArgs struct {
	URL   string `arg:"url?" help:"any URL of the site" complete:"remote"`
	Agent string `flag:"agent" help:"name of the robot; * if not given"`
	Path  string `flag:"path" help:"path to ask about; that of the URL if not given"`
}

// Robots is what a site's robots.txt says to a robot (RFC 9309).
type Robots struct {
	URL      string   `json:"url"` // of robots.txt
	Agent    string   `json:"agent"`
	Path     string   `json:"path"`
	Allowed  bool     `json:"allowed"`
	Rule     string   `json:"rule,omitempty"` // the one that decides
	Delay    float64  `json:"crawl_delay,omitempty"`
	Rate     string   `json:"request_rate,omitempty"` // requests/seconds
	Sitemaps []string `json:"sitemaps"`
	Modified string   `json:"modified,omitempty"`
}

// maxRobots is how much of a robots.txt is read, as RFC 9309 demands at least
// (section 2.5).
const maxRobots = 512 << 10

// Robots asks whether a robot may fetch a path.
func (s *Session) Robots(ctx context.Context, a RobotsArgs) (*Robots, error) {
	if err := oneLine("--agent", a.Agent, "--path", a.Path); err != nil {
		return nil, err
	}
	r, err := s.request("GET", Args{URL: a.URL, How: How{Follow: true, Redirects: 5}}, verb.Input{})
	if err != nil {
		return nil, err
	}
	found := &Robots{Agent: a.Agent, Path: a.Path, Sitemaps: []string{}}
	if found.Agent == "" {
		found.Agent = "*"
	}
	switch {
	case found.Path == "":
		found.Path = r.url.RequestURI()
	case found.Path[0] != '/':
		found.Path = "/" + found.Path
	}
	r.url = &url.URL{Scheme: r.url.Scheme, User: r.url.User, Host: r.url.Host, Path: "/robots.txt"}
	found.URL = r.url.Redacted()
	res, err := s.perform(ctx, r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	switch {
	case res.Code >= 500: // unreachable: nothing is allowed (RFC 9309, section 2.3.1.4)
		found.Rule = "status " + strconv.Itoa(res.Code)
		return found, res.Drain()
	case res.Code != http.StatusOK: // unavailable: everything is
		found.Allowed, found.Rule = true, "status "+strconv.Itoa(res.Code)
		return found, res.Drain()
	}
	body, err := web.Decode(res)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(body, maxRobots))
	if err != nil {
		return nil, err
	}
	found.Modified = res.Fields.Get("Last-Modified")
	parseRobots(string(text)).judge(found)
	return found, nil
}

// A robotsFile is a parsed robots.txt.
type robotsFile struct {
	groups   []robotsGroup
	sitemaps []string
}

// A robotsGroup is what is said to some robots.
type robotsGroup struct {
	agents []string // in lower case
	rules  []robotsRule
	delay  float64
	rate   string
}

type robotsRule struct {
	allow bool
	path  string
}

// parseRobots reads what it understands, and leaves out the rest.
func parseRobots(text string) (f robotsFile) {
	open := false // the group still takes agents
	lines := bufio.NewScanner(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	lines.Buffer(nil, maxRobots+1)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		key, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if !open {
				f.groups = append(f.groups, robotsGroup{})
			}
			g := &f.groups[len(f.groups)-1]
			g.agents = append(g.agents, strings.ToLower(value))
			open = true
			continue
		case "sitemap":
			f.sitemaps = append(f.sitemaps, value)
			continue
		}
		if len(f.groups) == 0 {
			continue
		}
		g := &f.groups[len(f.groups)-1]
		switch key {
		case "allow", "disallow":
			if value != "" {
				g.rules = append(g.rules, robotsRule{key == "allow", value})
			}
		case "crawl-delay":
			g.delay, _ = strconv.ParseFloat(value, 64)
		case "request-rate":
			g.rate = value
		default:
			continue
		}
		open = false
	}
	return f
}

// judge says what f says to found's agent about found's path.
func (f robotsFile) judge(found *Robots) {
	found.Allowed = true
	if f.sitemaps != nil {
		found.Sitemaps = f.sitemaps
	}
	if found.Path == "/robots.txt" {
		found.Rule = "robots.txt itself may always be fetched" // RFC 9309, section 2.2.2
		return
	}
	best := -1
	for _, g := range f.said(found.Agent) {
		if g.delay > 0 {
			found.Delay = g.delay
		}
		if g.rate != "" {
			found.Rate = g.rate
		}
		for _, r := range g.rules {
			// The longest path decides; of two as long, the one that allows.
			if n := len(r.path); matchRobots(r.path, found.Path) && (n > best || n == best && r.allow) {
				best, found.Allowed, found.Rule = n, r.allow, "Disallow: "+r.path
				if r.allow {
					found.Rule = "Allow: " + r.path
				}
			}
		}
	}
}

// said are the groups for a robot: those with its name, else those for *.
func (f robotsFile) said(agent string) (named []robotsGroup) {
	agent = product(strings.ToLower(agent))
	var any []robotsGroup
	for _, g := range f.groups {
		switch {
		case slices.ContainsFunc(g.agents, func(a string) bool { return a != "*" && product(a) == agent }):
			named = append(named, g)
		case slices.Contains(g.agents, "*"):
			any = append(any, g)
		}
	}
	if named == nil {
		return any
	}
	return named
}

// product is the name of a robot without its version, which both sides are
// compared by (RFC 9309, section 2.2.1).
func product(agent string) string {
	agent, _, _ = strings.Cut(agent, "/")
	name, _, _ := strings.Cut(agent, " ")
	return name
}

// matchRobots reports whether path begins as a rule says, in which * is
// anything and a $ at the end the end.
func matchRobots(rule, path string) bool {
	rule, whole := strings.CutSuffix(rule, "$")
	rule, path = plainPath(rule), plainPath(path)
	parts := strings.Split(rule, "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	rest := path[len(parts[0]):]
	for i, part := range parts[1:] {
		if whole && i == len(parts)-2 {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return !whole || rest == ""
}

// plainPath undoes the escapes that mean nothing, so that paths can be
// compared byte by byte.
func plainPath(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil && n != '/' && n != '%' && n != '*' && n != '$' {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
