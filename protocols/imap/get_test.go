package imap_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
	"wireline/protocols/wire"
)

// fetched is what a get into a drop has done.
func (c *client) fetched(words ...string) imap.Fetched {
	c.t.Helper()
	return c.must(append([]string{"get"}, words...)...)[0].(imap.Fetched)
}

// files are the names in a Maildir by their UIDs, without what differs from
// run to run.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, sub := range []string{"new", "cur", "tmp"} {
		list, err := os.ReadDir(filepath.Join(dir, sub))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			_, uid, _ := strings.Cut(f.Name(), ",U=")
			uid, info, _ := strings.Cut(uid, ":")
			all[uid] = strings.TrimSuffix(sub+" "+info, " ")
		}
	}
	return all
}

// The incremental get: once all of it, then what is new; with the bytes, the
// flags and the dates as they are at the server; and a second run hardly asks.
func TestDovecotGetNew(t *testing.T) {
	r := dovecot(t, 1200, "")
	received := time.Unix(1_600_000_000, 0)
	if err := os.Chtimes(filepath.Join(r.Dir, "mail", "ann", "Maildir", "cur", "1700001200.M1200P1.lab:2,"), received, received); err != nil {
		t.Fatal(err)
	}
	before := at(t, r.URL+"INBOX")
	before.mustConnect()
	before.must("flag", "3", `+\Seen`, `+\Flagged`)
	before.sess.Close()
	x := at(t, r.URL+"INBOX", "--mech", "PLAIN")
	x.mustConnect()
	dir := filepath.Join(t.TempDir(), "backup")
	if f := x.fetched("1:600", "--maildir", dir, "--new"); f.Messages != 600 || f.Skipped != 0 {
		t.Errorf("%+v", f)
	}
	if f := x.fetched("all", "--maildir", dir, "--new"); f.Messages != 600 || f.Skipped != 600 {
		t.Errorf("%+v", f)
	}
	all := files(t, dir)
	if len(all) != 1200 || all["3"] != "cur 2,FS" || all["4"] != "new" {
		t.Errorf("%d files; %q, %q", len(all), all["3"], all["4"])
	}
	names, err := filepath.Glob(filepath.Join(dir, "new", "*,U=1200"))
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	b, err := os.ReadFile(names[0])
	if want := strings.ReplaceAll(letter(1200), "\r\n", "\n"); err != nil || string(b) != want {
		t.Errorf("%q, %v; want %q", b, err, want)
	}
	info, err := os.Stat(names[0])
	if err != nil || !info.ModTime().Equal(received) {
		t.Errorf("%v, %v", info.ModTime(), err)
	}
	if f := x.must("search", "seen")[0].(imap.Found); f.UIDs != "3" {
		t.Errorf("read: %+v", f)
	}

	// A second run: LOGIN, SELECT and LOGOUT are all that is waited for.
	y := at(t, r.URL+"INBOX", "--mech", "PLAIN")
	rounds := countRounds(y)
	y.mustConnect()
	if f := y.fetched("all", "--maildir", dir, "--new"); f.Messages != 0 || f.Skipped != 1200 {
		t.Errorf("%+v", f)
	}
	if err := y.sess.Close(); err != nil {
		t.Error(err)
	}
	if n := rounds(); n > 3 {
		t.Errorf("%d round trips", n)
	}

	// Flags that changed meanwhile are those of the files (IMAP-23).
	z := at(t, r.URL+"INBOX")
	z.mustConnect()
	z.must("flag", "4", `+\Seen`, `+\Answered`)
	z.must("flag", "3", `-\Flagged`)
	z.sess.Close()
	w := at(t, r.URL+"INBOX")
	w.mustConnect()
	if f := w.fetched("all", "--maildir", dir, "--new"); f.Messages != 0 || f.Changed != 2 {
		t.Errorf("%+v", f)
	}
	if f := w.fetched("all", "--maildir", dir, "--new"); f.Changed != 0 {
		t.Errorf("%+v", f)
	}
	if all := files(t, dir); len(all) != 1200 || all["3"] != "cur 2,S" || all["4"] != "cur 2,RS" {
		t.Errorf("%d files; %q, %q", len(all), all["3"], all["4"])
	}

	x.must("rm", "5")
	x.must("expunge", "5")
	file := filepath.Join(t.TempDir(), "m.eml")
	if err := os.WriteFile(file, []byte("Subject: fresh\n\nhello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x.must("put", file)
	if f := x.fetched("all", "--maildir", dir, "--new"); f.Messages != 1 || f.Skipped != 1199 {
		t.Errorf("%+v", f)
	}
	if all := files(t, dir); len(all) != 1201 || all["1201"] != "new" {
		t.Errorf("%d files; %q", len(all), all["1201"])
	}
	mbox := filepath.Join(t.TempDir(), "in.mbox")
	if f := x.fetched("last", "3", "--mbox", mbox, "--new"); f.Messages != 3 {
		t.Errorf("%+v", f)
	}
	if b, err := os.ReadFile(mbox); err != nil || strings.Count(string(b), "\nFrom ") != 2 || !strings.HasSuffix(string(b), "\nhello\n\n") {
		t.Errorf("%q, %v", b, err)
	}
}

// countRounds counts how often c speaks after it was answered.
func countRounds(c *client) (rounds func() int) {
	n, answered := 0, true
	c.wire.SetTrace(func(e wire.Event) {
		switch e.What {
		case "send":
			if answered {
				n++
			}
			answered = false
		case "recv":
			answered = true
		}
	})
	return func() int { return n }
}

// D11: what is removed at the server is safe here by then, and what is not
// safe stays there.
func TestDovecotGetDelete(t *testing.T) {
	r := dovecot(t, 20, "")
	x := at(t, r.URL+"INBOX")
	x.mustConnect()
	x.must("rm", "20") // by somebody else
	dir := filepath.Join(t.TempDir(), "backup")
	if f := x.fetched("1:5", "--maildir", dir, "--delete"); f.Messages != 5 || f.Deleted != 5 {
		t.Errorf("%+v", f)
	}
	if f := x.must("search")[0].(imap.Found); f.UIDs != "6:20" || len(files(t, dir)) != 5 {
		t.Errorf("%+v", f)
	}
	full := filepath.Join(t.TempDir(), "full")
	if err := os.MkdirAll(full, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(full, "tmp"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	x.fails(fault.WriteLocal, "get", "all", "--maildir", full, "--delete")
	y := at(t, r.URL+"INBOX")
	y.mustConnect()
	if f := y.must("search", "undeleted")[0].(imap.Found); f.UIDs != "6:19" {
		t.Errorf("%+v", f)
	}
}

const inbox9 = `S: * PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] ready
C: X1 SELECT "INBOX"
S: * 2 EXISTS
S: * OK [UIDVALIDITY %d] fine
S: * OK [UIDNEXT 10] fine
S: X1 OK [READ-WRITE] done
`

const twoMessages = `C: X2 UID FETCH 1:9 (UID FLAGS INTERNALDATE BODY.PEEK[])
S: * 1 FETCH (FLAGS (\Seen) BODY[] {4}
S: a
S:  UID 8)
S: * 1 FETCH (FLAGS (\Flagged))
S: * 2 FETCH (UID 9 BODY[] {4}
S: b
S: )
S: X2 OK done
C: X3 LOGOUT
S: X3 OK
`

// M03: when UIDVALIDITY has changed, what was noted of UIDs means nothing.
func TestGetValidity(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backup")
	for i, validity := range []int{7, 7, 8} {
		script := fmt.Sprintf(inbox9, validity) + twoMessages
		want := 2
		if i == 1 {
			script, want = fmt.Sprintf(inbox9, validity)+"C: X2 LOGOUT\nS: X2 OK\n", 0
		}
		x := play(t, script)
		x.mustConnect()
		rename(t, filepath.Join(dir, ".uids"), x.to.URL.Port())
		if f := x.fetched("all", "--maildir", dir, "--new"); f.Messages != want {
			t.Errorf("%d: %+v", validity, f)
		}
		if changed := slices.ContainsFunc(x.said(), func(s string) bool { return strings.Contains(s, "UIDVALIDITY changed") }); changed != (validity == 8) {
			t.Errorf("%d: %q", validity, x.said())
		}
		x.sess.Close()
	}
	if all := files(t, dir); all["8"] != "cur 2,S" || all["9"] != "new" {
		t.Errorf("%v", all)
	}
}

// rename has what was noted of one peer be of another, at that port.
func rename(t *testing.T, file, port string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		return
	}
	b = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAll(b, []byte("127.0.0.1:"+port))
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// M02, T01: what was not asked for, twice, not whole or not said whose it is,
// is not kept; what came before it is, and is noted.
func TestGetHostile(t *testing.T) {
	first := "* 1 FETCH (UID 8 BODY[] {3}\r\na\r\n)\r\n"
	for name, c := range map[string]struct {
		say  string
		kind *fault.Kind
		kept int
	}{
		"not asked for":   {first + "* 2 FETCH (UID 10 BODY[] {3}\r\nb\r\n)\r\n", fault.Protocol, 1},
		"another later":   {first + "* 2 FETCH (BODY[] {3}\r\nb\r\n UID 10)\r\n", fault.Protocol, 1},
		"nobody's":        {first + "* 2 FETCH (BODY[] {3}\r\nb\r\n)\r\n", fault.Protocol, 1},
		"two UIDs":        {first + "* 2 FETCH (UID 9 BODY[] {3}\r\nb\r\n UID 8)\r\n", fault.Protocol, 1},
		"twice":           {first + first, fault.Protocol, 1},
		"two bodies":      {first + "* 2 FETCH (UID 9 BODY[] {3}\r\nb\r\n BODY[TEXT] {1}\r\nx)\r\n", fault.Protocol, 1},
		"cut":             {first + "* 2 FETCH (UID 9 BODY[] {30}\r\nb\r\n", fault.Partial, 1},
		"cut behind it":   {first + "* 2 FETCH (UID 9 BODY[] {3}\r\nb\r\n", fault.Partial, 1},
		"hung up between": {first, fault.Recv, 1},
		"refused":         {first + "TAG NO not now\r\n", fault.Refused, 1},
		"gone":            {first + "* 2 FETCH (UID 9 BODY[] NIL)\r\nTAG OK\r\n", nil, 1},
		"in quotes":       {first + "* 2 FETCH (UID 9 BODY[] \"b\")\r\nTAG OK\r\n", nil, 2},
		"empty":           {first + "* 2 FETCH (UID 9 BODY[] {0}\r\n)\r\nTAG OK\r\n", nil, 2},
		"nested":          {first + "* 2 FETCH (UID 9 X " + strings.Repeat("(", 100_000) + "\r\n", fault.Limit, 1},
	} {
		t.Run(name, func(t *testing.T) {
			x := bulkServer(t, c.say)
			x.mustConnect()
			dir := filepath.Join(t.TempDir(), "backup")
			_, err := x.run(t.Context(), "get", "8:9", "--maildir", dir, "--new")
			if c.kind == nil && err != nil || c.kind != nil && fault.Of(err) != c.kind {
				t.Errorf("%v, want %v", err, c.kind)
			}
			if all := files(t, dir); len(all) != c.kept {
				t.Errorf("kept %v", all)
			}
			note, err := os.ReadFile(filepath.Join(dir, ".uids"))
			if err != nil || !strings.Contains(string(note), " 7/8") {
				t.Errorf("%q, %v", note, err)
			}
		})
	}
}

// A Maildir that is not ours to write to is an error before anything is asked.
func TestGetNowhere(t *testing.T) {
	x := play(t, fmt.Sprintf(inbox9, 7)+"C: X2 LOGOUT\nS: X2 OK\n")
	x.mustConnect()
	err := x.fails(fault.WriteLocal, "get", "all", "--maildir", filepath.Join(t.TempDir(), "no", "such"))
	if err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) && !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
	x.fails(fault.Usage, "get", "all", "--new")
	x.fails(fault.Usage, "get", "all", "--mbox", "a", "--maildir", "b")
}
