package line

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// history is what was entered, in memory and in a file. The file is one that
// several programs may add to at a time.
type history struct {
	path  string
	limit int

	mu      sync.Mutex
	entries []string
	loaded  bool
}

// load reads the file once, when the history is first needed; the caller
// holds mu. A file that cannot be read is as good as none.
func (h *history) load() {
	if h.loaded {
		return
	}
	h.loaded = true
	if h.path != "" {
		h.entries = readHistory(h.path, h.limit)
	}
}

func (h *history) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load()
	return slices.Clone(h.entries)
}

// add puts an entry at the end, unless it is there already.
func (h *history) add(entry string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load()
	if !storable(entry) || len(h.entries) > 0 && h.entries[len(h.entries)-1] == entry {
		return
	}
	h.entries = append(h.entries, entry)
	if over := len(h.entries) - h.limit; over > 0 {
		h.entries = slices.Delete(h.entries, 0, over)
	}
	if h.path != "" {
		appendHistory(h.path, entry)
	}
}

func storable(entry string) bool {
	return entry != "" && len(entry) <= maxLine && utf8.ValidString(entry) && !strings.ContainsRune(entry, 0)
}

// In the file an entry is one line; a line end within it is written \n, and a
// backslash twice.
var (
	toFile   = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	fromFile = strings.NewReplacer(`\\`, `\`, `\n`, "\n")
)
