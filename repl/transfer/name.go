package transfer

import (
	"path"
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

// reserved tells why a file must not have a name: parts have such, and what a
// server calls so would be taken for the part of another file.
func reserved(name string) error {
	part, state := strings.CutSuffix(strings.TrimSuffix(path.Base(name), ".new"), stateName(""))
	if ext := path.Ext(part); !state && len(ext) == len(".12345678") { // of a part whose own name was taken
		part = strings.TrimSuffix(part, ext)
	}
	if strings.HasPrefix(part, ".") && strings.HasSuffix(part, ".part") && len(part) > len("..part") {
		return fault.New(fault.WriteLocal, "%q is a name that parts of files have", name).WithHint("-o FILE gives another")
	}
	return nil
}

func short(name string) string {
	for len(name) > 200 {
		name = strings.ToValidUTF8(name[:200], "")
	}
	return name
}
