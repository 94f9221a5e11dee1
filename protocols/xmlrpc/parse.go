package xmlrpc

import (
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html/charset"

	"wireline/protocols/fault"
)

// Limits of what a response may ask us to keep.
const (
	maxDepth = 64
	maxText  = 16 << 20 // bytes of XML
	maxItems = 1 << 20  // values
)

// A message is a call or a response.
type message struct {
	method string // of a call
	params []any
	fault  *Fault
}

// A Fault is how a server says no.
type Fault struct {
	Code   int64  `json:"faultCode"`
	String string `json:"faultString"`
}

// A reader reads XML-RPC, a token at a time.
type reader struct {
	d     *xml.Decoder
	items int
}

// parse reads one message.
func parse(from io.Reader) (*message, error) { return parseUpTo(from, maxText) }

// parseUpTo reads one message that has at most so many bytes.
func parseUpTo(from io.Reader, most int64) (*message, error) {
	r := &reader{d: xml.NewDecoder(&tags{from: io.LimitReader(from, most)})}
	r.d.CharsetReader = charset.NewReaderLabel
	r.d.Strict = true
	m, err := r.message()
	var f *fault.Error
	var bad *xml.SyntaxError
	switch {
	case err == nil:
		return m, nil
	case errors.As(err, &f):
		return nil, err
	case r.d.InputOffset() >= most:
		return nil, fault.New(fault.Limit, "more than %d KiB of XML", most>>10)
	case errors.As(err, &bad) && bad.Msg != "unexpected EOF":
		return nil, fault.New(fault.Protocol, "not XML-RPC: %s, in line %d", bad.Msg, bad.Line)
	case errors.As(err, &bad), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fault.New(fault.Protocol, "the XML ends too early")
	}
	return nil, fault.New(fault.Protocol, "not XML-RPC: %s", err)
}

func malformed(format string, a ...any) error {
	return fault.New(fault.Protocol, "not XML-RPC: "+format, a...)
}

// next is the next element that begins, or nil where the current one ends.
// Text that stands between elements must be blank.
func (r *reader) next() (*xml.StartElement, error) {
	for {
		t, err := r.d.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			return &t, nil
		case xml.EndElement:
			return nil, nil
		case xml.CharData:
			if s := strings.TrimSpace(string(t)); s != "" {
				return nil, malformed("text where an element should be: %q", shorten(s))
			}
		}
	}
}

// want is the next element, which must be called name.
func (r *reader) want(name string) error {
	e, err := r.next()
	switch {
	case err != nil:
		return err
	case e == nil:
		return malformed("no <%s>", name)
	case e.Name.Local != name:
		return malformed("<%s> where <%s> should be", shorten(e.Name.Local), name)
	}
	return nil
}

// end is the end of the current element.
func (r *reader) end() error {
	e, err := r.next()
	if err == nil && e != nil {
		err = malformed("one <%s> too many", shorten(e.Name.Local))
	}
	return err
}

// text is all up to the end of the current element.
func (r *reader) text() (string, error) {
	var b strings.Builder
	for {
		t, err := r.d.Token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.CharData:
			b.Write(t)
		case xml.StartElement:
			return "", malformed("<%s> within text", shorten(t.Name.Local))
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

func (r *reader) message() (*message, error) {
	e, err := r.next()
	if err != nil {
		return nil, err
	}
	m := &message{}
	if e == nil {
		return nil, malformed("no element")
	}
	switch e.Name.Local {
	case "methodCall":
		if err := r.want("methodName"); err != nil {
			return nil, err
		}
		if m.method, err = r.text(); err != nil {
			return nil, err
		}
		m.method = strings.TrimSpace(m.method)
	case "methodResponse":
	default:
		return nil, malformed("the document is a <%s>", shorten(e.Name.Local))
	}
	part, err := r.next()
	switch {
	case err != nil:
		return nil, err
	case part == nil && m.method != "":
		return m, nil
	case part == nil:
		return nil, malformed("an empty <methodResponse>")
	case part.Name.Local == "fault" && m.method == "":
		return m, r.fault(m)
	case part.Name.Local != "params":
		return nil, malformed("<%s> where <params> should be", shorten(part.Name.Local))
	}
	for {
		p, err := r.next()
		if err != nil {
			return nil, err
		}
		if p == nil {
			return m, r.end()
		}
		if p.Name.Local != "param" {
			return nil, malformed("<%s> where <param> should be", shorten(p.Name.Local))
		}
		v, err := r.only()
		if err != nil {
			return nil, err
		}
		m.params = append(m.params, v)
	}
}

// only is the one value of the current element.
func (r *reader) only() (any, error) {
	if err := r.want("value"); err != nil {
		return nil, err
	}
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	return v, r.end()
}

func (r *reader) fault(m *message) error {
	v, err := r.only()
	if err != nil {
		return err
	}
	all, ok := v.(fields)
	if !ok {
		return malformed("a fault that is no struct")
	}
	m.fault = faultOf(all)
	if m.fault == nil {
		return malformed("a fault without faultCode and faultString")
	}
	return r.end()
}

// faultOf is the fault that a struct is, or nil.
func faultOf(all fields) *Fault {
	f := &Fault{}
	seen := 0
	for _, m := range all {
		switch v := m.value.(type) {
		case int32:
			if m.name == "faultCode" {
				f.Code = int64(v)
				seen |= 1
			}
		case int64:
			if m.name == "faultCode" {
				f.Code = v
				seen |= 1
			}
		case string:
			if m.name == "faultString" {
				f.String = v
				seen |= 2
			}
		}
	}
	if seen != 3 {
		return nil
	}
	return f
}

// value reads up to the end of <value>, which has been opened.
func (r *reader) value(depth int) (any, error) {
	if r.items++; r.items > maxItems {
		return nil, fault.New(fault.Limit, "more than %d values", maxItems)
	}
	if depth > maxDepth {
		return nil, fault.New(fault.Limit, "values nested more than %d deep", maxDepth)
	}
	var text strings.Builder
	for {
		t, err := r.d.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.EndElement: // without a type it is a string
			return text.String(), nil
		case xml.StartElement:
			if s := strings.TrimSpace(text.String()); s != "" {
				return nil, malformed("text before the type of a value: %q", shorten(s))
			}
			v, err := r.typed(t.Name.Local, depth)
			if err != nil {
				return nil, err
			}
			return v, r.end()
		}
	}
}

// typed reads up to the end of an element that names a type.
func (r *reader) typed(name string, depth int) (any, error) {
	switch name {
	case "array":
		return r.array(depth)
	case "struct":
		return r.record(depth)
	}
	text, err := r.text()
	if err != nil {
		return nil, err
	}
	if name == "string" {
		return text, nil
	}
	text = strings.TrimSpace(text)
	var v any
	switch name {
	case "nil":
		return nil, nil
	case "int", "i4", "i1", "i2":
		n, e := strconv.ParseInt(text, 10, 32)
		v, err = int32(n), e
	case "i8", "biginteger":
		v, err = strconv.ParseInt(text, 10, 64)
	case "double", "float", "bigdecimal":
		v, err = strconv.ParseFloat(text, 64)
	case "boolean":
		if v = text == "1"; text != "1" && text != "0" {
			err = strconv.ErrSyntax
		}
	case "base64":
		v, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	case "dateTime.iso8601", "dateTime":
		t, e := parseStamp(text)
		if e != nil {
			return text, nil // servers write many things there
		}
		return stamp(t), nil
	default:
		return nil, malformed("the type <%s> is not known", shorten(name))
	}
	if err != nil {
		return nil, malformed("%q is no %s", shorten(text), name)
	}
	return v, nil
}

func (r *reader) array(depth int) (any, error) {
	if err := r.want("data"); err != nil {
		return nil, err
	}
	all := []any{}
	for {
		e, err := r.next()
		if err != nil {
			return nil, err
		}
		if e == nil {
			return all, r.end()
		}
		if e.Name.Local != "value" {
			return nil, malformed("<%s> in an array", shorten(e.Name.Local))
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
}

func (r *reader) record(depth int) (any, error) {
	all := fields{}
	for {
		e, err := r.next()
		if err != nil || e == nil {
			return all, err
		}
		if e.Name.Local != "member" {
			return nil, malformed("<%s> in a struct", shorten(e.Name.Local))
		}
		if err := r.want("name"); err != nil {
			return nil, err
		}
		name, err := r.text()
		if err != nil {
			return nil, err
		}
		if err := r.want("value"); err != nil {
			return nil, err
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if err := r.end(); err != nil {
			return nil, err
		}
		all = append(all, member{name, v})
	}
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
