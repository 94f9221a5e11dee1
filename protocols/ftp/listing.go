package ftp

import (
	"strconv"
	"strings"
	"time"

	"wireline/protocols/files"
)

// A parser reads the lines of a LIST, whose form is the server's. It keeps to
// the form that fitted the last line.
type parser struct {
	now  time.Time
	form func(*parser, string) (item, bool)
}

// parse reads one line. What is no entry, such as "total 12", is told by
// skip; ok is false for a line that is not understood.
func (p *parser) parse(line string) (it item, skip, ok bool) {
	if line == "" || heading(line) {
		return it, true, true
	}
	if p.form != nil {
		if it, ok = p.form(p, line); ok {
			return it, it.self, true
		}
	}
	for _, form := range []func(*parser, string) (item, bool){(*parser).unix, (*parser).dos, (*parser).eplf, (*parser).facts} {
		if it, ok = form(p, line); ok {
			p.form = form
			return it, it.self, true
		}
	}
	return it, false, false
}

// heading reports whether a line is that of the sum which ls begins with.
func heading(line string) bool {
	n, ok := strings.CutPrefix(line, "total ")
	return ok && strings.Trim(n, "0123456789 kKMG.") == ""
}

func (*parser) facts(line string) (item, bool) {
	if !strings.Contains(line, "=") {
		return item{}, false
	}
	return parseMLSx(line)
}

// dos reads the lines of IIS and its like:
//
//	01-29-26  03:04PM       <DIR>          pub
//	2026-01-29  15:04                 1234 a.txt
func (*parser) dos(line string) (it item, ok bool) {
	date, rest := field(line)
	clock, rest := field(rest)
	size, name := field(rest)
	if clock == "" || size == "" || name == "" {
		return it, false
	}
	if strings.EqualFold(clock, "am") || strings.EqualFold(clock, "pm") {
		return it, false
	}
	for _, layout := range []string{"01-02-06 03:04PM", "01-02-2006 03:04PM", "01-02-06 15:04", "01-02-2006 15:04", "2006-01-02 15:04"} {
		t, err := time.Parse(layout, date+" "+strings.ToUpper(clock))
		if err != nil {
			continue
		}
		it.Entry = files.Entry{Kind: files.File, Size: files.Unknown, Modified: t, Name: name}
		switch size {
		case "<DIR>":
			it.Kind = files.Dir
		case "<JUNCTION>", "<SYMLINK>", "<SYMLINKD>":
			it.Kind = files.Link
			if n, target, ok := strings.Cut(name, " ["); ok {
				it.Name, it.Target = n, strings.TrimSuffix(target, "]")
			}
		default:
			n, err := strconv.ParseInt(strings.ReplaceAll(size, ",", ""), 10, 64)
			if err != nil || n < 0 {
				return it, false
			}
			it.Size = files.Size(n)
		}
		it.self = it.Name == "." || it.Name == ".."
		return it, true
	}
	return it, false
}

// eplf reads the Easily Parsed LIST Format of D. J. Bernstein:
//
//	+i8388621.48594,m825718503,r,s280,\tdjb.html
func (*parser) eplf(line string) (it item, ok bool) {
	facts, name, found := strings.Cut(line, "\t")
	if !strings.HasPrefix(facts, "+") || !found || name == "" {
		return it, false
	}
	it.Entry = files.Entry{Kind: files.Other, Size: files.Unknown, Name: name}
	for fact := range strings.SplitSeq(facts[1:], ",") {
		if fact == "" {
			continue
		}
		switch value := fact[1:]; fact[0] {
		case '/':
			it.Kind = files.Dir
		case 'r':
			it.Kind = files.File
		case 's':
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < 0 {
				return it, false
			}
			it.Size = files.Size(n)
		case 'm':
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < 0 || n > 253402300799 { // the year 9999
				return it, false
			}
			it.Modified = time.Unix(n, 0).UTC()
		case 'u':
			if mode, ok := strings.CutPrefix(value, "p"); ok {
				if bits, err := strconv.ParseUint(mode, 8, 16); err == nil {
					it.Perm = files.Mode(uint32(bits))
				}
			}
		}
	}
	it.self = name == "." || name == ".."
	return it, true
}

// field is the first word of s, and what comes after the blanks behind it.
func field(s string) (word, rest string) {
	s = strings.TrimLeft(s, " ")
	word, rest, _ = strings.Cut(s, " ")
	return word, strings.TrimLeft(rest, " ")
}
