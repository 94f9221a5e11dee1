package docs

import (
	"slices"
	"strings"

	"wireline/protocols/verb"
)

// A command is what shell completion knows: one or two words, and what may
// follow them.
type command struct {
	path  string // "trace", "tcp send", "connect tcp"
	short string
	args  []verb.Param
	flags []verb.Param
	proto string // whose flags of connect it takes as well
}

// commands are all of t, in the order of its declarations.
func commands(t Tree) []command {
	var all []command
	add := func(path, proto string, v verb.Verb) {
		args, flags := v.Params()
		all = append(all, command{path, v.Short, args, flags, proto})
	}
	for _, v := range t.Verbs {
		for _, n := range names(v) {
			add(n, "", v)
		}
	}
	for _, p := range t.Protocols {
		for _, v := range p.Open {
			opener, _, _ := strings.Cut(v.Name, " ")
			add(opener+" "+p.Name, "", v)
			add(p.Name+" "+opener, "", v)
			if opener == "connect" {
				add("open "+p.Name, "", v)
			}
		}
		for _, v := range p.Verbs {
			for _, n := range names(v) {
				add(p.Name+" "+n, p.Name, v)
			}
		}
		for _, v := range p.Tools {
			add(v.Name, "", v)
		}
	}
	return all
}

// A choice is a word that may follow, with its help.
type choice struct{ word, help string }

// first are the words that a command may begin with.
func first(t Tree) []choice {
	var all []choice
	for _, p := range t.Protocols {
		all = append(all, choice{p.Name, p.Short})
	}
	for _, c := range commands(t) {
		word, rest, _ := strings.Cut(c.path, " ")
		if t.protocol(word) == nil && !slices.ContainsFunc(all, func(x choice) bool { return x.word == word }) {
			help := c.short
			if rest != "" {
				help = "open a session"
			}
			all = append(all, choice{word, help})
		}
	}
	for _, p := range programs {
		all = append(all, choice{p[0], p[1]})
	}
	return all
}

// programs are words of the program that are no commands of the shell.
var programs = [][2]string{
	{"demo", "the shell, with servers of its own to play with"},
	{"playground", "only those servers, for other programs"},
}

// second are the words that may follow each first word of two.
func second(t Tree) map[string][]choice {
	all := map[string][]choice{}
	for _, c := range commands(t) {
		if word, rest, ok := strings.Cut(c.path, " "); ok {
			help := c.short
			if p := t.protocol(rest); p != nil {
				help = p.Short
			}
			all[word] = append(all[word], choice{rest, help})
		}
	}
	return all
}

// common are the flags of every command.
func common(t Tree) []verb.Param {
	var all []verb.Param
	for _, s := range t.Options {
		all = append(all, verb.Flags(s.Flags)...)
	}
	return all
}

// dialing are the flags of connect, which all verbs of a protocol take.
func dialing(t Tree, proto string) []verb.Param {
	p := t.protocol(proto)
	if p == nil {
		return nil
	}
	for _, v := range p.Open {
		if strings.HasPrefix(v.Name, "connect ") {
			_, flags := v.Params()
			return flags
		}
	}
	return nil
}

// values are the words that p may be, and whether it is a file.
func values(p verb.Param) (words []string, file bool) {
	switch {
	case len(p.Enum) > 0:
		return p.Enum, false
	case strings.Contains(p.Complete, "|"):
		return strings.Split(p.Complete, "|"), false
	}
	return nil, p.Complete == "local"
}

// long are the names of flags with their dashes, and without those in except.
func long(flags []verb.Param, except ...verb.Param) []string {
	var all []string
	for _, f := range flags {
		n := "--" + f.Name
		if !slices.ContainsFunc(except, func(e verb.Param) bool { return e.Name == f.Name }) && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}
