package imap_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/imap"
	"wireline/protocols/lab"
)

// What a server may say to FETCH, STORE and the like, and what comes of it.
// L04: lengths of literals. L05: nesting. L06: ranges. L07: long things. M01:
// what nobody asked for. M02: messages nobody asked for.
func TestHostile(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) }
	for _, c := range []struct {
		name, say, line string
		kind            *fault.Kind
	}{
		{"L04 huge", "* 1 FETCH (UID 1 FLAGS {4294967295}", "fetch 1", fault.Limit},
		{"L04 huger", "* 1 FETCH (UID 1 FLAGS {99999999999999999999}", "fetch 1", fault.Limit},
		{"L04 negative", "* 1 FETCH (UID 1 FLAGS {-1}", "fetch 1", fault.Protocol},
		{"L04 open", "* LIST () {5", "list", fault.Protocol},
		{"L04 no number", "* LIST () \"/\" {x}", "list", fault.Protocol},
		{"L05 1000", "* 1 FETCH (UID 1 BODYSTRUCTURE " + deep(1000), "parts 1", fault.Limit},
		{"L05 100000", "* 1 FETCH (UID 1 BODYSTRUCTURE " + deep(100_000), "parts 1", fault.Limit},
		{"L05 untagged", "* XFOO " + deep(100_000), "noop", fault.Limit},
		{"L05 brackets", `* 1 FETCH (UID 1 BODYSTRUCTURE (X["] ` + deep(60_000), "parts 1", fault.Protocol},
		{"L07 atom", "* LIST () \"/\" " + strings.Repeat("a", 1<<20-100), "list x", nil},
		{"L07 quoted", "* LIST () \"/\" \"" + strings.Repeat("a", 1<<20-100) + "\"", "list x", nil},
		{"L07 flags", "* FLAGS (" + strings.Repeat("f ", 100_000) + "f)", "noop", nil},
		{"L01 line", "* XFOO " + strings.Repeat("a", 2<<20), "noop", fault.Limit},
		{"NUL", "* XFOO \x00", "noop", fault.Protocol},
		{"M01 tag", "Z9 OK yes", "noop", fault.Protocol},
		{"M01 unknown", "* XFOO bar (baz", "noop", nil},
		{"M01 continuation", "+ idling", "noop", nil},
		{"M01 expunge", "* 99 EXPUNGE", "noop", nil},
		{"M01 vanished", "* VANISHED 1:4294967295", "noop", nil},
		{"M01 greeting", "* OK ready again", "noop", nil},
		{"M01 fetch", "* 1 FETCH (X-GM-MSGID 1)", "noop", nil},
		{"M02 other", "* 2 FETCH (UID 2 BODY[] {1}\r\nx)", "cat 1", fault.Protocol},
		{"M02 late", "* 2 FETCH (BODY[] {1}\r\nx UID 2)", "cat 1", fault.Protocol},
		{"M02 none", "* 2 FETCH (BODY[] {1}\r\nx)", "cat 1", fault.Protocol},
		{"M02 twice", "* 1 FETCH (UID 1 BODY[] {1}\r\nx BODY[] {1}\r\ny)", "cat 1", fault.Protocol},
		{"M02 again", "* 1 FETCH (UID 1 BODY[] {1}\r\nx)\r\n* 1 FETCH (UID 1 BODY[] {1}\r\ny)", "cat 1", fault.Protocol},
		{"M02 NIL", "* 1 FETCH (UID 1 BODY[] NIL)", "cat 1", fault.NotFound},
		{"M02 row", "* 1 FETCH (UID 7 FLAGS () RFC822.SIZE 1 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))", "ls 1", fault.Protocol},
		{"M02 zero", "* 0 FETCH (UID 1 FLAGS () RFC822.SIZE 1 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))", "ls 1", fault.Protocol},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := server(t, func(tagged string) string {
				return c.say + "\r\n" + tagged + " OK done\r\n"
			})
			x.mustConnect()
			took := lab.Stopwatch(t)
			_, err := x.run(t.Context(), strings.Fields(c.line)...)
			if d := took(); d > 2*time.Second {
				t.Errorf("took %v", d)
			}
			switch {
			case c.kind == nil && err != nil:
				t.Errorf("%v, want none", err)
			case c.kind != nil && fault.Of(err) != c.kind:
				t.Errorf("%v, want %s", err, c.kind.Name)
			case c.kind == nil:
				x.must("noop") // the session goes on
			}
		})
	}
}

// L06: a range is never spelled out, nor is what search found.
func TestRanges(t *testing.T) {
	x := play(t, strings.Replace(hello, "UIDPLUS", "UIDPLUS ESEARCH", 1)+`C: X2 SEARCH RETURN (COUNT) UNSEEN
S: * ESEARCH (TAG "X2") COUNT 4294967295
S: X2 OK done
C: X3 UID SEARCH RETURN (ALL) ALL
S: * ESEARCH (TAG "X3") UID ALL 1:4294967295
S: X3 OK done
C: X4 UID COPY 1:4294967295 "A"
S: X4 OK [COPYUID 1 1:4294967295 1:4294967295] done
C: X5 LOGOUT
S: X5 OK
`)
	x.mustConnect()
	f := x.must("search")[0].(imap.Found)
	if f.UIDs != "1:4294967295" || f.Count != 1<<32-1 {
		t.Errorf("%+v", f)
	}
	if c := x.must("cp", "$", "A")[0].(imap.Changed); c.NewUIDs != "1:4294967295" {
		t.Errorf("%+v", c)
	}
}

// IMAP-14: when the copy fails nothing is marked and nothing removed, and
// without UIDPLUS nothing but what was moved could go.
func TestMoveLosesNothing(t *testing.T) {
	begin := strings.Replace(hello, " UIDPLUS MOVE", "", 1)
	t.Run("copy fails", func(t *testing.T) {
		x := play(t, begin+`C: X2 UID SEARCH UID 5
S: * SEARCH 5
S: X2 OK done
C: X3 UID COPY 5 "A"
S: X3 NO [TRYCREATE] none
C: X4 LOGOUT
S: X4 OK
`)
		x.mustConnect()
		x.fails(fault.NotFound, "mv", "5", "A")
	})
	t.Run("no UIDPLUS", func(t *testing.T) {
		x := play(t, begin+`C: X2 UID SEARCH UID 5
S: * SEARCH 5
S: X2 OK done
C: X3 UID COPY 5 "A"
S: X3 OK done
C: X4 UID STORE 5 +FLAGS.SILENT (\Deleted)
S: X4 OK done
C: X5 LOGOUT
S: X5 OK
`)
		x.mustConnect()
		if c := x.must("mv", "5", "A")[0].(imap.Changed); c.Note == "" {
			t.Errorf("%+v", c)
		}
		x.fails(fault.Unsupported, "expunge", "5")
	})
}

// S03: taken as logged in before TLS that is required, nothing is said.
func TestPreauth(t *testing.T) {
	x := play(t, "S: * PREAUTH [CAPABILITY IMAP4rev1] in\nS: close\n")
	x.wire.Options.TLS = "require"
	if err := x.connect(); fault.Of(err) != fault.TLSRequired {
		t.Error(err)
	}
}

// S04, C09: no password goes where it must not.
func TestNoPassword(t *testing.T) {
	for _, c := range []struct {
		greeting string
		kind     *fault.Kind
	}{
		{"S: * NO not today", fault.Protocol},
		{"S: * BAD what", fault.Protocol},
		{"S: * BYE full", fault.Refused},
		{"S: a OK fine", fault.Protocol},
		{"S: 220 smtp here", fault.Protocol},
		{"S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready", fault.TLSRequired},
	} {
		x := play(t, c.greeting+"\nS: close\n")
		if err := x.connect(); fault.Of(err) != c.kind {
			t.Errorf("%s: %v, want %s", c.greeting, err, c.kind.Name)
		}
	}
}

// M03: UIDs of a URL are of the mailbox with that UIDVALIDITY.
func TestValidity(t *testing.T) {
	x := play(t, hello)
	x.to.URL.Path = "/INBOX;UIDVALIDITY=8/;UID=1"
	if err := x.connect(); fault.Of(err) != fault.Protocol || !strings.Contains(err.Error(), "UIDVALIDITY changed") {
		t.Error(err)
	}
}

// T04: who does not answer LOGOUT is not waited for.
func TestSilentLogout(t *testing.T) {
	x := talk(t, preauth, func(io.Writer, string, string) bool { return true })
	x.to.URL.Path = "/"
	x.mustConnect()
	took := lab.Stopwatch(t)
	if err := x.sess.Close(); err != nil {
		t.Error(err)
	}
	if d := took(); d > time.Second {
		t.Errorf("took %v", d)
	}
}

// The memory does not grow with the message (SPEED, IMAP-10).
func TestLargeMessage(t *testing.T) {
	const size = 64 << 20
	x := talk(t, preauth, func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			fmt.Fprint(c, "* 1 EXISTS\r\n")
		case strings.HasPrefix(line, "UID FETCH"):
			fmt.Fprintf(c, "* 1 FETCH (UID 1 BODY[] {%d}\r\n", size)
			piece := []byte(strings.Repeat("line of a message\r\n", 4096))
			for left := size; left > 0; left -= min(left, len(piece)) {
				if _, err := c.Write(piece[:min(left, len(piece))]); err != nil {
					return false
				}
			}
			fmt.Fprint(c, ")\r\n")
		}
		fmt.Fprintf(c, "%s OK x\r\n", tag)
		return true
	})
	x.mustConnect()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b, err := x.sess.Cat(t.Context(), imap.CatArgs{CatArgs: rawCat("1")})
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, b)
	if late := b.Close(); err != nil || late != nil || n != size {
		t.Fatalf("%d bytes, %v, %v", n, err, late)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.TotalAlloc) - int64(before.TotalAlloc); grown > 8<<20 {
		t.Errorf("%d MiB were allocated", grown>>20)
	}
}
