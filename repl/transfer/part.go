package transfer

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// A part is a file on its way: .name.part, with .name.part.state beside it,
// which says of what it is a part.
type part struct {
	r    *os.Root
	name string      // of the whole
	at   string      // of the part
	mode fs.FileMode // of a fresh one
	f    *os.File
	kept bool
}

// state is what must be the same for a part to be gone on with.
type state struct {
	Size     files.Size `json:"size"`
	Modified time.Time  `json:"modified"`
	Tag      string     `json:"tag,omitempty"`
	Segments []*segment `json:"segments,omitempty"` // if it was not written from its beginning to its end
}

func partName(name string) string {
	dir, base := path.Split(name)
	return dir + "." + short(base) + ".part"
}

// openPart makes a fresh part, or opens the one to be gone on with. A part
// that another transfer is busy with is left alone.
func openPart(r *os.Root, name string, from int64, mode fs.FileMode) (*part, error) {
	p := &part{r: r, name: name, at: partName(name), mode: mode}
	if from == 0 {
		if err := p.create(); err == nil || !errors.Is(err, fs.ErrExist) {
			return p, err
		}
	}
	old, err := r.OpenFile(p.at, os.O_RDWR, 0)
	switch {
	case from == 0 && err == nil:
		if !busy(old) {
			err = r.Remove(p.at)
		}
		old.Close()
	case from == 0:
		err = r.Remove(p.at) // a link that leads nowhere, or what cannot be read
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.WriteLocal, "%s is gone", p.at)
	case err == nil && busy(old):
		old.Close()
		return nil, fault.New(fault.WriteLocal, "%s is being written by another transfer", p.at)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(p.at, err)
	}
	if from > 0 {
		p.f = old
		return p, nil
	}
	if err := p.create(); !errors.Is(err, fs.ErrExist) {
		return p, err
	}
	return p, p.other()
}

// create makes the file of a fresh part and claims it.
func (p *part) create() (err error) {
	if p.f, err = p.r.OpenFile(p.at, os.O_RDWR|os.O_CREATE|os.O_EXCL, p.mode); err != nil {
		return refuse(p.name, err)
	}
	if busy(p.f) {
		p.f.Close()
		return p.other()
	}
	return nil
}

// other is create under a name that nobody else has thought of.
func (p *part) other() error {
	p.at = otherName(p.name)
	return p.create()
}

// otherName is a name for a part that nobody else has.
func otherName(name string) string { return partName(name) + "." + strings.ToLower(rand.Text()[:8]) }

func (p *part) size() int64 {
	fi, err := p.f.Stat()
	if err != nil {
		return 0
	}
	return fi.Size()
}

func stateName(at string) string { return at + ".state" }

// note writes down of what this is a part.
func (p *part) note(s state) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	at := stateName(p.at)
	if s.Segments == nil {
		err = p.r.WriteFile(at, b, 0o600)
	} else if err = p.r.WriteFile(at+".new", b, 0o600); err == nil {
		err = p.r.Rename(at+".new", at)
	}
	if err != nil {
		return refuse(p.name, err)
	}
	return nil
}

func readState(r *os.Root, name string) (s state, ok bool) {
	b, err := r.ReadFile(stateName(partName(name)))
	return s, err == nil && json.Unmarshal(b, &s) == nil && s.Size >= 0
}

// keep leaves the part for a later try, if one can go on with it, and says
// so.
func (p *part) keep(err error, resumable bool) error {
	n := p.size()
	if k := fault.Of(err); !resumable || n == 0 || k == fault.ResumeMismatch || k == fault.WriteLocal {
		return err
	}
	p.kept = true
	e, ok := err.(*fault.Error)
	if !ok {
		e = fault.New(fault.Of(err), "%w", err)
	}
	c := *e
	if c.Hint == "" {
		c.Hint = "kept " + p.at + "; -c goes on with it"
	}
	return &c
}

// finish makes the part the whole.
func (p *part) finish(mtime time.Time) error {
	p.date(mtime)
	if err := p.f.Sync(); err != nil {
		return refuse(p.name, err)
	}
	if err := p.rename(); err != nil {
		return err
	}
	_ = p.r.Remove(stateName(p.at))
	if d, err := p.r.Open(path.Dir(p.name)); err == nil {
		_ = d.Sync()
		d.Close()
	}
	return nil
}

// date sets the time of the file, unless mtime is zero. A file system may not
// have it.
func (p *part) date(mtime time.Time) {
	if !mtime.IsZero() {
		mtime = clamp(mtime)
		_ = p.r.Chtimes(p.at, mtime, mtime)
	}
}

// rename gives the part its name.
func (p *part) rename() error {
	if err := p.r.Rename(p.at, p.name); err != nil {
		return refuse(p.name, err)
	}
	p.kept = true
	return nil
}

// clamp keeps a server from naming a time that other programs choke on.
func clamp(t time.Time) time.Time {
	if t.Before(time.Unix(0, 0)) || t.After(time.Now().Add(24*time.Hour)) {
		return time.Now()
	}
	return t
}

func (p *part) close() {
	if p.f != nil {
		p.f.Close()
	}
	if !p.kept {
		_ = p.r.Remove(p.at)
		_ = p.r.Remove(stateName(p.at))
	}
}
