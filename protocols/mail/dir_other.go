//go:build !unix

package mail

import (
	"os"
	"time"
)

type file = *os.File

// A dir is a directory that many files are made in.
type dir struct {
	root *os.Root
	name string
}

func openDir(root *os.Root, name string) (*dir, error) {
	_, err := root.Stat(name)
	return &dir{root, name + "/"}, err
}

// create makes a file that is not there yet.
func (d *dir) create(name string) (file, error) {
	return d.root.OpenFile(d.name+name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// date sets when a file was last changed.
func (d *dir) date(name string, at time.Time) error {
	return d.root.Chtimes(d.name+name, at, at)
}

func (d *dir) move(name string, to *dir, as string) error {
	return d.root.Rename(d.name+name, to.name+as)
}

func (d *dir) remove(name string) { _ = d.root.Remove(d.name + name) }

func (d *dir) sync() error {
	f, err := d.root.Open(d.name)
	if err == nil {
		err = f.Sync()
		f.Close()
	}
	return err
}

func (*dir) close() error { return nil }
