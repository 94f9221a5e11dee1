package render

import (
	"strings"

	"github.com/rivo/uniseg"
)

// columns is how many columns of a terminal clean text takes.
func columns(s string) int {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 {
		return len(s)
	}
	return uniseg.StringWidth(s)
}
