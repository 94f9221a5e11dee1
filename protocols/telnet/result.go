package telnet

import (
	"encoding/base64"
	"time"
	"unicode/utf8"

	"wireline/protocols/talk"
)

// Sent tells what was sent.
type Sent struct {
	Bytes    int64  `json:"bytes"`
	File     string `json:"file,omitempty"`
	Commands string `json:"commands,omitempty"`
}

// Message is the one line that tells it.
func (s *Sent) Message() string {
	switch {
	case s.Commands != "":
		return "sent " + s.Commands
	case s.File != "":
		return "sent " + talk.Amount(s.Bytes) + " of " + s.File
	}
	return "sent " + talk.Amount(s.Bytes)
}

// Done tells that a thing was done which yields nothing.
type Done struct {
	Text string `json:"text"`
}

// Message is the line that tells it.
func (d *Done) Message() string { return d.Text }

// Received is what came. As text it is exactly that.
type Received struct {
	Sent   int64  `json:"sent,omitempty"` // bytes sent before, by the same command
	Bytes  int    `json:"bytes"`
	Text   string `json:"text,omitempty"`   // when it is UTF-8
	Base64 string `json:"base64,omitempty"` // when it is not
	Hex    string `json:"hex,omitempty"`    // when that was asked for
	data   []byte
}

func received(p []byte, asHex bool) *Received {
	r := &Received{Bytes: len(p), data: p}
	switch {
	case asHex:
		r.Hex = talk.Pairs(p)
	case utf8.Valid(p):
		r.Text = string(p)
	default:
		r.Base64 = base64.StdEncoding.EncodeToString(p)
	}
	return r
}

// Raw is what came, or its hexadecimal form when that was asked for.
func (r *Received) Raw() []byte {
	switch {
	case r.Hex != "":
		return []byte(r.Hex + "\n")
	case r.data == nil && r.Text != "":
		return []byte(r.Text)
	}
	return r.data
}

// An Arrival is what came at one time.
type Arrival struct {
	Time time.Time `json:"time"`
	Received
}
