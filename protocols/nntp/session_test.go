package nntp_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/nntp"
)

const hail = `S: 200 news.example ready
C: CAPABILITIES
S: 101 capability list
S: VERSION 2
S: READER
S: HDR
S: OVER
S: .
`

const bye = `C: QUIT
S: 205 bye
`

// serve is a peer that has a script, and hangs up when it is over.
func serve(t *testing.T, script string) *conformance.Peer {
	t.Helper()
	return conformance.Play(t, scheme("nntp"), strings.TrimSuffix(script, "S: close\n")+"S: close\n")
}

// play is a user with a session with such a peer.
func play(t *testing.T, script string, flags ...string) *user {
	t.Helper()
	return connect(t, serve(t, script), flags...)
}

// A server of old: no capabilities, XOVER, XHDR, and MODE READER (NEWS-01,
// NEWS-07).
func TestOldServer(t *testing.T) {
	u := play(t, `S: 200 old ready
C: CAPABILITIES
S: 500 what?
C: MODE READER
S: 201 reader, no posting
C: GROUP misc.test
S: 211 2 1 2 misc.test
C: OVER 1-2
S: 500 what?
C: XOVER 1-2
S: 224 data follows
S: 1	One	ann@example.org	1 Jan 26 00:00 GMT	<1@example.org>			
S: 2	Two	ann@example.org	never	<2@example.org>	<1@example.org>	10	1
S: .
C: GROUP misc.test
S: 211 2 1 2 misc.test
C: XOVER 1-2
S: 224 data follows
S: 1	One	ann@example.org	1 Jan 26 00:00 GMT	<1@example.org>			
S: .
C: GROUP misc.test
S: 211 2 1 2 misc.test
C: XHDR subject 2
S: 221 follows
S: 2 Two
S: .
C: GROUP misc.test
S: 211 2 1 2 misc.test
C: XPAT subject 1-2 *wo *ne
S: 221 follows
S: 1 One
S: .
C: DATE
S: 500 what?
C: CAPABILITIES
S: 500 what?
`+bye)
	has(t, "over", u.must("over misc.test 1-2"), "1\tOne\tann@example.org\t1 Jan 26 00:00 GMT\t<1@example.org>\t\t\t\n", "\t10\t1\n")
	has(t, "ls", u.must("ls misc.test all"), "\tann@example.org\t\tOne\t")
	has(t, "hdr", u.must("hdr subject misc.test 2"), "2\tTwo\n")
	has(t, "xpat", u.must("xpat subject misc.test 1-2 *wo *ne"), "1\tOne\n")
	if _, err := u.do("date"); fault.Of(err) != fault.Unsupported {
		t.Errorf("date: %v", err)
	}
	if _, err := u.do("caps"); fault.Of(err) != fault.Unsupported {
		t.Errorf("caps: %v", err)
	}
	if i := u.Info().(nntp.Info); i.Posting {
		t.Error("posting is said to be allowed")
	}
	u.Close()
}

// Raw commands, with and without lines behind the reply (NEWS-14, NEWS-03).
func TestRaw(t *testing.T) {
	u := play(t, hail+`C: SLAVE
S: 202 slave status noted
C: LIST OVERVIEW.FMT
S: 215 order of fields
S: Subject:
S: ..dots
S: .
C: LISTGROUP misc.test
S: 211 2 1 2 misc.test list follows
S: 1
S: .
C: GROUP misc.test
S: 211 2 1 2 misc.test
C: FOO -x
S: 500 what?
C: XGTITLE misc.*
S: 282 list follows
S: misc.test A group
S: .
`+bye)
	for _, x := range [][2]string{
		{"raw SLAVE", "202 slave status noted\n"},
		{"raw LIST OVERVIEW.FMT", "215 order of fields\nSubject:\n.dots\n"},
		{"raw LISTGROUP misc.test", "211 2 1 2 misc.test list follows\n1\n"},
		{"raw GROUP misc.test", "211 2 1 2 misc.test\n"},
		{"raw FOO -x", "500 what?\n"},
		{"raw --lines XGTITLE misc.*", "282 list follows\nmisc.test A group\n"},
	} {
		if got := u.must(x[0]); got != x[1] {
			t.Errorf("%s: %q, want %q", x[0], got, x[1])
		}
	}
	if code, text := u.Reply(); code != "282" || text != "list follows" {
		t.Errorf("the last reply: %s %s", code, text)
	}
	if _, err := u.do("raw STARTTLS"); fault.Of(err) != fault.Unsupported {
		t.Errorf("raw STARTTLS: %v", err)
	}
	u.Close()
}

// MODE READER that is answered in two lines: the second is not taken for the
// reply to what comes next (N01).
func TestTwoLines(t *testing.T) {
	peer := serve(t, `S: 200 innd ready
C: CAPABILITIES
S: 101 capability list
S: VERSION 2
S: MODE-READER
S: .
C: MODE READER
S-raw: "200 reader\r\n200 and again\r\n"
`)
	if err := newUser(t).open(peer); fault.Of(err) != fault.Protocol {
		t.Errorf("got %v", err)
	}
}

// Before TLS nothing is said but STARTTLS; whatever comes behind the go-ahead
// is an attack, and no answer but the go-ahead leads on. (S01, S02)
func TestStartTLS(t *testing.T) {
	for name, answer := range map[string]string{
		"injected": `S-raw: "382 go\r\n281 welcome\r\n"`, "refused": "S: 580 cannot", "unknown": "S: 500 what?", "denied": "S: 502 no",
		"a greeting": "S: 200 again", "a login": "S: 281 welcome", "nothing": "S: close",
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t)
			u.wire.Options.TLS = "require"
			peer := serve(t, "S: 200 ready\nC: STARTTLS\n"+answer+"\n")
			err := u.open(peer, "-u", "ann")
			if k := fault.Of(err); k != fault.TLSRequired && (name != "nothing" || k != fault.Recv) {
				t.Errorf("%v", err)
			}
		})
	}
	peer := serve(t, `S: 200 ready
C: CAPABILITIES
S: 101 before
S: READER
S: AUTHINFO USER
S: STARTTLS
S: .
C: STARTTLS
S: 382 go
S: tls
C: CAPABILITIES
S: 101 after
S: READER
S: XSECURE
S: .
C: CAPABILITIES
S: 101 after
S: READER
S: XSECURE
S: .
`+bye)
	u := connect(t, peer)
	has(t, "starttls", u.must("starttls"), "under TLS")
	if got := u.must("caps"); strings.Contains(got, "STARTTLS") {
		t.Errorf("what was said before TLS is still believed: %s", got)
	}
	u.Close()
}

// When the answer to an article does not come, nobody knows what became of
// it; before its end it was not posted. (N02, R02)
func TestPostLost(t *testing.T) {
	const art = "From: a@x\nNewsgroups: g\nSubject: s\nMessage-ID: <i@x>\nDate: Thu, 01 Jan 2026 00:00:00 +0000\n\n.\n"
	const sent = "C: POST\nS: 340 go\nC: From: a@x\nC: Newsgroups: g\nC: Subject: s\nC: Message-ID: <i@x>\nC: Date: Thu, 01 Jan 2026 00:00:00 +0000\nC: \nC: ..\n"
	u := play(t, hail+sent+"C: .\nS: close\n")
	_, err := u.do("post", art)
	if fault.Of(err) != fault.UnknownOutcome || fault.Hint(err) != "stat <i@x> tells whether it is there" {
		t.Errorf("lost: %v (%s)", err, fault.Hint(err))
	}
	u = play(t, hail+sent+"C: .\nS-raw: \"24\"\nS: close\n")
	if _, err := u.do("post", art); fault.Of(err) != fault.UnknownOutcome {
		t.Errorf("cut off: %v", err)
	}
	u = play(t, hail+sent+"C: .\nS: 441 no\n"+bye)
	if _, err := u.do("post", art); fault.Of(err) != fault.Refused || !strings.Contains(err.Error(), "441 no") {
		t.Errorf("refused: %v", err)
	}
	u.Close()
	u = play(t, hail+"C: POST\nS: 240 thanks\n")
	if _, err := u.do("post", art); fault.Of(err) != fault.Protocol {
		t.Errorf("taken before it was sent: %v", err)
	}
	for _, bad := range []string{"From: a@x\nNewsgroups: g\nSubject: s\n\na\x00b\n", strings.Replace(art, "g\n", "a b\n", 1), strings.Replace(art, "a@x", "<a@x>>", 1)} {
		u := play(t, hail+bye)
		if _, err := u.do("post", bad); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", bad, err)
		}
		u.Close()
	}
}

// Many articles: one that has gone is told of, and a login that is wanted in
// the middle ends it. (N01)
func TestGetMany(t *testing.T) {
	const group = "C: GROUP g.x\nS: 211 3 1 3 g.x\nC: LISTGROUP g.x 1-3\nS: 211 3 1 3 g.x\nS: 1\nS: 2\nS: 3\nS: .\nC: ARTICLE 1\nC: ARTICLE 2\nC: ARTICLE 3\n"
	u := play(t, hail+group+"S: 220 1 <1@x>\nS: Subject: one\nS: \nS: ..\nS: .\nS: 423 gone\nS: 220 3 <3@x>\nS: Subject: three\nS: .\n"+bye)
	has(t, "get", u.must("get g.x 1-3 --to d"), "copied\td/1.eml\t", "skipped\t2\t", "copied\td/3.eml\t")
	if got, err := os.ReadFile(filepath.Join(u.dir, "d/1.eml")); err != nil || string(got) != "Subject: one\r\n\r\n.\r\n" {
		t.Errorf("%q, %v", got, err)
	}
	u.Close()
	// A directory that is not there is made; what is there stays as it is, the
	// others come, and in the end it is an error.
	u = play(t, hail+group+"S: 220 1 <1@x>\nS: Subject: one\nS: .\nS: 220 2 <2@x>\nS: Subject: two\nS: .\nS: 220 3 <3@x>\nS: Subject: three\nS: .\n"+bye)
	dir := filepath.Join(u.dir, "new", "place")
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "2.eml"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := u.do("get g.x 1-3 --to " + filepath.ToSlash(dir)); fault.Of(err) != fault.WriteLocal || strings.Contains(got, "mine") {
		t.Errorf("%s, %v", got, err)
	}
	for name, want := range map[string]string{"1.eml": "Subject: one\r\n", "2.eml": "mine", "3.eml": "Subject: three\r\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
	u.Close()
	u = play(t, hail+group+"S: 220 1 <1@x>\nS: Subject: one\nS: .\nS: 423 gone\nS: 423 gone\n"+bye)
	has(t, "get to a new directory", u.must("get g.x 1-3 --to "+filepath.ToSlash(filepath.Join(u.dir, "fresh"))), "copied\t", "skipped\t")
	u.Close()
	u = play(t, hail+group+"S: 220 1 <1@x>\nS: Subject: one\nS: .\nS: 480 log in\nS: 480 log in\n")
	if _, err := u.do("get g.x 1-3 --mbox all.mbox"); fault.Of(err) != fault.Login {
		t.Errorf("a login in the middle: %v", err)
	}
	u = play(t, hail+group+"S: 220 1 <1@x>\nS: Subject: one\nS: .\nS: 220 7 <7@x>\nS: Subject: another\nS: .\n")
	if _, err := u.do("get g.x 1-3 --mbox all.mbox"); fault.Of(err) != fault.Protocol {
		t.Errorf("another article than asked for: %v", err)
	}
	u = play(t, hail+group+"S: 220 1 <1@x>\nS: Subject: one\nS: .\nS: 220 2 <2@x>\nS: Subj\nS: close\n")
	if _, err := u.do("get g.x 1-3 --mbox all.mbox"); fault.Of(err) != fault.Partial {
		t.Errorf("cut off: %v", err)
	}
	if _, err := os.Stat(filepath.Join(u.dir, "all.mbox")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a part has the name of the whole: %v", err)
	}
	u = play(t, hail+"C: GROUP g.x\nS: 211 3 1 3 g.x\nC: LISTGROUP g.x 2\nS: 211 3 1 3 g.x\nS: .\n"+bye)
	if _, err := u.do("get g.x 2 --mbox all.mbox"); fault.Of(err) != fault.NotFound {
		t.Errorf("an article that is not there: %v", err)
	}
	u.Close()
	u = play(t, hail+"C: ARTICLE <../../etc/passwd@x>\nS: 220 0 <../../etc/passwd@x>\nS: Subject: x\nS: .\nC: ARTICLE <b@x>\nS: 220 0 <b@x>\nS: Subject: x\nS: .\n"+bye)
	has(t, "names that lead elsewhere", u.must("get <../../etc/passwd@x> <b@x> --to d"), "copied\td/_.._etc_passwd@x.eml\t", "copied\td/b@x.eml\t")
	u.Close()
}

// What has been read is kept in the file that other readers use (NEWS-10).
func TestMarks(t *testing.T) {
	peer := serve(t, hail+`C: GROUP g.x
S: 211 3 4 6 g.x
C: ARTICLE 5
S: 220 5 <5@x>
S: Subject: five
S: 
S: text
S: .
C: GROUP g.x
S: 211 3 4 6 g.x
C: OVER 6
S: 224 overview
S: 6	six	a@x	d	<6@x>		1	1
S: .
C: GROUP g.x
S: 211 3 4 6 g.x
C: GROUP g.x
S: 211 3 4 6 g.x
C: GROUP g.x
S: 211 3 4 6 g.x
`+bye)
	u := newUser(t)
	file := filepath.Join(u.dir, "newsrc")
	if err := os.WriteFile(file, []byte("other! 1-9\ng.x: 1-4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := u.open(peer, "--newsrc", "newsrc"); err != nil {
		t.Fatal(err)
	}
	u.must("cd g.x")
	if where := u.Where(); where != "/g.x (3, 2 new)" {
		t.Errorf("where: %s", where)
	}
	u.must("cat 5")
	has(t, "what is new", u.must("ls new"), "6\t")
	has(t, "catching up", u.must("mark all"), "g.x: read, 0 new")
	has(t, "unread", u.must("mark 4-5 --unread"), "g.x: unread, 2 new")
	has(t, "unsubscribing", u.must("unsubscribe"), "unsubscribed")
	got, err := os.ReadFile(file)
	if want := "other! 1-9\ng.x! 1-3,6\n"; err != nil || string(got) != want {
		t.Errorf("the file is %q, %v; want %q", got, err, want)
	}
	u.Close()
}

// Watch tells of new articles, and of nothing else (NEWS-12).
func TestWatch(t *testing.T) {
	u := play(t, hail+`C: GROUP g.x
S: 211 3 4 6 g.x
C: GROUP g.x
S: 211 3 4 6 g.x
C: GROUP g.x
S: 211 5 4 8 g.x
C: OVER 7-8
S: 224 overview
S: 7	seven	a@x	d	<7@x>		1	1
S: 8	eight	a@x	d	<8@x>		1	1
S: .
`+bye)
	got := u.must("watch g.x --every 0.01 --count 2")
	if has(t, "watch", got, "7\t", "8\t"); strings.Count(got, "\n") != 2 {
		t.Errorf("it tells %q", got)
	}
	u.Close()
}

// An endless listing is shown in memory that does not grow (L03), and as text
// it is what a table of its rows is.
func TestLongOverview(t *testing.T) {
	const n = 200_000
	var over strings.Builder
	for i := range n {
		fmt.Fprintf(&over, "%d\tsubject\ta@x\tdate\t<%d@x>\t\t10\t1\r\n", i+1, i)
	}
	peer := serve(t, hail+strings.Repeat(fmt.Sprintf("C: GROUP g.x\nS: 211 %d 1 %d g.x\nC: OVER 1-%d\nS: 224 overview\nS-raw: %q\n", n, n, n, over.String()+".\r\n"), 2)+bye)
	over.Reset()
	u := connect(t, peer)
	rows, err := u.Over(u.ctx, nntp.SetArgs{What: []string{"g.x"}})
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	count := 0
	for _, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		if count++; count == n-1 {
			runtime.GC()
			runtime.ReadMemStats(&after)
		}
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); count != n || grown > 2<<20 {
		t.Errorf("%d rows, %d bytes more", count, grown)
	}
	if rows, err = u.Over(u.ctx, nntp.SetArgs{What: []string{"g.x"}}); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := rows.Text(&out); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "\n"); got != n || !strings.HasPrefix(out.String(), "1\tsubject\ta@x\tdate\t<0@x>\t\t10\t1\n2\t") {
		t.Errorf("%d lines, %.100q", got, out.String())
	}
	u.Close()
}
