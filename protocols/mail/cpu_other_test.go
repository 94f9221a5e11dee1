//go:build !unix

package mail

import "time"

var start = time.Now()

// worked is how long the process has been there.
func worked() time.Duration { return time.Since(start) }
