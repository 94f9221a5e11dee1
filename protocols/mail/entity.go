package mail

import (
	"bufio"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"

	"github.com/emersion/go-message/charset"
)

// describe reads the fields of the header that tell of the content.
func (e *Entity) describe() (typ string, params map[string]string) {
	typ, params = mediaType(e.Header.Get("Content-Type"))
	if !strings.Contains(typ, "/") {
		typ, params = "text/plain", map[string]string{}
	}
	e.Type, e.Charset = typ, strings.ToLower(params["charset"])
	e.Encoding = strings.ToLower(strings.TrimSpace(e.Header.Get("Content-Transfer-Encoding")))
	disposition, more := mediaType(e.Header.Get("Content-Disposition"))
	e.Disposition, e.Name = disposition, Decode(more["filename"])
	if e.Name == "" {
		e.Name = Decode(params["name"])
	}
	return typ, params
}

// mediaType reads a type and its parameters, also where they are not quite
// as RFC 2045 and RFC 2231 want them.
func mediaType(s string) (string, map[string]string) {
	if len(s) > mostField {
		return "", nil
	}
	typ, params, err := mime.ParseMediaType(s)
	if err == nil {
		return typ, params
	}
	typ, rest, _ := strings.Cut(s, ";")
	params = map[string]string{}
	for f := range strings.SplitSeq(rest, ";") {
		name, value, ok := strings.Cut(f, "=")
		if ok {
			params[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return strings.ToLower(strings.TrimSpace(typ)), params
}

// Text reports whether the part is text to be shown with the message.
func (e *Entity) Text() bool {
	return !e.Multipart && e.Disposition != "attachment" && (e.Type == "text/plain" || e.Type == "text/html" || strings.HasPrefix(e.Type, "text/") && e.Name == "")
}

// Raw is the body as it came.
func (e *Entity) Raw() io.Reader { return raw{e} }

// Data is the body without its transfer encoding. One that is not known
// stays.
func (e *Entity) Data() io.Reader {
	body := bufio.NewReaderSize(raw{e}, 32<<10)
	switch e.Encoding {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, onlyBase64{body})
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}

// Readable is the body as text in UTF-8, with ends of lines as here. note
// tells what could not be done.
func (e *Entity) Readable() (text io.Reader, note string) {
	text = e.Data()
	switch e.Encoding {
	case "", "7bit", "8bit", "binary", "base64", "quoted-printable":
	default:
		note = "the encoding " + e.Encoding + " is not known; this is it as it came"
	}
	switch cs := e.Charset; cs {
	case "", "utf-8", "us-ascii", "utf8":
	default:
		r, err := charset.Reader(cs, text)
		if err != nil || r == nil {
			note = "the character set " + cs + " is not known; this is it as it came"
			break
		}
		text = r
	}
	return &unixLines{in: text}, note
}

// onlyBase64 drops what is no part of base64, as RFC 2045, section 6.8, says.
type onlyBase64 struct{ in io.Reader }

func (o onlyBase64) Read(p []byte) (int, error) {
	for {
		n, err := o.in.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil {
			return kept, err
		}
	}
}

// unixLines makes CR LF a line feed.
type unixLines struct {
	in io.Reader
	cr bool
}

func (u *unixLines) Read(p []byte) (int, error) {
	for len(p) > 1 {
		room := p[1:] // for a CR kept from the time before
		n, err := u.in.Read(room)
		at := 0
		for _, c := range room[:n] {
			if u.cr && c != '\n' {
				p[at] = '\r'
				at++
			}
			if u.cr = c == '\r'; !u.cr {
				p[at] = c
				at++
			}
		}
		if err != nil && u.cr {
			u.cr = false
			p[at] = '\r'
			at++
		}
		if at > 0 || err != nil {
			return at, err
		}
	}
	return 0, nil
}
