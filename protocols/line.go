package protocols

import (
	"strings"

	"wireline/protocols/fault"
)

// OneLine refuses a value that would end the line it is put on, and so say
// something to the server that the user did not. The name is the argument's.
func OneLine(name, s string) error {
	if i := strings.IndexAny(s, "\r\n\x00"); i >= 0 {
		return fault.New(fault.BadArgument, "%s: byte %d is %s; a line break or NUL is not allowed here", name, i+1,
			map[byte]string{'\r': "CR", '\n': "LF", 0: "NUL"}[s[i]])
	}
	return nil
}
