package playground

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An nntp is one conversation in NNTP (RFC 3977).
type nntp struct {
	w   *World
	c   net.Conn
	in  *bufio.Reader
	out *bufio.Writer

	name  string // the user, before his password
	user  string // who has logged in
	group *newsgroup
	at    uint32 // the current article
}

func serveNNTP(w *World, c net.Conn) {
	n := &nntp{w: w, c: c, in: bufio.NewReader(c), out: bufio.NewWriter(c)}
	n.say("200 wireline playground ready, posting allowed")
	for {
		if n.in.Buffered() == 0 && n.out.Flush() != nil {
			return
		}
		line, err := n.in.ReadString('\n')
		if err != nil || len(line) > 8<<10 {
			return
		}
		if n.command(strings.TrimRight(line, "\r\n")) {
			_ = n.out.Flush()
			return
		}
	}
}

func (n *nntp) say(line string) { n.out.WriteString(line + "\r\n") }

// lines says a reply and the lines behind it.
func (n *nntp) lines(reply string, text []byte) {
	n.say(reply)
	for line := range bytes.Lines(text) {
		if line[0] == '.' {
			n.out.WriteByte('.')
		}
		n.out.Write(line)
	}
	n.say(".")
}

// command obeys one command, and reports whether it was the last.
func (n *nntp) command(line string) (end bool) {
	args := strings.Fields(line)
	if len(args) == 0 {
		n.say("500 say something")
		return false
	}
	word := strings.ToUpper(args[0])
	args = args[1:]
	rest := strings.Join(args, " ")
	switch word {
	case "CAPABILITIES":
		n.lines("101 capabilities", []byte(n.capabilities()))
	case "MODE":
		n.say("200 posting allowed")
	case "DATE":
		n.say("111 " + time.Now().UTC().Format("20060102150405"))
	case "HELP":
		n.lines("100 help", []byte("ARTICLE BODY DATE GROUP HDR HEAD LAST LIST LISTGROUP\r\nNEWGROUPS NEWNEWS NEXT OVER POST QUIT STARTTLS STAT\r\n"))
	case "QUIT":
		n.say("205 bye")
		return true
	case "STARTTLS":
		return n.startTLS()
	case "AUTHINFO":
		n.login(args)
	case "LIST":
		n.list(append(args, "ACTIVE", "")[0], append(args, "", "")[1])
	case "NEWGROUPS":
		n.lines("231 new groups", nil)
	case "NEWNEWS":
		n.newnews(args)
	case "POST":
		n.post()
	default:
		n.read(word, args, rest)
	}
	return false
}

func (n *nntp) capabilities() string {
	all := "VERSION 2\r\nREADER\r\nPOST\r\nIMPLEMENTATION wireline playground\r\nOVER\r\nHDR\r\nNEWNEWS\r\nLIST ACTIVE NEWSGROUPS OVERVIEW.FMT\r\n"
	if n.user == "" {
		all += "AUTHINFO USER\r\n"
		if _, ok := n.c.(*tls.Conn); !ok {
			all += "STARTTLS\r\n"
		}
	}
	return all
}

func (n *nntp) startTLS() (end bool) {
	if _, ok := n.c.(*tls.Conn); ok || n.user != "" {
		n.say("502 too late")
		return false
	}
	n.say("382 begin")
	if n.out.Flush() != nil || n.in.Buffered() > 0 {
		return true
	}
	n.c = tls.Server(n.c, n.w.identity.config(nil))
	n.in, n.out = bufio.NewReader(n.c), bufio.NewWriter(n.c)
	n.group = nil
	return false
}

// login is AUTHINFO USER and PASS (RFC 4643).
func (n *nntp) login(args []string) {
	switch {
	case len(args) < 2:
		n.say("501 USER or PASS")
	case n.user != "":
		n.say("502 you have logged in")
	case strings.EqualFold(args[0], "USER"):
		n.name = args[1]
		n.say("381 now the password")
	case strings.EqualFold(args[0], "PASS") && n.w.users[n.name] != "" && args[1] == n.w.users[n.name]:
		n.user = n.name
		n.say("281 welcome")
	default:
		n.say("481 no such user, or another password")
	}
}

// may reports whether the client may see a group.
func (n *nntp) may(g newsgroup) bool { return !g.members || n.user != "" }

func (n *nntp) list(what, pattern string) {
	var b bytes.Buffer
	for _, g := range newsgroups {
		if !n.may(g) || !wildmat(pattern, g.name) {
			continue
		}
		switch strings.ToUpper(what) {
		case "ACTIVE":
			_, low, high := n.count(g)
			fmt.Fprintf(&b, "%s %d %d %c\r\n", g.name, high, low, g.status)
		case "NEWSGROUPS":
			b.WriteString(g.name + "\t" + g.about + "\r\n")
		}
	}
	switch strings.ToUpper(what) {
	case "ACTIVE", "NEWSGROUPS":
	case "OVERVIEW.FMT":
		b.WriteString("Subject:\r\nFrom:\r\nDate:\r\nMessage-ID:\r\nReferences:\r\n:bytes\r\n:lines\r\n")
	default:
		n.say("503 no such list")
		return
	}
	n.lines("215 list follows", b.Bytes())
}

func (n *nntp) count(g newsgroup) (count int, low, high uint32) {
	all := n.w.mail.articles(g.name).list()
	if len(all) == 0 {
		return 0, 1, 0
	}
	return len(all), all[0].uid, all[len(all)-1].uid
}

func (n *nntp) newnews(args []string) {
	if len(args) < 3 {
		n.say("501 groups, date, time")
		return
	}
	since, err := time.Parse("20060102 150405", args[1]+" "+args[2])
	if err != nil {
		n.say("501 no such date")
		return
	}
	var b bytes.Buffer
	for _, g := range newsgroups {
		if !n.may(g) || !wildmat(args[0], g.name) {
			continue
		}
		for _, m := range n.w.mail.articles(g.name).list() {
			if !m.received.Before(since) {
				b.WriteString(m.field("Message-ID") + "\r\n")
			}
		}
	}
	n.lines("230 new articles", b.Bytes())
}

// post takes an article, for each of its groups.
func (n *nntp) post() {
	n.say("340 send it")
	if n.out.Flush() != nil {
		return
	}
	var b bytes.Buffer
	for {
		line, err := n.in.ReadString('\n')
		if err != nil {
			return
		}
		if line == ".\r\n" {
			break
		}
		if b.Len() <= maxFile {
			b.WriteString(strings.TrimPrefix(line, "."))
		}
	}
	if m := (&message{data: b.Bytes()}); m.field("Message-ID") == "" {
		id := "Message-ID: <" + strings.ToLower(rand.Text()) + "@playground.test>\r\n"
		b = *bytes.NewBuffer(append([]byte(id), b.Bytes()...))
	}
	m := &message{data: b.Bytes()}
	var to []*mailbox
	for name := range strings.SplitSeq(m.field("Newsgroups"), ",") {
		i := slices.IndexFunc(newsgroups, func(g newsgroup) bool { return g.name == strings.TrimSpace(name) && n.may(g) })
		switch {
		case m.field("From") == "" || m.field("Subject") == "":
			n.say("441 From or Subject is missing")
			return
		case i < 0:
			n.say("441 no such group: " + name)
			return
		case newsgroups[i].status == 'n':
			n.say("441 " + name + " is closed")
			return
		case newsgroups[i].status == 'm' && m.field("Approved") == "":
			n.say("240 mailed to the moderator")
			return
		}
		to = append(to, n.w.mail.articles(newsgroups[i].name))
	}
	if found, _ := n.find(m.field("Message-ID")); found != nil {
		n.say("441 there is an article of that Message-ID")
		return
	}
	for _, box := range to {
		if _, ok := box.add(m.data, time.Now()); !ok {
			n.say("441 no room")
			return
		}
	}
	n.say("240 " + m.field("Message-ID") + " is there")
}

// find is the article with a message-id.
func (n *nntp) find(id string) (*message, bool) {
	for _, g := range newsgroups {
		if !n.may(g) {
			continue
		}
		for _, m := range n.w.mail.articles(g.name).list() {
			if m.field("Message-ID") == id {
				return m, n.group != nil && n.group.name == g.name
			}
		}
	}
	return nil, false
}

// span reads 5, 5- and 5-7.
func span(s string) (from, to uint32, ok bool) {
	a, b, ranged := strings.Cut(s, "-")
	x, err := strconv.ParseUint(a, 10, 32)
	y := x
	if ranged {
		y = 1<<32 - 1
		if b != "" && err == nil {
			y, err = strconv.ParseUint(b, 10, 32)
		}
	}
	return uint32(x), uint32(y), err == nil
}
