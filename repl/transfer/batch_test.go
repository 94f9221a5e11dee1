package transfer

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

func of(text string) *verb.Blob {
	return &verb.Blob{Size: int64(len(text)), Modified: time.Unix(1700000000, 0), ReadCloser: io.NopCloser(strings.NewReader(text))}
}

func list(t *testing.T, dir string) (all []string) {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		all = append(all, e.Name())
	}
	return all
}

func text(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// batches are those that a system may have: one of files that have no name
// before they are complete, and one of files that have another.
func batches(t *testing.T, test func(*testing.T, *batch)) {
	t.Run("as here", func(t *testing.T) { test(t, (&Disk{Dir: t.TempDir()}).Batch().(*batch)) })
	t.Run("named", func(t *testing.T) {
		b := (&Disk{Dir: t.TempDir()}).Batch().(*batch)
		b.fresh = func(*folder, string, fs.FileMode, []byte, time.Time) (piece, error) { return nil, nil }
		test(t, b)
	})
}

// place is where a piece is.
func place(p piece) string {
	if n, ok := p.(interface{ path() string }); ok {
		return n.path()
	}
	return filepath.Join(p.(*part).r.Name(), p.(*part).at)
}

// D06, D07: no file has its name before all of them are on the disk, and one
// that is not does not get it.
func TestBatchOrder(t *testing.T) { batches(t, testBatchOrder) }

func testBatchOrder(t *testing.T, b *batch) {
	d := b.d
	synced := 0
	b.sync = func(all []pending) ([]error, bool) {
		synced += len(all)
		for i, f := range all {
			if got, want := text(place(f.piece)), fmt.Sprint("text ", i); got != want {
				t.Errorf("%s holds %q when it is synced, want %q", f.name, got, want)
			}
		}
		for _, name := range append(list(t, d.Dir), list(t, d.Dir+"/d")...) {
			if name != "d" && !strings.HasPrefix(name, ".") {
				t.Errorf("%s is there before the parts are synced", name)
			}
		}
		errs, whole := syncParts(all)
		errs[1] = syscall.EIO
		return errs, whole
	}
	results := map[string]error{}
	for i, name := range []string{"a", "b", "d/c"} {
		if err := b.Store(t.Context(), name, of(fmt.Sprint("text ", i)), files.Storing{}, func(err error) { results[name] = err }); err != nil {
			t.Fatal(err)
		}
	}
	if len(results) != 0 {
		t.Errorf("before Flush there are results: %v", results)
	}
	b.Close()
	if synced != 3 || results["a"] != nil || results["d/c"] != nil || fault.Of(results["b"]) != fault.WriteLocal || len(results) != 3 {
		t.Errorf("%d synced, results %v", synced, results)
	}
	if got := fmt.Sprint(list(t, d.Dir), list(t, d.Dir+"/d")); got != "[a d] [c]" {
		t.Errorf("in the end there is %s", got)
	}
	if fi, err := os.Stat(d.Dir + "/d/c"); err != nil || fi.ModTime().Unix() != 1700000000 {
		t.Errorf("the time is not set: %v, %v", fi, err)
	}
}

// D07: nobody is told of a file before its name is on the disk as well, which
// the parts that come next bring there.
func TestBatchNames(t *testing.T) { batches(t, testBatchNames) }

func testBatchNames(t *testing.T, b *batch) {
	d := b.d
	b.age = time.Hour // however slow the disk is
	told, syncs := 0, 0
	b.sync = func(all []pending) ([]error, bool) {
		if syncs++; told != max(0, syncs-2)*batchFiles {
			t.Errorf("%d files are told before sync %d", told, syncs)
		}
		named := 0
		for _, name := range list(t, d.Dir) {
			if !strings.HasPrefix(name, ".") {
				named++
			}
		}
		if named != (syncs-1)*batchFiles {
			t.Errorf("%d files have their names before sync %d", named, syncs)
		}
		errs, _ := syncParts(all)
		return errs, true
	}
	for i := range 3 * batchFiles {
		if err := b.Store(t.Context(), fmt.Sprint(i), of("x"), files.Storing{}, func(err error) {
			if told++; err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	if b.Close(); told != 3*batchFiles || syncs != 3 {
		t.Errorf("%d of %d files are told after %d syncs", told, 3*batchFiles, syncs)
	}
}

// D01, D03, D06: what cannot be stored is told, and leaves nothing.
func TestBatchRefuses(t *testing.T) { batches(t, testBatchRefuses) }

func testBatchRefuses(t *testing.T, b *batch) {
	d := b.d
	os.WriteFile(d.Dir+"/old", []byte("old"), 0o600)
	if err := os.Symlink(t.TempDir(), d.Dir+"/link"); err != nil {
		lab.Skip(t, "no symbolic links on this system")
	}
	if err := os.Mkdir(d.Dir+"/dir", 0o700); err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	short := of("short")
	short.Size = 9
	cut := &verb.Blob{Size: -1, ReadCloser: io.NopCloser(io.MultiReader(strings.NewReader("some"), iotest.ErrReader(fault.New(fault.Recv, "reset"))))}
	for name, c := range map[string]struct {
		b    *verb.Blob
		kind *fault.Kind
	}{
		"old": {of("new"), fault.WriteLocal}, "dir": {of("x"), fault.WriteLocal}, "dir/": {of("x"), fault.WriteLocal},
		"..": {of("x"), fault.WriteLocal}, "link/x": {of("x"), fault.WriteLocal}, "../x": {of("x"), fault.WriteLocal},
		"short": {short, fault.Partial}, "cut": {cut, fault.Recv}, "link": {of("x"), fault.WriteLocal},
	} {
		told := 0
		var later error
		err := b.Store(t.Context(), name, c.b, files.Storing{}, func(err error) { told++; later = err })
		if err == nil {
			b.Flush()
			err = later
			told--
		}
		if fault.Of(err) != c.kind || told != 0 {
			t.Errorf("%s: %v is a %v, want %v; told %+d times", name, err, fault.Of(err), c.kind, told)
		}
	}
	if got := fmt.Sprint(list(t, d.Dir), list(t, d.Dir+"/dir"), " ", text(d.Dir+"/old")); got != "[dir link old] [] old" {
		t.Errorf("in the end there is %s", got)
	}
	for _, name := range []string{"old", "link"} {
		if err := b.Store(t.Context(), name, of("new"), files.Storing{Replace: true}, func(err error) {
			if err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Error(err)
		}
		b.Flush()
		if got := text(d.Dir + "/" + name); got != "new" {
			t.Errorf("after %s was to be replaced there is %q", name, got)
		}
	}
	if got := fmt.Sprint(list(t, d.Dir)); got != "[dir link old]" {
		t.Errorf("after the two were replaced there is %s", got)
	}
}

// Many files of all sizes, by several goroutines, into many directories: each
// has its name and all its bytes once it is told, and no descriptor is left.
func TestBatchMany(t *testing.T) { batches(t, testBatchMany) }

func testBatchMany(t *testing.T, b *batch) {
	d := b.d
	sizes := []int{0, 1, 4 << 10, small - 1, small}
	body := func(i int) string {
		size := sizes[i%len(sizes)]
		switch i % 50 { // each of these waits for the disk
		case 20:
			size = small + 1
		case 45:
			size = 300 << 10
		}
		return strings.Repeat(fmt.Sprintf("%04d", i), size/4+1)[:size]
	}
	const many = 2 * batchFiles
	name := func(i int) string { return fmt.Sprintf("%d/%d/f%d", i%3, i%(2*batchDirs), i) }
	before := descriptors(t)
	var told, bad sync.Map
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for i := w; i < many; i += 4 {
				blob := of(body(i))
				if i%2 == 0 {
					blob.Size = -1
				}
				if err := b.Store(t.Context(), name(i), blob, files.Storing{}, func(err error) {
					if got := text(d.Dir + "/" + name(i)); err != nil || got != body(i) {
						bad.Store(i, fmt.Sprintf("%d bytes of %d, %v", len(got), len(body(i)), err))
					}
					told.Store(i, true)
				}); err != nil {
					bad.Store(i, err)
				}
			}
		})
	}
	workers.Wait()
	b.Close()
	bad.Range(func(i, what any) bool { t.Errorf("file %d: %v", i, what); return true })
	for i := range many {
		if _, ok := told.Load(i); !ok {
			t.Errorf("file %d was not told", i)
		}
	}
	if after := descriptors(t); after > before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
	filepath.WalkDir(d.Dir, func(p string, e os.DirEntry, err error) error {
		if strings.HasPrefix(e.Name(), ".") && err == nil {
			t.Errorf("%s is left", p)
		}
		return err
	})
}

func descriptors(t *testing.T) int {
	es, err := os.ReadDir("/proc/self/fd")
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	return len(es)
}

// A file does not wait for its name for longer than a while, also when the
// next one is slow.
func TestBatchAge(t *testing.T) {
	d := &Disk{Dir: t.TempDir()}
	b := d.Batch().(*batch)
	defer b.Close()
	done := false
	if err := b.Store(t.Context(), "a", of("a"), files.Storing{}, func(error) { done = true }); err != nil {
		t.Fatal(err)
	}
	if done {
		t.Error("the file has its name at once")
	}
	b.since = b.since.Add(-2 * batchAge)
	slow := &verb.Blob{Size: -1, ReadCloser: io.NopCloser(readFunc(func([]byte) (int, error) {
		if !done {
			t.Error("the next file is read before the first one has its name")
		}
		return 0, io.EOF
	}))}
	if err := b.Store(t.Context(), "b", slow, files.Storing{}, func(error) {}); err != nil {
		t.Fatal(err)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// D08, D14: what a killed transfer has left is not in the way, and a part that
// another one writes is left alone.
func TestBatchLeft(t *testing.T) {
	batches(t, testBatchLeft)
	batches(t, func(t *testing.T, b *batch) {
		b.names = 0 // there are too many
		testBatchLeft(t, b)
	})
}

func testBatchLeft(t *testing.T, b *batch) {
	d := b.d
	os.WriteFile(d.Dir+"/.a.part", []byte("rest"), 0o600)
	os.WriteFile(d.Dir+"/.a.part.state", []byte(`{"size":9}`), 0o600)
	os.WriteFile(d.Dir+"/.a.part.state.new", nil, 0o600)
	os.WriteFile(d.Dir+"/.b.part.state", []byte(`{"size":9}`), 0o600)
	os.Symlink("nowhere", d.Dir+"/.b.part")
	r, err := os.OpenRoot(d.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	other, err := openPart(r, "c", 0, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()
	if _, err := other.f.WriteString("other"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		if err := b.Store(t.Context(), name, of(name), files.Storing{}, func(err error) {
			if err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Error(err)
		}
	}
	b.Close()
	for _, name := range []string{"a", "b", "c"} {
		if got := text(d.Dir + "/" + name); got != name {
			t.Errorf("%s holds %q", name, got)
		}
	}
	if got := text(d.Dir + "/.c.part"); got != "other" {
		t.Errorf("the other transfer's part holds %q", got)
	}
	if got := fmt.Sprint(list(t, d.Dir)); got != "[.c.part a b c]" {
		t.Errorf("in the end there is %s", got)
	}
}

// D03: of two files of one name, and of one that somebody else puts there
// meanwhile, only the first is kept.
func TestBatchTwice(t *testing.T) { batches(t, testBatchTwice) }

func testBatchTwice(t *testing.T, b *batch) {
	var told []error
	for _, text := range []string{"first", "second"} {
		if err := b.Store(t.Context(), "a", of(text), files.Storing{}, func(err error) { told = append(told, err) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Store(t.Context(), "b", of("ours"), files.Storing{}, func(err error) { told = append(told, err) }); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(b.d.Dir+"/b", []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if got := text(b.d.Dir+"/a") + " " + text(b.d.Dir+"/b"); got != "first theirs" {
		t.Errorf("there is %s", got)
	}
	kept, refused := 0, 0
	for _, err := range told {
		if err == nil {
			kept++
		} else if fault.Of(err) == fault.WriteLocal {
			refused++
		}
	}
	if kept != 1 || refused != 2 {
		t.Errorf("told %v", told)
	}
	if got := fmt.Sprint(list(t, b.d.Dir)); got != "[a b]" {
		t.Errorf("in the end there is %s", got)
	}
}

// D07: a file that cannot be brought to the disk does not get its name.
func TestFinishSyncs(t *testing.T) {
	dir := t.TempDir()
	r, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p, err := openPart(r, "a", 0, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p.f.Close() // so that there is nothing to be synced
	if err := p.finish(time.Time{}); fault.Of(err) != fault.WriteLocal {
		t.Errorf("it ended with %v", err)
	}
	if got := fmt.Sprint(list(t, dir)); got != "[.a.part]" {
		t.Errorf("there is %s", got)
	}
}
