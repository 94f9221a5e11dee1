package imap_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
	"wireline/protocols/lab"
)

// hand copies messages from one session to another, as the shell does.
func hand(from, to *client, mailbox string, words ...string) (uids []uint32, err error) {
	from.t.Helper()
	defer from.wire.Bind(from.t.Context())()
	defer to.wire.Bind(from.t.Context())()
	for l, err := range from.sess.Give(from.t.Context(), words) {
		if err != nil {
			return uids, err
		}
		uid, err := to.sess.Take(from.t.Context(), mailbox, l)
		if err != nil {
			return uids, err
		}
		uids = append(uids, uid)
	}
	return uids, nil
}

// IMAP-14: messages go to another server with their bytes, flags and dates; a
// mailbox that does not take them costs neither session its connection.
func TestDovecotHand(t *testing.T) {
	x, y := at(t, dovecot(t, 300, "").URL+"INBOX"), at(t, dovecot(t, 0, "").URL+"INBOX")
	x.mustConnect()
	y.mustConnect()
	x.must("flag", "7", `+\Flagged`, "+work")
	date := func(c *client, uid string) string {
		return c.must("fetch", uid, "INTERNALDATE")[0].(imap.Item).Value
	}
	if _, err := hand(x, y, "None", "all"); fault.Of(err) != fault.NotFound {
		t.Errorf("%v", err)
	}
	x.must("noop")
	y.must("noop")
	uids, err := hand(x, y, "Drafts", "all")
	if err != nil || len(uids) != 300 || uids[299] != 300 {
		t.Fatalf("%d, %v", len(uids), err)
	}
	y.must("cd", "Drafts")
	if raw := y.must("cat", "7", "--raw")[0].(string); raw != letter(7) {
		t.Errorf("%q", raw)
	}
	if f := y.must("search", "flagged", "keyword:work")[0].(imap.Found); f.UIDs != "7" {
		t.Errorf("%+v", f)
	}
	if a, b := date(x, "7"), date(y, "7"); a != b || a == "" {
		t.Errorf("%s, not %s", b, a)
	}
	if f := x.must("search", "seen")[0].(imap.Found); f.Count != 0 {
		t.Errorf("read: %+v", f)
	}
}

// A source that ends in the middle of a message leaves none at the target.
func TestHandCut(t *testing.T) {
	x := bulkServer(t, "* 2 FETCH (UID 8 BODY[] {30}\r\nb\r\n")
	y := taker(t)
	x.mustConnect()
	y.mustConnect()
	if _, err := hand(x, y, "A", "8:9"); fault.Of(err) != fault.Partial || !strings.Contains(err.Error(), "before the end of message 8") {
		t.Error(err)
	}
	took := lab.Stopwatch(t)
	_ = y.sess.Close()
	if took() > 3*time.Second {
		t.Error("the target was waited for")
	}
}

// taker is a client of a peer that takes what is appended, and says nothing to
// it.
func taker(t *testing.T) *client {
	t.Helper()
	y := talk(t, preauth, func(c io.Writer, tag, line string) bool {
		if strings.HasPrefix(line, "APPEND") {
			fmt.Fprint(c, "+ go\r\n")
		}
		return true
	})
	y.to.URL.Path = "/"
	return y
}
