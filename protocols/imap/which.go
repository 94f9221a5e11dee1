package imap

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// A which is the messages that words mean, in the mailbox that is selected.
type which struct {
	set   set
	known bool   // set is it, UIDs
	text  string // else this: a set as it is sent
	seq   bool   // of sequence numbers
}

// none reports whether it is known that there are no such messages.
func (w which) none() bool { return w.known && len(w.set) == 0 }

func (w which) String() string {
	if w.known {
		return w.set.String()
	}
	return w.text
}

// isSet reports whether s is a set as the protocol writes it: 5, 1:5,9, 7:*.
func isSet(s string) bool {
	for piece := range strings.SplitSeq(s, ",") {
		a, b, ranged := strings.Cut(piece, ":")
		if !isNumber(a) || ranged && !isNumber(b) {
			return false
		}
	}
	return true
}

// isIndex reports whether s is what the MAILINDEX of a URL becomes: #3.
func isIndex(s string) bool { return s != "" && s[0] == '#' && isNumber(s[1:]) }

func isNumber(s string) bool {
	n, err := strconv.ParseUint(s, 10, 32)
	return s == "*" || err == nil && n > 0 && s[0] != '+'
}

// states are words that mean the messages in that state.
var states = strings.Fields("answered deleted draft flagged new old recent seen unanswered undeleted undraft unflagged unseen")

// names reports whether the first of words names messages, and how many of
// the words do.
func names(words []string) (n int, ok bool) {
	if len(words) == 0 {
		return 0, false
	}
	switch w := strings.ToLower(words[0]); {
	case w == "last" || w == "first":
		if len(words) > 1 {
			if k, err := strconv.Atoi(words[1]); err == nil && k > 0 {
				return 2, true
			}
		}
		return 1, true
	case w == "$", w == "all", isSet(w), isIndex(w), slices.Contains(states, w):
		return 1, true
	}
	return 0, false
}

// which reads the words that name messages. Words of one kind may follow each
// other: 5 7 9:12.
func (s *Session) which(ctx context.Context, words []string, seq bool) (w which, err error) {
	b, err := s.in()
	if err != nil {
		return w, err
	}
	n, ok := names(words)
	if !ok {
		return w, notSet(words)
	}
	switch first := strings.ToLower(words[0]); {
	case first == "last" || first == "first":
		if len(words) > n {
			return w, notSet(words[n:])
		}
		k := uint64(1)
		if n == 2 {
			k, _ = strconv.ParseUint(words[1], 10, 32)
		}
		return ends(b.exists, uint32(min(k, 1<<32-1)), first == "last"), nil
	case isSet(first):
		for _, x := range words {
			if !isSet(x) {
				return w, notSet([]string{x})
			}
		}
		w = which{text: strings.Join(words, ","), seq: seq}
		if w.text == "*" || !strings.Contains(w.text, "*") || b.exists == 0 {
			return w, nil
		}
		return s.starred(ctx, words, seq)
	case len(words) > 1:
		return w, notSet(words[1:])
	case first == "all":
		return which{text: "1:*", seq: seq}, nil
	case isIndex(first):
		return which{text: first[1:], seq: true}, nil
	case first == "$":
		if s.foundIn == "" || s.foundIn != s.identity() {
			return w, fault.New(fault.Usage, "nothing was searched in %s, so $ means nothing", b.name).WithHint("search finds messages")
		}
		return which{set: s.found, known: true}, nil
	default:
		r, err := s.search(ctx, func(c *command) { c.atom(strings.ToUpper(first)) }, false)
		return which{set: r.all, known: true}, err
	}
}

func notSet(words []string) error {
	text := strings.Join(words, " ")
	return fault.New(fault.BadArgument, "%q names no messages", text).WithHint("such as 4711, 1:5,9, all, last 20, unseen, or $ for what search has found")
}

// ends are the first or the last messages.
func ends(exists, n uint32, last bool) which {
	if exists == 0 {
		return which{known: true}
	}
	n = min(n, exists)
	x := span{1, n}
	if last {
		x = span{exists - n + 1, exists}
	}
	return which{text: set{x}.String(), seq: true}
}

// starred resolves 7:* so that it means nothing when there is no 7 or more;
// to IMAP it means the last message then.
func (s *Session) starred(ctx context.Context, words []string, seq bool) (which, error) {
	var all set
	for piece := range strings.SplitSeq(strings.Join(words, ","), ",") {
		a, b, ranged := strings.Cut(piece, ":")
		if !strings.Contains(piece, "*") || !ranged {
			b = a
		}
		key := "UID " + piece
		if seq {
			key = piece
		}
		r, err := s.search(ctx, func(c *command) { c.atom(key) }, false)
		if err != nil {
			return which{}, err
		}
		from := a
		if from == "*" {
			from = b
		}
		if n, err := strconv.ParseUint(from, 10, 32); err == nil && ranged && !seq {
			r.all = r.all.from(uint32(n))
		}
		all = append(all, r.all...)
	}
	return which{set: all.normal(), known: true}, nil
}

// from are those of s that are not below n.
func (s set) from(n uint32) (out set) {
	for _, x := range s {
		if x.hi >= n {
			out = append(out, span{max(x.lo, n), x.hi})
		}
	}
	return out
}

// uids are the UIDs of messages, which must be known where something is
// changed: sequence numbers may come to mean other messages.
func (s *Session) uids(ctx context.Context, words []string, seq bool) (set, error) {
	w, err := s.which(ctx, words, seq)
	if err != nil || w.known {
		return w.set, err
	}
	if !w.seq && !strings.Contains(w.text, "*") {
		return parseSet(w.text)
	}
	key := w.text
	if !w.seq {
		key = "UID " + key
	}
	r, err := s.search(ctx, func(c *command) { c.atom(key) }, false)
	return r.all, err
}

// present are the UIDs of messages that are there, so that it can be told the
// truth of what was done. If some were named and none is there, that is an
// error.
func (s *Session) present(ctx context.Context, words []string, seq bool) (set, error) {
	all, err := s.uids(ctx, words, seq)
	if err != nil || seq || !isSet(words[0]) {
		return all, err // they were searched for
	}
	gone, err := s.missing(ctx, all)
	if err != nil {
		return nil, err
	}
	if all = all.without(gone); len(all) == 0 {
		return nil, &fault.Error{Kind: fault.NotFound, At: s.box.name, Text: "no message " + short(strings.Join(words, " ")), Hint: "ls shows what there is; numbers are UIDs"}
	}
	return all, nil
}

// visit goes to the mailbox of a URL that stands where a word of a message or
// a mailbox could, and returns what the URL means there.
func (s *Session) visit(ctx context.Context, words []string) ([]string, error) {
	if err := oneLine("messages", words...); err != nil {
		return nil, err
	}
	if len(words) == 0 || !strings.Contains(words[0], "://") {
		return words, nil
	}
	u, err := url.Parse(words[0])
	if err != nil || !strings.HasPrefix(u.Scheme, "imap") {
		return nil, fault.New(fault.BadArgument, "that is not a URL of imap")
	}
	p, err := parsePlace(u)
	if err != nil {
		return nil, err
	}
	if p.mailbox != "" && (s.box == nil || s.box.name != s.canonical(p.mailbox)) {
		if err := s.enter(ctx, p.mailbox, false); err != nil {
			return nil, err
		}
	}
	if s.box != nil {
		if err := p.check(s.box); err != nil {
			return nil, err
		}
	}
	switch {
	case p.one():
		return append([]string{p.message()}, words[1:]...), nil
	case p.search != "":
		return append([]string{rawKey + p.search}, words[1:]...), nil
	}
	return words[1:], nil
}
