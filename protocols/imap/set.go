package imap

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// A set is numbers of messages, kept as ranges however many they are.
type set []span

type span struct{ lo, hi uint32 }

// mostSpans bounds how many ranges a server may have us keep.
const mostSpans = 4_000_000

// parseSet reads a set without *: 1:5,9.
func parseSet(text string) (set, error) {
	var s set
	if text == "" {
		return nil, nil
	}
	for piece := range strings.SplitSeq(text, ",") {
		a, b, ranged := strings.Cut(piece, ":")
		lo, err := strconv.ParseUint(a, 10, 32)
		hi := lo
		if err == nil && ranged {
			hi, err = strconv.ParseUint(b, 10, 32)
		}
		if err != nil || lo == 0 || hi == 0 || len(s) >= mostSpans {
			return nil, fault.New(fault.Protocol, "%.40q is not a set of messages", piece)
		}
		s = append(s, span{uint32(min(lo, hi)), uint32(max(lo, hi))})
	}
	return s.normal(), nil
}

// normal is s in order, without overlaps.
func (s set) normal() set {
	if len(s) < 2 {
		return s
	}
	if !slices.IsSortedFunc(s, func(a, b span) int { return cmp.Compare(a.lo, b.lo) }) {
		slices.SortFunc(s, func(a, b span) int { return cmp.Compare(a.lo, b.lo) })
	}
	out := s[:1]
	for _, x := range s[1:] {
		last := &out[len(out)-1]
		if uint64(x.lo) <= uint64(last.hi)+1 {
			last.hi = max(last.hi, x.hi)
		} else {
			out = append(out, x)
		}
	}
	return out
}

func (s set) count() (n uint64) {
	for _, x := range s {
		n += uint64(x.hi-x.lo) + 1
	}
	return n
}

func (s set) has(n uint32) bool {
	i, found := slices.BinarySearchFunc(s, n, func(x span, n uint32) int { return cmp.Compare(x.lo, n) })
	return found || i > 0 && n <= s[i-1].hi
}

// without are the numbers of s that are not in x.
func (s set) without(x set) (out set) {
	for _, a := range s {
		lo := uint64(a.lo)
		i, _ := slices.BinarySearchFunc(x, a.lo, func(b span, n uint32) int { return cmp.Compare(b.hi, n) })
		for ; i < len(x) && x[i].lo <= a.hi; i++ {
			if uint64(x[i].lo) > lo {
				out = append(out, span{uint32(lo), x[i].lo - 1})
			}
			lo = uint64(x[i].hi) + 1
		}
		if lo <= uint64(a.hi) {
			out = append(out, span{uint32(lo), a.hi})
		}
	}
	return out
}

// with is s and n, which mostly comes after all others.
func (s set) with(n uint32) set {
	if k := len(s); k > 0 && n > s[k-1].hi {
		if n == s[k-1].hi+1 {
			s[k-1].hi = n
			return s
		}
		return append(s, span{n, n})
	}
	return append(s, span{n, n}).normal()
}

// String is s as the protocol writes it.
func (s set) String() string {
	var b []byte
	for i, x := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendUint(b, uint64(x.lo), 10)
		if x.hi != x.lo {
			b = strconv.AppendUint(append(b, ':'), uint64(x.hi), 10)
		}
	}
	return string(b)
}

// mostText bounds how many ranges go into one command.
const mostText = 500

// cut is the first n messages of s, or fewer where their ranges are many, and
// the rest.
func (s set) cut(n uint64) (head, tail set) {
	for i, x := range s {
		size := uint64(x.hi-x.lo) + 1
		if size > n || i == mostText {
			if i < mostText && n > 0 {
				middle := x.lo + uint32(n)
				return append(s[:i:i], span{x.lo, middle - 1}), append(set{{middle, x.hi}}, s[i+1:]...)
			}
			return s[:i:i], s[i:]
		}
		n -= size
	}
	return s, nil
}

// pieces cuts s so that each piece has at most n messages and is not longer
// than a command may well be.
func (s set) pieces(n uint64) (all []set) {
	for len(s) > 0 {
		var head set
		head, s = s.cut(n)
		all = append(all, head)
	}
	return all
}
