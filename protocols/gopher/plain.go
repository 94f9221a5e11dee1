package gopher

import (
	"bufio"
	"bytes"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rows is a verb.Stream of the lines of a menu that can also write itself as
// text, without taking most lines apart. A nil yield asks it for texts instead
// of rows.
type Rows func(yield func(Row, error) bool)

// Text writes the menu as lines for people.
func (all Rows) Text(w io.Writer) (err error) {
	all(nil)
	all(func(r Row, e error) bool {
		switch {
		case e != nil:
			err = e
		case r.text != nil:
			_, err = w.Write(r.text)
		default:
			_, err = io.WriteString(w, r.String()+"\n")
		}
		return err == nil
	})
	return err
}

// texts gives as many lines as are at hand as one Row that is nothing but
// their text.
func (l *listing) texts(yield func(Row, error) bool) {
	defer l.from.Close()
	l.menu.brief = true
	l.in = bufio.NewReaderSize(l.in, wide)
	out := make([]byte, 0, wide)
	lines, end, err := append(l.first, '\n'), false, error(nil)
	for {
		if out, end = l.add(out[:0], lines); len(out) > 0 && !yield(Row{text: out}, nil) {
			return
		}
		if !end {
			lines, err = l.hand()
		}
		if end || err != nil {
			if err = l.over(err); err != nil {
				yield(Row{}, err)
			}
			return
		}
	}
}

// hand is the whole lines that are at hand, with their ends. It waits for one.
func (l *listing) hand() ([]byte, error) {
	if _, err := l.in.Peek(1); err == nil {
		p, _ := l.in.Peek(l.in.Buffered())
		if n := bytes.LastIndexByte(p, '\n') + 1; n > 0 {
			l.in.Discard(n)
			return p[:n], nil
		}
	}
	line, err := l.line()
	return append(bytes.Clone(line), '\n'), err
}

// add adds the texts of lines to out, and reports whether the end mark was
// among them.
func (l *listing) add(out, lines []byte) (_ []byte, end bool) {
	easy := l.rows.easy(lines)
	for len(lines) > 0 {
		if easy {
			n := 0
			if out, n, easy = l.run(out, lines); n > 0 {
				lines = lines[n:]
				continue
			}
		}
		n := bytes.IndexByte(lines, '\n')
		line := lines[:n]
		if lines = lines[n+1:]; n >= block {
			line = tooLong(line)
		} else if n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if string(line) == "." {
			return out, true
		}
		out = l.text(out, line)
	}
	return out, false
}

// text adds the text of a line to out. An ordinary line is not taken apart.
func (l *listing) text(out, line []byte) []byte {
	next, before := l.rows.number+1, l.rows.before
	more, ok := l.rows.plain(out, line)
	if ok {
		l.sound++
	} else {
		row := l.rows.row(line)
		if row.Broken == "" {
			l.sound++
		}
		more = append(out, row.String()...)
	}
	l.menu.items = l.rows.number
	l.menu.add(line, next, before)
	return append(more, '\n')
}

// run is text for as many of the first lines as are ordinary items at the
// server that the menu came from, which most are, and tells how many bytes
// those were. It is for lines that are easy, and as long as sure.
func (l *listing) run(out, lines []byte) (_ []byte, n int, sure bool) {
	r, was, count := &l.rows, len(out), 0
	number, before := r.number, r.before
	for {
		rest := lines[n:]
		end := bytes.IndexByte(rest, '\n') + 1
		if end <= len(r.tail) || end > block || string(rest[end-len(r.tail):end]) != string(r.tail) {
			break
		}
		i := bytes.IndexByte(rest, '\t')
		if kind := rest[0]; i < 2 || i+1 > end-len(r.tail) || rest[i-1] == ' ' || kind == 'i' || !ordinary(kind) {
			break
		}
		n, count = n+end, count+1
		r.number, r.before = r.number+1, rest[0]
		out = append(append(append(out, r.head.of(r.number, r.before)...), rest[1:i]...), '\n')
	}
	// Each of the lines has three tabs and a CR that were seen. Are there more?
	if bytes.Count(lines[:n], tab) != 3*count || bytes.Count(lines[:n], cr) != count {
		r.number, r.before = number, before
		return out[:was], 0, false
	}
	for rest := lines[:n]; len(rest) > 0 && !l.menu.full; {
		end := bytes.IndexByte(rest, '\n') + 1
		number++
		l.menu.add(rest[:end-2], number, before)
		before, rest = rest[0], rest[end:]
	}
	l.sound += count
	l.menu.items = r.number
	return out, n, true
}

var cr = []byte("\r")

// plain adds the text of an ordinary item or of info to b, as Row.String would
// have it. It does not know any other line.
func (r *reader) plain(b, line []byte) (text []byte, ok bool) {
	if r.long || r.place.Local || len(line) == 0 || !ordinary(line[0]) {
		return nil, false
	}
	name, rest, some := bytes.Cut(line[1:], tab)
	if !utf8.Valid(name) || r.encoding == latin1 || r.encoding == cp437 || bytes.IndexByte(line, '\r') >= 0 {
		return nil, false
	}
	if line[0] == 'i' {
		if name = bytes.TrimRight(name, " "); len(name) > 0 {
			b = append(append(b, spaces[:13]...), name...)
		}
		return b, true
	}
	selector, rest, all := bytes.Cut(rest, tab)
	host, rest, ported := bytes.Cut(rest, tab)
	digits, _, _ := bytes.Cut(rest, tab)
	port, good := decimal(digits)
	away, sure := r.away(host, port)
	if !some || !all || !ported || !good || bytes.IndexByte(selector, 0) >= 0 || !sure {
		return nil, false
	}
	r.number, r.before = r.number+1, line[0]
	b = append(append(b, r.head.of(r.number, r.before)...), name...)
	if away {
		b = strconv.AppendInt(append(append(append(b, "  ("...), host...), ':'), int64(port), 10)
		return append(b, ')'), true
	}
	return bytes.TrimRight(b, " "), true
}

// ordinary reports whether all of an item of type t is what its line says.
func ordinary(t byte) bool { return known(t) && t != '+' && t != '3' && t != 'h' }

// easy reports whether some lines are in UTF-8, have no NUL, and are shown as
// usual, which run wants to know.
func (r *reader) easy(lines []byte) bool {
	if r.tail == nil {
		r.tail = []byte("\t" + r.place.Host + "\t" + strconv.Itoa(r.place.Port) + "\r\n")
	}
	return !r.long && !r.place.Local && r.place.Host != "" && r.encoding != latin1 && r.encoding != cp437 && bytes.IndexByte(lines, 0) < 0 && utf8.Valid(lines)
}

// A head is what stands before the name of an item: its number and its kind.
// Mostly the one is the next, and the other the same.
type head struct {
	text     [64]byte
	from, to int // of text
	first    int // of the digits, which end at ones
	number   int
	kind     byte
}

const ones = 24

// of is the head of an item. It is valid until the next call.
func (h *head) of(n int, kind byte) []byte {
	if h.to == 0 || kind != h.kind {
		word := classes[kind].word
		h.kind, h.to = kind, len(append(append(append(h.text[:ones], ' '), word...), blanks(8-len(word))...))
	}
	if i := ones - 1; n != h.number+1 || n == 1 {
		h.first = ones - len(strconv.Itoa(n))
		copy(h.text[:], spaces[:ones])
		copy(h.text[h.first:], strconv.Itoa(n))
	} else {
		for ; i >= h.first && h.text[i] == '9'; i-- {
			h.text[i] = '0'
		}
		if i < h.first {
			h.first--
			h.text[i] = '0'
		}
		h.text[i]++
	}
	h.number, h.from = n, min(h.first, ones-4)
	return h.text[h.from:h.to]
}

var tab = []byte("\t")

// away reports whether an item is on another server than the menu, as far as
// that is sure by a look at its name.
func (r *reader) away(host []byte, port int) (away, sure bool) {
	if port == r.place.Port && string(host) == r.place.Host {
		return false, len(host) > 0
	}
	for _, c := range host {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-' {
			return false, false
		}
	}
	if len(host) == 0 || port == r.place.Port && (len(host) == len(r.place.Host) || isLoopback(string(host))) || r.place.via != "" && isLoopback(string(host)) {
		return false, false
	}
	return true, r.place.via == "" || !strings.HasPrefix(r.place.via, string(host))
}

// decimal is a port in digits.
func decimal(digits []byte) (n int, ok bool) {
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(digits) > 0 && len(digits) < 6 && n > 0 && n < 1<<16
}
