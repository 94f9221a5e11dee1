package imap_test

import (
	"context"
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
		if _, uids, _ := strings.Cut(noteOf(dir), " 7/"); strings.Contains(uids, "9") == there {
			t.Errorf("there: %v: noted %q", there, uids)
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

// IMAP-15: flags of two kinds are two STOREs, and our own first one is no
// change by somebody else.
func TestFlagUnchangedTwice(t *testing.T) {
	x := play(t, `S: * PREAUTH [CAPABILITY IMAP4rev1 CONDSTORE] ready
C: X1 SELECT "INBOX" (CONDSTORE)
S: * 9 EXISTS
S: * OK [UIDVALIDITY 7] fine
S: X1 OK [READ-WRITE] done
C: X2 UID SEARCH UID 5:6
S: * SEARCH 5 6
S: X2 OK done
C: X3 UID STORE 5:6 (UNCHANGEDSINCE 10) +FLAGS.SILENT (\Seen)
S: * 5 FETCH (UID 5 MODSEQ (11))
S: X3 OK [MODIFIED 6] done
C: X4 UID STORE 5 -FLAGS.SILENT (work)
S: X4 OK done
C: X5 LOGOUT
S: X5 OK
`)
	x.mustConnect()
	c := x.must("flag", "5:6", `+\Seen`, "-work", "--unchanged-since", "10")[0].(imap.Changed)
	if c.Failed != "6" {
		t.Errorf("%+v", c)
	}
}

// X04: two mailboxes that look the same can be told apart, and what is typed
// is the one that is shown so.
func TestNamesAlike(t *testing.T) {
	for _, raws := range [][]string{{"a\xff", "a\xfe"}, {"R&D", "R&-D"}, {"R&-D", "R&D"}} {
		deleted, owed := "", ""
		x := talk(t, strings.Replace(preauth, "UIDPLUS", "LITERAL+", 1), func(c io.Writer, tag, line string) bool {
			if strings.HasPrefix(line, "LIST") {
				for _, raw := range raws {
					fmt.Fprintf(c, "* LIST () \"/\" {%d}\r\n%s\r\n", len(raw), raw)
				}
			}
			if rest, ok := strings.CutPrefix(line, "DELETE "); ok {
				if deleted = strings.Trim(rest, `"`); rest[0] == '{' {
					owed = tag // the name comes behind it
					return true
				}
			} else if owed != "" {
				deleted, tag, owed = tag, owed, ""
			}
			fmt.Fprintf(c, "%s OK x\r\n", tag)
			return true
		})
		x.to.URL.Path = "/"
		x.mustConnect()
		for range 2 {
			rows := x.must("list")
			if len(rows) != 2 || rows[0].(imap.Folder).Name == rows[1].(imap.Folder).Name {
				t.Fatalf("%q: %+v", raws, rows)
			}
		}
		for _, row := range x.must("list") {
			f := row.(imap.Folder)
			x.must("rmdir", f.Name)
			raw := f.Wire
			if raw == "" {
				raw = "R&-D"
			}
			if got := strings.ToValidUTF8(deleted, "�"); got != raw {
				t.Errorf("%q: %q of %q is gone instead of %q", raws, got, f.Name, raw)
			}
		}
	}
}

// L03: whoever floods an IDLE ends it, and is not kept.
func TestIdleLongFlags(t *testing.T) {
	flags := strings.Repeat(strings.Repeat("f", 999)+" ", 999) + "x"
	said := 0
	x := talk(t, strings.Replace(preauth, "UIDPLUS", "IDLE", 1), func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			fmt.Fprint(c, "* 9 EXISTS\r\n")
		case line == "IDLE":
			fmt.Fprint(c, "+ idling\r\n")
			for said = 0; said < 64; said++ {
				if _, err := fmt.Fprintf(c, "* 1 FETCH (FLAGS (%s))\r\n", flags); err != nil {
					return false
				}
			}
			fmt.Fprintf(c, "* BYE enough\r\n")
			return false
		}
		fmt.Fprintf(c, "%s OK x\r\n", tag)
		return true
	})
	x.mustConnect()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	all, _ := x.run(t.Context(), "watch")
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc-before.HeapAlloc) >> 20; grown > 32 {
		t.Errorf("%d events, %d MiB are kept", len(all), grown)
	}
	runtime.KeepAlive(all)
}

// M04: a server that never stops talking does not keep an IDLE from ending.
func TestIdleChatter(t *testing.T) {
	x := talk(t, strings.Replace(preauth, "UIDPLUS", "IDLE", 1), func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			fmt.Fprint(c, "* 9 EXISTS\r\n")
		case line == "IDLE":
			fmt.Fprint(c, "+ idling\r\n")
			for {
				if _, err := io.WriteString(c, strings.Repeat("* OK still here\r\n", 1000)); err != nil {
					return false
				}
			}
		}
		fmt.Fprintf(c, "%s OK x\r\n", tag)
		return true
	})
	x.mustConnect()
	ctx, cancel := context.WithCancel(t.Context())
	defer time.AfterFunc(1500*time.Millisecond, cancel).Stop()
	over := make(chan bool)
	go func() {
		defer close(over)
		for range x.sess.Idle(ctx) {
		}
	}()
	select {
	case <-over:
	case <-time.After(30 * time.Second):
		t.Error("it goes on")
		x.wire.Cut(fault.New(fault.Interrupt, "the test is over"))
		<-over
	}
}

// D16: a file that became longer while it was sent is not put as what it was.
func TestPutGrown(t *testing.T) {
	file := filepath.Join(t.TempDir(), "m.eml")
	text := strings.Repeat("a line\n", 100_000)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	x := talk(t, preauth, func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "APPEND"):
			// as many bytes of the file, but more line ends
			if err := os.WriteFile(file, []byte(strings.Repeat("a\n", len(text)/2)), 0o600); err != nil {
				t.Error(err)
			}
			fmt.Fprint(c, "+ go\r\n")
			return true
		case !strings.HasPrefix(tag, "X"):
			return true // the file
		}
		fmt.Fprintf(c, "%s OK x\r\n", tag)
		return true
	})
	x.mustConnect()
	x.fails(fault.ReadLocal, "put", file)
}

// C08: what a server repeats of a password is not told.
func TestPasswordRepeated(t *testing.T) {
	x := talk(t, "* OK [CAPABILITY IMAP4rev1] ready", func(c io.Writer, tag, line string) bool {
		fmt.Fprintf(c, "%s NO no such user: %s\r\n", tag, line)
		return true
	})
	x.pass = "s3cr3t-canary"
	if err := x.connect(); fault.Of(err) != fault.Login || !strings.Contains(err.Error(), "no such user") || strings.Contains(err.Error(), x.pass) {
		t.Error(err)
	}
}
