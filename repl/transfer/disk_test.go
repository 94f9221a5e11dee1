package transfer_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/lab"
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

// D03, D06, D14: the final name holds the whole new file, or what it held before.
func TestSave(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		b    *verb.Blob
		o    *transfer.Disk
		old  string
		kind *fault.Kind
		left string // what the directory holds, and the file
	}{
		{"new", t.Context(), blob(strings.NewReader("abc"), 3, nil), &transfer.Disk{}, "", nil, "abc"},
		{"size unknown", t.Context(), blob(strings.NewReader("abc"), -1, nil), &transfer.Disk{}, "", nil, "abc"},
		{"empty", t.Context(), blob(strings.NewReader(""), 0, nil), &transfer.Disk{}, "", nil, ""},
		{"exists", t.Context(), blob(strings.NewReader("abc"), 3, nil), &transfer.Disk{}, "old", fault.WriteLocal, "old"},
		{"overwrite", t.Context(), blob(strings.NewReader("abc"), 3, nil), &transfer.Disk{Overwrite: true}, "old", nil, "abc"},
		{"short", t.Context(), blob(strings.NewReader("ab"), 3, nil), &transfer.Disk{Overwrite: true}, "old", fault.Partial, "old"},
		{"long", t.Context(), blob(strings.NewReader("abcd"), 3, nil), &transfer.Disk{Overwrite: true}, "old", fault.Partial, "old"},
		{"reset", t.Context(), blob(&cut{"ab"}, 3, nil), &transfer.Disk{Overwrite: true}, "old", fault.Recv, "old"},
		{"the end refused", t.Context(), blob(strings.NewReader("abc"), 3, errors.New("426")), &transfer.Disk{Overwrite: true}, "old", fault.Internal, "old"},
		{"interrupted", canceled, blob(strings.NewReader("abc"), 3, nil), &transfer.Disk{Overwrite: true}, "old", fault.Interrupt, "old"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			if c.old != "" {
				if err := os.WriteFile(path, []byte(c.old), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := c.o.Store(c.ctx, path, c.b, files.Storing{})
			if fault.Of(err) != c.kind {
				t.Errorf("%v is a %v, want %v", err, fault.Of(err), c.kind)
			}
			if c.b.ReadCloser.(*body).closed == 0 {
				t.Error("the body was not closed")
			}
			if got := strings.Trim(strings.ReplaceAll(strings.ReplaceAll(names(t, dir), ".f.part.state", ""), ".f.part", ""), " "); got != "f" {
				t.Errorf("the directory holds %q", got)
			}
			if got, _ := os.ReadFile(path); string(got) != c.left {
				t.Errorf("the file holds %q, want %q", got, c.left)
			}
		})
	}
	t.Run("failed and new", func(t *testing.T) {
		dir := t.TempDir()
		if err := (&transfer.Disk{}).Store(t.Context(), filepath.Join(dir, "f"), blob(&cut{"ab"}, -1, nil), files.Storing{}); err == nil || names(t, dir) != "" {
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
		lab.Skip(t, "no symbolic links on this system")
	}
	if err := (&transfer.Disk{}).Store(t.Context(), path, blob(strings.NewReader("ours"), 4, nil), files.Storing{}); fault.Of(err) != fault.WriteLocal {
		t.Errorf("a link was taken for a free name: %v", err)
	}
	if err := (&transfer.Disk{Overwrite: true}).Store(t.Context(), path, blob(strings.NewReader("ours"), 4, nil), files.Storing{}); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile(other); string(b) != "theirs" {
		t.Errorf("the link was followed: %q", b)
	}
	if err := (&transfer.Disk{Overwrite: true}).Store(t.Context(), dir, blob(strings.NewReader("x"), 1, nil), files.Storing{}); fault.Of(err) != fault.WriteLocal {
		t.Errorf("a directory was replaced: %v", err)
	}
}

// D13: what has secrets in it is nobody else's to read, whatever the umask;
// the rest is as the umask wants it.
func TestPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the modes of files are another matter there")
	}
	d := &transfer.Disk{Dir: t.TempDir(), Overwrite: true}
	path := filepath.Join(d.Dir, "f")
	for range 2 { // the second replaces a file that others may read
		b := blob(strings.NewReader("secret"), 6, nil)
		b.Private = true
		if err := d.Store(t.Context(), "f", b, files.Storing{}); err != nil {
			t.Fatal(err)
		}
		if fi, err := os.Stat(path); err != nil || fi.Mode().Perm() != 0o600 {
			t.Errorf("%v, mode %v", err, fi.Mode())
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
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

// D08, D10: a part is gone on with if it is of the same file, and a wrong one
// is found out.
func TestResume(t *testing.T) {
	text := strings.Repeat("0123456789abcdef", 4096)
	mtime := time.Unix(1700000000, 0)
	whole := files.Entry{Size: files.Size(len(text)), Modified: mtime}
	begin := func(t *testing.T) (*transfer.Disk, string) {
		d := &transfer.Disk{Dir: t.TempDir()}
		b := blob(&cut{text[:40000]}, int64(len(text)), nil)
		b.Modified = mtime
		err := d.Store(t.Context(), "f", b, files.Storing{})
		if fault.Of(err) != fault.Recv || !strings.Contains(fault.Hint(err), "-c") {
			t.Fatalf("%v, hint %q", err, fault.Hint(err))
		}
		return d, filepath.Join(d.Dir, "f")
	}
	rest := func(from int64, of string) *verb.Blob {
		b := blob(strings.NewReader(of[from:]), int64(len(of))-from, nil)
		b.From, b.Modified = from, mtime
		return b
	}
	t.Run("same", func(t *testing.T) {
		d, path := begin(t)
		from, err := d.Partial(t.Context(), "f", whole)
		if err != nil || from <= 30000 || from >= 40000 {
			t.Fatalf("from %d, %v", from, err)
		}
		if err := d.Store(t.Context(), "f", rest(from, text), files.Storing{From: from}); err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(path); string(b) != text {
			t.Error("the file is not the one at the server")
		}
		if got := names(t, d.Dir); got != "f" {
			t.Errorf("the directory holds %q", got)
		}
		if fi, _ := os.Stat(path); !fi.ModTime().Equal(mtime) {
			t.Errorf("modified %v", fi.ModTime())
		}
	})
	t.Run("other bytes", func(t *testing.T) {
		d, path := begin(t)
		from, _ := d.Partial(t.Context(), "f", whole)
		err := d.Store(t.Context(), "f", rest(from, strings.ToUpper(text)), files.Storing{From: from})
		if fault.Of(err) != fault.ResumeMismatch {
			t.Errorf("%v", err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("two files were glued together")
		}
	})
	t.Run("changed", func(t *testing.T) {
		d, _ := begin(t)
		for _, other := range []files.Entry{{Size: whole.Size + 1, Modified: mtime}, {Size: whole.Size, Modified: mtime.Add(time.Hour)}, {Size: 100, Modified: mtime}} {
			if from, err := d.Partial(t.Context(), "f", other); from != 0 || err != nil {
				t.Errorf("%+v: from %d, %v", other, from, err)
			}
		}
	})
	t.Run("anew", func(t *testing.T) {
		d, path := begin(t)
		if err := d.Store(t.Context(), "f", rest(0, text), files.Storing{}); err != nil {
			t.Fatal(err)
		}
		if b, _ := os.ReadFile(path); string(b) != text || names(t, d.Dir) != "f" {
			t.Errorf("%d bytes; the directory holds %q", len(b), names(t, d.Dir))
		}
	})
}

// D01, D04: nothing leads out of the directory.
func TestEscape(t *testing.T) {
	d := &transfer.Disk{Dir: filepath.Join(t.TempDir(), "in")}
	if err := os.Mkdir(d.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	if err := os.Symlink(out, filepath.Join(d.Dir, "link")); err != nil {
		lab.Skip(t, "no symbolic links on this system")
	}
	for _, p := range []string{"../x", "a/../../x", "link/x", "..", "."} {
		if err := d.Store(t.Context(), p, blob(strings.NewReader("x"), 1, nil), files.Storing{}); err == nil {
			t.Errorf("%s was stored", p)
		}
	}
	if got := names(t, out) + names(t, filepath.Dir(d.Dir)); got != "in" {
		t.Errorf("outside there is %q", got)
	}
}

// the rate holds for all files together.
func TestRate(t *testing.T) {
	d := &transfer.Disk{Dir: t.TempDir(), Rate: 100_000}
	began := time.Now()
	if err := d.Store(t.Context(), "f", blob(strings.NewReader(strings.Repeat("x", 50_000)), -1, nil), files.Storing{}); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Errorf("50,000 bytes at 100,000 a second in %v", took)
	}
}

// D15: a time that other programs choke on is not taken from a server.
func TestTimes(t *testing.T) {
	d := &transfer.Disk{Dir: t.TempDir(), Overwrite: true}
	for _, c := range []struct {
		from time.Time
		kept bool
	}{
		{time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{time.Date(2020, 2, 2, 2, 2, 2, 0, time.UTC), true},
	} {
		b := blob(strings.NewReader("x"), 1, nil)
		b.Modified = c.from
		if err := d.Store(t.Context(), "f", b, files.Storing{}); err != nil {
			t.Fatal(err)
		}
		fi, err := os.Stat(filepath.Join(d.Dir, "f"))
		if err != nil {
			t.Fatal(err)
		}
		if got := fi.ModTime(); got.Equal(c.from) != c.kept || !c.kept && time.Since(got).Abs() > time.Hour {
			t.Errorf("of %v became %v", c.from, got)
		}
		if fi.Mode()&0o7111 != 0 {
			t.Errorf("the mode is %v", fi.Mode())
		}
	}
}

// Parts of files are not among those that are sent, or removed by a mirror. (D06)
func TestListParts(t *testing.T) {
	d := &transfer.Disk{Dir: t.TempDir()}
	for _, name := range []string{"a", ".a.part", ".a.part.state", ".a.part.state.new", ".a.part.1234abcd", ".hidden", "x.part"} {
		if err := os.WriteFile(d.Dir+"/"+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for parts, want := range map[bool]int{false: 3, true: 7} {
		d.Parts = parts
		if es, err := files.Collect(d.List(t.Context(), "")); err != nil || len(es) != want {
			t.Errorf("%v, %v", es, err)
		}
	}
}
