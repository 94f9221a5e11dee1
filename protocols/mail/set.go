package mail

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// A Range is the messages from From to To; 0 is the last there is. Where the
// last comes before the other end there are none, unlike in IMAP, so that
// rm 7:* does not remove message 5.
type Range struct{ From, To uint32 }

// A Set names messages: 5, 1:5,9 or 7:*, all, last 20. Its ranges are never
// spelled out, so that 1:4294967295 costs nothing.
type Set struct {
	Ranges []Range
	Last   uint32 // so many at the end, instead
}

// ParseSet reads a set from the words of a command. No word is no message.
func ParseSet(words ...string) (Set, error) {
	if len(words) > 0 && strings.EqualFold(words[0], "last") {
		n := uint64(1)
		var err error
		if len(words) == 2 {
			n, err = strconv.ParseUint(words[1], 10, 32)
		}
		if err != nil || n == 0 || len(words) > 2 {
			return Set{}, badSet(strings.Join(words, " "))
		}
		return Set{Last: uint32(n)}, nil
	}
	var s Set
	for _, w := range words {
		for item := range strings.SplitSeq(w, ",") {
			r, ok := parseRange(item)
			if !ok {
				return Set{}, badSet(w)
			}
			s.Ranges = append(s.Ranges, r)
		}
	}
	return s, nil
}

func badSet(w string) error {
	return fault.New(fault.BadArgument, "%q names no messages", w).WithHint("such as 5, 1:5,9, 7:*, all or last 20")
}

func parseRange(item string) (Range, bool) {
	if strings.EqualFold(item, "all") {
		return Range{1, 0}, true
	}
	from, to, pair := strings.Cut(item, ":")
	if !pair {
		from, to, pair = strings.Cut(item, "-")
	}
	a, ok := parseNumber(from)
	if !pair || !ok {
		return Range{a, a}, ok
	}
	b, ok := parseNumber(to)
	if b != 0 && (a == 0 || a > b) {
		a, b = b, a
	}
	return Range{a, b}, ok
}

func parseNumber(s string) (uint32, bool) {
	if s == "*" {
		return 0, true
	}
	n, err := strconv.ParseUint(s, 10, 32)
	return uint32(n), err == nil && n > 0 && s[0] != '+'
}

// Single is the one message that the set names, if it names one.
func (s Set) Single() (uint32, bool) {
	if len(s.Ranges) == 1 && s.Last == 0 && s.Ranges[0].From == s.Ranges[0].To && s.Ranges[0].From != 0 {
		return s.Ranges[0].From, true
	}
	return 0, false
}

// String is the set as IMAP spells it.
func (s Set) String() string {
	var all []string
	number := func(n uint32) string {
		if n == 0 {
			return "*"
		}
		return strconv.FormatUint(uint64(n), 10)
	}
	for _, r := range s.Ranges {
		text := number(r.From)
		if r.From != r.To {
			text += ":" + number(r.To)
		}
		all = append(all, text)
	}
	if s.Last > 0 {
		return "last " + number(s.Last)
	}
	return strings.Join(all, ",")
}

// Of is those of the numbers, which ascend, that the set names, each once.
func (s Set) Of(numbers []uint32) []uint32 {
	if len(numbers) == 0 {
		return nil
	}
	if s.Last > 0 {
		return numbers[max(0, len(numbers)-int(min(s.Last, 1<<30))):]
	}
	last := numbers[len(numbers)-1]
	var all []uint32
	for _, n := range numbers {
		if slices.ContainsFunc(s.Ranges, func(r Range) bool { return r.has(n, last) }) {
			all = append(all, n)
		}
	}
	return all
}

func (r Range) has(n, last uint32) bool {
	from, to := r.From, r.To
	if from == 0 {
		from = last
	}
	if to == 0 {
		to = last
	}
	return from <= n && n <= to
}

// Missing is a number that the set names by itself and that is not among
// numbers, or 0. A range may reach further than there are messages.
func (s Set) Missing(numbers []uint32) uint32 {
	for r := range s.single() {
		if _, ok := slices.BinarySearch(numbers, r); !ok {
			return r
		}
	}
	return 0
}

func (s Set) single() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for _, r := range s.Ranges {
			if r.From == r.To && r.From != 0 && !yield(r.From) {
				return
			}
		}
	}
}

// SplitPart cuts the number of a message from that of a part: 3.2.1 is part
// 2.1 of message 3.
func SplitPart(word string) (message, part string, err error) {
	message, part, has := strings.Cut(word, ".")
	if !has {
		return message, "", nil
	}
	for n := range strings.SplitSeq(part, ".") {
		if k, ok := parseNumber(n); !ok || k == 0 {
			return "", "", fault.New(fault.BadArgument, "%q is neither a message nor a part of one", word).WithHint("such as 3, or 3.2 for its second part")
		}
	}
	return message, part, nil
}
