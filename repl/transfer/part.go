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
	name string // of the whole
	at   string // of the part
	f    *os.File
	kept bool
}

// state is what must be the same for a part to be gone on with.
type state struct {
	Size     files.Size `json:"size"`
	Modified time.Time  `json:"modified"`
	Tag      string     `json:"tag,omitempty"`
}

func partName(name string) string {
	dir, base := path.Split(name)
	return dir + "." + short(base) + ".part"
}

// openPart makes a fresh part, or opens the one to be gone on with. A part
// that another transfer is busy with is left alone.
func openPart(r *os.Root, name string, from int64, mode fs.FileMode) (*part, error) {
	p := &part{r: r, name: name, at: partName(name)}
	old, err := r.OpenFile(p.at, os.O_RDWR, 0)
	switch {
	case err == nil && busy(old):
		old.Close()
		if from > 0 {
			return nil, fault.New(fault.WriteLocal, "%s is being written by another transfer", p.at)
		}
		p.at += "." + strings.ToLower(rand.Text()[:8])
	case err == nil && from > 0:
		p.f = old
		return p, nil
	case err == nil:
		old.Close()
		if err := r.Remove(p.at); err != nil {
			return nil, refuse(p.at, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, refuse(p.at, err)
	case from > 0:
		return nil, fault.New(fault.WriteLocal, "%s is gone", p.at)
	}
	if p.f, err = r.OpenFile(p.at, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode); err != nil {
		return nil, refuse(name, err)
	}
	busy(p.f)
	return p, nil
}

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
	if err := p.r.WriteFile(stateName(p.at), b, 0o600); err != nil {
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
	if e, ok := err.(*fault.Error); ok {
		c := *e
		if c.Hint == "" {
			c.Hint = "kept " + p.at + "; -c goes on with it"
		}
		return &c
	}
	return err
}

// finish makes the part the whole.
func (p *part) finish(mtime time.Time) error {
	if err := p.f.Sync(); err != nil {
		return refuse(p.name, err)
	}
	if err := p.r.Rename(p.at, p.name); err != nil {
		return refuse(p.name, err)
	}
	p.kept = true
	if !mtime.IsZero() {
		mtime = clamp(mtime)
		_ = p.r.Chtimes(p.name, mtime, mtime) // a file system may not have it
	}
	_ = p.r.Remove(stateName(p.at))
	if d, err := p.r.Open(path.Dir(p.name)); err == nil {
		_ = d.Sync()
		d.Close()
	}
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
	p.f.Close()
	if !p.kept {
		_ = p.r.Remove(p.at)
		_ = p.r.Remove(stateName(p.at))
	}
}
