package syntax

import (
	"regexp"
	"sync"
)

// lazily compiles an expression when it is first used: a program that only
// tells its version need not.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
