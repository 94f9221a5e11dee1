package imap

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// IMAP-07: what is written without being made a row looks as the row does.
func TestText(t *testing.T) {
	for _, say := range []string{
		`(UID 5 FLAGS (\Seen work) RFC822.SIZE 120 ENVELOPE ("Mon, 2 Feb 2026 10:00:00 +0100" "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=" (("Ann" NIL "ann" "x.org")(NIL NIL "bob" "y.org")) NIL NIL NIL NIL NIL NIL "<1@x>"))`,
		`(UID 6 FLAGS () RFC822.SIZE 1 ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))`,
		"(FLAGS (\\flagged) UID 7 ENVELOPE (\"x\" \"tab\there\" ((\"a\\\"b, c\" NIL \"d\" \"e\")) NIL NIL NIL NIL NIL NIL NIL) RFC822.SIZE 9)",
	} {
		m, err := parseMessage(3, []byte(say))
		if err != nil {
			t.Fatal(err)
		}
		for _, seq := range []bool{false, true} {
			r := m.row(seq)
			date := ""
			if !r.Date.IsZero() {
				date = r.Date.Local().Format(time.DateTime)
			}
			want := strings.Join([]string{strconv.Itoa(int(r.UID)), r.Seq.String(), r.Flags.String(), date, r.From, r.Depth.String(), strings.ReplaceAll(r.Subject, "\t", `\x09`), strconv.Itoa(int(r.Size))}, "\t") + "\n"
			if got := string(m.appendText(nil, seq)); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

// Dates in their usual form are read as those in any other are.
func TestUsualDate(t *testing.T) {
	for _, s := range []string{
		"Mon, 2 Feb 2026 10:00:00 +0100", "2 Feb 2026 10:00:00 -0730", "Mon, 28 Dec 1999 23:59:59 +0000",
	} {
		got, ok := usualDate([]byte(s))
		want, err := time.Parse("2 Jan 2006 15:04:05 -0700", strings.TrimSpace(s[strings.Index(s, ",")+1:]))
		if err != nil || !ok || !got.Equal(want) || got.Format(time.RFC3339) != want.Format(time.RFC3339) {
			t.Errorf("%s is %v, %v; want %v, %v", s, got, ok, want, err)
		}
	}
	for _, s := range []string{"", "x", "Mon, 2 Feb 2026", "30 Feb 2026 10:00:00 +0000", "2 eb  2026 10:00:00 +0000", "2 Feb 2026 10:00:00 GMT", "2 Feb 2026 10:00:00 +01000", "2 anF 2026 10:00:00 +0000"} {
		if got, ok := usualDate([]byte(s)); ok {
			t.Errorf("%s passes for %v", s, got)
		}
	}
}
