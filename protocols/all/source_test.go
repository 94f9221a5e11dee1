package all

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "wireline"

// A source is one file of the project that is not a test.
type source struct {
	pkg  string // its folder: "protocols/wire"
	name string // "protocols/wire/dialer.go"
	*ast.File
	set *token.FileSet
}

// sources parses the project, for all systems, without its tests.
func sources(t *testing.T) (all []source) {
	t.Helper()
	root := filepath.Join("..", "..")
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); n == "testdata" || strings.HasPrefix(n, ".") && n != ".." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		all = append(all, source{path.Dir(name), name, f, set})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d files of the project were found", len(all))
	}
	return all
}

// imports are the paths of what s imports.
func (s source) imports() (paths []string) {
	for _, i := range s.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// ours are the folders of this project that s imports.
func (s source) ours() (pkgs []string) {
	for _, p := range s.imports() {
		if pkg, ok := strings.CutPrefix(p, module+"/"); ok {
			pkgs = append(pkgs, pkg)
		}
	}
	return pkgs
}

// uses finds mentions of names of a package of the standard library, by the
// name it is imported under.
func (s source) uses(pkg string, names ...string) (at []string) {
	local := ""
	for _, i := range s.Imports {
		if i.Path.Value != strconv.Quote(pkg) {
			continue
		}
		if local = path.Base(pkg); i.Name != nil {
			local = i.Name.Name
		}
	}
	if local == "" {
		return nil
	}
	ast.Inspect(s.File, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); !ok || x.Name != local {
			return true
		}
		for _, name := range names {
			prefix, any := strings.CutSuffix(name, "*")
			if sel.Sel.Name == name || any && strings.HasPrefix(sel.Sel.Name, prefix) {
				p := s.set.Position(sel.Pos())
				at = append(at, s.name+":"+strconv.Itoa(p.Line)+": "+pkg+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return at
}

// within reports whether pkg is one of the folders or below one.
func within(pkg string, folders ...string) bool {
	for _, f := range folders {
		if pkg == f || strings.HasPrefix(pkg, f+"/") {
			return true
		}
	}
	return false
}
