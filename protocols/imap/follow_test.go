package imap_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// IMAP-23: a server with QRESYNC tells in one answer which messages have other
// flags and which are gone; a Maildir keeps up with both if it is to.
func TestDovecotPrune(t *testing.T) {
	r := dovecot(t, 40, "")
	dir := filepath.Join(t.TempDir(), "backup")
	x := at(t, r.URL+"INBOX")
	x.mustConnect()
	if f := x.fetched("all", "--maildir", dir, "--new", "--prune"); f.Messages != 40 || f.Pruned != 0 {
		t.Errorf("%+v", f)
	}
	x.sess.Close()

	y := at(t, r.URL+"INBOX")
	y.mustConnect()
	y.must("rm", "5:7,40")
	y.must("expunge", "5:7,40")
	y.must("flag", "9", `+\Seen`)
	y.sess.Close()

	z := at(t, r.URL+"INBOX")
	z.mustConnect()
	var sent []string
	watchSent(z, &sent)
	if f := z.fetched("all", "--maildir", dir, "--new"); f.Messages != 0 || f.Changed != 1 || f.Pruned != 0 || len(files(t, dir)) != 40 {
		t.Errorf("%+v", f)
	}
	if all := strings.Join(sent, ""); !strings.Contains(all, "(CHANGEDSINCE ") || !strings.Contains(all, " VANISHED)") || strings.Contains(all, "BODY") {
		t.Errorf("%q", all)
	}
	if f := z.fetched("all", "--maildir", dir, "--new", "--prune"); f.Pruned != 4 || len(files(t, dir)) != 36 {
		t.Errorf("what was gone before is to go, too: %+v", f)
	}
	z.must("rm", "11")
	z.must("expunge", "11")
	z.sess.Close()

	w := at(t, r.URL+"INBOX")
	w.mustConnect()
	sent = nil
	watchSent(w, &sent)
	if f := w.fetched("all", "--maildir", dir, "--new", "--prune"); f.Pruned != 1 || len(files(t, dir)) != 35 {
		t.Errorf("%+v", f)
	}
	if all := strings.Join(sent, ""); !strings.Contains(all, " VANISHED)") || strings.Contains(all, "SEARCH") {
		t.Errorf("%q", all)
	}
}

// A server that tells nothing of what changed is asked which UIDs it has.
func TestPruneBySearch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backup")
	x := play(t, fmt.Sprintf(inbox9, 7)+twoMessages)
	x.mustConnect()
	if f := x.fetched("all", "--maildir", dir, "--new"); f.Messages != 2 {
		t.Errorf("%+v", f)
	}
	x.sess.Close()

	y := play(t, fmt.Sprintf(inbox9, 7)+`C: X2 UID SEARCH UID 1:9
S: * SEARCH 9
S: X2 OK done
C: X3 LOGOUT
S: X3 OK
`)
	y.mustConnect()
	rename(t, filepath.Join(dir, ".uids"), y.to.URL.Port())
	if f := y.fetched("all", "--maildir", dir, "--new", "--prune"); f.Pruned != 1 {
		t.Errorf("%+v", f)
	}
	if all := files(t, dir); len(all) != 1 || all["9"] != "new" {
		t.Errorf("%v", all)
	}
	y.sess.Close()

	// L06: what is not said, or cannot be read, is not that nothing is there.
	for _, said := range []string{"", "S: * SEARCH x\n", "S: * SEARCH 9 y\n", "S: * ESEARCH (TAG \"X2\") UID ALL 9:z\n"} {
		w := play(t, fmt.Sprintf(inbox9, 7)+"C: X2 UID SEARCH UID 1:9\n"+said+"S: X2 OK done\nC: X3 LOGOUT\nS: X3 OK\n")
		w.mustConnect()
		rename(t, filepath.Join(dir, ".uids"), w.to.URL.Port())
		w.fails(fault.Protocol, "get", "all", "--maildir", dir, "--new", "--prune")
		if all := files(t, dir); len(all) != 1 {
			t.Errorf("%q: %v", said, all)
		}
		w.sess.Close()
	}

	// M03: of messages that were fetched under another UIDVALIDITY nobody can
	// tell by their UIDs whether they are gone.
	z := play(t, fmt.Sprintf(inbox9, 8)+twoMessages)
	z.mustConnect()
	rename(t, filepath.Join(dir, ".uids"), z.to.URL.Port())
	z.fails(fault.Unsupported, "get", "all", "--maildir", dir, "--new", "--prune")
	if all := files(t, dir); len(all) != 2 {
		t.Errorf("%v", all)
	}
	z.fails(fault.Usage, "get", "all", "--maildir", dir, "--prune")
}

// changing is a client of a peer whose last message is so numbered and has
// changed last as modseq says. A UID FETCH is answered by fetch, which reports
// whether the peer is to stay. It says no to ENABLE, as a mailbox is selected.
func changing(t *testing.T, last, modseq int, fetch func(c io.Writer, line string) bool) *client {
	return talk(t, "* PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS CONDSTORE QRESYNC] ready", func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			fmt.Fprintf(c, "* %d EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT %d] x\r\n* OK [HIGHESTMODSEQ %d] x\r\n", last, last+1, modseq)
		case strings.HasPrefix(line, "UID FETCH") && !fetch(c, line):
			return false
		case strings.HasPrefix(line, "ENABLE"):
			fmt.Fprintf(c, "%s BAD not now\r\n", tag)
			return true
		}
		fmt.Fprintf(c, "%s OK x\r\n", tag)
		return true
	})
}

// However many flags have changed, no message is left with the old ones.
func TestFollowMany(t *testing.T) {
	const last = 21_000
	dir := filepath.Join(t.TempDir(), "backup")
	x := changing(t, last, 5, func(c io.Writer, line string) bool {
		for _, n := range []int{1, last} {
			if strings.Contains(line, fmt.Sprintf(" %d:", n)) || strings.Contains(line, fmt.Sprintf(":%d ", n)) {
				fmt.Fprintf(c, "* %d FETCH (UID %d FLAGS () BODY[] {3}\r\na\r\n)\r\n", n, n)
			}
		}
		return true
	})
	x.mustConnect()
	if f := x.fetched("all", "--maildir", dir, "--new"); f.Messages != 2 {
		t.Fatalf("%+v", f)
	}
	x.sess.Close()

	y := changing(t, last, 6, func(c io.Writer, line string) bool {
		if !strings.Contains(line, "(CHANGEDSINCE 5)") {
			t.Errorf("sent %q", line)
		}
		out := bufio.NewWriter(c)
		for n := 1; n <= last; n++ {
			fmt.Fprintf(out, "* %d FETCH (UID %d FLAGS (\\Seen) MODSEQ (6))\r\n", n, n)
		}
		out.Flush()
		return true
	})
	y.mustConnect()
	rename(t, filepath.Join(dir, ".uids"), y.to.URL.Port())
	if f := y.fetched("all", "--maildir", dir, "--new"); f.Changed != 2 {
		t.Errorf("%+v", f)
	}
	if all := files(t, dir); all["1"] != "cur 2,S" || all[fmt.Sprint(last)] != "cur 2,S" {
		t.Errorf("%v", all)
	}
}

// What was fetched before a get broke off follows its flags all the same, and
// so does what was fetched when the server did not count changes.
func TestFollowAfterBreak(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backup")
	note := filepath.Join(dir, ".uids")
	x := changing(t, 9, 5, func(c io.Writer, _ string) bool {
		io.WriteString(c, "* 8 FETCH (UID 8 FLAGS () BODY[] {3}\r\na\r\n)\r\n")
		return false
	})
	x.mustConnect()
	x.fails(fault.Recv, "get", "all", "--maildir", dir, "--new")

	y := changing(t, 9, 6, func(c io.Writer, line string) bool {
		if strings.Contains(line, "BODY") {
			io.WriteString(c, "* 9 FETCH (UID 9 FLAGS () BODY[] {3}\r\nb\r\n)\r\n")
		} else {
			io.WriteString(c, "* 8 FETCH (UID 8 FLAGS (\\Seen) MODSEQ (6))\r\n")
		}
		return true
	})
	y.mustConnect()
	rename(t, note, y.to.URL.Port())
	if f := y.fetched("all", "--maildir", dir, "--new"); f.Messages != 1 || f.Changed != 1 {
		t.Errorf("%+v", f)
	}
	if all := files(t, dir); all["8"] != "cur 2,S" || all["9"] != "new" {
		t.Errorf("%v", all)
	}

	z := changing(t, 9, 7, func(c io.Writer, line string) bool {
		if !strings.HasSuffix(line, "(UID FLAGS)") {
			t.Errorf("sent %q", line)
		}
		io.WriteString(c, "* 8 FETCH (UID 8 FLAGS (\\Seen))\r\n* 9 FETCH (UID 9 FLAGS (\\Flagged))\r\n")
		return true
	})
	z.mustConnect()
	rename(t, note, z.to.URL.Port())
	b, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(note, bytes.Replace(b, []byte("/6"), nil, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := z.fetched("all", "--maildir", dir, "--new"); f.Messages != 0 || f.Changed != 1 {
		t.Errorf("%+v", f)
	}
	if all := files(t, dir); all["8"] != "cur 2,S" || all["9"] != "cur 2,F" {
		t.Errorf("%v", all)
	}
}
