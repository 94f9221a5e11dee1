package transfer

import (
	"io/fs"
	"os"
)

// Create opens a file for output that the user redirects: emptied first, or
// appended to. It is the file that was named, whatever that is.
func Create(path string, appending bool, mode fs.FileMode) (*os.File, error) {
	how := os.O_TRUNC
	if appending {
		how = os.O_APPEND
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, mode)
	if err != nil {
		return nil, refuse(path, err)
	}
	return f, nil
}
