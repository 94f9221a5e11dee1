package xmlrpc

import (
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// The values of XML-RPC are these of Go: int32 and int64, float64, bool,
// string, []byte, stamp, nil, []any and fields.

// A stamp is a dateTime.iso8601, which has no time zone.
type stamp time.Time

const stampForm = "20060102T15:04:05"

// fields are the members of a struct, in their order.
type fields []member

type member struct {
	name  string
	value any
}

// appendValue writes v as Python's xmlrpc.client does, byte for byte.
func appendValue(b *strings.Builder, v any) error {
	tag := func(name, text string) { b.WriteString("<value><" + name + ">" + text + "</" + name + "></value>\n") }
	switch v := v.(type) {
	case nil:
		b.WriteString("<value><nil/></value>")
	case int32:
		tag("int", strconv.Itoa(int(v)))
	case int64:
		tag("i8", strconv.FormatInt(v, 10))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fault.New(fault.BadArgument, "%v has no form in XML-RPC", v)
		}
		tag("double", double(v))
	case bool:
		tag("boolean", map[bool]string{true: "1", false: "0"}[v])
	case string:
		text, err := escape(v)
		if err != nil {
			return err
		}
		tag("string", text)
	case []byte:
		b.WriteString("<value><base64>\n")
		for text := base64.StdEncoding.EncodeToString(v); text != ""; {
			n := min(76, len(text))
			b.WriteString(text[:n] + "\n")
			text = text[n:]
		}
		b.WriteString("</base64></value>\n")
	case stamp:
		tag("dateTime.iso8601", time.Time(v).Format(stampForm))
	case []any:
		b.WriteString("<value><array><data>\n")
		for _, x := range v {
			if err := appendValue(b, x); err != nil {
				return err
			}
		}
		b.WriteString("</data></array></value>\n")
	case fields:
		return appendFields(b, v)
	default:
		return fault.New(fault.Internal, "a %T has no form in XML-RPC", v)
	}
	return nil
}

func appendFields(b *strings.Builder, all fields) error {
	b.WriteString("<value><struct>\n")
	for _, m := range all {
		name, err := escape(m.name)
		if err != nil {
			return err
		}
		b.WriteString("<member>\n<name>" + name + "</name>\n")
		if err := appendValue(b, m.value); err != nil {
			return err
		}
		b.WriteString("</member>\n")
	}
	b.WriteString("</struct></value>\n")
	return nil
}

// double is v as Python's repr has it.
func double(v float64) string {
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// escape is s within an element. XML has no form for most control characters.
func escape(s string) (string, error) {
	for i, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff {
			return "", fault.New(fault.BadArgument, "byte %d is %U, which XML cannot hold", i+1, r).WithHint("base64:TEXT or @FILE sends bytes")
		}
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;").Replace(strings.ToValidUTF8(s, "\ufffd")), nil
}

// call is the XML of a call.
func call(method string, args []any) (string, error) {
	name, err := escape(method)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version='1.0'?>\n<methodCall>\n<methodName>%s</methodName>\n<params>\n", name)
	for _, v := range args {
		b.WriteString("<param>\n")
		if err := appendValue(&b, v); err != nil {
			return "", err
		}
		b.WriteString("</param>\n")
	}
	b.WriteString("</params>\n</methodCall>\n")
	return b.String(), nil
}

// plain is v as other programs know it: structs are maps, and times text.
func plain(v any) any {
	switch v := v.(type) {
	case int32:
		return int64(v)
	case stamp:
		return time.Time(v).Format("2006-01-02T15:04:05")
	case []any:
		all := make([]any, len(v))
		for i, x := range v {
			all[i] = plain(x)
		}
		return all
	case fields:
		all := map[string]any{}
		for _, m := range v {
			all[m.name] = plain(m.value)
		}
		return all
	default:
		return v
	}
}
