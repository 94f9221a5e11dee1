package repl

import (
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
)

// ahead takes the flags off words that stand before the command or before the
// verb of a protocol, as in -k imap ls and imap -k ls. They are those that
// verbs have in common; which of them has a value must be known to find the
// command.
func (sh *Shell) ahead(words []string) (flags, rest []string) {
	n := sh.flagsAhead(words)
	flags, rest = slices.Clone(words[:n]), words[n:]
	if len(rest) > 1 && sh.protocol(rest[0]) != nil {
		n := sh.flagsAhead(rest[1:])
		flags = append(flags, rest[1:1+n]...)
		rest = append([]string{rest[0]}, rest[1+n:]...)
	}
	return flags, rest
}

// flagsAhead is how many words at the front are flags and their values.
func (sh *Shell) flagsAhead(words []string) int {
	var known []verb.Param
	n := 0
	for n < len(words) && len(words[n]) > 1 && words[n][0] == '-' {
		if known == nil {
			known = sh.sharedFlags()
		}
		takes := verb.Span(known, words[n])
		if takes == 0 {
			break
		}
		n += takes
	}
	return min(n, len(words))
}

// sharedFlags are the flags that are not of one verb only: of every command,
// of the connection, of the password, and of connect.
func (sh *Shell) sharedFlags() []verb.Param {
	all := slices.Concat(verb.Flags(&verb.Common{}), verb.Flags(&wire.Options{}), verb.Flags(&config.Secrets{}))
	for _, p := range sh.Protocols {
		if v, ok := verb.Find(p.Open, "connect"); ok {
			_, flags := v.Params()
			all = append(all, flags...)
		}
	}
	return all
}

// noCommand is the error for words that are flags and nothing else, or begin
// with one that is not known.
func noCommand(flags, rest []string) error {
	if len(rest) == 0 {
		return fault.New(fault.Usage, "no command behind %s", strings.Join(flags, " ")).WithHint("such as %s http get URL; set makes a flag hold for all", flags[0])
	}
	return fault.New(fault.Usage, "no option %s before a command", rest[0]).WithHint("options of a verb stand behind it; wireline --help lists those of the program")
}
