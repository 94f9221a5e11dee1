package web

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// maxChunkLine bounds the line before a chunk, with what servers add to it.
const maxChunkLine = 4 << 10

// A chunks reads a body that comes in chunks (RFC 9112, section 7.1).
type chunks struct {
	r        *bufio.Reader
	left     int64 // of this chunk
	begun    bool
	err      error
	trailers *Fields // filled in at the end
}

func (c *chunks) Read(p []byte) (int, error) {
	for c.err == nil && c.left == 0 {
		c.err = c.next()
	}
	if c.err != nil {
		return 0, c.err
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	c.err = err
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// next reads what stands between two chunks; io.EOF after the last.
func (c *chunks) next() error {
	room := maxChunkLine
	if c.begun {
		end, err := readLine(c.r, &room)
		if err != nil {
			return err
		}
		if end != "" {
			return fault.New(fault.Protocol, "a chunk is longer than announced")
		}
	}
	c.begun = true
	room = maxChunkLine
	line, err := readLine(c.r, &room)
	if room < 0 {
		return fault.New(fault.Limit, "the line before a chunk has more than %d KiB", maxChunkLine>>10)
	}
	if err != nil {
		return err
	}
	size, _, _ := strings.Cut(line, ";")
	size = strings.TrimRight(size, " \t")
	n, err := strconv.ParseUint(size, 16, 64)
	if err != nil || strings.Trim(size, "0123456789abcdefABCDEF") != "" || n > math.MaxInt64 {
		return fault.New(fault.Protocol, "%s is not the size of a chunk", brief(strconv.Quote(line)))
	}
	if c.left = int64(n); n > 0 {
		return nil
	}
	room = maxHead
	fields, err := readFields(nil, func() (string, error) { return readLine(c.r, &room) })
	if err != nil {
		return err
	}
	*c.trailers = fields
	return io.EOF
}
