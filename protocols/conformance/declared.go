package conformance

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

var (
	nameForm   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	schemeForm = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`) // RFC 3986, section 3.1
)

// declared tells what is wrong with the declaration of p.
func declared(p protocols.Protocol) (errs []error) {
	bad := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	if !nameForm.MatchString(p.Name) || slices.Contains(protocols.ShellWords, p.Name) {
		bad("%q is no name for a protocol", p.Name)
	}
	if why := phrase(p.Short); why != "" {
		bad("Short of %s, %q: %s", p.Name, p.Short, why)
	}
	if len(p.Schemes) == 0 {
		bad("%s has no scheme", p.Name)
		return errs
	}
	seen := map[string]bool{}
	for _, s := range p.Schemes {
		if !schemeForm.MatchString(s.Name) || seen[s.Name] {
			bad("%q is no name for a scheme, or one twice", s.Name)
		}
		seen[s.Name] = true
		t := wire.Target{Scheme: s}
		if !slices.Contains([]string{"tcp", "udp", "unix", "unixgram", "unixpacket"}, t.Net()) {
			bad("scheme %s: no network is called %s", s.Name, t.Net())
		}
		if s.Port != "" {
			if _, err := wire.Port(t.Net(), s.Port); err != nil {
				bad("scheme %s: %v", s.Name, err)
			}
		}
		if s.Security == wire.StartTLS && s.Upgrade == nil {
			bad("scheme %s: StartTLS without an Upgrade", s.Name)
		}
	}
	for _, v := range p.Open {
		if !slices.Contains([]string{"connect", "listen", "bind", "socket"}, v.Name) {
			bad("%s does not begin a session; it belongs into Verbs", v.Name)
		}
		errs = append(errs, declaredVerb(p, v)...)
	}
	if _, ok := verb.Find(p.Open, "connect"); !ok {
		bad("%s has no connect", p.Name)
	}
	clear(seen)
	for _, v := range p.Verbs {
		for _, n := range append([]string{v.Name}, v.Aliases...) {
			switch {
			case !nameForm.MatchString(n):
				bad("%q is no name for a verb", n)
			case seen[n]:
				bad("%s is declared twice", n)
			case slices.Contains(protocols.ShellWords, n) && !slices.Contains(protocols.SessionWords, n):
				bad("%s is a word of the shell", n)
			}
			seen[n] = true
		}
		errs = append(errs, declaredVerb(p, v)...)
	}
	return errs
}

func declaredVerb(p protocols.Protocol, v verb.Verb) (errs []error) {
	bad := func(format string, a ...any) {
		errs = append(errs, fmt.Errorf("%s %s: %w", p.Name, v.Name, fmt.Errorf(format, a...)))
	}
	if reflect.ValueOf(v.Run).IsZero() {
		bad("Run is missing")
		return errs
	}
	if why := phrase(v.Short); why != "" {
		bad("Short, %q: %s", v.Short, why)
	}
	args, flags := v.Params()
	names := map[string]bool{}
	for i, a := range slices.Concat(args, flags) {
		if why := phrase(a.Help); why != "" {
			bad("help of %s, %q: %s", a.Name, a.Help, why)
		}
		if names[a.Name] || a.Letter != "" && names["-"+a.Letter] {
			bad("%s or its letter is there twice", a.Name)
		}
		names[a.Name], names["-"+a.Letter] = true, true
		if i == 0 || i >= len(args) {
			continue
		}
		if before := args[i-1]; before.Rest || before.Optional && !a.Optional {
			bad("%s comes after %s, which may take its place", a.Name, before.Name)
		}
	}
	if _, err := json.Marshal(v.Schema()); err != nil {
		bad("its schema: %v", err)
	}
	if err := tripType(v.Row()); err != nil {
		bad("its result: %v", err)
	}
	if len(v.Example) == 0 {
		bad("no example")
	}
	for _, line := range v.Example {
		if err := parses(p, v, line); err != nil {
			bad("example %q: %v", line, err)
		}
	}
	return errs
}

// parses tells whether a line of help is one that the shell would run.
func parses(p protocols.Protocol, v verb.Verb, line string) error {
	cmds, err := split(line)
	if err != nil {
		return err
	}
	shown := false
	for _, s := range cmds {
		c, err := find(p, s)
		if err != nil {
			if slices.Contains(protocols.ShellWords, s.words[0]) {
				continue
			}
			return err
		}
		shown = shown || c.verb.Name == v.Name
		inv, err := c.parse(p, verb.Env{}, new(wire.Options))
		if err != nil {
			return err
		}
		if c.stdin == "" {
			err = inv.Check()
		}
		if err != nil {
			return err
		}
	}
	if !shown {
		return fmt.Errorf("it does not show %s", v.Name)
	}
	return nil
}

// phrase tells what keeps s from being one line, in lower case and without a
// full stop.
func phrase(s string) string {
	switch {
	case s == "":
		return "it is missing"
	case strings.ContainsAny(s, "\r\n"):
		return "it is more than a line"
	case strings.HasSuffix(s, "."):
		return "it ends in a full stop"
	}
	first, _, _ := strings.Cut(s, " ")
	if unicode.IsUpper([]rune(first)[0]) && strings.IndexFunc(first[1:], unicode.IsLower) >= 0 && !strings.ContainsFunc(first[1:], unicode.IsUpper) {
		return "it begins with a capital letter"
	}
	return ""
}
