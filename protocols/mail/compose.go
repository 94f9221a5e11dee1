package mail

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Draft is a message to be written.
type Draft struct {
	From        Address
	To, Cc      []Address
	ReplyTo     []Address
	Subject     string
	Body        []byte // text, in UTF-8
	HTML        []byte // the same as HTML, if any
	Attachments []verb.Input
	Fields      []string // "Name: value", instead of those made here
	Date        time.Time
	ID          string // without its <>; made if it is ""
}

const (
	crlf     = "\r\n"
	mostLine = 998 // bytes of a line, without its end (RFC 5322, section 2.1.1)
)

// Header is the header of the message, but for that of its content. Who gets
// blind copies is not in it.
func (d *Draft) Header() ([]byte, error) {
	var b bytes.Buffer
	given := map[string]bool{}
	for _, f := range d.Fields {
		if err := oneLine("header", f); err != nil {
			return nil, err
		}
		name, value, ok := strings.Cut(f, ":")
		if !ok || !fieldName(name) {
			return nil, fault.New(fault.BadArgument, "%q is no line of a header", f).WithHint(`such as "X-Mailer: wireline"`)
		}
		switch key := strings.ToLower(name); key {
		case "content-type", "content-transfer-encoding", "mime-version", "bcc":
			return nil, fault.New(fault.BadArgument, "the field %s is made here", name).WithHint("a message of your own is sent with send FILE")
		default:
			given[key] = true
		}
		field(&b, name, encode(strings.TrimSpace(value)))
	}
	if err := oneLine("subject", d.Subject); err != nil {
		return nil, err
	}
	id := d.ID
	if id == "" {
		_, host, _ := strings.Cut(d.From.Addr, "@")
		if host, _ = ASCII("x@" + host); host == "x@" {
			host = "x@localhost"
		}
		id = strings.ToLower(rand.Text()[:20]) + host[1:]
	}
	for _, f := range []struct{ name, value string }{
		{"Date", d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700")},
		{"Message-ID", "<" + id + ">"},
		{"From", d.From.String()}, {"To", list(d.To)}, {"Cc", list(d.Cc)},
		{"Reply-To", list(d.ReplyTo)}, {"Subject", encode(d.Subject)},
	} {
		if err := oneLine(strings.ToLower(f.name), f.value); err != nil {
			return nil, err
		}
		if f.value != "" && !given[strings.ToLower(f.name)] {
			field(&b, f.name, f.value)
		}
	}
	b.WriteString("MIME-Version: 1.0" + crlf)
	for line := range bytes.Lines(b.Bytes()) {
		if len(line) > mostLine+2 {
			return nil, fault.New(fault.BadArgument, "a word of the header is longer than %d bytes", mostLine)
		}
	}
	return b.Bytes(), nil
}

func list(all []Address) string {
	var s []string
	for _, a := range all {
		s = append(s, a.String())
	}
	return strings.Join(s, ", ")
}

// field writes a field, folded where it is long (RFC 5322, section 2.2.3).
func field(b *bytes.Buffer, name, value string) {
	line := len(name) + 1
	b.WriteString(name + ":")
	for i, w := range strings.Split(value, " ") {
		if i > 0 && line+1+len(w) > 78 && w != "" {
			b.WriteString(crlf)
			line = 0
		}
		b.WriteString(" " + w)
		line += 1 + len(w)
	}
	b.WriteString(crlf)
}

// encode makes encoded words of text that is not ASCII (RFC 2047).
func encode(value string) string {
	return mime.QEncoding.Encode("utf-8", strings.ToValidUTF8(value, "\ufffd"))
}

// Size is about how long the message becomes, or -1 if that is not known.
func (d *Draft) Size() int64 {
	n := int64(2000 + 2*len(d.Body) + 2*len(d.HTML))
	for _, a := range d.Attachments {
		if a.Size < 0 {
			return -1
		}
		n += 300 + a.Size*137/100
	}
	return n
}

// WriteTo writes the message to w, with CR LF at the ends of lines, and no
// line longer than 998 bytes. The attachments are read to their ends.
func (d *Draft) WriteTo(w io.Writer) (int64, error) {
	c := &counter{w: w}
	head, err := d.Header()
	if err != nil {
		return 0, err
	}
	c.text(string(head))
	if len(d.Attachments) == 0 {
		d.texts(c)
		return c.n, c.err
	}
	mark := boundary()
	c.text("Content-Type: multipart/mixed; boundary=" + mark + crlf + crlf + "--" + mark + crlf)
	d.texts(c)
	for _, a := range d.Attachments {
		c.text(crlf + "--" + mark + crlf)
		if err := attach(c, a); err != nil {
			return c.n, err
		}
	}
	c.text(crlf + "--" + mark + "--" + crlf)
	return c.n, c.err
}

// texts writes the text, or the text and its HTML.
func (d *Draft) texts(c *counter) {
	switch {
	case len(d.HTML) == 0:
		text(c, "text/plain", d.Body)
	case len(d.Body) == 0:
		text(c, "text/html", d.HTML)
	default:
		mark := boundary()
		c.text("Content-Type: multipart/alternative; boundary=" + mark + crlf + crlf + "--" + mark + crlf)
		text(c, "text/plain", d.Body)
		c.text(crlf + "--" + mark + crlf)
		text(c, "text/html", d.HTML)
		c.text(crlf + "--" + mark + "--" + crlf)
	}
}

// text writes one text: as it is where that is ASCII in short lines, else as
// quoted-printable (RFC 2045, section 6.7).
func text(c *counter, typ string, body []byte) {
	body = bytes.ReplaceAll(body, []byte(crlf), []byte("\n"))
	plain, column := true, 0
	for _, b := range body {
		if column++; b == '\n' {
			column = 0
		}
		plain = plain && column <= 78 && b < 0x80 && (b >= ' ' || b == '\n' || b == '\t')
	}
	if plain {
		c.text("Content-Type: " + typ + "; charset=us-ascii" + crlf + crlf)
		c.text(strings.ReplaceAll(string(body), "\n", crlf))
		return
	}
	charset := "utf-8"
	if !utf8.Valid(body) {
		charset = "iso-8859-1"
	}
	c.text("Content-Type: " + typ + "; charset=" + charset + crlf + "Content-Transfer-Encoding: quoted-printable" + crlf + crlf)
	q := quotedprintable.NewWriter(c)
	// Writing to a counter does not fail here but there, where it is seen.
	_, _ = q.Write(body)
	_ = q.Close()
}

// attach writes a file as base64 in lines of 76.
func attach(c *counter, in verb.Input) error {
	name := filepath.Base(in.Name)
	if in.Name == "" || in.Name == "-" {
		name = "attachment"
	}
	typ := mime.TypeByExtension(filepath.Ext(name))
	if typ == "" || strings.HasPrefix(typ, "text/") && !strings.Contains(typ, "charset") {
		typ = "application/octet-stream"
	}
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if disposition == "" {
		return fault.New(fault.BadArgument, "attach: %q cannot be the name of an attachment", name)
	}
	c.text("Content-Type: " + typ + crlf + "Content-Disposition: " + disposition + crlf + "Content-Transfer-Encoding: base64" + crlf + crlf)
	const lines = 512
	data, coded := make([]byte, 57*lines), make([]byte, 78*lines)
	for total := int64(0); ; {
		n, err := io.ReadFull(in, data)
		if total += int64(n); in.Size > 0 && (total > in.Size || total < in.Size && (err == io.EOF || err == io.ErrUnexpectedEOF)) {
			return fault.New(fault.ReadLocal, "%s changed while it was read", name)
		}
		out := coded[:0]
		for from := 0; from < n; from += 57 {
			out = base64.StdEncoding.AppendEncode(out, data[from:min(from+57, n)])
			out = append(out, crlf...)
		}
		if _, werr := c.Write(out); werr != nil {
			return werr
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return nil
		case err != nil:
			return fault.New(fault.ReadLocal, "cannot read %s: %w", name, err)
		}
	}
}

func boundary() string { return "part-" + strings.ToLower(rand.Text()) }

// A counter counts what it writes, and keeps the first error.
type counter struct {
	w   io.Writer
	n   int64
	err error
}

func (c *counter) Write(p []byte) (int, error) {
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.w.Write(p)
	c.n += int64(n)
	c.err = err
	return n, err
}

func (c *counter) text(s string) { _, _ = io.WriteString(c, s) }

// Close closes the attachments.
func (d *Draft) Close() (err error) {
	for _, a := range d.Attachments {
		if cerr := a.Close(); err == nil {
			err = cerr
		}
	}
	return err
}
