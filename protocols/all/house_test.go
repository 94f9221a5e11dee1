package all

import (
	"go/ast"
	"strings"
	"testing"
)

// What only some packages may do, so that what they promise holds for all.
func TestOnly(t *testing.T) {
	all := sources(t)
	for _, rule := range []struct {
		pkg     string
		names   []string
		folders []string
		why     string
	}{
		{"net", []string{"Dial*", "Listen", "ListenConfig", "ListenIP", "ListenMulticastUDP", "ListenPacket", "ListenTCP", "ListenUDP", "ListenUnix*", "FileConn", "FileListener"},
			[]string{"protocols/wire", "protocols/playground", "protocols/lab", "protocols/conformance", "cmd/bench"},
			"wire is the only way to the network"},
		{"net", []string{"Lookup*", "DefaultResolver", "Resolver", "Resolve*"},
			[]string{"protocols/wire", "protocols/playground", "cmd/bench"},
			"wire is the only one to ask for names"},
		{"net/http", []string{"Get", "Head", "Post", "PostForm", "DefaultClient", "DefaultTransport"},
			nil, "these have a way to the network of their own"},
		{"crypto/tls", []string{"Dial*", "Client"}, []string{"protocols/wire", "protocols/playground", "cmd/bench"},
			"wire is the only one to speak TLS"},
		{"os", []string{"Exit"}, []string{"cmd"}, "only a program may end"},
		{"log", []string{"Fatal*"}, []string{"cmd"}, "only a program may end"},
		{"os", []string{"Create", "OpenFile"},
			[]string{"repl/transfer", "repl/config", "repl/line", "protocols/wire", "protocols/lab", "cmd"},
			"files are written in one place"},
		{"os", []string{"Stdin", "Stdout", "Stderr"}, []string{"cmd", "repl"}, "the shell shows what a protocol gives it"},
	} {
		for _, s := range all {
			if within(s.pkg, rule.folders...) {
				continue
			}
			for _, at := range s.uses(rule.pkg, rule.names...) {
				t.Errorf("%s: %s", at, rule.why)
			}
		}
	}
}

// Nothing happens before main: no package registers itself or starts work.
func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s declares init", s.name)
			}
		}
	}
}

// The guards find what they are for.
func TestUses(t *testing.T) {
	n := 0
	for _, s := range sources(t) {
		if s.pkg == "protocols/lab" {
			for _, at := range s.uses("net", "Listen*", "Dial*") {
				n++
				if !strings.Contains(at, "protocols/lab/") {
					t.Errorf("%s is not in protocols/lab", at)
				}
			}
		}
	}
	if n == 0 {
		t.Error("protocols/lab listens and dials, and that was not seen")
	}
}
