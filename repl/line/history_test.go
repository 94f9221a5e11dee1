package line

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestHistoryFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "history")
	h := &history{path: path, limit: 100}
	want := []string{"one", "put <<EOF\na\\nb\n\\\nEOF", `c:\new \\x`, "one"}
	for _, e := range append(want, "one", "", "nul\x00", strings.Repeat("x", maxLine+1)) {
		h.add(e)
	}
	for name, got := range map[string][]string{"memory": h.all(), "file": (&history{path: path, limit: 100}).all()} {
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// D13
func TestHistoryMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no modes")
	}
	path := filepath.Join(t.TempDir(), "dir", "history")
	(&history{path: path, limit: 10}).add("x")
	mode := func(p string, want os.FileMode) {
		t.Helper()
		if st, err := os.Stat(p); err != nil || st.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %o", p, st.Mode(), err, want)
		}
	}
	mode(path, 0o600)
	mode(filepath.Dir(path), 0o700)
	os.Chmod(path, 0o644)
	(&history{path: path, limit: 10}).add("y")
	mode(path, 0o600)
}

// L14: a file that no program of ours wrote.
func TestHistoryHostile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Truncate(1 << 30) // a hole: one line of NULs
	f.Seek(0, 2)
	f.WriteString("part\n" + strings.Repeat("y", maxLine+1) + "\nbad\xff\ngood\nno newline")
	f.Close()
	h := &history{path: path, limit: 100}
	if got, want := h.all(), []string{"good", "no newline"}; !slices.Equal(got, want) {
		t.Errorf("%.80q", got)
	}
	h.add("next")
	if b, err := os.ReadFile(path); err != nil || string(b) != "good\nno newline\nnext\n" {
		t.Errorf("%.80q, %v", b, err)
	}
	os.WriteFile(path, []byte("open end"), 0o600)
	appendHistory(path, "next")
	if b, _ := os.ReadFile(path); string(b) != "open end\nnext\n" {
		t.Errorf("%q", b)
	}
}

func TestHistoryLimit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	h := &history{path: path, limit: 3}
	for _, e := range strings.Fields("a b c d e f g h") {
		h.add(e)
	}
	want := []string{"f", "g", "h"}
	if got := h.all(); !slices.Equal(got, want) {
		t.Errorf("memory: %q", got)
	}
	if got := (&history{path: path, limit: 3}).all(); !slices.Equal(got, want) {
		t.Errorf("file: %q", got)
	}
	if b, _ := os.ReadFile(path); string(b) != "f\ng\nh\n" {
		t.Errorf("the file was not shortened: %q", b)
	}
}

// Several programs at once lose nothing.
func TestHistoryShared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		wg.Go(func() {
			h := &history{path: path, limit: 1000}
			for i := range 50 {
				h.add(name + strings.Repeat("x", i+1))
			}
		})
	}
	wg.Wait()
	if got := (&history{path: path, limit: 1000}).all(); len(got) != 150 {
		t.Errorf("%d entries, want 150", len(got))
	}
}

// K03: no home, or one that cannot be written, is no reason to fail.
func TestHistoryNowhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	for _, path := range []string{"", filepath.Join(file, "under", "history"), t.TempDir()} {
		h := &history{path: path, limit: 10}
		h.add("x")
		if got := h.all(); !slices.Equal(got, []string{"x"}) {
			t.Errorf("%s: %q", path, got)
		}
	}
}
