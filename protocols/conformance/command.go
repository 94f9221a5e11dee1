package conformance

import (
	"fmt"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A command is a line whose verb has been found.
type command struct {
	opens bool // the verb begins a session
	verb  verb.Verb
	words []string // arguments and flags, without the target
	stdin string
}

// find is the command that words mean. It finds verb, PROTO verb TARGET and
// connect PROTO TARGET.
func find(p protocols.Protocol, s simple) (command, error) {
	c := command{stdin: s.stdin}
	words := s.words
	noun := words[0] == p.Name
	if noun {
		words = words[1:]
	}
	if len(words) == 0 {
		return c, fmt.Errorf("%s: no verb", p.Name)
	}
	name := words[0]
	if name == "open" {
		name = "connect"
	}
	own, ok := verb.Find(p.Verbs, name)
	if ok {
		c.verb, c.words = own, words[1:]
		if noun {
			c.words = c.words[target(p, c.words):]
		}
		return c, nil
	}
	if c.verb, ok = verb.Find(p.Open, name); !ok {
		return c, fmt.Errorf("%s has no verb %s", p.Name, name)
	}
	c.opens, c.words = true, words[1:]
	if !noun {
		c.words = slices.DeleteFunc(slices.Clone(c.words), func(w string) bool { return w == p.Name })
	}
	if name == "socket" {
		return c, nil
	}
	flags := leading(c.verb, c.words)
	n := target(p, c.words[flags:])
	c.words = slices.Delete(slices.Clone(c.words), flags, flags+n)
	return c, nil
}

// leading is how many of words, flags of v and their values, stand before the
// target.
func leading(v verb.Verb, words []string) int {
	_, flags := v.Params()
	n := 0
	for n < len(words) && strings.HasPrefix(words[n], "-") {
		name := strings.TrimLeft(words[n], "-")
		valued := slices.ContainsFunc(flags, func(f verb.Param) bool {
			return !f.Bool() && (f.Name == name || f.Letter == name)
		})
		if n++; valued && n < len(words) {
			n++
		}
	}
	return n
}

// target is how many of words name the other end.
func target(p protocols.Protocol, words []string) int {
	if len(words) == 0 || strings.HasPrefix(words[0], "-") {
		return 0
	}
	if len(words) == 1 || strings.ContainsAny(words[0], ":/@") || strings.HasPrefix(network(p), "unix") {
		return 1
	}
	if _, err := wire.Port(network(p), words[1]); err == nil {
		return 2
	}
	return 1
}

// network is that of the scheme which is meant when none is typed.
func network(p protocols.Protocol) string {
	return wire.Target{Scheme: p.Schemes[0]}.Net()
}

// parse reads the flags of c; o gets those of the connection.
func (c command) parse(p protocols.Protocol, env verb.Env, o *wire.Options) (*verb.Invocation, error) {
	if !slices.ContainsFunc(c.words, func(w string) bool { return strings.HasPrefix(w, "-") }) {
		return c.verb.Parse(env, c.words) // a sweep does it thousands of times
	}
	sets := []any{o, new(verb.Common)} // which have no effect here
	if c.opens {
		sets = append(sets, new(verb.Following))
	}
	if connect, ok := verb.Find(p.Open, "connect"); ok && !c.opens {
		dial, err := connect.Parse(env, nil)
		if err != nil {
			return nil, err
		}
		sets = append([]any{dial.Args()}, sets...)
	}
	return c.verb.Parse(env, c.words, sets...)
}

// example is what a line of help would run: the first command of the first
// example of v that is v.
func example(p protocols.Protocol, v verb.Verb) (command, error) {
	for _, line := range v.Example {
		cmds, err := split(line)
		if err != nil {
			return command{}, err
		}
		for _, s := range cmds {
			if c, err := find(p, s); err == nil && c.verb.Name == v.Name {
				return c, nil
			}
		}
	}
	return command{}, fmt.Errorf("%s: no example of it", v.Name)
}
