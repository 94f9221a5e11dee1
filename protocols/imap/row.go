package imap

import (
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/mail"
)

// A Row is a message in a listing.
type Row struct {
	UID     uint32    `json:"uid"`
	Seq     optional  `json:"seq,omitempty"` // where it stands in the mailbox, if that was asked for
	Flags   Flags     `json:"flags"`
	Date    time.Time `json:"date,omitzero"`
	From    string    `json:"from"`
	Depth   depth     `json:"depth,omitempty"` // in a thread: how many messages stand above it
	Subject string    `json:"subject"`
	Size    int64     `json:"size"`
}

// Flags are those of a message, as the server has them.
type Flags []string

// String is what people want to know of them: whether it was read, first.
func (f Flags) String() string { return string(f.appendTo(nil)) }

func (f Flags) appendTo(b []byte) []byte {
	from := len(b)
	if !slices.Contains(f, `\Seen`) {
		b = append(b, "new"...)
	}
	for _, x := range f {
		if x == `\Seen` || x == `\Recent` {
			continue
		}
		if len(b) > from {
			b = append(b, ',')
		}
		if name, system := strings.CutPrefix(x, `\`); system {
			x = strings.ToLower(name)
		}
		b = append(b, x...)
	}
	return b
}

// A depth is shown as a branch that leads to the message.
type depth uint32

func (d depth) String() string {
	const most = 12
	if d == 0 {
		return ""
	}
	return strings.Repeat("  ", int(min(d, most))-1) + "└─"
}

// rowItems are what a Row takes.
const rowItems = "(UID FLAGS RFC822.SIZE ENVELOPE)"

// row is the message for a listing.
func (m *message) row(seq bool) Row {
	r := Row{UID: m.uid, Flags: m.flags, Size: m.size}
	if r.Flags == nil {
		r.Flags = Flags{}
	}
	if seq {
		r.Seq = optional(m.seq)
	}
	if e := m.env; e != nil {
		r.From, r.Subject = e.from, mail.Decode(e.subject)
		r.Date = parseDate(e.date)
	}
	return r
}

// parseDate reads the date of a header; zero if it is none.
func parseDate(s string) time.Time {
	if s == "" || len(s) > 256 {
		return time.Time{}
	}
	for _, layout := range [...]string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(t)
		}
	}
	t, err := netmail.ParseDate(strings.TrimSpace(s))
	if err != nil {
		return time.Time{}
	}
	return sane(t)
}

// sane is t where JSON has a way to write it.
func sane(t time.Time) time.Time {
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	_, zone := t.Zone()
	return t.In(time.FixedZone("", zone))
}

// An optional is a number that is not shown when it is 0.
type optional uint32

// String is the number, or nothing.
func (o optional) String() string {
	if o == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(o), 10)
}
