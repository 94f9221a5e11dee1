package docs

import (
	"fmt"
	"strings"

	"wireline/protocols/fault"
)

// Errors is the help page on the kinds of failure.
func Errors() string {
	var b strings.Builder
	remedies := remedies()
	for _, k := range fault.Kinds() {
		fmt.Fprintf(&b, "%d %s: %s\n", k.Exit, k.Name, k.Short)
		for _, l := range wrap(remedies[k], 74) {
			b.WriteString("    " + l + "\n")
		}
	}
	return b.String()
}

// wrap breaks text at blanks into lines of at most width bytes, where it can.
func wrap(text string, width int) (lines []string) {
	var line string
	for _, w := range strings.Fields(text) {
		if line != "" && len(line)+1+len(w) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
