package imap

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"wireline/protocols/fault"
)

// What a server may make us keep or follow.
const (
	mostLine = 1 << 20 // bytes of one line
	mostHeld = 8 << 20 // bytes of one response, with its literals
	mostDeep = 64      // parentheses within parentheses
)

// A reader cuts what the server says into responses (RFC 9051, section 7):
// a line, or several with literals between them. No byte is kept beyond the
// limits, however long the server says a literal is.
type reader struct {
	src  io.Reader
	br   *bufio.Reader
	most int // bytes of one line

	// stream has next stop at the literals that are items of a FETCH, so that
	// they can be read as they come.
	stream bool

	held  []byte // the response so far, if it is more than one line
	shape shape  // of the response so far
}

func newReader(src io.Reader, most int) *reader {
	return &reader{src: src, br: bufio.NewReaderSize(src, 64<<10), most: most}
}

// widen has more read at a time, for much that is to come.
func (r *reader) widen() {
	if r.br.Size() < widest && r.br.Buffered() == 0 {
		r.br = bufio.NewReaderSize(r.src, widest)
	}
}

const widest = 256 << 10

// A response is one of the server's, without its last CRLF. A literal in it
// stands as {n} CRLF and its bytes, or as a NUL if it was streamed. The text
// is valid until the reader is used again.
type response struct {
	text []byte
	body int64 // bytes of a literal to be read from the reader before more; -1: none
}

// next reads one response, or its beginning up to a literal that is streamed.
func (r *reader) next() (response, error) {
	r.held, r.shape = r.held[:0], shape{}
	return r.more()
}

// more goes on with a response after a literal that was streamed.
func (r *reader) more() (response, error) {
	for {
		line, err := r.line()
		if err != nil {
			return response{}, err
		}
		n, err := r.shape.line(line)
		if err != nil {
			return response{}, err
		}
		if n < 0 {
			if len(r.held) == 0 {
				return response{line, -1}, nil
			}
			if err := r.hold(line); err != nil {
				return response{}, err
			}
			return response{r.held, -1}, nil
		}
		if err := r.hold(line); err != nil {
			return response{}, err
		}
		if r.stream && r.shape.item {
			r.held = append(bytes.TrimSuffix(r.held[:bytes.LastIndexByte(r.held, '{')], []byte("~")), 0)
			return response{r.held, n}, nil
		}
		r.held = append(r.held, '\r', '\n')
		if err := r.literal(n); err != nil {
			return response{}, err
		}
	}
}

func (r *reader) hold(p []byte) error {
	if len(r.held)+len(p) > mostHeld {
		return fault.New(fault.Limit, "a response is longer than %d bytes", mostHeld)
	}
	r.held = append(r.held, p...)
	return nil
}

// literal adds n bytes to the response.
func (r *reader) literal(n int64) error {
	if n > int64(mostHeld-len(r.held)) {
		return fault.New(fault.Limit, "the server announces a literal of %d bytes where %d at most are taken", n, mostHeld)
	}
	for n > 0 {
		r.held = append(r.held, make([]byte, min(n, 32<<10))...)
		part := r.held[len(r.held)-int(min(n, 32<<10)):]
		if _, err := io.ReadFull(r.br, part); err != nil {
			return early(err)
		}
		n -= int64(len(part))
	}
	return nil
}

// line reads a line without its end.
func (r *reader) line() ([]byte, error) {
	p, err := r.br.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		long := bytes.Clone(p)
		for err == bufio.ErrBufferFull {
			if len(long) > r.most {
				break
			}
			p, err = r.br.ReadSlice('\n')
			long = append(long, p...)
		}
		p = long
	}
	if len(p) > r.most+2 {
		return nil, fault.New(fault.Limit, "a line is longer than %d bytes", r.most)
	}
	if err != nil {
		if err == io.EOF && len(p) == 0 && len(r.held) == 0 {
			return nil, io.EOF
		}
		return nil, early(err)
	}
	p = p[:len(p)-1]
	return bytes.TrimSuffix(p, []byte("\r")), nil
}

// early is the error for an end in the middle of a response.
func early(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.New(fault.Partial, "the server closed the connection in the middle of a response")
	}
	return err
}
