package repl

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/line"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// complete proposes what may stand at pos of a line.
func (sh *Shell) complete(ctx context.Context, text string, pos int) line.Completion {
	at := syntax.At(text, pos)
	var found []line.Candidate
	switch {
	case at.Shell:
		return line.Completion{}
	case at.Redir:
		found = localNames(at.Prefix)
	case len(at.Words) == 0 && strings.HasPrefix(at.Prefix, "@"):
		for _, c := range sh.sessionNames() {
			c.Text = "@" + c.Text
			found = append(found, c)
		}
	case len(at.Words) == 0:
		found = sh.commandNames()
	default:
		found = sh.argument(ctx, at)
	}
	out := line.Completion{Start: at.Start}
	for _, c := range found {
		if strings.HasPrefix(c.Text, at.Prefix) {
			if c.Label == "" {
				c.Label = c.Text
			}
			if at.Quote == 0 {
				c.Text = syntax.Quote(c.Text)
			}
			if !strings.HasSuffix(c.Text, "/") && !strings.HasSuffix(c.Text, "=") {
				c.Text += " "
			}
			out.Words = append(out.Words, c)
		}
	}
	slices.SortFunc(out.Words, func(a, b line.Candidate) int { return strings.Compare(a.Text, b.Text) })
	out.Words = slices.CompactFunc(out.Words, func(a, b line.Candidate) bool { return a.Text == b.Text })
	return out
}

func candidates(vs []verb.Verb) []line.Candidate {
	var cs []line.Candidate
	for _, v := range vs {
		cs = append(cs, line.Candidate{Text: v.Name, Help: v.Short})
	}
	return cs
}

func (sh *Shell) commandNames() []line.Candidate {
	cs := candidates(sh.verbs())
	for _, w := range []string{"connect", "listen", "bind", "socket"} {
		cs = append(cs, line.Candidate{Text: w, Help: "open a session"})
	}
	for _, p := range sh.Protocols {
		cs = append(cs, line.Candidate{Text: p.Name, Help: p.Short})
	}
	for n := range sh.aliases {
		cs = append(cs, line.Candidate{Text: n, Help: "alias"})
	}
	if s := sh.here(); s != nil {
		cs = append(cs, candidates(s.proto.Verbs)...)
	}
	return cs
}

func (sh *Shell) sessionNames() []line.Candidate {
	var cs []line.Candidate
	for _, s := range sh.list() {
		cs = append(cs, line.Candidate{Text: strconv.Itoa(s.id), Help: s.at()})
	}
	all, _ := sh.allBookmarks()
	for n, u := range all {
		cs = append(cs, line.Candidate{Text: n, Help: u})
	}
	return cs
}

// argument proposes for a word behind the command.
func (sh *Shell) argument(ctx context.Context, at syntax.Cursor) []line.Candidate {
	_, w := sh.ahead(at.Words)
	if len(w) == 0 {
		return sh.commandNames()
	}
	first := w[0]
	if first == "help" || first == "explain" {
		if p := sh.protocol(w[len(w)-1]); p != nil && len(w) > 1 {
			return append(candidates(p.Verbs), candidates(p.Open)...)
		}
		return sh.commandNames()
	}
	if p := sh.protocol(first); p != nil && len(w) == 1 {
		return append(candidates(p.Verbs), candidates(p.Open)...)
	}
	if slices.Contains([]string{"connect", "open", "listen", "bind", "socket"}, first) && len(w) == 1 {
		var cs []line.Candidate
		for _, p := range sh.Protocols {
			if _, ok := verb.Find(p.Open, openerName(first)); ok {
				cs = append(cs, line.Candidate{Text: p.Name, Help: p.Short})
			}
		}
		all, _ := sh.allBookmarks()
		for n, u := range all {
			cs = append(cs, line.Candidate{Text: n, Help: u})
		}
		return cs
	}
	c, err := sh.route(at.Session, w, false)
	if err != nil || c == nil {
		return nil
	}
	if strings.HasPrefix(at.Prefix, "-") {
		return sh.flagNames(c)
	}
	return sh.values(ctx, c, at)
}

func (sh *Shell) flagNames(c *call) []line.Candidate {
	_, flags := c.verb.Params()
	flags = append(append(flags, verb.Flags(&verb.Common{})...), verb.Flags(&wire.Options{})...)
	if c.opens {
		flags = append(flags, verb.Flags(&verb.Following{})...)
	}
	var cs []line.Candidate
	for _, f := range flags {
		cs = append(cs, line.Candidate{Text: "--" + f.Name, Help: f.Help})
	}
	return cs
}

// values proposes for the argument, or the value of the flag, at the cursor.
func (sh *Shell) values(ctx context.Context, c *call, at syntax.Cursor) []line.Candidate {
	args, flags := c.verb.Params()
	var p verb.Param
	if last := at.Words[len(at.Words)-1]; strings.HasPrefix(last, "-") {
		for _, f := range flags {
			if (last == "--"+f.Name || last == "-"+f.Letter) && !f.Bool() {
				p = f
			}
		}
	}
	if p.Name == "" {
		if len(args) == 0 {
			return nil
		}
		p = args[min(len(c.words), len(args)-1)]
	}
	switch p.Complete {
	case "local":
		return localNames(at.Prefix)
	case "session":
		return sh.sessionNames()
	case "verb":
		return sh.commandNames()
	case "setting":
		return sh.settingNames()
	case "value":
		return sh.settingValues(c.words[0])
	}
	var cs []line.Candidate
	for _, e := range p.Enum {
		cs = append(cs, line.Candidate{Text: e})
	}
	if s := c.sess; s != nil && p.Complete != "" {
		for _, n := range sh.remoteNames(ctx, s, p.Complete, at.Prefix) {
			name, about, _ := strings.Cut(n, "\t")
			cs = append(cs, line.Candidate{Text: name, Help: render.Clean(about)})
		}
	}
	return cs
}

// localNames are the files that begin as prefix does.
func localNames(prefix string) []line.Candidate {
	dir, base := filepath.Split(prefix)
	read := dir
	if read == "" {
		read = "."
	}
	es, err := os.ReadDir(read)
	if err != nil {
		return nil
	}
	var cs []line.Candidate
	for _, e := range es {
		if !strings.HasPrefix(e.Name(), base) {
			continue
		}
		c := line.Candidate{Text: dir + e.Name(), Label: e.Name()}
		if e.IsDir() {
			c.Text += "/"
		}
		cs = append(cs, c)
	}
	return cs
}
