package all

import (
	"go/ast"
	"path"
	"strings"
	"testing"
)

// Every folder that declares a protocol is on the list.
func TestListed(t *testing.T) {
	called := map[string]bool{}
	declared := map[string]string{}
	for _, s := range sources(t) {
		if s.pkg == "protocols/all" {
			ast.Inspect(s.File, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
						if x, ok := sel.X.(*ast.Ident); ok {
							called[x.Name+"."+sel.Sel.Name] = true
						}
					}
				}
				return true
			})
			continue
		}
		if path.Dir(s.pkg) != "protocols" {
			continue
		}
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && (f.Name.Name == "Protocol" || f.Name.Name == "Protocols") {
				declared[s.File.Name.Name+"."+f.Name.Name] = s.name
			}
		}
	}
	if len(declared) == 0 {
		t.Fatal("no protocol was found")
	}
	for f, where := range declared {
		if !called[f] {
			t.Errorf("%s declares %s, which all.go does not call", where, f)
		}
	}
}

// Names and schemes lead to one protocol each.
func TestDistinct(t *testing.T) {
	names, schemes := map[string]bool{}, map[string]string{}
	for _, p := range Protocols() {
		if names[p.Name] {
			t.Errorf("two protocols are called %s", p.Name)
		}
		names[p.Name] = true
		for _, s := range p.Schemes {
			other, taken := schemes[s.Name]
			if taken && p.Name != "xmlrpc" { // which is reached by its name, as in: connect xmlrpc http://…
				t.Errorf("%s: is a scheme of %s and of %s", s.Name, other, p.Name)
			}
			if !taken {
				schemes[s.Name] = p.Name
			}
		}
	}
	for name := range names {
		if other, taken := schemes[name]; taken && other != name {
			t.Errorf("%s is a protocol, but %s: means %s", name, name, other)
		}
		if strings.ToLower(name) != name {
			t.Errorf("%s is not in lower case", name)
		}
	}
}
