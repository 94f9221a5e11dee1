// Package files is the vocabulary of protocols that keep files: the same verb
// has the same name, the same flags and the same result everywhere, and what
// crosses from one place to another (copies, mirrors) is written once.
package files

import (
	"encoding/json"
	"strconv"
	"time"
)

// The kinds of entries.
const (
	File  = "file"
	Dir   = "dir"
	Link  = "link"
	Other = "other" // a device, a socket, something that is not said
)

// An Entry is one line of a listing. What the server does not tell is empty.
type Entry struct {
	Kind     string    `json:"type"` // file, dir, link or other
	Perm     string    `json:"perm,omitempty" show:"wide"`
	Owner    string    `json:"owner,omitempty" show:"wide"`
	Group    string    `json:"group,omitempty" show:"wide"`
	Size     Size      `json:"size"`
	Modified time.Time `json:"mtime,omitzero"`
	Name     string    `json:"name"`             // as the server says it: see Safe
	Target   string    `json:"target,omitempty"` // of a link
}

// A LongEntry is an Entry of which all is shown.
type LongEntry struct {
	Kind     string    `json:"type"`
	Perm     string    `json:"perm,omitempty"`
	Owner    string    `json:"owner,omitempty"`
	Group    string    `json:"group,omitempty"`
	Size     Size      `json:"size"`
	Modified time.Time `json:"mtime,omitzero"`
	Name     string    `json:"name"`
	Target   string    `json:"target,omitempty"`
}

// A Size is a number of bytes, Unknown when nobody has said it.
type Size int64

// Unknown is the Size of what has none, or none that was told.
const Unknown Size = -1

// String is the number, or nothing.
func (s Size) String() string {
	if s < 0 {
		return ""
	}
	return strconv.FormatInt(int64(s), 10)
}

// MarshalJSON gives null for Unknown.
func (s Size) MarshalJSON() ([]byte, error) {
	if s < 0 {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(s), 10), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Size) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*s = Unknown
		return nil
	}
	return json.Unmarshal(b, (*int64)(s))
}

// Mode is permission bits as ls shows them: 0o644 is "rw-r--r--".
func Mode(bits uint32) string {
	p := []byte("rwxrwxrwx")
	for i := range p {
		if bits&(1<<(8-i)) == 0 {
			p[i] = '-'
		}
	}
	for i, special := range []struct {
		bit  uint32
		with byte
	}{{0o4000, 's'}, {0o2000, 's'}, {0o1000, 't'}} {
		if bits&special.bit != 0 {
			at := 3*i + 2
			if p[at] == '-' {
				special.with -= 'a' - 'A'
			}
			p[at] = special.with
		}
	}
	return string(p)
}
