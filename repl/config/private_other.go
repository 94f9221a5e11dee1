//go:build !unix

package config

import (
	"io/fs"

	"wireline/protocols/fault"
)

// private refuses what is not a file; who may read it the file's mode does
// not tell here.
func private(path string, fi fs.FileInfo) error {
	if !fi.Mode().IsRegular() {
		return fault.New(fault.ReadLocal, "%s is not used: it is not a regular file", path)
	}
	return nil
}

func unwritable(path string, fi fs.FileInfo) error { return private(path, fi) }
