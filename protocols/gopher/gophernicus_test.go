package gopher_test

import (
	"bytes"
	"crypto/rand"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/gopher"
	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

// gophernicus runs the real server, for each client anew, as inetd would.
func gophernicus(t *testing.T, s wire.Scheme, files map[string]string) *conformance.Peer {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := lab.Gophernicus(t, root)
	if s.Security == wire.TLS {
		server = lab.GophernicusTLS(t, root)
	}
	r := lab.Start(t, server)
	ca, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	return &conformance.Peer{Target: wire.Target{URL: &url.URL{Scheme: s.Name, Host: r.Addr()}, Scheme: s}, CA: ca}
}

// A real server: menus, texts, binaries byte by byte, what is not there, and
// what it says of itself, in the clear and under TLS.
func TestGophernicus(t *testing.T) {
	for _, s := range []wire.Scheme{plain, secure} {
		t.Run(s.Name, func(t *testing.T) { talkToGophernicus(t, s) })
	}
}

func talkToGophernicus(t *testing.T, s wire.Scheme) {
	zip := make([]byte, 3<<20)
	rand.Read(zip)
	copy(zip, "3")
	text := "one\r\n.\r\n..two\r\nlast\r\n"
	u := connect(t, gophernicus(t, s, map[string]string{
		"a.txt": strings.ReplaceAll(text, "\r\n", "\n"), "b.zip": string(zip), "docs/c.txt": "c\n",
	}))
	rows, err := all(u.Ls(t.Context(), gopher.LsArgs{}))
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]gopher.Row{}
	for _, row := range rows {
		if row.Broken != "" {
			t.Errorf("broken: %+v", row)
		}
		kinds[row.Selector] = row
	}
	if kinds["/a.txt"].Kind != "text" || kinds["/b.zip"].Kind != "archive" || kinds["/docs/"].Kind != "menu" {
		t.Fatalf("the menu is %+v", rows)
	}
	res, err := u.Cat(t.Context(), gopher.CatArgs{ItemArgs: gopher.ItemArgs{Item: "/a.txt"}})
	if got := body(t, res, err); got != text {
		t.Errorf("a.txt is %q, want %q", got, text)
	}
	b, err := u.Get(t.Context(), gopher.ItemArgs{Item: "/b.zip"})
	if got := body(t, b, err); !bytes.Equal([]byte(got), zip) {
		t.Errorf("b.zip: %d bytes, or others than the %d of the file", len(got), len(zip))
	}
	if _, err := u.Cd(t.Context(), gopher.CdArgs{Item: "/docs/"}); err != nil || u.Where() != "/docs/" {
		t.Errorf("cd: at %s, %v", u.Where(), err)
	}
	if _, err := all(u.Up(t.Context(), gopher.MoveArgs{})); err != nil || u.Where() != "/" {
		t.Errorf("up: at %s, %v", u.Where(), err)
	}
	if _, err := all(u.Ls(t.Context(), gopher.LsArgs{Item: "/nothing/"})); err == nil {
		t.Error("a menu that is not there was shown")
	} else if k := fault.Of(err); k != fault.Refused && k != fault.Protocol {
		t.Errorf("a menu that is not there: %v [%s]", err, k.Name)
	}
	caps := map[string]string{}
	said, err := u.Caps(t.Context(), gopher.None{})
	if err != nil {
		t.Fatal(err)
	}
	for c, err := range said {
		if err != nil {
			t.Fatal(err)
		}
		caps[c.Name] = c.Value
	}
	if caps["ServerSoftware"] != "Gophernicus" || caps["CapsVersion"] != "1" {
		t.Errorf("caps: %v", caps)
	}
	info := 0
	attributes, err := u.Attributes(t.Context(), gopher.AttributesArgs{All: true})
	if err != nil {
		t.Fatal(err)
	}
	for a, err := range attributes {
		if err != nil {
			t.Fatal(err)
		}
		if a.Block == "INFO" && strings.HasPrefix(a.Text, "1") {
			info++
		}
	}
	if info != 1 {
		t.Errorf("the menu is in %d attributes", info)
	}
}
