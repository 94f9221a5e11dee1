package all

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// may are the packages of this project that each may import. Adapters are not
// in it, nor are the rooms of the shell: they share a line below.
var may = map[string][]string{
	"protocols/fault":       {},
	"protocols/verb":        {"protocols/fault"},
	"protocols/digest":      {},
	"protocols/wire":        {"protocols/fault", "protocols/digest"},
	"protocols":             {"protocols/fault", "protocols/verb", "protocols/wire"},
	"protocols/files":       {"protocols/fault", "protocols/verb"},
	"protocols/mail":        {"protocols/fault", "protocols/verb"},
	"protocols/lab":         {},
	"protocols/conformance": {"protocols", "protocols/fault", "protocols/verb", "protocols/wire", "protocols/lab", "protocols/files", "protocols/mail"},
	"protocols/web":         {"protocols", "protocols/digest", "protocols/fault", "protocols/verb", "protocols/wire"},
	"protocols/sasl":        {"protocols", "protocols/fault", "protocols/wire"},
	"protocols/command":     {"protocols/fault", "protocols/wire"},
	"protocols/talk":        {"protocols/fault", "protocols/verb"},
	"repl":                  {"repl/*", "protocols", "protocols/fault", "protocols/verb", "protocols/wire", "protocols/files", "protocols/mail"},
	"repl/transfer":         {"protocols/fault", "protocols/verb", "protocols/files"},
	"cmd/wireline":          {"repl", "repl/*", "protocols/all", "protocols/playground", "protocols/fault", "protocols/verb"},
}

var (
	adapter = []string{"protocols", "protocols/fault", "protocols/verb", "protocols/wire", "protocols/files", "protocols/mail", "protocols/web", "protocols/sasl", "protocols/command", "protocols/talk"}
	room    = []string{"protocols/fault", "protocols/verb", "protocols/wire"} // repl/*
	// docs describes protocols, and so knows what one is.
	describes = append([]string{"protocols"}, room...)
)

// allowed are the packages that pkg may import, or false where none is
// forbidden.
func allowed(pkg string) ([]string, bool) {
	switch list, ok := may[pkg]; {
	case ok:
		return list, true
	case pkg == "protocols/all", pkg == "protocols/playground", pkg == "cmd/bench":
		return nil, false
	case pkg == "repl/docs":
		return describes, true
	case within(pkg, "repl"):
		return room, true
	case within(pkg, "protocols"):
		return adapter, true
	default:
		return nil, true
	}
}

// Who may import whom.
func TestImports(t *testing.T) {
	for _, s := range sources(t) {
		list, bound := allowed(s.pkg)
		for _, imp := range s.ours() {
			if bound && !slices.Contains(list, imp) && !slices.Contains(list, path.Dir(imp)+"/*") && !own(s.pkg, imp) {
				t.Errorf("%s: %s may not import %s", s.name, s.pkg, imp)
			}
		}
	}
}

// own reports whether imp is a part of the adapter pkg, or the other way
// round.
func own(pkg, imp string) bool {
	p, i := strings.SplitN(pkg, "/", 3), strings.SplitN(imp, "/", 3)
	return p[0] == "protocols" && len(p) > 1 && len(i) > 1 && p[0] == i[0] && p[1] == i[1]
}

// Each of the six libraries has one adapter, and the playground may have its
// server half.
func TestLibraries(t *testing.T) {
	home := map[string]string{
		"github.com/jlaffaye/ftp":           "protocols/ftp",
		"github.com/emersion/go-smtp":       "protocols/smtp",
		"github.com/knadh/go-pop3":          "protocols/pop3",
		"github.com/emersion/go-imap":       "protocols/imap",
		"github.com/reiver/go-telnet":       "protocols/telnet",
		"github.com/chzyer/readline":        "repl/line",
		"github.com/fclairamb/ftpserverlib": "protocols/playground",
	}
	for _, s := range sources(t) {
		for _, imp := range s.imports() {
			for lib, pkg := range home {
				if within(imp, lib) && !within(s.pkg, pkg, "protocols/playground") {
					t.Errorf("%s imports %s, which belongs to %s", s.name, imp, pkg)
				}
			}
		}
	}
}
