package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var day = time.Date(2026, 3, 1, 12, 30, 15, 0, time.UTC)

// A memory is a Tree. Directories end in a slash.
type memory struct {
	mu      sync.Mutex
	files   map[string]string
	times   map[string]time.Time
	names   map[string][]files.Entry // more entries of a directory
	refuses map[string]error         // by path
	log     []string
	clones  int
	most    int // clones there may be
	part    map[string]int64
	begun   map[string]bool // files of which a failed try has stored some
}

func tree(all ...string) *memory {
	m := &memory{files: map[string]string{}, times: map[string]time.Time{}, refuses: map[string]error{}, names: map[string][]files.Entry{}, most: 100, part: map[string]int64{}}
	for _, f := range all {
		name, text, _ := strings.Cut(f, "=")
		m.files[name], m.times[name] = text, day
	}
	return m
}

func (m *memory) note(what, p string) error {
	m.log = append(m.log, what+" "+p)
	return m.refuses[p]
}

func (m *memory) isDir(p string) bool {
	if p == "" || p == "." {
		return true
	}
	for f := range m.files {
		if strings.HasPrefix(f, p+"/") {
			return true
		}
	}
	return false
}

func (m *memory) List(ctx context.Context, dir string) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) {
		m.mu.Lock()
		err := m.note("list", dir)
		var list []files.Entry
		seen := map[string]bool{}
		prefix := ""
		if dir != "" && dir != "." {
			prefix = dir + "/"
		}
		if err == nil && !m.isDir(dir) {
			err = fault.New(fault.NotFound, "no %s", dir)
		}
		for f, text := range m.files {
			rest, ok := strings.CutPrefix(f, prefix)
			if !ok || rest == "" {
				continue
			}
			name, _, deeper := strings.Cut(rest, "/")
			if seen[name] {
				continue
			}
			seen[name] = true
			e := files.Entry{Name: name, Kind: files.File, Size: files.Size(len(text)), Modified: m.times[f]}
			if deeper {
				e = files.Entry{Name: name, Kind: files.Dir, Size: files.Unknown}
			}
			list = append(list, e)
		}
		list = append(list, m.names[dir]...)
		m.mu.Unlock()
		if err != nil && fault.Of(err) != fault.Partial {
			yield(files.Entry{}, err)
			return
		}
		slices.SortFunc(list, func(a, b files.Entry) int { return strings.Compare(a.Name, b.Name) })
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
		if err != nil {
			yield(files.Entry{}, err)
		}
	}
}

func (m *memory) Stat(_ context.Context, p string) (files.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if text, ok := m.files[p]; ok {
		return files.Entry{Name: path.Base(p), Kind: files.File, Size: files.Size(len(text)), Modified: m.times[p]}, nil
	}
	if m.isDir(p) {
		return files.Entry{Name: path.Base(p), Kind: files.Dir, Size: files.Unknown}, nil
	}
	return files.Entry{}, fault.New(fault.NotFound, "no %s", p)
}

func (m *memory) Fetch(_ context.Context, file files.At, from int64) (*verb.Blob, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.note("fetch", file.Path); err != nil {
		return nil, err
	}
	text, ok := m.files[file.Path]
	if !ok {
		return nil, fault.New(fault.NotFound, "no %s", file.Path)
	}
	return &verb.Blob{Size: int64(len(text)) - from, Modified: m.times[file.Path], ReadCloser: io.NopCloser(strings.NewReader(text[from:]))}, nil
}

func (m *memory) Store(_ context.Context, p string, b *verb.Blob, o files.Storing) error {
	var text bytes.Buffer
	_, err := io.Copy(&text, b)
	if cerr := b.Close(); err == nil {
		err = cerr
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if nerr := m.note("store", p); err == nil {
		err = nerr
	}
	if err == nil {
		m.files[p], m.times[p] = m.files[p][:min(o.From, int64(len(m.files[p])))]+text.String(), o.Modified
	}
	return err
}

func (m *memory) MakeDir(_ context.Context, p string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.note("mkdir", p); err != nil {
		return err
	}
	m.files[p+"/"] = ""
	return nil
}

func (m *memory) RemoveFile(_ context.Context, p string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, p)
	return m.note("rm", p)
}

func (m *memory) RemoveDir(_ context.Context, p string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, p+"/")
	if m.isDir(p) {
		return errors.New(p + " is not empty")
	}
	return m.note("rmdir", p)
}

func (m *memory) Partial(_ context.Context, p string, _ files.Entry) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.part[p], nil
}

func (m *memory) Begun(p string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.begun[p]
}

// A cloned memory counts its clones.
type cloned struct{ *memory }

func (c cloned) Clone(context.Context) (files.Clone, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clones >= c.most {
		return nil, fault.New(fault.Refused, "no more connections")
	}
	c.clones++
	return closer(c), nil
}

type closer struct{ *memory }

func (c closer) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.clones--
	return nil
}

// names are the files of a tree, and what is in them.
func (m *memory) all() string {
	var list []string
	for f, text := range m.files {
		if !strings.HasSuffix(f, "/") {
			list = append(list, f+"="+text)
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// done is what a stream tells.
func done(t *testing.T, s verb.Stream[files.Done]) (string, error) {
	t.Helper()
	var list []string
	for d, err := range s {
		if err != nil {
			return strings.Join(list, ", "), err
		}
		list = append(list, strings.TrimSpace(d.Did+" "+d.Path))
	}
	return strings.Join(list, ", "), nil
}
