package imap_test

import (
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
)

// IMAP-13, IMAP-23: what others have changed meanwhile is left alone by all
// steps, and told; our own first step is no such change. STORE's own words are
// understood, too.
func TestFlagUnchanged(t *testing.T) {
	x := play(t, `S: * PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS CONDSTORE] ready
C: X1 SELECT "INBOX" (CONDSTORE)
S: * 9 EXISTS
S: * OK [UIDVALIDITY 7] fine
S: X1 OK [READ-WRITE] done
C: X2 UID SEARCH UID 4:6
S: * SEARCH 4 5 6
S: X2 OK done
C: X3 UID STORE 4:6 (UNCHANGEDSINCE 12) +FLAGS.SILENT (\Seen)
S: X3 OK [MODIFIED 5] not all
C: X4 UID STORE 4,6 -FLAGS.SILENT (work)
S: X4 OK done
C: X5 UID SEARCH UID 4
S: * SEARCH 4
S: X5 OK done
C: X6 UID STORE 4 (UNCHANGEDSINCE 12) +FLAGS.SILENT (\Seen)
S: X6 NO [MODIFIED 4] nothing
C: X7 UID SEARCH UID 4
S: * SEARCH 4
S: X7 OK done
C: X8 UID STORE 4 +FLAGS.SILENT (\Flagged work)
S: X8 OK done
C: X9 UID SEARCH UID 4
S: * SEARCH 4
S: X9 OK done
C: X10 UID STORE 4 FLAGS.SILENT ()
S: X10 OK done
C: X11 LOGOUT
S: X11 OK
`)
	x.mustConnect()
	c := x.must("flag", "4:6", `+\Seen`, "-work", "--unchanged-since", "12")[0].(imap.Changed)
	if c.UIDs != "4,6" || c.Count != 2 || c.Failed != "5" {
		t.Errorf("%+v", c)
	}
	c = x.must("flag", "4", `+\Seen`, "-work", "--unchanged-since", "12")[0].(imap.Changed)
	if c.Count != 0 || c.Failed != "4" {
		t.Errorf("%+v", c)
	}
	x.must("store", "4", "+FLAGS.SILENT", `(\Flagged`, "work)")
	x.must("store", "4", "flags", "()")
	x.fails(fault.Usage, "store", "4", "+FLAGS", "()")
}
