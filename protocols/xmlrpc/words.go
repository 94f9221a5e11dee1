package xmlrpc

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// valueOf is what a word means as an argument.
func valueOf(w string) (any, error) {
	kind, text, typed := strings.Cut(w, ":")
	switch {
	case w == "true" || w == "false":
		return w == "true", nil
	case w == "null":
		return nil, nil
	case strings.HasPrefix(w, "["), strings.HasPrefix(w, "{"):
		return fromJSON(w)
	case strings.HasPrefix(w, `"`) && strings.HasSuffix(w, `"`) && len(w) > 1:
		return fromJSON(w)
	case strings.HasPrefix(w, "@"):
		b, err := os.ReadFile(w[1:])
		if err != nil {
			return nil, fault.New(fault.ReadLocal, "cannot read %s: %v", w[1:], reason(err))
		}
		return b, nil
	case typed:
		if v, known, err := typedValue(kind, text); known || err != nil {
			return v, err
		}
	case number(w):
		return numberOf(w)
	}
	return w, nil
}

// typedValue is a word such as i8:41; known is false when kind is no type.
func typedValue(kind, text string) (v any, known bool, err error) {
	switch kind {
	case "s", "string":
		return text, true, nil
	case "int", "i4":
		n, err := strconv.ParseInt(text, 10, 32)
		return int32(n), true, wrong(err, kind, text)
	case "i8":
		n, err := strconv.ParseInt(text, 10, 64)
		return n, true, wrong(err, kind, text)
	case "double":
		f, err := strconv.ParseFloat(text, 64)
		return f, true, wrong(err, kind, text)
	case "boolean":
		b, err := strconv.ParseBool(text)
		return b, true, wrong(err, kind, text)
	case "base64":
		return []byte(text), true, nil
	case "dt":
		t, err := parseStamp(text)
		return stamp(t), true, wrong(err, kind, text)
	}
	return nil, false, nil
}

func wrong(err error, kind, text string) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.BadArgument, "%s:%s: %q is no %s", kind, text, text, kind)
}

// parseStamp reads the forms of ISO 8601 that are in use.
func parseStamp(text string) (time.Time, error) {
	for _, form := range []string{stampForm, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "20060102T150405", "20060102T15:04:05Z07:00", time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(form, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("not a time")
}

// number reports whether w looks like one.
func number(w string) bool {
	digits := strings.TrimLeft(w, "+-")
	if len(w)-len(digits) > 1 || digits == "" || strings.Trim(digits, "0123456789.eE+-") != "" || digits[0] < '0' || digits[0] > '9' {
		return false
	}
	_, err := strconv.ParseFloat(w, 64)
	return err == nil
}

func numberOf(w string) (any, error) {
	if strings.ContainsAny(w, ".eE") {
		return strconv.ParseFloat(w, 64)
	}
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || n > math.MaxInt32 || n < math.MinInt32 {
		return nil, fault.New(fault.BadArgument, "%s does not fit into an int of 32 bits", w).WithHint("i8:%s is one of 64 bits, s:%s a string", w, w)
	}
	return int32(n), nil
}

// fromJSON reads an array, a struct or a string.
func fromJSON(w string) (any, error) {
	d := json.NewDecoder(strings.NewReader(w))
	d.UseNumber()
	v, err := jsonValue(d, 0)
	if err == nil {
		if _, more := d.Token(); more != io.EOF {
			err = errors.New("something follows its end")
		}
	}
	var f *fault.Error
	switch {
	case err == nil:
		return v, nil
	case errors.As(err, &f):
		return nil, err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("it ends too early")
	}
	return nil, fault.New(fault.BadArgument, "%q is not JSON: %v", w, err).WithHint("s:%s is a string", w)
}

func jsonValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errors.New("too deep")
	}
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case json.Number:
		return numberOf(t.String())
	case json.Delim:
		if t == '{' {
			all := fields{}
			for d.More() {
				name, err := d.Token()
				if err != nil {
					return nil, err
				}
				v, err := jsonValue(d, depth+1)
				if err != nil {
					return nil, err
				}
				all = append(all, member{name.(string), v})
			}
			_, err := d.Token()
			return all, err
		}
		all := []any{}
		for d.More() {
			v, err := jsonValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		_, err := d.Token()
		return all, err
	default:
		return t, nil
	}
}

// reason is the error of a file without the name of the system call.
func reason(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
