package imap_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
)

// noteOf is what is noted beside a Maildir; "" if there is no note.
func noteOf(dir string) string {
	b, _ := os.ReadFile(filepath.Join(dir, ".uids"))
	return string(b)
}

// L06: where UIDs have so many gaps that the server is asked which there are,
// an answer that does not come is not that there are none: they would be noted
// as fetched.
func TestGetNewUnanswered(t *testing.T) {
	for _, said := range []string{"", "* SEARCH x\r\n", "* SEARCH 4294967295\r\n"} {
		x := talk(t, preauth, func(c io.Writer, tag, line string) bool {
			switch {
			case strings.HasPrefix(line, "SELECT"):
				fmt.Fprint(c, "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 100000] x\r\n")
			case strings.HasPrefix(line, "UID SEARCH"):
				io.WriteString(c, said)
			}
			fmt.Fprintf(c, "%s OK x\r\n", tag)
			return true
		})
		x.mustConnect()
		dir := filepath.Join(t.TempDir(), "backup")
		x.fails(fault.Protocol, "get", "all", "--maildir", dir, "--new")
		if note := noteOf(dir); note != "" {
			t.Errorf("%q: noted %q", said, note)
		}
	}
}

// M02: a message that the server has, and of which it gives no bytes, is not
// noted as fetched; one that is gone by then is nothing to wait for.
func TestGetNil(t *testing.T) {
	for _, there := range []bool{true, false} {
		x := talk(t, preauth, func(c io.Writer, tag, line string) bool {
			switch {
			case strings.HasPrefix(line, "SELECT"):
				fmt.Fprint(c, "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 10] x\r\n")
			case strings.HasPrefix(line, "UID FETCH"):
				fmt.Fprint(c, "* 1 FETCH (UID 8 BODY[] {3}\r\na\r\n)\r\n* 2 FETCH (UID 9 BODY[] NIL)\r\n")
			case strings.HasPrefix(line, "UID SEARCH UID 9"):
				fmt.Fprint(c, map[bool]string{true: "* SEARCH 9\r\n", false: "* SEARCH\r\n"}[there])
			}
			fmt.Fprintf(c, "%s OK x\r\n", tag)
			return true
		})
		x.mustConnect()
		dir := filepath.Join(t.TempDir(), "backup")
		_, err := x.run(t.Context(), "get", "all", "--maildir", dir, "--new")
		if there != (fault.Of(err) == fault.Protocol) || !there && err != nil {
			t.Errorf("there: %v: %v", there, err)
		}
		if len(files(t, dir)) != 1 {
			t.Errorf("kept %v", files(t, dir))
		}
		if note := noteOf(dir); strings.Contains(note, "9") == there {
			t.Errorf("there: %v: noted %q", there, note)
		}
	}
}

// L06: an answer that is not one to what was asked tells nothing of what is
// gone: numbers that were not asked for, or that are no UIDs.
func TestPruneByAnotherAnswer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "backup")
	x := play(t, fmt.Sprintf(inbox9, 7)+twoMessages)
	x.mustConnect()
	x.fetched("all", "--maildir", dir, "--new")
	x.sess.Close()
	for _, said := range []string{
		"* SEARCH 77 78", "* ESEARCH (TAG \"X2\") ALL 1:2", "* ESEARCH (TAG \"X2\") UID COUNT 2",
	} {
		w := play(t, fmt.Sprintf(inbox9, 7)+"C: X2 UID SEARCH UID 1:9\nS: "+said+"\nS: X2 OK done\nC: X3 LOGOUT\nS: X3 OK\n")
		w.mustConnect()
		rename(t, filepath.Join(dir, ".uids"), w.to.URL.Port())
		w.fails(fault.Protocol, "get", "all", "--maildir", dir, "--new", "--prune")
		if all := files(t, dir); len(all) != 2 {
			t.Errorf("%q: %v", said, all)
		}
		w.sess.Close()
	}
}

// IMAP-14: what the server does not say it has copied, though it says which it
// has, stays where it is.
func TestMoveOnlyWhatWasCopied(t *testing.T) {
	x := play(t, strings.Replace(hello, " MOVE", "", 1)+`C: X2 UID SEARCH UID 5:6
S: * SEARCH 5 6
S: X2 OK done
C: X3 UID COPY 5:6 "A"
S: X3 OK [COPYUID 3 5 20] done
C: X4 UID STORE 5 +FLAGS.SILENT (\Deleted)
S: X4 OK done
C: X5 UID EXPUNGE 5
S: * 5 EXPUNGE
S: X5 OK done
C: X6 LOGOUT
S: X6 OK
`)
	x.mustConnect()
	if c := x.must("mv", "5:6", "A")[0].(imap.Changed); c.Count != 1 || c.UIDs != "5" || !strings.Contains(c.Note, "6") {
		t.Errorf("%+v", c)
	}
}

// L06: that a mailbox is said to have four thousand million messages costs
// nothing.
func TestHugeMailbox(t *testing.T) {
	for _, line := range []string{"ls", "get all -o -", "get all --maildir DIR", "fetch all"} {
		x := talk(t, preauth, func(c io.Writer, tag, line string) bool {
			if strings.HasPrefix(line, "SELECT") {
				fmt.Fprint(c, "* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4294967295] x\r\n")
			}
			if strings.Contains(line, "FETCH") {
				fmt.Fprintf(c, "%s NO not now\r\n", tag)
				return true
			}
			if strings.HasPrefix(line, "UID SEARCH") {
				fmt.Fprint(c, "* SEARCH\r\n")
			}
			fmt.Fprintf(c, "%s OK x\r\n", tag)
			return true
		})
		x.mustConnect()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		x.run(t.Context(), strings.Fields(strings.Replace(line, "DIR", filepath.Join(t.TempDir(), "backup"), 1))...)
		runtime.ReadMemStats(&after)
		if grown := (after.TotalAlloc - before.TotalAlloc) >> 20; grown > 48 {
			t.Errorf("%s: %d MiB were allocated", line, grown)
		}
	}
}

// L03: what is collected has an end, however often the server says it.
func TestEndlessAnswers(t *testing.T) {
	for _, c := range []struct{ caps, line, say string }{
		{"METADATA", "metadata get INBOX", "* METADATA INBOX (/x {8000000}\r\n" + strings.Repeat("a", 8_000_000) + ")"},
		{"ID", "id", `* ID ("a" {8000000}` + "\r\n" + strings.Repeat("a", 8_000_000) + ")"},
	} {
		t.Run(c.line, func(t *testing.T) {
			said := 0
			x := talk(t, strings.Replace(preauth, "UIDPLUS", c.caps, 1), func(w io.Writer, tag, line string) bool {
				switch {
				case strings.HasPrefix(line, "SELECT"):
					fmt.Fprint(w, "* 9 EXISTS\r\n")
				case strings.HasPrefix(line, "GETMETADATA"), strings.HasPrefix(line, "ID"):
					for said = 0; said < 80<<20; said += len(c.say) {
						if _, err := io.WriteString(w, c.say+"\r\n"); err != nil {
							return false
						}
					}
				}
				fmt.Fprintf(w, "%s OK x\r\n", tag)
				return true
			})
			x.wire.Limits.Reply = time.Minute
			x.mustConnect()
			x.fails(fault.Limit, strings.Fields(c.line)...)
		})
	}
}
