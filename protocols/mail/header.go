package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	stdmail "net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"golang.org/x/text/encoding/charmap"

	"wireline/protocols/fault"
)

// Bounds on what a stranger's message may make us do.
const (
	mostHeader = 1 << 20  // bytes of one header
	mostField  = 64 << 10 // bytes of a field that is decoded; a longer one is cut
	mostDate   = 256
)

// A Header is that of a message or of a part, in its order.
type Header struct {
	fields []rawField
}

type rawField struct {
	name  string
	value string // unfolded, not decoded
}

// errLongHeader is a header of more than mostHeader bytes.
var errLongHeader = errors.New("the header is longer than 1 MiB")

// ReadHeader reads a header and the blank line after it. What is no field is
// left out. An end of the input is an end of the header.
func ReadHeader(r io.Reader) (*Header, error) {
	br, ok := r.(*bufio.Reader)
	if !ok {
		br = bufio.NewReader(r)
	}
	raw, err := readBlock(br)
	if err != nil {
		if errors.Is(err, errLongHeader) {
			return nil, fault.New(fault.Limit, "%v", err)
		}
		return nil, err
	}
	return ParseHeader(raw), nil
}

// readBlock reads the lines up to and with the blank one.
func readBlock(br *bufio.Reader) ([]byte, error) {
	var block []byte
	begins := true
	for {
		piece, err := br.ReadSlice('\n')
		if block = append(block, piece...); len(block) > mostHeader {
			return nil, errLongHeader
		}
		switch {
		case err == bufio.ErrBufferFull:
			begins = false
			continue
		case err == io.EOF:
			return block, nil
		case err != nil:
			return nil, err
		case begins && len(bytes.TrimRight(piece, "\r\n")) == 0:
			return block, nil
		}
		begins = true
	}
}

// ParseHeader reads the fields of a header that is in memory.
func ParseHeader(raw []byte) *Header {
	h := &Header{}
	var b bytes.Buffer // the field being read
	flush := func() {
		name, value, ok := strings.Cut(b.String(), ":")
		if name = strings.TrimRight(name, " \t"); ok && fieldName(name) {
			h.fields = append(h.fields, rawField{name, strings.TrimSpace(value)})
		}
		b.Reset()
	}
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && b.Len() > 0 {
			b.WriteByte(' ')
			b.Write(bytes.TrimLeft(line, " \t"))
			continue
		}
		flush()
		if len(line) == 0 {
			break
		}
		b.Write(line)
	}
	flush()
	return h
}

// fieldName reports whether s names a field (RFC 5322, section 3.6.8).
func fieldName(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == ':' {
			return false
		}
	}
	return s != ""
}

// Get is the first field called name, not decoded; "" if there is none.
func (h *Header) Get(name string) string {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// Text is the first field called name, decoded.
func (h *Header) Text(name string) string { return Decode(h.Get(name)) }

// All are the fields called name, not decoded.
func (h *Header) All(name string) (values []string) {
	for _, f := range h.fields {
		if strings.EqualFold(f.name, name) {
			values = append(values, f.value)
		}
	}
	return values
}

// Fields are all fields, decoded.
func (h *Header) Fields() []Field {
	all := make([]Field, 0, len(h.fields))
	for _, f := range h.fields {
		all = append(all, Field{f.name, Decode(f.value)})
	}
	return all
}

// Date is when the message says it was written, or zero.
func (h *Header) Date() time.Time { return Date(h.Get("Date")) }

// Date reads the date of a header (RFC 5322, section 3.3), also in the forms
// of old. What is none, or not in the years that JSON can write, is zero. The
// zone is an offset without a name.
func Date(s string) time.Time {
	if s == "" || len(s) > mostDate {
		return time.Time{}
	}
	for _, layout := range [...]string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return unnamed(t)
		}
	}
	t, err := stdmail.ParseDate(strings.TrimSpace(s))
	if err != nil {
		return time.Time{}
	}
	return unnamed(t)
}

// unnamed is t in a zone without a name.
func unnamed(t time.Time) time.Time {
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}
	}
	_, offset := t.Zone()
	return t.In(time.FixedZone("", offset))
}

// Decode reads encoded words (RFC 2047). What is in no known character set
// stays as it is; bytes that are not UTF-8 are taken for Windows-1252. A
// field of more than 64 KiB is cut and not decoded.
func Decode(s string) string {
	if len(s) > mostField {
		return strings.ToValidUTF8(s[:mostField], "\ufffd") + "…"
	}
	if !utf8.ValidString(s) {
		if t, err := charmap.Windows1252.NewDecoder().String(s); err == nil {
			s = t
		}
	}
	if strings.Contains(s, "=?") {
		d := mime.WordDecoder{CharsetReader: charset.Reader}
		if t, err := d.DecodeHeader(s); err == nil {
			s = strings.ToValidUTF8(t, "\ufffd")
		}
	}
	if strings.ContainsAny(s, "\r\n") {
		// A CR by itself, or an encoded word that would be a line of its own.
		s = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ").Replace(s)
	}
	return s
}
