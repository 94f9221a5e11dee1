package imap_test

import (
	"fmt"
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
