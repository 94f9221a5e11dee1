// Package mail is the vocabulary of protocols that carry messages: the same
// verb has the same name, the same flags and the same result everywhere, and
// what is true of a message whoever brought it (its headers, its parts, its
// text) is written once.
package mail

import (
	"time"
)

// A Summary is a message in a listing. What is not known is empty.
type Summary struct {
	Number  uint32    `json:"number"`
	UID     string    `json:"uid,omitempty"`
	Flags   []string  `json:"flags,omitempty"`
	Size    int64     `json:"size"`
	Date    time.Time `json:"date,omitzero"`
	From    string    `json:"from,omitempty"`
	Subject string    `json:"subject,omitempty"`
}

// Describe fills s with what the header of the message says.
func (s *Summary) Describe(h *Header) {
	s.Date, s.From, s.Subject = h.Date(), h.Text("From"), h.Text("Subject")
}

// A Field is one line of a header, decoded (RFC 2047) and unfolded.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A Part is one part of a message (RFC 2046). Parts are numbered as in IMAP
// (RFC 9051, section 6.4.5): the second part of a multipart is 2, the first
// within that 2.1.
type Part struct {
	Number      string `json:"part"`
	Type        string `json:"type"` // "text/plain"
	Charset     string `json:"charset,omitempty"`
	Encoding    string `json:"encoding,omitempty"`    // Content-Transfer-Encoding
	Disposition string `json:"disposition,omitempty"` // "attachment", "inline"
	Name        string `json:"name,omitempty"`        // of the file it was
	Size        int64  `json:"size"`                  // in bytes, as it is encoded
}
