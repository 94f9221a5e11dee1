package nntp

import (
	"errors"
	"io"
	"math/bits"
)

// An inflater undoes DEFLATE (RFC 1951) on a stream that goes on. Servers end
// what they say with a partial flush of zlib, at which package compress/flate
// keeps what it has until more comes; this one gives all it has before it
// waits for more.
type inflater struct {
	in    io.Reader
	room  []byte
	held  []byte // read, and not yet taken
	bits  uint64 // taken, and not yet used, the next one lowest
	n     uint   // how many
	final bool
	err   error

	kind    kind
	left    int // bytes of a stored block
	lengths table
	offsets table

	out  [1 << 16]byte // a ring
	w, r uint32        // written and given away; the ring's size divides their range
}

type kind int

const (
	between kind = iota // blocks
	stored
	coded
)

const (
	farthest = 1 << 15 // how far back a copy may be from
	longCopy = 258     // bytes of a copy
)

// errCorrupt is what becomes of what is not DEFLATE.
var errCorrupt = errors.New("what the server compressed cannot be read")

// errDry is an element that has not begun to come.
var errDry = errors.New("nothing more is there")

func newInflater(in io.Reader) *inflater {
	return &inflater{in: in, room: make([]byte, 32<<10)}
}

// Read gives what there is.
func (f *inflater) Read(p []byte) (int, error) {
	for f.err == nil && f.w-f.r < farthest-longCopy {
		if err := f.step(); err == errDry {
			break
		} else if err != nil {
			f.err = err
		}
	}
	if f.w == f.r {
		return 0, f.err
	}
	n := 0
	for n < len(p) && f.w != f.r {
		from := f.r % uint32(len(f.out))
		to := min(uint32(len(f.out)), from+f.w-f.r)
		k := copy(p[n:], f.out[from:to])
		n += k
		f.r += uint32(k)
	}
	return n, nil
}

func (f *inflater) put(c byte) {
	f.out[f.w%uint32(len(f.out))] = c
	f.w++
}

// more takes a byte. At the beginning of an element it does not wait while
// there is something to give away.
func (f *inflater) more(begins bool) error {
	if len(f.held) == 0 {
		if begins && f.w != f.r {
			return errDry
		}
		n, err := f.in.Read(f.room)
		if f.held = f.room[:n]; n == 0 {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
	}
	f.bits |= uint64(f.held[0]) << f.n
	f.n += 8
	f.held = f.held[1:]
	return nil
}

// take takes n bits.
func (f *inflater) take(n uint, begins bool) (int, error) {
	for f.n < n {
		if err := f.more(begins); err != nil {
			return 0, err
		}
	}
	x := int(f.bits & (1<<n - 1))
	f.bits >>= n
	f.n -= n
	return x, nil
}

// step takes the next element: the head of a block, a byte or a copy.
func (f *inflater) step() error {
	switch f.kind {
	case between:
		if f.final {
			return io.EOF
		}
		return f.head()
	case stored:
		if f.left == 0 {
			f.kind = between
			return nil
		}
		c, err := f.take(8, true)
		if err == nil {
			f.put(byte(c))
			f.left--
		}
		return err
	}
	return f.symbol()
}

func (f *inflater) head() error {
	h, err := f.take(3, true)
	if err != nil {
		return err
	}
	f.final = h&1 == 1
	switch h >> 1 {
	case 0:
		if _, err := f.take(f.n%8, false); err != nil {
			return err
		}
		n, err := f.take(32, false)
		if err != nil {
			return err
		}
		if n&0xffff != ^n>>16&0xffff {
			return errCorrupt
		}
		f.kind, f.left = stored, n&0xffff
		return nil
	case 1:
		f.kind = coded
		return f.fixed()
	case 2:
		f.kind = coded
		return f.dynamic()
	}
	return errCorrupt
}

// symbol takes a byte, a copy, or the end of a block.
func (f *inflater) symbol() error {
	s, err := f.code(&f.lengths, true)
	switch {
	case err != nil:
		return err
	case s < 256:
		f.put(byte(s))
		return nil
	case s == 256:
		f.kind = between
		return nil
	case s > 285:
		return errCorrupt
	}
	length := longCopy
	if s < 285 {
		length = 3 + s - 257
		if s >= 265 {
			extra := uint(s-261) / 4
			more, err := f.take(extra, false)
			if err != nil {
				return err
			}
			length = 3 + (4+(s-261)%4)<<extra + more
		}
	}
	d, err := f.code(&f.offsets, false)
	if err != nil {
		return err
	}
	back := d + 1
	if d >= 30 {
		return errCorrupt
	}
	if d >= 4 {
		extra := uint(d-2) / 2
		more, err := f.take(extra, false)
		if err != nil {
			return err
		}
		back = 1 + (2+d%2)<<extra + more
	}
	for range length {
		f.put(f.out[(f.w-uint32(back))%uint32(len(f.out))])
	}
	return nil
}

// code takes a symbol of a Huffman code.
func (f *inflater) code(t *table, begins bool) (int, error) {
	for {
		e := t[f.bits&(1<<deepest-1)]
		n := uint(e & 15)
		if n > 0 && n <= f.n {
			f.bits >>= n
			f.n -= n
			return int(e >> 4), nil
		}
		if n == 0 && f.n >= deepest {
			return 0, errCorrupt
		}
		if err := f.more(begins); err != nil {
			return 0, err
		}
	}
}

// deepest is how long a code may be.
const deepest = 15

// A table has for each sequence of bits the symbol that it begins with, and
// in the lowest four bits how many of them are its code; 0 where none is.
type table [1 << deepest]uint16

// build makes the table of a code, given the length of each symbol's.
func (t *table) build(lengths []byte) error {
	var count, next [deepest + 1]int
	for _, n := range lengths {
		count[n]++
	}
	count[0] = 0
	code := 0
	for n := 1; n <= deepest; n++ {
		code = (code + count[n-1]) << 1
		if next[n] = code; code+count[n] > 1<<n {
			return errCorrupt
		}
	}
	clear(t[:])
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		from := int(bits.Reverse16(uint16(next[n])) >> (16 - n))
		next[n]++
		for i := from; i < len(t); i += 1 << n {
			t[i] = uint16(symbol)<<4 | uint16(n)
		}
	}
	return nil
}

func (f *inflater) fixed() error {
	var l [288]byte
	for i := range l {
		switch {
		case i < 144, i >= 280:
			l[i] = 8
		case i < 256:
			l[i] = 9
		default:
			l[i] = 7
		}
	}
	if err := f.lengths.build(l[:]); err != nil {
		return err
	}
	var d [30]byte
	for i := range d {
		d[i] = 5
	}
	return f.offsets.build(d[:])
}

// dynamic reads the codes of a block (RFC 1951, section 3.2.7).
func (f *inflater) dynamic() error {
	h, err := f.take(14, false)
	if err != nil {
		return err
	}
	lits, dists, codes := h&31+257, h>>5&31+1, h>>10+4
	if lits > 286 || dists > 30 {
		return errCorrupt
	}
	var l [286 + 30]byte
	order := [...]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	for _, i := range order[:codes] {
		n, err := f.take(3, false)
		if err != nil {
			return err
		}
		l[i] = byte(n)
	}
	if err := f.lengths.build(l[:19]); err != nil {
		return err
	}
	clear(l[:])
	for i := 0; i < lits+dists; {
		s, err := f.code(&f.lengths, false)
		if err != nil {
			return err
		}
		if s < 16 {
			l[i] = byte(s)
			i++
			continue
		}
		if s == 16 && i == 0 {
			return errCorrupt
		}
		extra := [...]uint{2, 3, 7}[s-16]
		n, err := f.take(extra, false)
		if err != nil {
			return err
		}
		n += [...]int{3, 3, 11}[s-16]
		if i+n > lits+dists {
			return errCorrupt
		}
		for range n {
			if s == 16 {
				l[i] = l[i-1]
			}
			i++
		}
	}
	if err := f.lengths.build(l[:lits]); err != nil {
		return err
	}
	return f.offsets.build(l[lits : lits+dists])
}
