package mail

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wireline/protocols/fault"
)

// A View says what of a message is shown.
type View struct {
	AllFields bool
	HTML      bool // as it is, instead of the text
}

// shown are the fields of a header that people want to see.
var shown = [...]string{"From", "Reply-To", "To", "Cc", "Bcc", "Date", "Subject"}

// Show writes the message in r for people: its header, its text in UTF-8, and
// a line for each part that is not shown.
func Show(w io.Writer, r io.Reader, v View) error {
	out := bufio.NewWriterSize(w, 32<<10)
	err := v.show(out, NewReader(r))
	if ferr := out.Flush(); err == nil {
		err = ferr
	}
	return err
}

func (v View) show(out *bufio.Writer, r *Reader) error {
	var alternatives []string // numbers of the multiparts of which one part is enough, and is shown
	for {
		e, err := r.Next()
		if err == io.EOF {
			if r.trouble != "" {
				fmt.Fprintf(out, "\n[%s]\n", r.trouble)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if e.Message {
			v.header(out, e.Header)
		}
		if e.Multipart {
			continue
		}
		parent := e.Number[:strings.LastIndexByte(e.Number, '.')+1]
		enough := r.alternative() && e.Text() && (slices.Contains(alternatives, parent) || v.HTML && e.Type != "text/html")
		if enough {
			continue
		}
		if !e.Text() {
			if err := v.mention(out, e); err != nil {
				return err
			}
			continue
		}
		if err := v.text(out, e); err != nil {
			return err
		}
		if r.alternative() {
			alternatives = append(alternatives, parent)
		}
	}
}

func (v View) header(out *bufio.Writer, h *Header) {
	if v.AllFields {
		for _, f := range h.Fields() {
			fmt.Fprintf(out, "%s: %s\n", f.Name, f.Value)
		}
	} else {
		for _, name := range shown {
			if t := h.Text(name); t != "" {
				fmt.Fprintf(out, "%s: %s\n", name, t)
			}
		}
	}
	out.WriteByte('\n')
}

// text writes a part that is text.
func (v View) text(out *bufio.Writer, e *Entity) error {
	in, note := e.Readable()
	if note != "" {
		fmt.Fprintf(out, "[%s]\n", note)
	}
	last := &lastByte{w: out, b: '\n'}
	var err error
	if e.Type == "text/html" && !v.HTML {
		err = fromHTML(last, in)
	} else {
		_, err = io.Copy(last, in)
	}
	if last.b != '\n' {
		out.WriteByte('\n')
	}
	if f := (*fault.Error)(nil); err != nil && !errors.As(err, &f) {
		// What cannot be decoded ends the part, not the message.
		fmt.Fprintf(out, "[the rest of part %s cannot be decoded]\n", e.Number)
		err = nil
	}
	return err
}

// mention writes a line for a part that is not text.
func (v View) mention(out *bufio.Writer, e *Entity) error {
	if _, err := io.Copy(io.Discard, e.Raw()); err != nil {
		return err
	}
	name := ""
	if e.Name != "" {
		name = fmt.Sprintf(" %q", e.Name)
	}
	_, err := fmt.Fprintf(out, "\n[part %s: %s%s, %d bytes]\n", e.Number, e.Type, name, e.Size)
	return err
}

// alternative reports whether the part that is read is one of several forms
// of the same.
func (r *Reader) alternative() bool {
	return len(r.levels) > 0 && r.levels[len(r.levels)-1].alternative
}

// lastByte remembers the last byte written.
type lastByte struct {
	w io.Writer
	b byte
}

func (l *lastByte) Write(p []byte) (int, error) {
	if len(p) > 0 {
		l.b = p[len(p)-1]
	}
	return l.w.Write(p)
}
