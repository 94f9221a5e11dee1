package transfer

import (
	"io/fs"
	"time"
)

// A piece is the part of a small file: it has all its bytes, and not its name.
type piece interface {
	sync() error
	rename() error
	close() // removes it, unless it was renamed
}

var _ piece = (*part)(nil)

func (p *part) sync() error { return p.f.Sync() }

// make makes a piece, whose name has no slash.
func (f *folder) make(name string, mode fs.FileMode, text []byte, date time.Time) (piece, error) {
	if p, err := f.fresh(name, mode, text, date); p != nil || err != nil {
		return p, err
	}
	p, err := openPart(f.root, name, 0, mode)
	if err != nil {
		return nil, err
	}
	if _, err := p.f.Write(text); err != nil {
		p.close()
		return nil, refuse(name, err)
	}
	p.date(date)
	return p, nil
}
