package mail

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// Bounds on the parts of one message.
const (
	mostDepth = 64
	mostParts = 1000
)

// A Reader takes a message apart, in one pass and in memory that does not
// depend on the size of the message.
type Reader struct {
	in      *bufio.Reader
	levels  []level // the multiparts that are open, the outermost first
	at      *Entity // whose body is being read
	parts   int
	begun   bool
	edge    int    // the level whose boundary came last; -1 for none
	closing bool   // that boundary was the last of its level
	eol     string // of the line before, not yet given out
	begins  bool   // what is read next begins a line
	room    []byte // for a line
	held    []byte // what is left of it
	trouble string
}

type level struct {
	boundary string
	number   string // of its parts, before their own
	next     int

	alternative bool // the parts are several forms of the same
}

// NewReader reads a message, as RFC 5322 has it, from r.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 64<<10), edge: -1, begins: true}
}

// Trouble tells what kept the reader from showing all, or is "".
func (r *Reader) Trouble() string { return r.trouble }

// An Entity is a message, or a part of one.
type Entity struct {
	Part
	Header    *Header
	Multipart bool // what follows are its parts
	Message   bool // it is the whole

	r    *Reader
	done bool
}

// Next goes on to the next part, past what is left of the one before. The
// first is the message itself. The end is io.EOF.
func (r *Reader) Next() (*Entity, error) {
	if !r.begun {
		r.begun = true
		return r.entity("")
	}
	if r.at != nil {
		if _, err := io.Copy(io.Discard, raw{r.at}); err != nil {
			return nil, err
		}
	}
	for {
		if r.edge < 0 {
			return nil, io.EOF
		}
		r.levels = r.levels[:r.edge+1]
		if !r.closing {
			break
		}
		// Behind the last part of a multipart, and before the next of what it
		// is in, is nothing for anybody.
		r.levels, r.edge = r.levels[:r.edge], -1
		if err := r.skip(); err != nil {
			return nil, err
		}
	}
	if r.parts++; r.parts >= mostParts {
		r.trouble = "the message has more than " + strconv.Itoa(mostParts) + " parts; the rest is not looked at"
		return nil, io.EOF
	}
	l := &r.levels[r.edge]
	l.next++
	return r.entity(l.number + strconv.Itoa(l.next))
}

// skip reads up to the next boundary.
func (r *Reader) skip() error {
	e := &Entity{r: r}
	r.at = e
	_, err := io.Copy(io.Discard, raw{e})
	return err
}

// entity reads a header and what it says of the part.
func (r *Reader) entity(number string) (*Entity, error) {
	block, err := readBlock(r.in)
	e := &Entity{r: r, Message: number == ""}
	if errors.Is(err, errLongHeader) {
		r.trouble, err = "a header is longer than 1 MiB; what follows it is not looked at", nil
		e.Header = &Header{}
	} else {
		e.Header = ParseHeader(block)
	}
	if err != nil {
		return nil, err
	}
	r.at, r.begins, r.eol, r.edge = e, true, "", -1
	typ, params := e.describe()
	e.Number = number
	boundary := params["boundary"]
	switch {
	case !strings.HasPrefix(typ, "multipart/") || boundary == "":
		if number == "" {
			e.Number = "1"
		}
		return e, nil
	case len(r.levels) >= mostDepth:
		r.trouble = "multiparts are nested more than " + strconv.Itoa(mostDepth) + " deep; the innermost is not looked into"
		return e, nil
	}
	if number != "" {
		number += "."
	}
	r.levels = append(r.levels, level{boundary: boundary, number: number, alternative: typ == "multipart/alternative"})
	e.Multipart = true
	return e, nil
}

// raw is the body of an entity as it came.
type raw struct{ e *Entity }

func (b raw) Read(p []byte) (int, error) {
	if b.e.done || b.e.r.at != b.e {
		return 0, io.EOF
	}
	n, err := b.e.r.body(p)
	b.e.Size += int64(n)
	b.e.done = err == io.EOF
	return n, err
}

// body reads what comes before the next boundary.
func (r *Reader) body(p []byte) (int, error) {
	for len(r.held) == 0 {
		piece, err := r.in.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			err = nil
		}
		if len(piece) == 0 {
			if err == io.EOF && r.eol != "" {
				r.held, r.eol = append(r.room[:0], r.eol...), ""
				break
			}
			return 0, err
		}
		if err != nil && err != io.EOF {
			return 0, err
		}
		if r.begins && r.boundary(piece) {
			r.eol = "" // it belongs to the boundary
			return 0, io.EOF
		}
		text, eol := cutLine(piece)
		r.room = append(append(r.room[:0], r.eol...), text...)
		r.held, r.eol, r.begins = r.room, eol, eol != ""
	}
	n := copy(p, r.held)
	r.held = r.held[n:]
	return n, nil
}

// cutLine takes the end off a line.
func cutLine(line []byte) (text []byte, eol string) {
	switch {
	case bytes.HasSuffix(line, []byte("\r\n")):
		return line[:len(line)-2], "\r\n"
	case bytes.HasSuffix(line, []byte("\n")):
		return line[:len(line)-1], "\n"
	}
	return line, ""
}

// boundary reports whether a line is a boundary of a multipart that is open,
// and notes of which.
func (r *Reader) boundary(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("--")) {
		return false
	}
	text := string(bytes.TrimRight(line[2:], " \t\r\n"))
	for i := len(r.levels) - 1; i >= 0; i-- {
		b := r.levels[i].boundary
		if text == b || text == b+"--" {
			r.edge, r.closing = i, text != b
			return true
		}
	}
	return false
}

// Find goes on to the part of that number.
func (r *Reader) Find(number string) (*Entity, error) {
	for {
		e, err := r.Next()
		switch {
		case err == io.EOF:
			return nil, fault.New(fault.NotFound, "the message has no part %s", number).WithHint("parts lists them")
		case err != nil:
			return nil, err
		case e.Number == number && e.Multipart:
			return nil, fault.New(fault.NotFound, "part %s is a %s; it is made of %s.1 and so on", number, e.Type, number)
		case e.Number == number && number != "":
			return e, nil
		}
	}
}

// PartsOf lists the parts of a message, but for those that are only made of
// others. Each comes when its end has been read.
func PartsOf(in io.Reader) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		r := NewReader(in)
		for {
			e, err := r.Next()
			if err == io.EOF {
				if r.trouble != "" {
					yield(Part{}, fault.New(fault.Limit, "%s", r.trouble))
				}
				return
			}
			if err == nil && e.Multipart {
				continue
			}
			if err == nil {
				_, err = io.Copy(io.Discard, e.Raw())
			}
			if err != nil {
				yield(Part{}, err)
				return
			}
			if !yield(e.Part, nil) {
				return
			}
		}
	}
}
