package transcript

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// secret is what a recording has instead of one.
const secret = "***"

// Complete reports whether got is as much as the step is, and how many bytes
// of it that are. Where the step is lines it is as many lines, or as much as
// goes up to a line that is a dot, whatever is in them; else it is as many
// bytes.
func (s Step) Complete(got []byte) (n int, ok bool) {
	switch {
	case bytes.HasSuffix(s.Data, []byte("\r\n.\r\n")):
		if i := bytes.Index(got, []byte("\r\n.\r\n")); i >= 0 {
			return i + 5, true
		}
		return 0, false
	case bytes.HasSuffix(s.Data, []byte("\n")):
		for range bytes.Count(s.Data, []byte("\n")) {
			i := bytes.IndexByte(got[n:], '\n')
			if i < 0 {
				return 0, false
			}
			n += i + 1
		}
		return n, true
	case bytes.Contains(s.Data, []byte(secret)):
		return len(got), len(got) > 0
	default:
		return len(s.Data), len(got) >= len(s.Data)
	}
}

// A Rule says what may differ.
type Rule struct {
	Ignore []*regexp.Regexp // what these match is the same as anything they match
	Codes  bool             // only the first word of a line counts
}

// Diff tells how got differs from the step: the first line that does, as it
// was recorded and as it is; "" for each when none does.
func (s Step) Diff(got []byte, r Rule) (was, is string) {
	old, now := lines(s.Data), lines(got)
	for i := range max(len(old), len(now)) {
		switch {
		case i >= len(old):
			return "(nothing)", now[i]
		case i >= len(now):
			return old[i], "(nothing)"
		case !r.same(old[i], now[i]):
			return old[i], now[i]
		}
	}
	return "", ""
}

func lines(p []byte) []string {
	text := strings.TrimSuffix(string(p), "\n")
	all := strings.Split(text, "\n")
	for i := range all {
		all[i] = strings.TrimSuffix(all[i], "\r")
	}
	return all
}

func (r Rule) same(old, now string) bool {
	if r.Codes {
		old, now = firstWord(old), firstWord(now)
	}
	for i, re := range r.Ignore {
		mark := fmt.Sprintf("\x00%d\x00", i)
		old, now = re.ReplaceAllLiteralString(old, mark), re.ReplaceAllLiteralString(now, mark)
	}
	return wild(old, now)
}

// firstWord is the code of a reply: 250, +OK, * or a tag and what follows it.
func firstWord(line string) string {
	if i := strings.IndexAny(line, " -"); i == 3 {
		return line[:i]
	}
	word, _, _ := strings.Cut(line, " ")
	return word
}

// wild compares, with *** in old for anything.
func wild(old, now string) bool {
	parts := strings.Split(old, secret)
	if len(parts) == 1 {
		return old == now
	}
	now, ok := strings.CutPrefix(now, parts[0])
	if !ok {
		return false
	}
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(now, p)
		if i < 0 {
			return false
		}
		now = now[i+len(p):]
	}
	return strings.HasSuffix(now, parts[len(parts)-1])
}
