package docs

import (
	"fmt"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A page is a document that is written from top to bottom.
type page interface {
	title(name, short string)
	head(text string)
	sub(text string)
	para(text string)
	code(lines ...string)
	item(term, text string)
	String() string
}

// Topics are the names of the pages that t makes: "" is that of the program.
func Topics(t Tree) []string {
	topics := []string{"", "errors"}
	for _, p := range t.Protocols {
		topics = append(topics, p.Name)
	}
	return topics
}

// write puts the page about a topic onto w; false if there is none.
func write(w page, t Tree, topic string) bool {
	switch p := t.protocol(topic); {
	case topic == "":
		program(w, t)
	case topic == "errors":
		errorsPage(w, t)
	case p != nil:
		protocol(w, t, *p)
	default:
		return false
	}
	return true
}

func program(w page, t Tree) {
	w.title("wireline", "one shell for the protocols of the internet")
	w.head("synopsis")
	w.code(strings.Split(strings.TrimSpace(t.Usage), "\n")...)
	w.head("description")
	for _, p := range description {
		w.para(p)
	}
	w.head("protocols")
	for _, p := range t.Protocols {
		w.item(p.Name, p.Short+"; see "+pageName(p.Name))
	}
	w.head("language")
	w.para("A line is a command: words with blanks between. Network text needs no quotes; what does more than stand for itself is:")
	for _, i := range language {
		w.item(i[0], i[1])
	}
	w.head("commands")
	for _, v := range t.Verbs {
		verbEntry(w, "", v)
	}
	options(w, t)
	w.head("exit status")
	exitItems(w)
	w.head("environment")
	for _, i := range environment {
		w.item(i[0], i[1])
	}
	w.head("files")
	for _, i := range files {
		w.item(i[0], i[1])
	}
	w.head("see also")
	var also []string
	for _, topic := range Topics(t)[1:] {
		also = append(also, pageName(topic))
	}
	w.para(strings.Join(also, ", "))
}

func pageName(topic string) string {
	if topic == "" {
		return "wireline"
	}
	return "wireline-" + topic
}

func options(w page, t Tree) {
	w.head("options")
	w.para("Every command takes these, anywhere among its words, up to a --.")
	for _, s := range t.Options {
		w.sub(s.Title)
		for _, f := range verb.Flags(s.Flags) {
			w.item(flagTerm(f), f.Help)
		}
	}
}

func protocol(w page, t Tree, p protocols.Protocol) {
	w.title(pageName(p.Name), p.Short)
	w.head("description")
	w.para(fmt.Sprintf("Commands of %s, as they are typed once a session is open, or with %s in front of them and a target behind: %s VERB TARGET.", p.Name, p.Name, p.Name))
	if len(p.Schemes) > 0 {
		w.head("targets")
		for _, s := range p.Schemes {
			text := "no port is implied"
			if s.Port != "" {
				text = "port " + s.Port
			}
			w.item(s.Name+":", text)
		}
	}
	for _, part := range []struct {
		title, prefix string
		verbs         []verb.Verb
	}{{"to begin", "", p.Open}, {"commands", p.Name, p.Verbs}, {"tools", "", p.Tools}} {
		if len(part.verbs) == 0 {
			continue
		}
		w.head(part.title)
		for _, v := range part.verbs {
			verbEntry(w, part.prefix, v)
		}
	}
	w.head("see also")
	w.para(pageName("") + ", which has the options of every command and the exit statuses; " + pageName("errors"))
}

func verbEntry(w page, prefix string, v verb.Verb) {
	if prefix != "" {
		prefix += " "
	}
	w.sub(prefix + v.Usage())
	w.para(sentence(v.Short))
	if len(v.Aliases) > 0 {
		w.para("Also: " + strings.Join(v.Aliases, ", ") + ".")
	}
	for _, p := range strings.Split(strings.TrimSpace(v.Long), "\n\n") {
		if p != "" {
			w.para(p)
		}
	}
	args, flags := v.Params()
	for _, a := range args {
		w.item(a.Placeholder(), a.Help)
	}
	for _, f := range flags {
		w.item(flagTerm(f), f.Help)
	}
	if len(v.Example) > 0 {
		w.para("Examples:")
		w.code(v.Example...)
	}
	if len(v.Explain) > 0 {
		w.para("On the wire:")
		w.code(v.Explain...)
	}
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func exitItems(w page) {
	w.item("0 OK", "done, and complete")
	for _, k := range fault.Kinds() {
		w.item(fmt.Sprintf("%d %s", k.Exit, k.Name), k.Short)
	}
}

func errorsPage(w page, t Tree) {
	w.title(pageName("errors"), "what the messages and exit statuses of wireline mean")
	w.head("description")
	for _, p := range onErrors {
		w.para(p)
	}
	w.head("kinds")
	remedies := remedies()
	for _, k := range fault.Kinds() {
		w.sub(fmt.Sprintf("%s (exit %d)", k.Name, k.Exit))
		text := sentence(k.Short) + " " + remedies[k]
		if k.Retry {
			text += " The same command may well succeed later."
		}
		w.para(text)
	}
	w.head("see also")
	w.para(pageName(""))
}

// flagTerm is a flag as a list of options has it: -o, --output FILE.
func flagTerm(p verb.Param) string {
	n := "--" + p.Name
	if p.Letter != "" {
		n = "-" + p.Letter + ", " + n
	}
	if !p.Bool() {
		n += " " + p.Placeholder()
	}
	return n
}

// Man is the manual page on a topic in the form of man(7).
func Man(t Tree, topic string) (string, bool) {
	w := &roff{version: t.Version}
	ok := write(w, t, topic)
	return w.String(), ok
}

// Markdown is the page on a topic of the reference.
func Markdown(t Tree, topic string) (string, bool) {
	w := &markdown{topics: slices.Collect(func(yield func(string) bool) {
		for _, topic := range Topics(t) {
			if !yield(pageName(topic)) {
				return
			}
		}
	})}
	ok := write(w, t, topic)
	return w.String(), ok
}
