package render

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// columns is how many columns of a terminal clean text takes.
func columns(s string) int {
	if strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0 {
		return len(s)
	}
	return runewidth.StringWidth(s)
}
