package nntp

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// A joiner makes a file of articles that have it, or one part of it each, in
// yEnc or uuencoded.
type joiner struct {
	s     *Session
	ctx   context.Context
	group *Group // nil for message-ids
	next  func() (string, bool)
	stop  func()

	b     *block // the body that is read; nil between articles
	quiet func() // ends the watch over it
	parts int    // articles

	name    string
	yenc    bool
	size    int64 // of the whole, -1 if it is not told
	written int64
	room    []byte
}

// join gives the file that some articles have in them.
func (s *Session) join(ctx context.Context, c choice) (*verb.Blob, error) {
	j := &job{s: s}
	if len(c.ids) > 0 {
		j.args = slices.Values(c.ids)
	} else if err := j.plan(ctx, c); err != nil {
		return nil, err
	}
	d := &joiner{group: j.group, s: s, ctx: ctx, size: -1, quiet: func() {}}
	d.next, d.stop = iter.Pull(j.args)
	line, err := d.find()
	if err != nil {
		d.Close()
		if errors.Is(err, errNoFile) {
			if b, other := s.partial(ctx, j); b != nil || other != nil {
				return b, other
			}
		}
		return nil, err
	}
	name := fileName(Spot{ID: d.name})
	return &verb.Blob{
		Name: strings.TrimSuffix(name, ".eml"), Size: d.size, Save: true,
		ReadCloser: &produced{in: d, to: func(w writer) error { return d.copy(w, line) }},
	}, nil
}

// Close ends the reading of articles.
func (d *joiner) Close() error {
	d.quiet()
	d.stop()
	return nil
}

func (d *joiner) wrong(k *fault.Kind, format string, a ...any) error {
	e := fault.New(k, format, a...)
	e.At, e.Phase = d.s.link.at, "body"
	return e
}

// errNoFile is what becomes of articles without a file.
var errNoFile = errors.New("these articles have no file in them, neither in yEnc nor uuencoded nor as parts of a message")

// line is the next line of the bodies, one after the other; io.EOF behind the
// last.
func (d *joiner) line() ([]byte, error) {
	for {
		if d.b == nil {
			arg, ok := d.next()
			if !ok {
				return nil, io.EOF
			}
			if d.group != nil {
				arg = d.group.Name + "/" + arg
			}
			if _, err := d.s.about(d.ctx, "BODY", arg, bodyFollows); err != nil {
				return nil, err
			}
			d.b, d.quiet = d.s.link.begin(), d.s.link.watch(d.ctx)
			d.parts++
		}
		line, err := d.b.line()
		if err == io.EOF {
			d.quiet()
			d.b, d.quiet = nil, func() {}
			continue
		}
		return line, d.s.link.because(d.ctx, err)
	}
}

// find goes to where a file begins, and gives that line.
func (d *joiner) find() (string, error) {
	for {
		line, err := d.line()
		if err == io.EOF {
			return "", d.wrong(fault.NotFound, "%w", errNoFile)
		}
		if err != nil {
			return "", err
		}
		switch {
		case bytes.HasPrefix(line, []byte("=ybegin ")):
			d.yenc = true
			f, name := yFields(string(line))
			d.name, d.size = mail.Decode(name), f.number("size")
			return string(line), nil
		case isUU(line):
			_, name, _ := strings.Cut(string(line[len("begin "):]), " ")
			d.name = mail.Decode(name)
			return string(line), nil
		}
	}
}

// isUU reports whether a uuencoded file begins: begin 644 name.
func isUU(line []byte) bool {
	rest, ok := bytes.CutPrefix(line, []byte("begin "))
	mode, _, named := bytes.Cut(rest, []byte(" "))
	return ok && named && len(mode) >= 3 && len(bytes.Trim(mode, "01234567")) == 0
}

// copy writes the file to w. line is the one that it begins with.
func (d *joiner) copy(w io.Writer, line string) error {
	if !d.yenc {
		return d.uu(w)
	}
	for {
		if err := d.part(w, line); err != nil {
			return err
		}
		if d.written > d.size && d.size >= 0 {
			return d.wrong(fault.Protocol, "the articles have %d bytes of a file that is said to have %d", d.written, d.size)
		}
		if d.written >= d.size {
			return nil
		}
		var err error
		if line, err = d.again(); err != nil {
			return err
		}
	}
}

// again goes to where the next part begins.
func (d *joiner) again() (string, error) {
	for {
		line, err := d.line()
		if err == io.EOF {
			return "", d.wrong(fault.Partial, "the articles have %d of the %d bytes of the file", d.written, d.size)
		}
		if err != nil {
			return "", err
		}
		if bytes.HasPrefix(line, []byte("=ybegin ")) {
			return string(line), nil
		}
	}
}

// part writes one part in yEnc.
func (d *joiner) part(w io.Writer, begin string) error {
	f, _ := yFields(begin)
	several := f["part"] != ""
	if f.number("size") != d.size {
		return d.wrong(fault.Protocol, "article %d has a part of another file", d.parts)
	}
	sum := crc32.NewIEEE()
	var n int64
	for {
		line, err := d.line()
		switch {
		case err == io.EOF:
			return d.wrong(fault.Partial, "the file has no end after %d bytes", d.written)
		case err != nil:
			return err
		case bytes.HasPrefix(line, []byte("=ypart ")):
			p, _ := yFields(string(line))
			if from := p.number("begin"); from != d.written+1 {
				return d.wrong(fault.Protocol, "article %d has the file from byte %d on; byte %d is due", d.parts, from, d.written+1)
			}
		case bytes.HasPrefix(line, []byte("=yend")):
			end, _ := yFields(string(line))
			return d.check(end, several, n, sum.Sum32())
		default:
			p := d.unescape(line)
			n += int64(len(p))
			d.written += int64(len(p))
			sum.Write(p)
			if _, err := w.Write(p); err != nil {
				return err
			}
		}
	}
}

// unescape decodes a line of yEnc.
func (d *joiner) unescape(line []byte) []byte {
	d.room = d.room[:0]
	for i := 0; i < len(line); i++ {
		c := line[i]
		if c == '=' && i+1 < len(line) {
			i++
			c = line[i] - 64
		}
		d.room = append(d.room, c-42)
	}
	return d.room
}

// check compares a part with what its end says of it.
func (d *joiner) check(end yField, several bool, n int64, sum uint32) error {
	want := end["crc32"]
	if several {
		want = end["pcrc32"]
	}
	if size := end.number("size"); size != n {
		return d.wrong(fault.Partial, "article %d has %d bytes of the file, and says that it has %d", d.parts, n, size)
	}
	if told, err := strconv.ParseUint(want, 16, 32); want != "" && (err != nil || uint32(told) != sum) {
		return d.wrong(fault.Partial, "what article %d has of the file is damaged: its checksum differs", d.parts)
	}
	return nil
}

// uu writes a uuencoded file. Between its lines there may be others, where
// one article ends and the next begins.
func (d *joiner) uu(w io.Writer) error {
	for {
		line, err := d.line()
		if err == io.EOF {
			return d.wrong(fault.Partial, "the file has no end after %d bytes", d.written)
		}
		if err != nil {
			return err
		}
		if string(bytes.TrimRight(line, " ")) == "end" {
			return nil
		}
		p, ok := uudecode(d.room[:0], line)
		if !ok {
			continue
		}
		d.room = p
		d.written += int64(len(p))
		if _, err := w.Write(p); err != nil {
			return err
		}
	}
}

// uudecode decodes a line and appends it to out.
func uudecode(out, line []byte) ([]byte, bool) {
	if len(line) == 0 || line[0] < ' ' || line[0] > '`' {
		return out, false
	}
	n := int(line[0]-' ') & 63
	line = line[1:]
	// Blanks at the ends of lines get lost.
	if chars := (n + 2) / 3 * 4; len(line) < chars && len(line) > chars-4 {
		line = append(bytes.Clone(line), "    "[:chars-len(line)]...)
	} else if len(line) < chars || len(line) > chars+1 {
		return out, false
	}
	for ; n > 0; n -= 3 {
		var x uint32
		for _, c := range line[:4] {
			if c < ' ' || c > '`' {
				return out, false
			}
			x = x<<6 | uint32(c-' ')&63
		}
		three := []byte{byte(x >> 16), byte(x >> 8), byte(x)}
		out = append(out, three[:min(n, 3)]...)
		line = line[4:]
	}
	return out, true
}

// yField are the values of a line of yEnc, such as line=128 size=5.
type yField map[string]string

// yFields reads them; the name is the rest of the line.
func yFields(line string) (f yField, name string) {
	f = yField{}
	line, name, _ = strings.Cut(line, " name=")
	for w := range strings.FieldsSeq(line) {
		if k, v, ok := strings.Cut(w, "="); ok && k != "" {
			f[k] = v
		}
	}
	return f, strings.TrimSpace(name)
}

// number is a value, or -1.
func (f yField) number(key string) int64 {
	n, err := number(f[key])
	if err != nil {
		return -1
	}
	return n
}
