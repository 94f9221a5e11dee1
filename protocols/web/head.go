package web

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"

	"wireline/protocols/fault"
)

// usual is how many headers most responses have.
const usual = 8

// A head is what comes before the body of a response.
type head struct {
	version string // "HTTP/1.1"
	code    int
	text    string
	fields  Fields
}

// lines are those of a head.
type lines struct {
	r    *bufio.Reader
	left *int   // how many bytes more they may have
	text string // those that are read and not taken
}

// next is the next line, without its end. A head that is there already is
// read as one.
func (l *lines) next() (string, error) {
	if l.text == "" {
		b, _ := l.r.Peek(min(l.r.Buffered(), *l.left))
		n := headEnd(b)
		if n == 0 {
			return readLine(l.r, l.left)
		}
		l.text = string(b[:n])
		*l.left -= n
		_, _ = l.r.Discard(n)
	}
	line, rest, _ := strings.Cut(l.text, "\n")
	l.text = rest
	return strings.TrimSuffix(line, "\r"), nil
}

// headEnd is where the empty line ends that ends a head, or 0 if b has none.
func headEnd(b []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(b[at:], '\n') + 1
		if n == 0 {
			return 0
		}
		if n == 1 || n == 2 && b[at] == '\r' {
			return at + n
		}
		at += n
	}
}

// readHead reads a status line and the headers (RFC 9112, sections 4 and 5).
// left is how many bytes they may have; it is counted down. The headers are
// appended to room.
func readHead(r *bufio.Reader, left *int, room Fields) (head, error) {
	var h head
	first, err := r.Peek(5)
	if len(first) == 0 {
		return h, err
	}
	broken := err // which the reader tells but once
	if !strings.HasPrefix("HTTP/", string(first[:min(5, len(first))])) {
		line, _ := r.Peek(min(80, r.Buffered()))
		line, _, _ = bytes.Cut(line, []byte("\n"))
		return h, fault.New(fault.Protocol, "no HTTP response: it begins with %s", brief(strconv.Quote(string(line))))
	}
	if broken == io.EOF {
		broken = io.ErrUnexpectedEOF
	}
	if broken != nil {
		return h, broken
	}
	all := lines{r: r, left: left}
	line, err := all.next()
	if err != nil {
		return h, err
	}
	if err := h.status(line); err != nil {
		return h, err
	}
	h.fields, err = readFields(room, all.next)
	return h, err
}

// status reads a status line.
func (h *head) status(line string) error {
	bad := func() error {
		return fault.New(fault.Protocol, "no HTTP response: %s is not a status line", brief(strconv.Quote(line)))
	}
	version, rest, _ := strings.Cut(line, " ")
	code, text, _ := strings.Cut(rest, " ")
	if len(version) != len("HTTP/1.1") || version[6] != '.' || !digits(version[5:6]) || !digits(version[7:]) || len(code) != 3 || !digits(code) {
		return bad()
	}
	if version[5] != '1' {
		return fault.New(fault.Protocol, "no HTTP response: the version is %s", version)
	}
	if h.code, _ = strconv.Atoi(code); h.code < 100 {
		return bad()
	}
	h.version, h.text = version, text
	return nil
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// readFields reads headers, or trailers, up to the empty line, and appends them
// to all.
func readFields(all Fields, next func() (string, error)) (Fields, error) {
	all = slices.Grow(all, usual)
	for {
		line, err := next()
		if err != nil {
			return nil, err
		}
		if line == "" {
			return all, nil
		}
		if len(all) == maxFields {
			return nil, fault.New(fault.Limit, "more than %d headers", maxFields)
		}
		name, value, found := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		switch {
		case line[0] == ' ' || line[0] == '\t':
			return nil, fault.New(fault.Protocol, "no HTTP response: a header goes on in a second line")
		case !found || !httpguts.ValidHeaderFieldName(name):
			return nil, fault.New(fault.Protocol, "no HTTP response: %s is not a header", brief(strconv.Quote(line)))
		case strings.ContainsAny(value, "\r\x00"):
			return nil, fault.New(fault.Protocol, "no HTTP response: header %s has a control character in it", brief(name))
		}
		all = append(all, Field{name, value})
	}
}

// readLine reads to the end of a line, which it leaves out.
func readLine(r *bufio.Reader, left *int) (string, error) {
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		if *left -= len(part); *left < 0 {
			return "", fault.New(fault.Limit, "headers of more than %d KiB", maxHead>>10)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, part...)
			continue
		}
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return "", err
		}
		if long != nil {
			part = append(long, part...)
		}
		return strings.TrimSuffix(string(part[:len(part)-1]), "\r"), nil
	}
}
