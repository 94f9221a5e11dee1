package pop3_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/pop3"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func meet(t testing.TB, s *server, flags ...string) *user {
	t.Helper()
	u, err := connect(t, s.start(t).Target, wire.Options{}, flags...)
	if err != nil {
		t.Fatal(err)
	}
	s.since()
	return u
}

// POP-04, POP-11: 200 messages in at most three round trips; one for each
// message without PIPELINING.
func TestLsRoundTrips(t *testing.T) {
	s := &server{n: 200}
	u := meet(t, s)
	got := u.must("ls")
	if strings.Count(got, "\n") != 200 || !strings.Contains(got, `"number":200,"uid":"uid-200","size":800,"subject":"number 200"`) {
		t.Errorf("%d rows, the last is %s", strings.Count(got, "\n"), got[max(0, len(got)-200):])
	}
	if trips, _ := s.since(); trips > 3 {
		t.Errorf("%d round trips", trips)
	}
	s = &server{n: 20, plain: true}
	u = meet(t, s)
	u.must("ls")
	if trips, _ := s.since(); trips < 20 {
		t.Errorf("%d round trips though the server does not offer PIPELINING", trips)
	}
}

// POP-08, POP-09: close commits, abort does not; the prompt tells.
func TestDelete(t *testing.T) {
	s := &server{n: 5}
	u := meet(t, s)
	if got := u.sess.Where(); got != " (5)" {
		t.Error(got)
	}
	u.must("rm", "2:3")
	if got := u.sess.Where(); got != " (5, 2 to delete)" {
		t.Error(got)
	}
	if got := u.must("ls", "--short"); strings.Count(got, "\n") != 3 || strings.Contains(got, `"number":2`) {
		t.Error(got)
	}
	if err := u.sess.Close(); err != nil {
		t.Error(err)
	}
	u, err := connect(t, s.start(t).Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	u.must("rm", "4")
	u.wire.Cut(fault.New(fault.Interrupt, "aborted"))
	u.sess.Close()
	for limit := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		s.mu.Lock()
		gone, kept := s.gone, s.kept
		s.mu.Unlock()
		if len(kept) > 0 || time.Now().After(limit) {
			if !slices.Equal(gone, []int{2, 3}) || !slices.Equal(kept, []int{4}) {
				t.Errorf("deleted %v, kept %v", gone, kept)
			}
			break
		}
	}
}

// POP-09: a QUIT that is refused, or not answered, when something was to be
// deleted; without that it changes nothing (T04).
func TestQuit(t *testing.T) {
	const login = "S: +OK\nC: CAPA\nS: -ERR\nC: USER ann\nS: +OK\nC: PASS " + password + "\nS: +OK\nC: CAPA\nS: -ERR\nC: STAT\nS: +OK 1 10\n"
	const list = "C: LIST\nS: +OK\nS: 1 10\nS: .\nC: UIDL\nS: -ERR\nC: DELE 1\nS: +OK\nC: QUIT\n"
	for _, c := range []struct {
		script string
		kind   *fault.Kind
	}{
		{login + "C: QUIT\nS: -ERR no\nS: close\n", nil},
		{login + "C: QUIT\nS: close\n", nil},
		{login + list + "S: +OK bye\nS: close\n", nil},
		{login + list + "S: -ERR some were not deleted\nS: close\n", fault.Refused},
		{login + list + "S: close\n", fault.UnknownOutcome},
	} {
		peer := conformance.Play(t, pop3.Protocol().Schemes[0], c.script)
		u, err := connect(t, peer.Target, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(c.script, "DELE") {
			u.must("rm", "1")
		}
		if err := u.sess.Close(); fault.Of(err) != c.kind {
			t.Errorf("%s: %v", c.script, err)
		}
	}
}

// POP-07, POP-10: an mbox, a Maildir, what is new, and what is not too large.
func TestGet(t *testing.T) {
	dir := t.TempDir()
	mbox := filepath.Join(dir, "in.mbox")
	s := &server{n: 2500}
	u := meet(t, s)
	contains(t, u.must("get", "1:2000", "--mbox", mbox, "--new"), `"messages":2000,"bytes":`)
	if trips, _ := s.since(); trips > 8 {
		t.Errorf("%d round trips for 2000 messages", trips)
	}
	contains(t, u.must("get", "all", "--mbox", mbox, "--new"), `"messages":500,`)
	contains(t, u.must("get", "all", "--mbox", mbox, "--new"), `"messages":0,"bytes":0,"skipped":2500`)
	b, _ := os.ReadFile(mbox)
	if n := strings.Count(string(b), "\nFrom MAILER-DAEMON"); n != 2499 {
		t.Errorf("%d messages in the mbox", n+1)
	}
	maildir := filepath.Join(dir, "in")
	contains(t, u.must("get", "1:3", "--maildir", maildir, "--new"), `"messages":3,`)
	contains(t, u.must("get", "1:4", "--maildir", maildir, "--new"), `"messages":1,"bytes":827,"skipped":3`)
	contains(t, u.must("get", "5:9", "--maildir", maildir, "--smaller", "800"), `"messages":0,"bytes":0,`)
	contains(t, u.must("get", "5:9", "--maildir", maildir, "--smaller", "801", "--larger", "799"), `"messages":5,"bytes":4135,`)
	if got := u.must("get", "7"); got != s.text {
		t.Errorf("%.100q", got)
	}
	if _, err := u.do("get", "all"); fault.Of(err) != fault.Usage {
		t.Error(err)
	}
	_, err := u.do("get", "all", "--mbox", filepath.Join(dir, "no", "x"))
	fails(t, err, fault.WriteLocal, "cannot write")
	u.must("noop")
}

// D11: what was not safe is not deleted, and what was cut short is not kept.
func TestGetCut(t *testing.T) {
	mbox := filepath.Join(t.TempDir(), "in.mbox")
	s := &server{n: 10, short: 6}
	peer := s.start(t)
	u, err := connect(t, peer.Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.since()
	_, err = u.do("get", "all", "--mbox", mbox, "--new", "--delete")
	fails(t, err, fault.Partial, "within the message")
	contains(t, err.Error(), "5 messages safe in")
	if b, _ := os.ReadFile(mbox); strings.Count(string(b), "Subject: one") != 5 || !strings.HasSuffix(string(b), "x\n\n") {
		t.Errorf("%d messages in the mbox", strings.Count(string(b), "Subject: one"))
	}
	_, log := s.since()
	if slices.ContainsFunc(log, func(l string) bool { return strings.HasPrefix(l, "DELE") }) {
		t.Errorf("%q", log)
	}
	s.mu.Lock()
	s.short = 0
	s.mu.Unlock()
	if u, err = connect(t, peer.Target, wire.Options{}); err != nil {
		t.Fatal(err)
	}
	contains(t, u.must("get", "all", "--mbox", mbox, "--new", "--delete"), `"messages":5,"bytes":4135,"skipped":5,"deleted":5`)
	_, log = s.since()
	last := slices.Index(log, "RETR 10")
	if first := slices.Index(log, "DELE 6"); first < last || last < 0 {
		t.Errorf("DELE before the messages were safe: %q", log)
	}
	if os.Getuid() >= 0 {
		u = meet(t, &server{n: 100})
		if _, err := u.do("get", "all", "--mbox", "/dev/full", "--delete"); fault.Of(err) != fault.WriteLocal {
			t.Errorf("a full disk: %v", err)
		}
		if got := u.sess.Where(); got != " (100)" {
			t.Errorf("something is to be deleted: %s", got)
		}
	}
}

// T06: a reply that never comes to its end, though it goes on coming, among
// those to commands that were sent ahead.
func TestTrickle(t *testing.T) {
	t.Parallel()
	const most = 2 * time.Second
	s := &server{n: 3, trickle: 2}
	d := &wire.Dialer{Options: wire.Options{NoProxy: "*"}, Limits: wire.Limits{Reply: most, Goodbye: time.Second}}
	u, err := meets(t, protocols.Peer{Dialer: d, Target: s.start(t).Target, Keys: asAnn})
	if err != nil {
		t.Fatal(err)
	}
	_, err = u.do("get", "all", "--mbox", filepath.Join(t.TempDir(), "in.mbox"))
	fails(t, err, fault.Timeout, "1 message safe in")
}

// P02, L03: replies that are none.
func TestHostileReplies(t *testing.T) {
	login := "S: +OK\nC: CAPA\nS: -ERR\nC: USER ann\nS: +OK\nC: PASS " + password + "\nS: +OK\nC: CAPA\nS: -ERR\nC: STAT\nS: +OK 2 10\n"
	lists := login + "C: LIST\nS: +OK\n"
	for _, c := range []struct{ script, text string }{
		{"S: \n", "no reply of POP3"},
		{"S: +ok ready\n", "no reply of POP3"},
		{"S: +OKAY\n", "no reply of POP3"},
		{"S: 220 smtp\n", "no reply of POP3"},
		{"S: +OK\nC: CAPA\nS: -ERR\nC: USER ann\nS: \n", "no reply of POP3"},
		{"S: +OK\nC: CAPA\nS: -ERR\nC: USER ann\nS: +OK\nC: PASS " + password + "\nS: +OK\nC: CAPA\nS: -ERR\nC: STAT\nS: +OK\n", "STAT is malformed"},
		{"S: +OK\nC: CAPA\nS: +OK\nS-raw: \"TOP\\n.\\n\"\n", "does not end in CR LF"},
		{lists + "S: 1 10\nS: broken\nS: 2 10\nS: .\n", `LIST is malformed: "broken"`},
		{lists + "S: 1 10\nS: 1 10\nS: .\n", "LIST is malformed"},
		{lists + "S: 1 -5\nS: .\n", "LIST is malformed"},
		{lists + "S: 1 99999999999999999999\nS: .\n", "LIST is malformed"},
		{lists + "S: 1 10\nS: .\nC: UIDL\nS: +OK\nS: 1\nS: .\n", "UIDL is malformed"},
		{lists + "S: 1 10\nS: .\nC: UIDL\nS: +OK\nS: 1 " + strings.Repeat("x", 300) + "\nS: .\n", "UIDL is malformed"},
		{lists + "S: 1 10\nS-raw: \"2 10\\n.\\n\"\n", "does not end in CR LF"},
	} {
		peer := conformance.Play(t, pop3.Protocol().Schemes[0], c.script+"S: close\n")
		u, err := connect(t, peer.Target, wire.Options{})
		if err == nil {
			_, err = u.do("ls", "--short")
		}
		fails(t, err, fault.Protocol, c.text)
	}
}

// C09, S02: no password in the clear, no session without the TLS that was
// asked for.
func TestCleartext(t *testing.T) {
	s := &server{n: 1}
	peer := s.start(t)
	o := wire.Options{TLS: "require"}
	_, err := connect(t, peer.Target, o)
	if fault.Of(err) != fault.TLSRequired {
		t.Error(err)
	}
	if _, log := s.since(); len(log) != 1 || log[0] != "STLS" {
		t.Errorf("said %q", log)
	}
}

// RSS stays where it is, whatever the size of the message.
func TestMemory(t *testing.T) {
	text := strings.Repeat(strings.Repeat("x", 76)+"\r\n", 1<<14)
	s := &server{n: 1, list: "1 1\r\n", uidl: "1 a\r\n", text: "Subject: big\r\n\r\n" + text, repeat: 99}
	u := meet(t, s)
	for _, words := range [][]string{{"get", "1", "--mbox", filepath.Join(t.TempDir(), "m")}, {"cat", "1"}, {"cat", "1", "--raw"}, {"parts", "1"}} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		v, _ := verb.Find(pop3.Protocol().Verbs, words[0])
		res, err := v.Do(t.Context(), u.sess, verb.Env{}, words[1:])
		if b, ok := res.(*verb.Blob); ok && err == nil {
			buf := make([]byte, 64<<10)
			for err == nil {
				_, err = b.Read(buf)
			}
			err = b.Close()
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 6<<20 || err != nil {
			t.Errorf("%q allocated %d KiB for a message of 122 MiB: %v", words, used>>10, err)
		}
	}
}

// T13: a message that is not read to its end, and one that is interrupted.
func TestGivenUp(t *testing.T) {
	s := &server{n: 2}
	u := meet(t, s)
	cat := func(ctx context.Context) *verb.Blob {
		v, _ := verb.Find(pop3.Protocol().Verbs, "cat")
		res, err := v.Do(ctx, u.sess, verb.Env{}, []string{"1"})
		if err != nil {
			t.Fatal(err)
		}
		return res.(*verb.Blob)
	}
	cat(t.Context()).Close() // the rest of a small one is read
	u.must("noop")
	why := fault.New(fault.Interrupt, "stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	s.mu.Lock()
	s.repeat = 100_000
	s.mu.Unlock()
	b := cat(ctx)
	buf := make([]byte, 100)
	if _, err := b.Read(buf); err != nil {
		t.Fatal(err)
	}
	cancel(why)
	var err error
	for buf := make([]byte, 64<<10); err == nil; {
		_, err = b.Read(buf)
	}
	b.Close()
	if !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	_, err = u.do("noop")
	fails(t, err, fault.Interrupt, "the session has ended")
}

// What was asked for together with something that is refused is answered, too,
// and is not the answer to what is asked next.
func TestListRefused(t *testing.T) {
	const login = "S: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\nS: UIDL\nS: USER\nS: .\nC: USER ann\nS: +OK\nC: PASS " + password + "\nS: +OK\nC: CAPA\nS: +OK\nS: PIPELINING\nS: UIDL\nS: USER\nS: .\nC: STAT\nS: +OK 2 20\n"
	for _, uidl := range []string{"S: -ERR not now\n", "S: +OK\nS: 1 a\nS: 2 b\nS: .\n"} {
		peer := conformance.Play(t, pop3.Protocol().Schemes[0], login+"C: LIST\nC: UIDL\nS: -ERR [SYS/TEMP] not now\n"+uidl+"C: NOOP\nS: +OK noop\nC: QUIT\nS: +OK\nS: close\n")
		u, err := connect(t, peer.Target, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.do("ls"); fault.Of(err) != fault.Refused {
			t.Error(err)
		}
		if got, err := u.do("noop"); err != nil || !strings.Contains(got, `"text":"noop"`) {
			t.Errorf("%q, %v", got, err)
		}
		u.sess.Close()
	}
}

// What a raw command has the server do is known only when it has said yes.
func TestRawDelete(t *testing.T) {
	const login = "S: +OK\nC: CAPA\nS: -ERR\nC: USER ann\nS: +OK\nC: PASS " + password + "\nS: +OK\nC: CAPA\nS: -ERR\nC: STAT\nS: +OK 2 20\n"
	peer := conformance.Play(t, pop3.Protocol().Schemes[0], login+"C: DELE 1\nS: +OK\nC: DELE 2\nS: -ERR no\nC: RSET\nS: -ERR not now\nC: QUIT\nS: +OK\nS: close\n")
	u, err := connect(t, peer.Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"DELE 1", "DELE 2", "RSET"} {
		u.must("raw", line)
		if got := u.sess.(protocols.Pender).Pending(); got != "delete 1 message" {
			t.Errorf("%s: %q", line, got)
		}
	}
	if err := u.sess.Close(); err != nil {
		t.Error(err)
	}
}

// C08: what a server repeats of a password is not told.
func TestPasswordRepeated(t *testing.T) {
	peer := conformance.Play(t, pop3.Protocol().Schemes[0], "S: +OK\nC: CAPA\nS: -ERR\nC: USER ann\nS: +OK\nC: PASS "+password+"\nS: -ERR no such user: PASS "+password+"\nC: QUIT\nS: +OK\nS: close\n")
	_, err := connect(t, peer.Target, wire.Options{})
	if fault.Of(err) != fault.Login || !strings.Contains(err.Error(), "no such user") || strings.Contains(err.Error(), password) {
		t.Error(err)
	}
}
