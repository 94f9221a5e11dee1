// Package config keeps what a user wants kept: bookmarks, and where they and
// the history live.
package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"wireline/protocols/fault"
)

// maxFile bounds every file of the configuration.
const maxFile = 1 << 20

// Dir is the directory of the user's configuration, $XDG_CONFIG_HOME/wireline
// or what the system has instead; "" when there is none. It need not exist.
func Dir() string {
	d, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(d, "wireline")
}

// read gives a file of the configuration. One that does not exist is empty.
func read(dir, name string) ([]byte, error) {
	if dir == "" {
		return nil, nil
	}
	path := filepath.Join(dir, name)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %v", path, plain(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %v", path, plain(err))
	}
	if len(b) > maxFile {
		return nil, fault.New(fault.ReadLocal, "%s is larger than %d bytes, the limit", path, maxFile)
	}
	return b, nil
}

// write replaces a file of the configuration as a whole: mode 0600, in a
// directory of mode 0700.
func write(dir, name string, b []byte) error {
	fail := func(err error) error {
		return fault.New(fault.WriteLocal, "cannot write %s: %v", filepath.Join(dir, name), plain(err))
	}
	if dir == "" {
		return fault.New(fault.WriteLocal, "there is no configuration directory to keep it in").WithHint("set HOME or XDG_CONFIG_HOME")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fail(err)
	}
	f, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return fail(err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return fail(err)
	}
	return nil
}

func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
