package ftp

import (
	"strconv"
	"strings"
	"time"

	"wireline/protocols/files"
)

// unix reads a line of ls -l, with or without a group, a number of links and
// an ACL mark:
//
//	drwxr-xr-x   2 ann  staff     4096 Jan  2 15:04 pub
//	lrwxrwxrwx   1 ann  staff        7 Jan  2  2025 here -> there
//	-rw-r--r--+  1 1000 1000      1234 2026-01-02 15:04 a.txt
func (p *parser) unix(line string) (it item, ok bool) {
	mode, _ := field(line)
	if len(mode) < 10 || len(mode) > 11 || !strings.ContainsRune("-dlbcpsDC", rune(mode[0])) || strings.Trim(mode[1:10], "rwxsStTlL-") != "" {
		return it, false
	}
	it.Entry = files.Entry{Kind: files.Other, Size: files.Unknown, Perm: mode[1:10]}
	switch mode[0] {
	case '-':
		it.Kind = files.File
	case 'd':
		it.Kind = files.Dir
	case 'l':
		it.Kind = files.Link
	}
	// What stands before the date differs; the date is found by its form.
	var words []string
	rest := line[len(mode):]
	for len(words) < 8 {
		if t, name, ok := p.date(rest); ok && len(words) > 0 {
			it.Modified, it.Name = t, name
			break
		}
		var w string
		if w, rest = field(rest); w == "" {
			return it, false
		}
		words = append(words, w)
	}
	if it.Name == "" {
		return it, false
	}
	size := words[len(words)-1]
	n, err := strconv.ParseInt(size, 10, 64)
	if err == nil && n >= 0 {
		it.Size = files.Size(n)
	} else if it.Kind == files.File {
		return it, false
	}
	words = words[:len(words)-1]
	if len(words) > 0 && strings.Trim(words[0], "0123456789") == "" && (len(words) > 1 || it.Kind != files.File) {
		words = words[1:] // the number of links
	}
	if it.Kind == files.Other && len(words) > 0 && strings.HasSuffix(words[len(words)-1], ",") {
		words, it.Size = words[:len(words)-1], files.Unknown // major, minor
	}
	switch {
	case len(words) > 1:
		it.Owner, it.Group = words[0], words[1]
	case len(words) == 1:
		it.Owner = words[0]
	}
	if it.Kind == files.Link {
		if name, target, ok := strings.Cut(it.Name, " -> "); ok {
			it.Name, it.Target = name, target
		}
		it.Size = files.Unknown
	}
	if it.Kind == files.Dir {
		it.Size = files.Unknown
	}
	it.self = it.Name == "." || it.Name == ".."
	return it, it.Name != ""
}

const dayMargin = 24 * time.Hour

// date reads "Jan _2 15:04", "Jan _2  2006" or "2006-01-02 15:04" off the
// front of s; what follows one blank behind it is a name. A date without a
// year is of the last twelve months. The zone is the server's secret, and
// taken for UTC.
func (p *parser) date(s string) (t time.Time, name string, ok bool) {
	one, rest := field(s)
	if len(one) == 10 && one[4] == '-' {
		clock, rest, found := strings.Cut(rest, " ")
		clock, _, _ = strings.Cut(clock, ".")
		for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
			if t, err := time.Parse(layout, one+" "+clock); err == nil && found {
				if zone, after, ok := strings.Cut(rest, " "); ok && len(zone) == 5 && (zone[0] == '+' || zone[0] == '-') && strings.Trim(zone[1:], "0123456789") == "" {
					if z, err := time.Parse("-0700", zone); err == nil {
						_, offset := z.Zone()
						return t.Add(-time.Duration(offset) * time.Second), after, after != ""
					}
				}
				return t, rest, rest != ""
			}
		}
		return t, "", false
	}
	two, rest := field(rest)
	three, after, found := strings.Cut(rest, " ")
	if !found || after == "" || one == "" || two == "" {
		return t, "", false
	}
	month, day := one, two
	if one[0] >= '0' && one[0] <= '9' {
		month, day = two, one
	}
	if len(month) != 3 || len(day) > 2 {
		return t, "", false
	}
	if strings.Contains(three, ":") {
		t, err := time.Parse("Jan 2 15:04 2006", month+" "+day+" "+three+" "+strconv.Itoa(p.now.Year()))
		if err != nil {
			// The 29th of February may have been another year's.
			t, err = time.Parse("Jan 2 15:04 2006", month+" "+day+" "+three+" "+strconv.Itoa(p.now.Year()-1))
			return t, after, err == nil
		}
		if t.After(p.now.Add(dayMargin)) {
			t = t.AddDate(-1, 0, 0)
		}
		return t, after, true
	}
	if len(three) != 4 {
		return t, "", false
	}
	// The year is right-aligned in five columns, so two blanks before it are
	// its own, and those behind it belong to the name.
	t, err := time.Parse("Jan 2 2006", month+" "+day+" "+three)
	return t, after, err == nil
}
