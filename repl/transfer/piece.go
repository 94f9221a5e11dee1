package transfer

import (
	"io/fs"
	"time"
)

// A piece is the part of a small file: it has all its bytes, and not its name.
type piece interface {
	sync() error
	// settle gives it its name. Where a file has that name, free tells whether
	// it may lose it.
	settle(free func() error) error
	close() // removes it, unless it has its name
}

var _ piece = (*part)(nil)

func (p *part) sync() error { return p.f.Sync() }

func (p *part) settle(free func() error) error {
	if err := free(); err != nil {
		return err
	}
	return p.rename()
}

// make makes a piece, whose name has no slash.
func (b *batch) make(dir *folder, name string, mode fs.FileMode, text []byte, date time.Time) (piece, error) {
	if p, err := b.fresh(dir, name, mode, text, date); p != nil || err != nil {
		return p, err
	}
	p, err := openPart(dir.root, name, 0, mode)
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
