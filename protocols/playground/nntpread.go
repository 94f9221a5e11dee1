package playground

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// read obeys the commands about a group and its articles.
func (n *nntp) read(word string, args []string, rest string) {
	switch word {
	case "GROUP", "LISTGROUP":
		n.enter(word, args)
	case "NEXT", "LAST":
		n.step(word)
	case "ARTICLE", "HEAD", "BODY", "STAT":
		n.article(word, rest)
	case "OVER", "XOVER":
		n.each("224 overview", rest, func(b *bytes.Buffer, m *message) { b.WriteString(m.overview()) })
	case "HDR", "XHDR":
		if len(args) == 0 {
			n.say("501 which field?")
			return
		}
		reply := map[string]string{"HDR": "225 field", "XHDR": "221 field"}[word]
		n.each(reply, strings.Join(args[1:], " "), func(b *bytes.Buffer, m *message) {
			fmt.Fprintf(b, "%d %s\r\n", m.uid, m.field(args[0]))
		})
	default:
		n.say("500 unknown command")
	}
}

// enter is GROUP or LISTGROUP.
func (n *nntp) enter(word string, args []string) {
	g := n.group
	if len(args) > 0 {
		i := slices.IndexFunc(newsgroups, func(g newsgroup) bool { return g.name == args[0] })
		if i < 0 {
			n.say("411 no such group")
			return
		}
		g = &newsgroups[i]
	}
	switch {
	case g == nil:
		n.say("412 no group is selected")
		return
	case !n.may(*g):
		n.say("480 log in first")
		return
	}
	n.group = g
	count, low, high := n.count(*g)
	if n.at = 0; count > 0 {
		n.at = low
	}
	reply := fmt.Sprintf("211 %d %d %d %s", count, low, high, g.name)
	if word == "GROUP" {
		n.say(reply)
		return
	}
	from, to, ok := uint32(0), high, true
	if len(args) > 1 {
		from, to, ok = span(args[1])
	}
	if !ok {
		n.say("501 no such range")
		return
	}
	var b bytes.Buffer
	for _, m := range n.w.mail.articles(g.name).list() {
		if from <= m.uid && m.uid <= to {
			fmt.Fprintf(&b, "%d\r\n", m.uid)
		}
	}
	n.lines(reply, b.Bytes())
}

// step is NEXT or LAST.
func (n *nntp) step(word string) {
	if n.group == nil {
		n.say("412 no group is selected")
		return
	}
	all := n.w.mail.articles(n.group.name).list()
	i := slices.IndexFunc(all, func(m *message) bool { return m.uid == n.at })
	switch {
	case i < 0:
		n.say("420 no article is selected")
	case word == "NEXT" && i == len(all)-1:
		n.say("421 no next article")
	case word == "LAST" && i == 0:
		n.say("422 no article before")
	default:
		if word == "LAST" {
			i -= 2
		}
		m := all[i+1]
		n.at = m.uid
		n.say(fmt.Sprintf("223 %d %s", m.uid, m.field("Message-ID")))
	}
}

// article is ARTICLE, HEAD, BODY or STAT.
func (n *nntp) article(word, which string) {
	var m *message
	number := uint32(0)
	if strings.HasPrefix(which, "<") {
		var here bool
		if m, here = n.find(which); m == nil {
			n.say("430 no such article")
			return
		}
		if here {
			number = m.uid
		}
	} else {
		found, ok := n.some(which)
		if !ok {
			return
		}
		m = found[0]
		number, n.at = m.uid, m.uid
	}
	body := m.body()
	for _, is := range []struct {
		word string
		code int
		text []byte
	}{{"ARTICLE", 220, m.data}, {"HEAD", 221, m.data[:max(0, body-2)]}, {"BODY", 222, m.data[body:]}, {"STAT", 223, nil}} {
		reply := fmt.Sprintf("%d %d %s", is.code, number, m.field("Message-ID"))
		switch {
		case is.word != word:
		case word == "STAT":
			n.say(reply)
		default:
			n.lines(reply, is.text)
		}
	}
}

// some are the articles of the group that are meant, "" being the current
// one. When there are none it says so.
func (n *nntp) some(which string) ([]*message, bool) {
	if n.group == nil {
		n.say("412 no group is selected")
		return nil, false
	}
	from, to, ok := n.at, n.at, n.at > 0
	if which != "" {
		if from, to, ok = span(which); !ok {
			n.say("501 no such range")
			return nil, false
		}
	} else if !ok {
		n.say("420 no article is selected")
		return nil, false
	}
	all := slices.DeleteFunc(n.w.mail.articles(n.group.name).list(), func(m *message) bool { return m.uid < from || m.uid > to })
	if len(all) == 0 {
		n.say("423 no such article")
		return nil, false
	}
	return all, true
}

// each says something of each article that is meant.
func (n *nntp) each(reply, which string, write func(*bytes.Buffer, *message)) {
	var all []*message
	if strings.HasPrefix(which, "<") {
		m, _ := n.find(which)
		if m == nil {
			n.say("430 no such article")
			return
		}
		all = []*message{{data: m.data}}
	} else {
		var ok bool
		if all, ok = n.some(which); !ok {
			return
		}
	}
	var b bytes.Buffer
	for _, m := range all {
		write(&b, m)
	}
	n.lines(reply, b.Bytes())
}
