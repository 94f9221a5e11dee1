package transfer

import (
	"io"
	"os"
	"strings"
)

// A folder is a directory that is held open.
type folder struct {
	root   *os.Root
	f      *os.File // the same, to be synced; nil: not on this system
	fd     int      // of f
	system uint64   // the file system
	uses   int      // by files on their way, and one more while it is in batch.dirs

	remains map[string]bool // what killed transfers have left; nil: that is not known
}

// openFolder opens what r is, where up to most names are read to know what is
// left there.
func openFolder(r *os.Root, most int) *folder {
	f := &folder{root: r, system: system(r)}
	if d, err := r.Open("."); err == nil {
		f.f, f.fd = d, int(d.Fd())
		f.remains = remains(d, most)
	}
	return f
}

func (f *folder) leave() {
	if f.uses--; f.uses == 0 {
		if f.f != nil {
			f.f.Close()
		}
		f.root.Close()
	}
}

// remains are the parts of files in a directory, and what belongs to them; nil
// where it has too many names.
func remains(d *os.File, most int) map[string]bool {
	all := map[string]bool{}
	for n := 0; n < most; {
		names, err := d.Readdirnames(1000)
		for _, name := range names {
			if strings.HasPrefix(name, ".") && strings.Contains(name, ".part") {
				all[name] = true
			}
		}
		if err == io.EOF {
			return all
		}
		if err != nil {
			break
		}
		n += len(names)
	}
	return nil
}

// tidy removes what a transfer that was killed has left of a file that is whole
// by now.
func (f *folder) tidy(name string) {
	if f.remains != nil && len(f.remains) == 0 {
		return
	}
	at := partName(name)
	if !f.left(at) && !f.left(stateName(at)) {
		return
	}
	if old, err := f.root.OpenFile(at, os.O_RDWR, 0); err == nil {
		other := busy(old)
		old.Close()
		if other {
			return
		}
	}
	for _, left := range []string{at, stateName(at), stateName(at) + ".new"} {
		_ = f.root.Remove(left) // most are not there
	}
}

// left reports whether there is something of that name, which is that of a part.
func (f *folder) left(name string) bool {
	if f.remains != nil {
		return f.remains[name]
	}
	return f.has(name)
}
