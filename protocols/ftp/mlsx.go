package ftp

import (
	"strconv"
	"strings"
	"time"

	"wireline/protocols/files"
)

// An item is an entry of a listing, and what only the listing needs to know.
type item struct {
	files.Entry
	self bool // the directory itself, or the one above
}

// parseMLSx reads an entry of MLSD and MLST (RFC 3659, section 7).
func parseMLSx(line string) (it item, ok bool) {
	facts, name, found := strings.Cut(line, " ")
	if !found || name == "" || facts != "" && !strings.HasSuffix(facts, ";") {
		return it, false
	}
	it.Entry = files.Entry{Kind: files.File, Size: files.Unknown, Name: name}
	owner, group := "", ""
	for fact := range strings.SplitSeq(strings.TrimSuffix(facts, ";"), ";") {
		key, value, has := strings.Cut(fact, "=")
		if !has {
			if facts == "" {
				break
			}
			return it, false
		}
		switch strings.ToLower(key) {
		case "type":
			it.typed(value)
		case "size", "sizd":
			n, err := strconv.ParseInt(value, 10, 64)
			if err != nil || n < 0 {
				return it, false
			}
			it.Size = files.Size(n)
		case "modify":
			if it.Modified, has = parseTime(value); !has {
				return it, false
			}
		case "unix.mode":
			if bits, err := strconv.ParseUint(value, 8, 16); err == nil {
				it.Perm = files.Mode(uint32(bits))
			}
		case "unix.owner", "unix.uid":
			owner = value
		case "unix.group", "unix.gid":
			group = value
		case "unix.ownername":
			it.Owner = value
		case "unix.groupname":
			it.Group = value
		case "perm":
			if it.Perm == "" {
				it.Perm = value
			}
		}
	}
	if it.Owner == "" {
		it.Owner = owner
	}
	if it.Group == "" {
		it.Group = group
	}
	if it.Kind == files.Dir {
		it.Size = files.Unknown
	}
	return it, true
}

// typed takes the fact "type".
func (it *item) typed(value string) {
	switch v := strings.ToLower(value); {
	case v == "file":
		it.Kind = files.File
	case v == "dir":
		it.Kind = files.Dir
	case v == "cdir", v == "pdir":
		it.Kind, it.self = files.Dir, true
	case strings.HasPrefix(v, "os.unix=slink"), strings.HasPrefix(v, "os.unix=symlink"):
		it.Kind = files.Link
		_, it.Target, _ = strings.Cut(value[len("os.unix="):], ":")
	default:
		it.Kind = files.Other
	}
}

// parseTime reads YYYYMMDDHHMMSS, with or without a fraction, in UTC (RFC
// 3659, section 2.3).
func parseTime(s string) (time.Time, bool) {
	s, fraction, has := strings.Cut(s, ".")
	if has && strings.Trim(fraction, "0123456789") != "" {
		return time.Time{}, false
	}
	// A server of 1999 has said 19100 for the year 2000, and some still do.
	if len(s) == 15 && strings.HasPrefix(s, "191") {
		s = "20" + s[3:]
	}
	if has {
		s += "." + fraction
	}
	t, err := time.Parse("20060102150405", s)
	return t, err == nil
}
