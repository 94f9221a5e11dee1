package docs

import (
	"slices"

	"wireline/protocols"
	"wireline/protocols/verb"
)

// A Tree is all that can be typed, as it is declared. Everything else in this
// package is made of one.
type Tree struct {
	Version   string
	Usage     string               // of the program: what --help prints
	Verbs     []verb.Verb          // the shell's own
	Protocols []protocols.Protocol // what Open holds is named as it is typed: "connect tcp HOST PORT"
	Options   []Set                // flags that every command takes
}

// A Set is flags that belong together.
type Set struct {
	Title string
	Flags any // pointer to a struct
}

// protocol is the one of t that is called name.
func (t Tree) protocol(name string) *protocols.Protocol {
	i := slices.IndexFunc(t.Protocols, func(p protocols.Protocol) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &t.Protocols[i]
}

// names are those that a verb can be called by.
func names(v verb.Verb) []string { return append([]string{v.Name}, v.Aliases...) }
