package transfer

import (
	"strings"

	"wireline/protocols/fault"
)

// Base is a name that a server gave, made safe for a local file: no
// directory, no leading dot or dash, no control character, 200 bytes at most.
func Base(name string) (string, error) {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == ':' || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffd {
			return -1
		}
		return r
	}, name)
	safe = short(strings.TrimLeft(safe, ".-"))
	if strings.TrimSpace(safe) == "" {
		return "", fault.New(fault.WriteLocal, "the server's name %q cannot name a file", name).WithHint("-o FILE gives one")
	}
	return safe, nil
}

func short(name string) string {
	for len(name) > 200 {
		name = strings.ToValidUTF8(name[:200], "")
	}
	return name
}
