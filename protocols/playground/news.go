package playground

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"time"
)

// A newsgroup is one of the world. Its articles are in a mailbox, the number
// of each being its UID.
type newsgroup struct {
	name, about string
	status      byte // y: open, n: closed, m: moderated
	members     bool // for those who have logged in
}

var newsgroups = []newsgroup{
	{"misc.test", "Tests of any kind", 'y', false},
	{"comp.lang.go", "The Go language", 'y', false},
	{"news.moderated", "Nothing appears at once here (Moderated)", 'm', false},
	{"news.closed", "Nothing appears here any more", 'n', false},
	{"private.ann", "For those who have logged in", 'y', true},
}

// wildmat reports whether name is like a pattern (RFC 3977, section 4).
func wildmat(pattern, name string) bool {
	like := pattern == ""
	for p := range strings.SplitSeq(pattern, ",") {
		p, not := strings.CutPrefix(p, "!")
		if ok, _ := path.Match(p, name); ok {
			like = !not
		}
	}
	return like
}

// articles is the mailbox of a group, which begins with what the demo has.
func (m *mails) articles(group string) *mailbox {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := "newsgroups/" + group
	b := m.boxes[key]
	if b != nil {
		return b
	}
	b = &mailbox{validity: m.next, next: 1, changed: make(chan struct{})}
	m.next++
	m.boxes[key] = b
	for i, text := range demoNews {
		if strings.Contains(text, "\nNewsgroups: "+group+"\n") {
			b.add([]byte(crlf(text)), demoTime.Add(time.Duration(i)*time.Hour))
		}
	}
	return b
}

// field is a field of the header of an article, unfolded.
func (m *message) field(name string) string {
	head, _, _ := bytes.Cut(m.data, []byte("\r\n\r\n"))
	value, in := "", false
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			if in {
				value += " " + strings.TrimSpace(line)
			}
			continue
		}
		if in {
			break
		}
		n, v, ok := strings.Cut(line, ":")
		if in = ok && strings.EqualFold(n, name); in {
			value = strings.TrimSpace(v)
		}
	}
	return strings.ReplaceAll(value, "\t", " ")
}

// body is where the body of an article begins.
func (m *message) body() int {
	if i := bytes.Index(m.data, []byte("\r\n\r\n")); i >= 0 {
		return i + 4
	}
	return len(m.data)
}

// overview is a line of OVER.
func (m *message) overview() string {
	return fmt.Sprintf("%d\t%s\t%s\t%s\t%s\t%s\t%d\t%d\r\n", m.uid, m.field("Subject"), m.field("From"), m.field("Date"),
		m.field("Message-ID"), m.field("References"), len(m.data), bytes.Count(m.data[m.body():], []byte("\n")))
}

var demoNews = []string{
	`From: Ann <ann@playground.test>
Newsgroups: misc.test
Subject: Hello, news
Date: Mon, 02 Mar 2026 09:00:00 +0000
Message-ID: <hello@playground.test>

This is the first article. What is posted here is gone with the playground.
.A dot that begins a line goes as two.
`,
	`From: =?utf-8?q?J=C3=BCrgen?= <juergen@playground.test>
Newsgroups: misc.test
Subject: Re: Hello, news
Date: Mon, 02 Mar 2026 10:00:00 +0000
Message-ID: <answer@playground.test>
References: <hello@playground.test>
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Ann <ann@playground.test> wrote:
> This is the first article.

Sch=F6ne Gr=FC=DFe!
`,
	`From: Wireline <wireline@playground.test>
Newsgroups: comp.lang.go
Subject: Range over functions
Date: Mon, 02 Mar 2026 11:00:00 +0000
Message-ID: <range@playground.test>

for row, err := range rows { use(row) }
`,
	`From: Ann <ann@playground.test>
Newsgroups: private.ann
Subject: For members
Date: Mon, 02 Mar 2026 12:00:00 +0000
Message-ID: <members@playground.test>

You have logged in.
`,
}
