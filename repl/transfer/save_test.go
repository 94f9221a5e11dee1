package transfer_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/transfer"
)

func blob(r io.Reader, size int64, end error) *verb.Blob {
	return &verb.Blob{Size: size, ReadCloser: &body{Reader: r, end: end}}
}

type body struct {
	io.Reader
	end    error
	closed int
}

func (b *body) Close() error { b.closed++; return b.end }

type cut struct{ left string }

func (c *cut) Read(p []byte) (int, error) {
	if c.left == "" {
		return 0, fault.New(fault.Recv, "connection reset by peer")
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

func names(t *testing.T, dir string) string {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range es {
		all = append(all, e.Name())
	}
	return strings.Join(all, " ")
}

// D03, D06: the final name holds the whole new file, or what it held before.
func TestSave(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		b    *verb.Blob
		o    transfer.Options
		old  string
		kind *fault.Kind
		left string // what the directory holds, and the file
	}{
		{"new", t.Context(), blob(strings.NewReader("abc"), 3, nil), transfer.Options{}, "", nil, "abc"},
		{"size unknown", t.Context(), blob(strings.NewReader("abc"), -1, nil), transfer.Options{}, "", nil, "abc"},
		{"empty", t.Context(), blob(strings.NewReader(""), 0, nil), transfer.Options{}, "", nil, ""},
		{"exists", t.Context(), blob(strings.NewReader("abc"), 3, nil), transfer.Options{}, "old", fault.WriteLocal, "old"},
		{"overwrite", t.Context(), blob(strings.NewReader("abc"), 3, nil), transfer.Options{Overwrite: true}, "old", nil, "abc"},
		{"short", t.Context(), blob(strings.NewReader("ab"), 3, nil), transfer.Options{Overwrite: true}, "old", fault.Partial, "old"},
		{"long", t.Context(), blob(strings.NewReader("abcd"), 3, nil), transfer.Options{Overwrite: true}, "old", fault.Partial, "old"},
		{"reset", t.Context(), blob(&cut{"ab"}, 3, nil), transfer.Options{Overwrite: true}, "old", fault.Recv, "old"},
		{"the end refused", t.Context(), blob(strings.NewReader("abc"), 3, errors.New("426")), transfer.Options{Overwrite: true}, "old", fault.Internal, "old"},
		{"interrupted", canceled, blob(strings.NewReader("abc"), 3, nil), transfer.Options{Overwrite: true}, "old", fault.Interrupt, "old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			if c.old != "" {
				if err := os.WriteFile(path, []byte(c.old), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := transfer.Save(c.ctx, c.b, path, c.o)
			if fault.Of(err) != c.kind {
				t.Errorf("%v is a %v, want %v", err, fault.Of(err), c.kind)
			}
			if c.b.ReadCloser.(*body).closed == 0 {
				t.Error("the body was not closed")
			}
			if got := names(t, dir); got != "f" {
				t.Errorf("the directory holds %q", got)
			}
			if got, _ := os.ReadFile(path); string(got) != c.left {
				t.Errorf("the file holds %q, want %q", got, c.left)
			}
		})
	}
	t.Run("failed and new", func(t *testing.T) {
		dir := t.TempDir()
		if _, err := transfer.Save(t.Context(), blob(&cut{"ab"}, 3, nil), filepath.Join(dir, "f"), transfer.Options{}); err == nil || names(t, dir) != "" {
			t.Errorf("%v, and the directory holds %q", err, names(t, dir))
		}
	})
}

// D04: a link is replaced, not followed; a directory is not.
func TestLinks(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(t.TempDir(), "other")
	os.WriteFile(other, []byte("theirs"), 0o600)
	path := filepath.Join(dir, "f")
	if err := os.Symlink(other, path); err != nil {
		t.Skip("no symbolic links on this system")
	}
	if _, err := transfer.Save(t.Context(), blob(strings.NewReader("ours"), 4, nil), path, transfer.Options{}); fault.Of(err) != fault.WriteLocal {
		t.Errorf("a link was taken for a free name: %v", err)
	}
	if _, err := transfer.Save(t.Context(), blob(strings.NewReader("ours"), 4, nil), path, transfer.Options{Overwrite: true}); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile(other); string(b) != "theirs" {
		t.Errorf("the link was followed: %q", b)
	}
	if _, err := transfer.Save(t.Context(), blob(strings.NewReader("x"), 1, nil), dir, transfer.Options{Overwrite: true}); fault.Of(err) != fault.WriteLocal {
		t.Errorf("a directory was replaced: %v", err)
	}
}

// D01, D02: names from a server.
func TestBase(t *testing.T) {
	for name, want := range map[string]string{
		"a.gz": "a.gz", "/pub/a.gz": "a.gz", "../../etc/passwd": "passwd", `C:\x`: "x", `\\h\x`: "x",
		".bashrc": "bashrc", "-rf": "rf", "a\x1b]0;x": "a]0;x", "a\u202eb": "ab", strings.Repeat("x", 400): strings.Repeat("x", 200),
		"": "", ".": "", "..": "", "a/": "", "\x00": "", "--": "",
	} {
		got, err := transfer.Base(name)
		if (err != nil) != (want == "") || got != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
}
