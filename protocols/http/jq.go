package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/itchyny/gojq"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

// maxLaid is how much of a body is laid out at once, and how long a value may be.
const maxLaid = 64 << 20

func isJSON(ctype string) bool {
	t := mediaType(ctype)
	return t == "application/json" || strings.HasSuffix(t, "+json")
}

// pretty lays out JSON; what is none, or too long, stays as it is.
func pretty(body io.Reader, u *url.URL) (string, error) {
	text, err := io.ReadAll(io.LimitReader(body, maxLaid+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxLaid {
		return "", web.Locate(fault.New(fault.TooLarge, "a body of more than %d MiB is not laid out", maxLaid>>20), u)
	}
	var b bytes.Buffer
	if json.Indent(&b, text, "", "  ") != nil {
		return string(text), nil
	}
	return strings.TrimSuffix(b.String(), "\n") + "\n", nil
}

// A filter is what a jq expression makes of each JSON value of a body, a
// line for each result; text without its quotes.
type filter struct {
	ctx  context.Context
	body io.ReadCloser
	most int // bytes of a value
	left int // of those of the current one
	in   *json.Decoder
	code *gojq.Code
	url  *url.URL
	now  gojq.Iter // the results of the current value
	out  []byte
	err  error
}

func jq(ctx context.Context, body io.ReadCloser, text string, u *url.URL) (io.ReadCloser, error) {
	code, err := compile(text)
	if err != nil {
		return nil, err
	}
	f := &filter{ctx: ctx, body: body, code: code, url: u, most: maxLaid}
	f.in = json.NewDecoder(source{f})
	f.in.UseNumber()
	return f, nil
}

// A source is what the values are read from.
type source struct{ f *filter }

func (s source) Read(p []byte) (int, error) {
	if s.f.left <= 0 {
		return 0, web.Locate(fault.New(fault.TooLarge, "a JSON value of more than %d KiB", s.f.most>>10), s.f.url)
	}
	n, err := s.f.body.Read(p)
	s.f.left -= n
	return n, err
}

func compile(text string) (*gojq.Code, error) {
	q, err := gojq.Parse(text)
	if err != nil {
		return nil, fault.New(fault.Usage, "--jq %s: %v", text, err)
	}
	code, err := gojq.Compile(q)
	if err != nil {
		return nil, fault.New(fault.Usage, "--jq %s: %v", text, err)
	}
	return code, nil
}

func (f *filter) Read(p []byte) (int, error) {
	for len(f.out) == 0 && f.err == nil {
		f.err = f.next()
	}
	n := copy(p, f.out)
	if f.out = f.out[n:]; n == 0 && len(p) > 0 {
		return 0, f.err
	}
	return n, nil
}

// next makes one more line.
func (f *filter) next() error {
	if f.now == nil {
		var v any
		f.left = f.most
		if err := f.in.Decode(&v); err != nil {
			return f.explain(err)
		}
		f.now = f.code.RunWithContext(f.ctx, v)
	}
	v, ok := f.now.Next()
	if !ok {
		f.now = nil
		return nil
	}
	var halt *gojq.HaltError
	switch v := v.(type) {
	case error:
		if ended := web.Ended(f.ctx); ended != nil {
			return web.Locate(ended, f.url)
		}
		if errors.As(v, &halt) && halt.Value() == nil {
			return io.EOF
		}
		return web.Locate(fault.New(fault.Refused, "--jq: %s", web.Cut(v.Error(), 200)), f.url)
	case string:
		f.out = []byte(v + "\n")
	default:
		text, err := gojq.Marshal(v)
		if err != nil {
			return fault.New(fault.Internal, "--jq: %w", err)
		}
		f.out = append(text, '\n')
	}
	return nil
}

func (f *filter) explain(err error) error {
	var own *fault.Error
	switch {
	case err == io.EOF:
		return err
	case errors.As(err, &own):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return web.Locate(fault.New(fault.Protocol, "the JSON ends too early"), f.url)
	}
	return web.Locate(fault.New(fault.Protocol, "the body is not JSON: %s", web.Cut(err.Error(), 200)), f.url)
}

func (f *filter) Close() error { return f.body.Close() }
