package imap

import (
	"bufio"
	"bytes"
	"io"
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

	of *message // instead of all that, but for Seq
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
	r := Row{
		UID: m.uid, Flags: append(Flags{}, m.flags...), Size: m.size, Date: parseDate(m.env.date),
		From: addresses(m.env.from), Subject: mail.Decode(string(m.env.subject)),
	}
	if seq {
		r.Seq = optional(m.seq)
	}
	return r
}

// parseDate reads the date of a header; zero if it is none.
func parseDate(p []byte) time.Time {
	if t, ok := usualDate(p); ok {
		return t
	}
	return mail.Date(string(p))
}

// usualDate reads the form that nearly all dates have: Mon, 2 Jan 2006
// 15:04:05 -0700, without the trouble of looking at a layout.
func usualDate(p []byte) (t time.Time, ok bool) {
	if len(p) > 5 && p[3] == ',' && p[4] == ' ' {
		p = p[5:]
	}
	c := cursor{p: p}
	day := c.number()
	c.take(' ')
	month := 0
	if len(c.p) > 3 {
		month = strings.Index(months, string(c.p[:3]))
		c.p = c.p[3:]
	}
	c.take(' ')
	year := c.number()
	c.take(' ')
	hour := c.number()
	c.take(':')
	minute := c.number()
	c.take(':')
	second := c.number()
	c.take(' ')
	east := c.peek() == '+'
	if !c.skip('+') {
		c.take('-')
	}
	digits := len(c.p)
	zone := c.number()
	if c.bad || !c.done() || digits != 4 || month < 0 || month%3 != 0 || year < 1000 || year > 9999 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59 || zone%100 > 59 {
		return t, false
	}
	offset := int(zone/100*3600 + zone%100*60)
	if !east {
		offset = -offset
	}
	loc := time.UTC
	if offset != 0 {
		loc = zoneOf(offset)
	}
	return time.Date(int(year), time.Month(month/3+1), int(day), int(hour), int(minute), int(second), 0, loc), true
}

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

func zoneOf(offset int) *time.Location { return time.FixedZone("", offset) }

// Rows is a verb.Stream of rows that can also be written as text without
// being made. A nil yield asks it for the messages instead, of which each is
// valid until the next.
type Rows func(yield func(Row, error) bool)

// Text writes the messages as they are shown when they do not go to a
// terminal: a line each, with a TAB between the fields.
func (all Rows) Text(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	all(nil)
	var line []byte
	var err error
	all(func(r Row, e error) bool {
		if err = e; err == nil {
			line = r.of.appendText(line[:0], r.Seq != 0)
			_, err = out.Write(line)
		}
		return err == nil
	})
	if late := out.Flush(); err == nil {
		err = late
	}
	return err
}

// appendText adds the row of m as text.
func (m *message) appendText(b []byte, seq bool) []byte {
	b = append(strconv.AppendUint(b, uint64(m.uid), 10), '\t')
	if seq {
		b = strconv.AppendUint(b, uint64(m.seq), 10)
	}
	b = append(b, '\t')
	b = appendField(b, Flags(m.flags).appendTo)
	if t := parseDate(m.env.date); !t.IsZero() {
		b = t.Local().AppendFormat(b, time.DateTime)
	}
	b = append(b, '\t')
	b = appendField(b, func(b []byte) []byte { return appendAddresses(b, m.env.from) })
	b = append(b, '\t') // depth
	b = appendField(b, func(b []byte) []byte { return append(b, mail.Decode(string(m.env.subject))...) })
	return append(strconv.AppendInt(b, m.size, 10), '\n')
}

// appendField adds what add does and a TAB, with none in it, nor the end of a
// line.
func appendField(b []byte, add func([]byte) []byte) []byte {
	from := len(b)
	b = add(b)
	if field := b[from:]; bytes.ContainsAny(field, "\t\r\n") {
		b = append(b[:from], strings.NewReplacer("\t", `\x09`, "\r", `\x0d`, "\n", `\x0a`).Replace(string(field))...)
	}
	return append(b, '\t')
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
