// Package docs turns declarations into help, a man page, a reference and
// shell completion.
package docs

import (
	"fmt"
	"strings"

	"wireline/protocols"
	"wireline/protocols/verb"
)

// Verb is the help page of one verb. The prefix is what is typed before it.
func Verb(prefix string, v verb.Verb) string {
	var b strings.Builder
	if prefix != "" {
		prefix += " "
	}
	fmt.Fprintf(&b, "%s%s: %s\n\nusage: %s%s\n", prefix, v.Name, v.Short, prefix, v.Usage())
	if len(v.Aliases) > 0 {
		fmt.Fprintf(&b, "also: %s\n", strings.Join(v.Aliases, ", "))
	}
	if v.Long != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(v.Long))
	}
	args, flags := v.Params()
	if len(args) > 0 {
		b.WriteString("\n")
		for _, p := range args {
			fmt.Fprintf(&b, "  %-22s %s\n", p.Placeholder(), p.Help)
		}
	}
	if len(flags) > 0 {
		b.WriteString("\n")
		for _, p := range flags {
			b.WriteString(flag(p))
		}
	}
	b.WriteString("\nhelp options lists what every command takes.\n")
	if len(v.Example) > 0 {
		b.WriteString("\nexamples:\n")
		for _, e := range v.Example {
			fmt.Fprintf(&b, "  %s\n", e)
		}
	}
	if len(v.Explain) > 0 {
		b.WriteString("\non the wire:\n")
		for _, e := range v.Explain {
			fmt.Fprintf(&b, "  %s\n", e)
		}
	}
	return b.String()
}

func flag(p verb.Param) string {
	n := "--" + p.Name
	if p.Letter != "" {
		n = "-" + p.Letter + ", " + n
	}
	if !p.Bool() {
		n += " " + p.Placeholder()
	}
	if len(n) > 22 {
		return fmt.Sprintf("  %s\n  %-22s %s\n", n, "", p.Help)
	}
	return fmt.Sprintf("  %-22s %s\n", n, p.Help)
}

// Options is the help page of the flags that all verbs share.
func Options(title string, sets ...any) string {
	var b strings.Builder
	b.WriteString(title + ":\n")
	for _, s := range sets {
		for _, p := range verb.Flags(s) {
			b.WriteString(flag(p))
		}
	}
	return b.String()
}

// Protocol is the help page of a protocol: its schemes and verbs.
func Protocol(p protocols.Protocol) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", p.Name, p.Short)
	for _, s := range p.Schemes {
		port := s.Port
		if port != "" {
			port = ", port " + port
		}
		fmt.Fprintf(&b, "  %s:%s\n", s.Name, port)
	}
	for _, part := range []struct {
		title string
		verbs []verb.Verb
	}{{"to begin", p.Open}, {"in a session", p.Verbs}} {
		if len(part.verbs) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s:\n", part.title)
		for _, v := range part.verbs {
			fmt.Fprintf(&b, "  %-12s %s\n", v.Name, v.Short)
		}
	}
	fmt.Fprintf(&b, "\nhelp %s VERB tells about one.\n", p.Name)
	return b.String()
}

// Explain shows what a verb does on the wire, and its like elsewhere.
func Explain(prefix string, v verb.Verb) string {
	var b strings.Builder
	if prefix != "" {
		prefix += " "
	}
	fmt.Fprintf(&b, "%s%s: %s\n", prefix, v.Name, v.Short)
	for _, e := range v.Explain {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	return b.String()
}
