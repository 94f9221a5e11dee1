package repl

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/docs"
)

type HelpArgs struct {
	Words    []string `arg:"topic..." help:"a command, a protocol, a protocol and its verb, options, exits or errors" complete:"verb"`
	Man      bool     `flag:"man" help:"the manual page: of wireline, of a protocol, or errors"`
	Markdown bool     `flag:"markdown" help:"the same as Markdown"`
	Schema   bool     `flag:"schema" help:"the JSON schema of all commands, or of one"`
	Write    string   `flag:"write" help:"write manual, reference, completions and schema into this directory" complete:"local"`
}

// Help lists the commands or tells about one of them.
func (sh *Shell) Help(ctx context.Context, a HelpArgs) (any, error) {
	w := a.Words
	switch {
	case a.Write != "":
		return sh.writeDocs(sh.localPath(a.Write))
	case a.Man, a.Markdown:
		return sh.manual(w, a.Markdown)
	case a.Schema:
		return sh.schema(w)
	case len(w) == 0:
		return sh.overview(), nil
	case w[0] == "errors":
		return docs.Errors(), nil
	}
	if w[0] == "exits" || w[0] == "exit" && len(w) > 1 {
		return rows(exits()), nil
	}
	if w[0] == "options" {
		return docs.Options("options of every command", &verb.Common{}, &wire.Options{}, &config.Secrets{}, &verb.Following{}), nil
	}
	p, vs := sh.topic(w)
	if p != nil && len(vs) == 0 && len(w) == 1 {
		return docs.Protocol(*p), nil
	}
	if len(vs) == 0 {
		if res, err := sh.taught(ctx, w); res != nil || err != nil {
			return res, err
		}
		return nil, sh.noHelp(w)
	}
	var b strings.Builder
	for i, v := range vs {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(docs.Verb(v.prefix, v.Verb))
	}
	return b.String(), nil
}

// taught is what the server of the current session has to say of a topic.
func (sh *Shell) taught(ctx context.Context, w []string) (any, error) {
	s := sh.here()
	if s == nil || len(w) != 1 {
		return nil, nil
	}
	t, ok := s.Session.(protocols.Teacher)
	if !ok {
		return nil, nil
	}
	running(ctx).sess = s
	give, err := s.hold(ctx)
	if err != nil {
		return nil, err
	}
	defer give()
	defer s.wire.Bind(ctx)()
	return t.Help(ctx, w[0])
}

func (sh *Shell) noHelp(w []string) error {
	var names []string
	for _, v := range sh.verbs() {
		names = append(names, v.Name)
	}
	for _, p := range sh.Protocols {
		names = append(names, p.Name)
		names = append(names, slices.Collect(maps.Keys(p.Words))...)
		for _, v := range p.Tools {
			names = append(names, v.Name)
		}
	}
	return fault.New(fault.Usage, "no help on %q%s", strings.Join(w, " "), didYouMean(w[0], names)).WithHint("help lists the commands")
}

// A named verb is a verb and what is typed before it.
type named struct {
	prefix string
	verb.Verb
}

// topic finds what help and explain are asked about: tcp, tcp send, send tcp,
// send, connect tcp.
func (sh *Shell) topic(w []string) (*protocols.Protocol, []named) {
	for i, x := range w {
		p := sh.protocol(x)
		if p == nil {
			continue
		}
		rest := slices.Delete(slices.Clone(w), i, i+1)
		if len(rest) == 0 {
			return p, nil
		}
		if v, ok := verb.Find(p.Verbs, rest[0]); ok {
			return p, []named{{p.Name, v}}
		}
		if v, ok := verb.Find(p.Open, openerName(rest[0])); ok {
			return p, []named{{"", withNoun(v, *p)}}
		}
		return p, nil
	}
	if s := sh.here(); s != nil {
		if st, ok := s.Session.(protocols.Stepper); ok {
			if v, ok := verb.Find(st.Steps(), w[0]); ok {
				return &s.proto, []named{{"", v}}
			}
		}
		if v, ok := verb.Find(s.proto.Verbs, w[0]); ok {
			return &s.proto, []named{{s.proto.Name, v}}
		}
	}
	if v, ok := verb.Find(sh.verbs(), w[0]); ok {
		return nil, []named{{"", v}}
	}
	var all []named
	for _, p := range sh.Protocols {
		if v, ok := verb.Find(p.Tools, w[0]); ok {
			return nil, []named{{"", v}}
		}
		if name, ok := p.Words[w[0]]; ok {
			if v, ok := verb.Find(p.Verbs, name); ok {
				return nil, []named{{p.Name, v}}
			}
		}
		if v, ok := verb.Find(p.Open, openerName(w[0])); ok {
			all = append(all, named{"", withNoun(v, p)})
		} else if v, ok := verb.Find(p.Verbs, w[0]); ok {
			all = append(all, named{p.Name, v})
		}
	}
	return nil, all
}

// page is the help page of a call's verb.
func (sh *Shell) page(c *call) string {
	switch {
	case c.opens:
		return docs.Verb("", withNoun(c.verb, *c.proto))
	case c.proto != nil:
		return docs.Verb(c.proto.Name, c.verb)
	}
	return docs.Verb("", c.verb)
}

// openerName is the verb that a life-cycle word means.
func openerName(w string) string {
	if w == "open" {
		return "connect"
	}
	return w
}

// withNoun is an opening verb as it is typed: connect tcp HOST PORT.
func withNoun(v verb.Verb, p protocols.Protocol) verb.Verb {
	v.Name += " " + p.Name
	if !strings.HasPrefix(v.Name, "socket") {
		v.Name += " " + strings.Split(wants(p), ":")[0]
	}
	return v
}

func (sh *Shell) overview() string {
	var b strings.Builder
	for _, p := range sh.Protocols {
		fmt.Fprintf(&b, "%-12s %s\n", p.Name, p.Short)
	}
	b.WriteString("\n")
	if s := sh.here(); s != nil {
		fmt.Fprintf(&b, "in this session (%s):\n", s.at())
		vs := s.proto.Verbs
		if st, ok := s.Session.(protocols.Stepper); ok && len(st.Steps()) > 0 {
			vs = st.Steps()
		}
		for _, v := range vs {
			fmt.Fprintf(&b, "%-12s %s\n", v.Name, v.Short)
		}
		b.WriteString("\n")
	}
	for _, o := range []struct{ name, short string }{
		{"connect", "open a session: connect tcp localhost 12345"},
		{"listen", "wait for clients: listen tcp :12345"},
		{"bind", "open a socket without a peer: bind udp :9999"},
		{"socket", "take a socket through its calls one by one: socket tcp"},
	} {
		fmt.Fprintf(&b, "%-12s %s\n", o.name, o.short)
	}
	for _, v := range sh.verbs() {
		fmt.Fprintf(&b, "%-12s %s\n", v.Name, v.Short)
	}
	for _, p := range sh.Protocols {
		for _, v := range p.Tools {
			fmt.Fprintf(&b, "%-12s %s\n", v.Name, v.Short)
		}
		for _, word := range slices.Sorted(maps.Keys(p.Words)) {
			if v, ok := verb.Find(p.Verbs, p.Words[word]); ok {
				fmt.Fprintf(&b, "%-12s %s\n", word, v.Short)
			}
		}
	}
	b.WriteString("\nhelp COMMAND tells about one, help tcp about a protocol, help options about what\nevery command takes, help exits and help errors about exit statuses.\n")
	return b.String()
}

// ExitRow is one exit status.
type ExitRow struct {
	Exit  int    `json:"exit"`
	Name  string `json:"name"`
	Means string `json:"means"`
	Retry bool   `json:"retry"`
}

func exits() []ExitRow {
	list := []ExitRow{{0, "OK", "done, and complete", false}}
	for _, k := range fault.Kinds() {
		list = append(list, ExitRow{k.Exit, k.Name, k.Short, k.Retry})
	}
	return list
}

type ExplainArgs struct {
	Words []string `arg:"command..." help:"a command, as help takes it; or a number, an address, a status" complete:"verb"`
}

// Explain shows what a command does on the wire and its like elsewhere.
func (sh *Shell) Explain(_ context.Context, a ExplainArgs) (any, error) {
	if len(a.Words) == 0 {
		return nil, fault.New(fault.Usage, "missing COMMAND").WithHint("such as: explain send")
	}
	if text, ok, err := explainValue(a.Words); ok || err != nil {
		return text, err
	}
	_, vs := sh.topic(a.Words)
	var b strings.Builder
	for _, p := range sh.Protocols {
		if len(a.Words) == 1 && p.Code != nil && p.Code(a.Words[0]) != "" {
			fmt.Fprintf(&b, "%s: %s %s\n", p.Name, a.Words[0], p.Code(a.Words[0]))
		}
	}
	for _, v := range vs {
		if len(v.Verb.Explain) > 0 {
			b.WriteString(docs.Explain(v.prefix, v.Verb))
		}
	}
	if b.Len() == 0 {
		return nil, fault.New(fault.Usage, "nothing to explain about %q", strings.Join(a.Words, " ")).WithHint("help %s tells what it does", a.Words[0])
	}
	return b.String(), nil
}

func (sh *Shell) explainTo(w io.Writer, p *protocols.Protocol, v verb.Verb) {
	prefix := ""
	if p != nil {
		prefix = p.Name
	}
	if len(v.Explain) > 0 {
		io.WriteString(w, docs.Explain(prefix, v))
	}
}
