package render

import (
	"bytes"
	"io"
	"strings"

	"wireline/protocols/verb"
)

// showView shows b to a person: part by part if it has parts, each laid out
// as its type asks. A part that fails does not keep the others back.
func showView(out *output, o Options, b *verb.Blob) error {
	v, ok := b.ReadCloser.(verb.Viewer)
	if !ok {
		return showText(out, o, b)
	}
	var first error
	for out.err == nil {
		part, err := v.View()
		if part != nil && err == nil {
			err = showText(out, o, part)
		}
		if first == nil {
			first = err
		}
		if part == nil {
			break
		}
	}
	return first
}

// layout is a writer that lays out text of a media type on its way to w, or w
// itself where that has no layout.
func (o Options) layout(w io.Writer, mediaType string) io.Writer {
	t, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	switch t = strings.TrimSpace(t); {
	case t == "application/json", strings.HasSuffix(t, "+json"):
		return &jsonLayout{w: w, o: o}
	case t == "message/http":
		return &headLayout{w: w, o: o}
	}
	return w
}

// A headLayout paints the heads of requests and responses (RFC 9112, section
// 2.1). It is given clean text.
type headLayout struct {
	w     io.Writer
	o     Options
	line  []byte
	later bool // the start line has gone by
}

func (h *headLayout) Write(p []byte) (int, error) {
	h.line = append(h.line, p...)
	for {
		line, rest, found := bytes.Cut(h.line, []byte("\n"))
		if !found {
			return len(p), nil
		}
		if _, err := io.WriteString(h.w, h.paint(string(line))+"\n"); err != nil {
			return 0, err
		}
		h.line = rest
	}
}

// end writes a line that has no end.
func (h *headLayout) end() error {
	if len(h.line) == 0 {
		return nil
	}
	_, err := h.Write([]byte("\n"))
	return err
}

func (h *headLayout) paint(line string) string {
	name, value, field := strings.Cut(line, ":")
	switch {
	case line == "":
		h.later = false
	case !h.later:
		h.later = true
		return h.o.paint(statusRole(line), line)
	case field:
		return h.o.paint(key, name) + ":" + value
	}
	return line
}

// statusRole is the role of a status line by its class, or of a request line.
func statusRole(line string) role {
	version, code, _ := strings.Cut(line, " ")
	if !strings.HasPrefix(version, "HTTP/") || code == "" {
		return heading
	}
	switch code[0] {
	case '1', '2':
		return good
	case '3':
		return moved
	}
	return bad
}
