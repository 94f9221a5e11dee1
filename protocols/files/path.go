package files

import (
	"path"
	"strings"
	"unicode/utf8"

	"wireline/protocols/fault"
)

// Join puts name below dir, both with slashes. A name that is absolute stays
// as it is.
func Join(dir, name string) string {
	switch {
	case dir == "", dir == ".", strings.HasPrefix(name, "/"):
		return name
	case name == "", name == ".":
		return dir
	}
	return path.Join(dir, name)
}

const longest = 255 // bytes of a name

// Safe tells why the name of an entry must not become the name of a file
// beside others, or a target of rm: it would lead somewhere else.
func Safe(name string) error {
	bad := func(why string) error {
		return fault.New(fault.WriteLocal, "the server's name %q %s", cut(name), why)
	}
	switch {
	case name == "":
		return bad("is empty")
	case name == ".", name == "..":
		return bad("means a directory")
	case strings.ContainsAny(name, "/\\"):
		return bad("leads out of its directory")
	case strings.ContainsRune(name, 0):
		return bad("has a NUL in it")
	case len(name) > 1 && name[1] == ':':
		return bad("begins with the name of a drive")
	case len(name) > longest:
		return bad("is longer than 255 bytes")
	}
	return nil
}

func cut(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	s = s[:most]
	for !utf8.ValidString(s) && len(s) > most-utf8.UTFMax {
		s = s[:len(s)-1]
	}
	return s + "…"
}

// Magic reports whether a pattern is more than a plain name.
func Magic(pattern string) bool { return strings.ContainsAny(pattern, `*?[`) }
