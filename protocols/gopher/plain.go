package gopher

import (
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
	out := make([]byte, 0, block)
	for {
		line, err := l.next()
		if err != nil || string(line) == "." {
			if len(out) > 0 && !yield(Row{text: out}, nil) {
				return
			}
			if err = l.over(err); err != nil {
				yield(Row{}, err)
			}
			return
		}
		out = l.text(out, line)
		if len(out) > block/2 || l.in.Buffered() == 0 {
			if !yield(Row{text: out}, nil) {
				return
			}
			out = out[:0]
		}
	}
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

// plain adds the text of an ordinary item or of info to b, as Row.String would
// have it. It does not know any other line.
func (r *reader) plain(b, line []byte) (text []byte, ok bool) {
	if r.long || r.place.Local || len(line) == 0 || line[0] == '+' || line[0] == '3' || line[0] == 'h' || !known(line[0]) {
		return nil, false
	}
	if more, ok := r.here(b, line); ok {
		return more, true
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
	b = append(r.begin(b), name...)
	if away {
		b = strconv.AppendInt(append(append(append(b, "  ("...), host...), ':'), int64(port), 10)
		return append(b, ')'), true
	}
	return bytes.TrimRight(b, " "), true
}

// here is plain for an item at the server that the menu came from, which most
// are.
func (r *reader) here(b, line []byte) (text []byte, ok bool) {
	if r.tail == nil {
		r.tail = []byte("\t" + r.place.Host + "\t" + strconv.Itoa(r.place.Port))
	}
	i := bytes.IndexByte(line, '\t')
	if i < 2 || line[0] == 'i' || line[i-1] == ' ' || r.encoding == latin1 || r.encoding == cp437 {
		return nil, false
	}
	name := line[1:i]
	selector, ends := bytes.CutSuffix(line[i:], r.tail)
	if !ends || len(selector) == 0 || r.place.Host == "" || !utf8.Valid(name) || bytes.IndexByte(name, '\r') >= 0 {
		return nil, false
	}
	for _, c := range selector[1:] {
		if c < ' ' {
			return nil, false
		}
	}
	r.number, r.before = r.number+1, line[0]
	return append(r.begin(b), name...), true
}

// begin adds what stands before the name of the item that was counted last.
func (r *reader) begin(b []byte) []byte {
	n := r.counter.text(r.number)
	b = append(append(append(b, blanks(4-len(n))...), n...), ' ')
	word := classes[r.before].word
	return append(append(b, word...), blanks(8-len(word))...)
}

// A counter writes numbers that mostly come one after the other.
type counter struct {
	digits [20]byte
	from   int // of digits
	number int // that they are
}

// text is a number in digits. It is valid until the next call.
func (c *counter) text(n int) []byte {
	if c.number != n-1 || c.number == 0 {
		d := strconv.AppendInt(c.digits[:0], int64(n), 10)
		c.from, c.number = len(c.digits)-len(d), n
		copy(c.digits[c.from:], d)
		return c.digits[c.from:]
	}
	c.number = n
	i := len(c.digits) - 1
	for ; i >= c.from && c.digits[i] == '9'; i-- {
		c.digits[i] = '0'
	}
	if i < c.from {
		c.from--
		c.digits[i] = '0'
	}
	c.digits[i]++
	return c.digits[c.from:]
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
