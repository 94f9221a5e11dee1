//go:build !unix

package mail

import (
	"os"
	"time"
)

// setTime sets when f was last changed.
func setTime(f *os.File, at time.Time) error { return os.Chtimes(f.Name(), at, at) }
