package telnet

import (
	"time"

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
	Sent int64 `json:"sent,omitempty"` // bytes sent before, by the same command
	talk.Words
}

func received(p []byte, asHex bool) *Received {
	return &Received{Words: talk.Came(p, asHex)}
}

// Raw is what came, or its hexadecimal form when that was asked for.
func (r *Received) Raw() []byte { return r.Plain() }

// An Arrival is what came at one time.
type Arrival struct {
	Time time.Time `json:"time"`
	Received
}
