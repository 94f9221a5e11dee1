package line

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxHistory is how much of a history file is read, from its end.
const maxHistory = 1 << 20

// openHistory opens the file for this program alone, readable by its user
// alone.
func openHistory(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = os.ErrInvalid
	}
	if err == nil && st.Mode().Perm()&0o077 != 0 {
		err = f.Chmod(0o600)
	}
	if err == nil {
		err = lock(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// readHistory gives the last entries of the file, oldest first, and makes a
// file that has grown much beyond them shorter.
func readHistory(path string, limit int) []string {
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	f, err := openHistory(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil
	}
	from := max(0, size-maxHistory)
	b := make([]byte, size-from)
	n, _ := f.ReadAt(b, from)
	b = b[:n]
	if from > 0 {
		_, b, _ = bytes.Cut(b, []byte("\n"))
	}
	var entries []string
	for l := range strings.Lines(string(b)) {
		if e := fromFile.Replace(strings.TrimSuffix(l, "\n")); storable(e) {
			entries = append(entries, e)
		}
	}
	total := len(entries)
	entries = entries[max(0, total-limit):]
	if from > 0 || total > 2*limit {
		rewrite(f, entries)
	}
	return entries
}

func rewrite(f *os.File, entries []string) {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString(toFile.Replace(e) + "\n")
	}
	if f.Truncate(0) == nil {
		f.WriteString(b.String())
	}
}

// appendHistory adds an entry. That it cannot is no reason to disturb the
// user: the entry is still in memory.
func appendHistory(path, entry string) {
	f, err := openHistory(path)
	if err != nil {
		return
	}
	defer f.Close()
	line := toFile.Replace(entry) + "\n"
	// Somebody may have left the file without a final newline.
	if size, err := f.Seek(0, io.SeekEnd); err == nil && size > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, size-1); err == nil && last[0] != '\n' {
			line = "\n" + line
		}
	}
	f.WriteString(line)
}
