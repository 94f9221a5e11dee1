package nntp_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/nntp"
	"wireline/protocols/verb"
)

// An article that was not read to its end, since it could not be stored, is not
// noted as read (NEWS-10).
func TestMarkedWhenRead(t *testing.T) {
	article := `C: ARTICLE 5
S: 220 5 <5@x>
S: Subject: five
S: 
S: text
S: .
`
	peer := serve(t, hail+"C: GROUP g.x\nS: 211 3 4 6 g.x\n"+article+article+bye)
	u := newUser(t)
	file := filepath.Join(u.dir, "newsrc")
	if err := u.open(peer, "--newsrc", "newsrc"); err != nil {
		t.Fatal(err)
	}
	u.must("cd g.x")
	for _, whole := range []bool{false, true} {
		res, err := u.Get(u.ctx, nntp.GetArgs{What: []string{"5"}})
		if err != nil {
			t.Fatal(err)
		}
		b := res.(*verb.Blob)
		if whole {
			if text, err := io.ReadAll(b); err != nil || len(text) == 0 {
				t.Errorf("%q, %v", text, err)
			}
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		got, _ := os.ReadFile(file)
		if want := map[bool]string{false: "", true: "g.x! 5\n"}[whole]; string(got) != want {
			t.Errorf("whole %v: the file is %q, want %q", whole, got, want)
		}
	}
	u.Close()
}

// What another reader of news notes meanwhile stays noted (NEWS-10).
func TestNewsrcOfTwo(t *testing.T) {
	u := newUser(t)
	file := filepath.Join(u.dir, "newsrc")
	if err := os.WriteFile(file, []byte("g.x: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := u.open(serve(t, hail+strings.Repeat("C: GROUP g.x\nS: 211 9 1 9 g.x\n", 3)+bye), "--newsrc", "newsrc"); err != nil {
		t.Fatal(err)
	}
	u.must("cd g.x")
	if err := os.WriteFile(file, []byte("other: 1-5\ng.x: 1-3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	has(t, "mark", u.must("mark 5"), "g.x: read, 5 new")
	if err := os.WriteFile(file, []byte("other: 1-6\ng.x: 1-5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	u.must("subscribe")
	if got, err := os.ReadFile(file); err != nil || string(got) != "other: 1-6\ng.x: 1-5\n" {
		t.Errorf("the file is %q, %v", got, err)
	}
	u.Close()
}
