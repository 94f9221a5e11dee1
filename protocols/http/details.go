package http

import (
	"encoding/json"
	"io"
	"strings"

	"wireline/protocols/web"
)

// Details are what JSON says of an exchange beside what it says of every
// command.
type Details struct {
	URL     string            `json:"url,omitempty"`     // of the response, after redirects
	Version string            `json:"version,omitempty"` // of HTTP
	Headers map[string]string `json:"headers,omitempty"` // by name in lower case; several of one name are joined
	Hops    []Hop             `json:"hops,omitempty"`    // the redirects before the response
}

// Details tells of the last exchange.
func (s *Session) Details() any {
	if s.last == nil {
		return nil
	}
	return Details{s.last.URL, s.last.Version, byName(s.last.Headers), s.last.Hops}
}

// byName are headers by their names, with the cookies that are set left out
// but for their names.
func byName(all web.Fields) map[string]string {
	m := map[string]string{}
	for _, f := range all {
		name, value := strings.ToLower(f.Name), f.Value
		if web.Secret(name) {
			value, _, _ = strings.Cut(value, "=")
			value += "=***"
		}
		if old, there := m[name]; there {
			value = old + ", " + value
		}
		m[name] = value
	}
	return m
}

// Witness is a field of the last exchange: status, header.NAME, body, or what
// a jq expression that begins with a dot makes of the body.
func (s *Session) Witness(field string) (any, bool) {
	if s.last == nil {
		return nil, false
	}
	name, header := strings.CutPrefix(field, "header.")
	switch {
	case field == "status":
		return float64(s.last.Code), true
	case header:
		all := web.Fields(s.last.Headers)
		return strings.Join(all.Values(name), ", "), all.Has(name)
	case s.sample == nil || !s.sample.whole:
		return nil, false
	case field == "body":
		return string(s.sample.text), true
	case strings.HasPrefix(field, "."):
		return pick(s.sample.text, field)
	}
	return nil, false
}

// pick is the first value that a jq expression makes of JSON.
func pick(text []byte, expression string) (any, bool) {
	code, err := compile(expression)
	if err != nil {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	first, ok := code.Run(v).Next()
	if _, failed := first.(error); !ok || failed {
		return nil, false
	}
	return simple(first), true
}

// simple is v with the types that encoding/json gives.
func simple(v any) any {
	text, err := json.Marshal(v)
	var plain any
	if err != nil || json.Unmarshal(text, &plain) != nil {
		return nil
	}
	return plain
}

// maxSample is how much of a body is kept for assert.
const maxSample = 1 << 20

// A sample is the body that was shown last.
type sample struct {
	text  []byte
	whole bool
}

// A sampled body is kept while it is read, unless it is too long.
type sampled struct {
	io.ReadCloser
	of   *sample
	over bool // it was too long
}

func (b *sampled) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.over = b.over || len(b.of.text)+n > maxSample; b.over {
		b.of.text, b.of.whole = nil, false
	} else {
		b.of.text = append(b.of.text, p[:n]...)
		b.of.whole = err == io.EOF
	}
	return n, err
}

// WriteTo hands what is too long to be kept to the body's own way to move.
func (b *sampled) WriteTo(w io.Writer) (total int64, err error) {
	room := make([]byte, 32<<10)
	for !b.over {
		n, rerr := b.Read(room)
		m, werr := w.Write(room[:n])
		if total += int64(m); werr != nil {
			return total, werr
		}
		if rerr == io.EOF {
			return total, nil
		}
		if rerr != nil {
			return total, rerr
		}
	}
	m, err := io.Copy(w, b.ReadCloser)
	return total + m, err
}
