package nntp_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/nntp"
)

const hello = `From: Ann <ann@example.org>
Newsgroups: misc.test
Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
Message-ID: <hello@example.org>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Schöne Grüße.
.
..dots
From here
`

// A real server: innd that changes to a reader, and nnrpd under TLS. Groups,
// posting, reading, a login, groups that are closed and moderated.
// (NEWS-01 to NEWS-08, NEWS-11, NEWS-13, NEWS-14, Q14)
func TestINN(t *testing.T) {
	n := lab.StartINN(t)
	plain, secure := at(scheme("nntp"), n.Addr(), n.CA), at(scheme("nntps"), n.TLS.Addr(), n.CA)

	u := connect(t, plain)
	has(t, "posting", u.must("post", hello), "posted <hello@example.org>")
	for i := 2; i <= 30; i++ {
		u.must(fmt.Sprintf("post --from bob@example.org --to misc.test --subject Number-%d --text", i), fmt.Sprintf("This is number %d.\n", i))
	}
	if _, err := u.do("post --from bob@example.org --to no.such --subject S --text", "x"); fault.Of(err) != fault.Refused {
		t.Errorf("a post to no group: %v", err)
	}
	if _, err := u.do("post --from bob@example.org --to misc.closed --subject S --text", "x"); fault.Of(err) != fault.Refused {
		t.Errorf("a post to a closed group: %v", err)
	}
	has(t, "a post to a moderated group", u.must("post --from bob@example.org --to misc.moderated --subject S --text", "x"), "mailed to moderator")

	t.Run("plain", func(t *testing.T) { read(t, connect(t, plain), n) })
	t.Run("tls", func(t *testing.T) { read(t, connect(t, secure), n) })
	t.Run("starttls", func(t *testing.T) {
		// innd itself has no TLS, but the reader that it changes to has.
		u := newUser(t)
		u.wire.Options.TLS = "require"
		if err := u.open(plain); err != nil {
			t.Fatal(err)
		}
		if said, clear := u.Greeting(); !clear || len(said) != 1 || !strings.HasPrefix(said[0], "200 lab.test") || !u.Info().(nntp.Info).Posting {
			t.Errorf("greeted by %q, before TLS: %v", said, clear)
		}
		read(t, u, n)
		v := connect(t, plain)
		v.wire.Options.CA = []string{n.CA}
		has(t, "starttls", v.must("starttls"), "under TLS")
		has(t, "capabilities", v.must("caps"), "AUTHINFO\tUSER, SASL")
		read(t, v, n)
	})
	t.Run("compressed", func(t *testing.T) { read(t, connect(t, plain, "--compress"), n) })
	t.Run("feed", func(t *testing.T) { feed(t, connect(t, plain, "--feed")) })
	t.Run("login", func(t *testing.T) {
		u := connect(t, secure)
		if _, err := u.do("cd private.test"); err != nil {
			t.Errorf("the login that the server asks for: %v", err)
		}
		u.must("post --from ann@example.org --to private.test --subject Members --text", "x")
		if name := u.Named(); !strings.HasPrefix(name, "ann@") {
			t.Errorf("named %s", name)
		}
		if _, err := connect(t, secure).do("login -u nobody"); fault.Of(err) != fault.Login {
			t.Errorf("a wrong login: %v", err)
		}
		if got := connect(t, secure, "-u", "ann").must("ls private.*"); !strings.HasPrefix(got, "private.test\t1\t") {
			t.Errorf("ls gives %s", got)
		}
	})
}

func read(t *testing.T, u *user, n *lab.INN) {
	has(t, "groups", u.must("ls misc.*"), "misc.test\t30\t1\t30\t\topen\tFor tests\n", "misc.moderated\t0\t1\t0\t\tmoderated\t", "misc.closed\t0\t1\t0\t\tclosed\t")
	has(t, "a group", u.must("cd misc.test"), "misc.test: 30 articles, 1-30")
	if where := u.Where(); where != "/misc.test (30)" {
		t.Errorf("where: %s", where)
	}
	if got := strings.Count(u.must("ls last 20"), "\n"); got != 20 {
		t.Errorf("ls last 20 has %d rows", got)
	}
	has(t, "the overview", u.must("ls 1"), "1\t", "Ann <ann@example.org>\t\tGrüße\t")
	if got := u.must("ls 1 -l"); got != u.must("ls 1") || !strings.Contains(got, "\t<hello@example.org>\n") {
		t.Errorf("ls -l gives %s", got)
	}
	has(t, "an article", u.must("cat 1"), "Subject: Grüße\n\nSchöne Grüße.\n.\n..dots\nFrom here\n")
	has(t, "an article by its message-id", u.must("cat <hello@example.org> --raw"), "\r\n.\r\n..dots\r\nFrom here\r\n")
	has(t, "its header", u.must("headers 1"), "Message-ID\t<hello@example.org>\n")
	has(t, "an article that is there", u.must("stat <hello@example.org>"), "<hello@example.org>")
	has(t, "the next", u.must("stat 29")+u.must("next"), "30 <")
	has(t, "the one before", u.must("last"), "29 <")
	if _, err := u.do("cat 31"); fault.Of(err) != fault.NotFound {
		t.Errorf("an article that is not there: %v", err)
	}
	if _, err := u.do("cd no.such.group"); fault.Of(err) != fault.Denied {
		t.Errorf("a group that is not there: %v", err)
	}
	has(t, "hdr", u.must("hdr subject 1-3"), "1\tGrüße\n2\tNumber-2\n3\tNumber-3\n")
	has(t, "xpat", u.must("xpat subject all *-7"), "7\tNumber-7\n")
	has(t, "search", u.must("search from:ann"), "\tGrüße\t")
	has(t, "numbers", u.must("numbers 5-7"), "5\n6\n7\n")
	has(t, "what is new", u.must("newnews misc.* --since 1d"), "<hello@example.org>\n")
	has(t, "new groups", u.must("newgroups --since 1d"), "")
	has(t, "the time", u.must("date"), "UTC")
	has(t, "help", u.must("srvhelp"), "XPAT")
	has(t, "raw", u.must("raw LIST OVERVIEW.FMT"), "215 ", "Subject:\n")
	has(t, "a draft", u.must("draft --followup 1 --from bob@example.org"), "Subject: Re: Grüße\n", "References: <hello@example.org>\n", "> Schöne Grüße.\n")
	if names, err := u.Complete(u.ctx, "group", "misc.m"); err != nil || len(names) != 1 || names[0] != "misc.moderated" {
		t.Errorf("completion: %q, %v", names, err)
	}
	save(t, u, n)
}

// Many articles come in one go, each as it is in the spool of the server.
func save(t *testing.T, u *user, n *lab.INN) {
	has(t, "get", u.must("get 1-30 --to news"), "copied\tnews/30.eml\t")
	for _, number := range []int{1, 15, 30} {
		got, err1 := os.ReadFile(filepath.Join(u.dir, "news", fmt.Sprintf("%d.eml", number)))
		want, err2 := os.ReadFile(n.Spool("misc/test", number))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		// The spool has articles as they go over the wire.
		plain := strings.TrimSuffix(strings.ReplaceAll(string(want), "\r\n..", "\r\n."), ".\r\n")
		if string(got) != plain {
			t.Errorf("article %d is %q, in the spool %q", number, got, want)
		}
	}
	for _, one := range []string{"get misc.test 7", "get misc.test/7"} {
		if got := u.must(one); !strings.Contains(got, "Subject: Number-7\r\n") {
			t.Errorf("%s gives %q", one, got)
		}
	}
	has(t, "get --mbox", u.must("get all --mbox all.mbox"), "30 articles in all.mbox")
	got, err := os.ReadFile(filepath.Join(u.dir, "all.mbox"))
	if err != nil {
		t.Fatal(err)
	}
	if c := strings.Count("\n"+string(got), "\nFrom - "); c != 30 || !strings.Contains(string(got), "\n>From here\n") {
		t.Errorf("%d articles in the mbox", c)
	}
}

func feed(t *testing.T, u *user) {
	const art = "Path: feeder!not-for-mail\nFrom: eve@example.org\nNewsgroups: misc.test\nSubject: Fed\nDate: %s\nMessage-ID: <fed@example.org>\n\nFed.\n"
	has(t, "ihave", u.must("ihave", fmt.Sprintf(art, date())), "handed over <fed@example.org>")
	if _, err := u.do("ihave", fmt.Sprintf(art, date())); fault.Of(err) != fault.Refused {
		t.Errorf("an article that is there: %v", err)
	}
}
