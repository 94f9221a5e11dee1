package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"wireline/protocols/fault"
)

// reformat checks that text is one JSON value, and writes it with a blank
// after every comma and colon and with nothing but ASCII in it, which are the
// bytes that HTTPie sends.
func reformat(key, text string) ([]byte, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out strings.Builder
	err := rewrite(d, &out)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	if err != nil {
		return nil, fault.New(fault.Usage, "%s:= wants JSON: %v", key, err).WithHint("%s=%s sends it as text", key, text)
	}
	return []byte(out.String()), nil
}

// rewrite copies one value.
func rewrite(d *json.Decoder, out *strings.Builder) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch t := t.(type) {
	case json.Delim:
		out.WriteString(t.String())
		for first := true; d.More(); first = false {
			if !first {
				out.WriteString(", ")
			}
			if t == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				out.WriteString(quote(fmt.Sprint(key)) + ": ")
			}
			if err := rewrite(d, out); err != nil {
				return err
			}
		}
		end, err := d.Token()
		if err != nil {
			return err
		}
		fmt.Fprint(out, end)
	case string:
		out.WriteString(quote(t))
	case nil:
		out.WriteString("null")
	default: // a number as it was typed, true or false
		fmt.Fprint(out, t)
	}
	return nil
}

// quote is s as a JSON string of ASCII characters.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r >= 0x10000:
			hi, lo := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, hi, lo)
		case r < ' ' || r > '~':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
