package playground

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// The one account of the world.
const (
	User     = "ann"
	Password = "secret"
)

// Limits of what strangers may store.
const (
	maxFile  = 16 << 20
	maxFiles = 1000
)

// files is the tree of files that all servers show: a path without a leading
// slash, and what is there.
type files struct {
	mu   sync.RWMutex
	all  map[string]file
	puts int64
}

type file struct {
	data     []byte // never changed in place
	modified time.Time
	version  int64 // no two files that ever were have the same
}

func demoFiles() *files {
	f := &files{all: map[string]file{}}
	f.put("README", []byte("This is the wireline playground. Everything in it is in memory and gone when it ends.\n"))
	f.put("pub/hello.txt", []byte("Hello, world!\n"))
	f.put("pub/numbers.csv", []byte("n,square\n1,1\n2,4\n3,9\n"))
	f.put("pub/1MiB.bin", bytes.Repeat([]byte("0123456789abcdef"), 1<<16))
	return f
}

func (f *files) get(path string) (file, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	x, ok := f.all[path]
	return x, ok
}

// put stores data, which is the tree's from now on. created is false when a
// file was replaced; ok is false when the tree is full.
func (f *files) put(path string, data []byte) (created, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, there := f.all[path]
	if !there && len(f.all) >= maxFiles || len(data) > maxFile {
		return false, false
	}
	f.puts++
	f.all[path] = file{data, time.Now().Truncate(time.Second), f.puts}
	return !there, true
}

// paths are those of all files, sorted.
func (f *files) paths() []string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return slices.Sorted(maps.Keys(f.all))
}

func (f *files) remove(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, there := f.all[path]
	delete(f.all, path)
	return there
}

// list names what is directly below dir ("" or ending in a slash), sorted;
// directories end in a slash.
func (f *files) list(dir string) []string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	var names []string
	for path := range f.all {
		rest, below := strings.CutPrefix(path, dir)
		if !below {
			continue
		}
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			rest = rest[:i+1]
		}
		names = append(names, rest)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
