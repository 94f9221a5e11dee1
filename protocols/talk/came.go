package talk

import (
	"encoding/base64"
	"unicode/utf8"
)

// Words are bytes that came, in a result: as text where they are UTF-8.
type Words struct {
	Bytes  int    `json:"bytes"`
	Text   string `json:"text,omitempty"`   // when it is UTF-8
	Base64 string `json:"base64,omitempty"` // when it is not
	Hex    string `json:"hex,omitempty"`    // when that was asked for
	data   []byte
}

// Came makes Words of p.
func Came(p []byte, asHex bool) Words {
	w := Words{Bytes: len(p), data: p}
	switch {
	case asHex:
		w.Hex = Pairs(p)
	case utf8.Valid(p):
		w.Text = string(p)
	default:
		w.Base64 = base64.StdEncoding.EncodeToString(p)
	}
	return w
}

// Plain is what came, or its hexadecimal form when that was asked for.
func (w *Words) Plain() []byte {
	switch {
	case w.Hex != "":
		return []byte(w.Hex + "\n")
	case w.data == nil && w.Text != "": // a result that was read from JSON
		return []byte(w.Text)
	}
	return w.data
}
