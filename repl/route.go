package repl

import (
	"net"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A call is a line whose verb has been found and whose words have not been
// read yet.
type call struct {
	name  string // as typed: "tcp send"
	verb  verb.Verb
	words []string
	proto *protocols.Protocol // nil for the shell's own verbs
	opens bool                // the verb begins a session
	sess  *session            // the session it runs on, if that is known already
	enter bool                // the session becomes the current one, since no verb was typed
	label string              // the bookmark that names the target
	argv  bool                // the words come from the command line of the process
}

// route finds the verb that words name. The order is fixed: shell words,
// protocols, the current session's verbs, a number, a URL. at is the session
// or bookmark named by a leading @, or "".
func (sh *Shell) route(at string, words []string, argv bool) (*call, error) {
	flags, rest := sh.ahead(words)
	if len(words) > 0 && (len(rest) == 0 || len(rest[0]) > 1 && rest[0][0] == '-') {
		return nil, noCommand(flags, rest)
	}
	c, err := sh.callOf(at, rest, argv)
	if err == nil && len(flags) > 0 {
		c.words = append(flags, c.words...)
	}
	return c, err
}

// callOf finds the verb of words that begin with no flag.
func (sh *Shell) callOf(at string, words []string, argv bool) (*call, error) {
	here := sh.here()
	if at != "" {
		s, err := sh.named(at)
		if err != nil {
			return nil, err
		}
		here = s
		if len(words) == 0 {
			words = []string{"use", strconv.Itoa(s.id)}
		}
	}
	c := &call{name: words[0], words: words[1:], argv: argv}
	if c.step(here, words) {
		return c, nil
	}
	if slices.Contains(protocols.ShellWords, words[0]) || words[0] == "cp" && slices.ContainsFunc(words, crosses) {
		return sh.shellWord(c, here)
	}
	if p := sh.protocol(words[0]); p != nil {
		return sh.nounVerb(c, p, here)
	}
	if here != nil {
		if v, ok := verb.Find(here.proto.Verbs, words[0]); ok {
			c.verb, c.proto, c.sess = v, &here.proto, here
			return c, nil
		}
		if _, err := strconv.ParseUint(words[0], 10, 32); err == nil {
			for _, v := range here.proto.Verbs {
				if v.Number {
					c.verb, c.proto, c.sess, c.words = v, &here.proto, here, words
					return c, nil
				}
			}
		}
	}
	if name, _, ok := strings.Cut(words[0], ":"); ok {
		if p := sh.speaks(name); p != nil {
			if _, ok := hostless(*p, words[0]); ok {
				return sh.nounVerb(&call{name: p.Name, words: words, argv: argv}, p, here)
			}
		}
	}
	if strings.Contains(words[0], "://") || sh.isContent(words[0]) {
		return sh.connectWord(&call{name: "open", words: words, argv: argv}, "connect")
	}
	return nil, sh.unknown(words[0], here)
}

// step takes words that a step-by-step session has as verbs of its own.
func (c *call) step(here *session, words []string) bool {
	if here == nil {
		return false
	}
	st, ok := here.Session.(protocols.Stepper)
	if !ok {
		return false
	}
	v, ok := verb.Find(st.Steps(), words[0])
	if ok {
		c.verb, c.proto, c.sess = v, &here.proto, here
	}
	return ok
}

func (sh *Shell) shellWord(c *call, here *session) (*call, error) {
	switch c.name {
	case "connect", "open":
		return sh.connectWord(c, "connect")
	case "listen", "bind", "socket":
		return sh.connectWord(c, c.name)
	}
	v, own := verb.Find(sh.verbs(), c.name)
	if slices.Contains(protocols.SessionWords, c.name) {
		if here == nil && !own {
			return nil, fault.New(fault.Usage, "%s: no session is open", c.name).WithHint("connect PROTO HOST opens one")
		}
		if here != nil {
			if v, ok := verb.Find(here.proto.Verbs, c.name); ok {
				c.verb, c.proto, c.sess = v, &here.proto, here
				return c, nil
			} else if !own {
				return nil, fault.New(fault.Unsupported, "%s cannot %s", here.proto.Name, c.name)
			}
		}
	}
	if c.name == "url" && c.place(here) {
		return c, nil
	}
	if !own {
		return sh.toolWord(c, here)
	}
	c.verb, c.sess = v, here
	return c, nil
}

// place takes url alone, and with a number, for a question about the page that
// is shown or a link on it.
func (c *call) place(here *session) bool {
	if here == nil || len(c.words) > 1 {
		return false
	}
	if len(c.words) == 1 {
		if _, err := strconv.ParseUint(c.words[0], 10, 32); err != nil {
			return false
		}
	}
	v, ok := verb.Find(here.proto.Verbs, "link")
	if ok {
		c.verb, c.proto, c.sess = v, &here.proto, here
	}
	return ok
}

// toolWord routes the words of the shell that a protocol answers.
func (sh *Shell) toolWord(c *call, here *session) (*call, error) {
	for i, p := range sh.Protocols {
		if v, ok := verb.Find(p.Tools, c.name); ok {
			c.verb = v
			return c, nil
		}
		if name, ok := p.Words[c.name]; ok {
			c.words = append([]string{name}, c.words...)
			return sh.nounVerb(c, &sh.Protocols[i], here)
		}
	}
	return nil, fault.New(fault.Unsupported, "%s is not built in", c.name)
}

// connectWord routes connect, listen, bind and socket, whose noun comes
// second: a protocol, a URL or a bookmark.
func (sh *Shell) connectWord(c *call, opener string) (*call, error) {
	for i, w := range c.words {
		if p := sh.protocol(w); p != nil {
			c.words = slices.Delete(slices.Clone(c.words), i, i+1)
			sh.openBookmark(c, p)
			return c, c.open(p, opener)
		}
	}
	c.words = slices.Clone(c.words)
	for i, w := range c.words {
		if url, ok := sh.inside(w); ok {
			c.words[i], w = url, url
		} else if url, ok := sh.bookmark(strings.TrimPrefix(w, "@")); ok {
			c.words[i], c.label, w = url, strings.TrimPrefix(w, "@"), url
		}
		if name, _, ok := strings.Cut(w, ":"); ok {
			if sh.isContent(w) {
				return sh.content(c, w)
			}
			if p := sh.speaks(name); p != nil {
				return c, c.open(p, opener)
			}
		}
	}
	e := fault.New(fault.Usage, "%s: missing protocol, URL or bookmark", c.name)
	if len(c.words) > 0 {
		e = fault.New(fault.Usage, "%s: %q is no protocol, URL or bookmark%s", c.name, c.words[0], sh.meant(c.words[0]))
	}
	return nil, e.WithHint("such as: %s tcp localhost 12345; help lists the protocols", c.name)
}

// openBookmark puts the URL in the place of a bookmark of p, as in connect imap
// work. A name with a port behind it is a host, and so is one that the
// playground has.
func (sh *Shell) openBookmark(c *call, p *protocols.Protocol) {
	for i, w := range c.words {
		if url, ok := sh.inside(w); ok {
			c.words[i] = url
			return
		}
		name, at := strings.CutPrefix(w, "@")
		if !at && (i+1 < len(c.words) && !strings.HasPrefix(c.words[i+1], "-") || sh.embedded(p, name)) {
			continue
		}
		url, ok := sh.bookmark(name)
		if proto, _, _ := strings.Cut(url, ":"); ok && scheme(*p, proto) != nil {
			c.words[i], c.label = url, name
			return
		}
	}
}

func (c *call) open(p *protocols.Protocol, opener string) error {
	v, ok := verb.Find(p.Open, opener)
	if !ok {
		return fault.New(fault.Unsupported, "%s cannot %s", p.Name, opener)
	}
	c.verb, c.proto, c.opens, c.name = v, p, true, opener+" "+p.Name
	return nil
}

// quit is the protocol's own goodbye, as in smtp quit: close, of a session of
// that protocol.
func (sh *Shell) quit(c *call, p *protocols.Protocol) (*call, error) {
	if c.sess == nil {
		c.sess = sh.of(p.Name)
	}
	if c.sess == nil {
		return nil, fault.New(fault.Usage, "no %s session is open", p.Name)
	}
	v, _ := verb.Find(sh.verbs(), "close")
	return &call{name: "close", verb: v, words: append([]string{strconv.Itoa(c.sess.id)}, c.words[1:]...)}, nil
}

// nounVerb routes PROTO VERB, and PROTO TARGET, which has the verb that the
// target's URL stands for.
func (sh *Shell) nounVerb(c *call, p *protocols.Protocol, here *session) (*call, error) {
	c.proto = p
	if here != nil && here.proto.Name == p.Name {
		c.sess = here
	}
	if len(c.words) == 0 {
		return nil, fault.New(fault.Usage, "%s: missing verb", p.Name).WithHint("help %s lists them", p.Name)
	}
	if url, ok := sh.inside(c.words[0]); ok {
		c.words = append([]string{url}, c.words[1:]...)
	}
	w := c.words[0]
	if w == "help" || w == "--help" || w == "-h" {
		v, _ := verb.Find(sh.verbs(), "help")
		return &call{name: "help", verb: v, words: append([]string{p.Name}, c.words[1:]...)}, nil
	}
	for _, vs := range [][]verb.Verb{p.Verbs, p.Open} {
		if v, ok := verb.Find(vs, w); ok {
			c.verb, c.words, c.name = v, c.words[1:], p.Name+" "+v.Name
			_, own := verb.Find(p.Verbs, w)
			c.opens = !own
			return c, nil
		}
	}
	if w == "quit" {
		return sh.quit(c, p)
	}
	if strings.HasPrefix(w, "@") || looksLikeTarget(w) || sh.embedded(p, w) {
		name := "connect"
		if p.Route != nil {
			u, ok := hostless(*p, w)
			if !ok {
				t, _, err := target(*p, c.words, false)
				if err != nil {
					return nil, err
				}
				u = t.URL
			}
			name, _ = p.Route(u)
		}
		if name == "connect" {
			return c, c.open(p, name)
		}
		v, ok := verb.Find(p.Verbs, name)
		if !ok {
			return nil, fault.New(fault.Internal, "%s routes to %s, which it does not have", p.Name, name)
		}
		c.verb, c.name, c.enter = v, p.Name+" "+name, true
		if _, ok := hostless(*p, w); ok && sh.of(p.Name) != nil {
			c.sess, c.enter = sh.of(p.Name), false // whose server is meant
		}
		return c, nil
	}
	if len(p.Schemes) > 0 && len(c.words) > 1 {
		if t, n, err := target(*p, c.words, false); err == nil && n == 2 && t.URL != nil {
			return c, c.open(p, "connect")
		}
	}
	var names []string
	for _, v := range append(slices.Clone(p.Verbs), p.Open...) {
		names = append(append(names, v.Name), v.Aliases...)
	}
	return nil, fault.New(fault.Usage, "%s has no verb %q%s", p.Name, w, didYouMean(w, names)).WithHint("help %s lists them", p.Name)
}

// looksLikeTarget reports whether w can hardly be anything but a target.
func looksLikeTarget(w string) bool {
	return strings.ContainsAny(w, ":/.@") || w == "localhost"
}

// embedded reports whether a host of the playground is called w and speaks p.
func (sh *Shell) embedded(p *protocols.Protocol, w string) bool {
	return sh.Map != nil && len(p.Schemes) > 0 && sh.Map("tcp", net.JoinHostPort(w, p.Schemes[0].Port)) != ""
}

func (sh *Shell) protocol(name string) *protocols.Protocol {
	for i, p := range sh.Protocols {
		if p.Name == name {
			return &sh.Protocols[i]
		}
	}
	return nil
}

// speaks is the protocol that has the URL scheme name.
func (sh *Shell) speaks(name string) *protocols.Protocol {
	for i, p := range sh.Protocols {
		if scheme(p, name) != nil {
			return &sh.Protocols[i]
		}
	}
	return nil
}

func (sh *Shell) unknown(w string, here *session) error {
	names := slices.Clone(protocols.ShellWords)
	for _, p := range sh.Protocols {
		names = append(names, p.Name)
		if _, ok := verb.Find(p.Verbs, w); ok && here != nil {
			return fault.New(fault.Unsupported, "%s cannot %s", here.proto.Name, w).WithHint("help %s lists what it can", here.proto.Name)
		} else if ok {
			return fault.New(fault.Usage, "%s: no session is open", w).WithHint("connect PROTO HOST opens one; %s %s HOST … does without", p.Name, w)
		}
	}
	if here != nil {
		for _, v := range here.proto.Verbs {
			names = append(append(names, v.Name), v.Aliases...)
		}
	}
	return fault.New(fault.Usage, "unknown command %q%s", w, didYouMean(w, names)).WithHint("help lists the commands; !%s runs a local program", w)
}

func (sh *Shell) meant(w string) string {
	var names []string
	for _, p := range sh.Protocols {
		names = append(names, p.Name)
	}
	if strings.HasPrefix(w, "@") {
		all, _ := sh.allBookmarks() // what cannot be read is told elsewhere
		names = nil
		for _, n := range sorted(all) {
			names = append(names, "@"+n)
		}
	}
	return didYouMean(w, names)
}

func didYouMean(w string, names []string) string {
	if near := verb.Nearest(w, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}
