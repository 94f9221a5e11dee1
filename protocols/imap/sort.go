package imap

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

var sortKeys = []string{"date", "arrival", "from", "to", "cc", "subject", "size"}

// mostSorted bounds how many messages are sorted here, where the server
// cannot.
const mostSorted = 200_000

// sorted lists messages in an order, by the server's SORT (RFC 5256) or our
// own.
func (s *Session) sorted(ctx context.Context, w which, by string, seq bool) (any, error) {
	key, backwards := strings.CutPrefix(strings.ToLower(by), "-")
	if !slices.Contains(sortKeys, key) {
		return nil, fault.New(fault.BadArgument, "%q is not an order", by).WithHint("there are %s; -%s is the other way round", strings.Join(sortKeys, ", "), sortKeys[0])
	}
	if w.none() {
		return rowsOf[Row](nil), nil
	}
	if !s.caps.has("SORT") {
		return s.sortedHere(ctx, w, key, backwards, seq)
	}
	order := strings.ToUpper(key)
	if backwards {
		order = "REVERSE " + order
	}
	r, err := s.searching(ctx, s.command("UID SORT").atom("("+order+")").atom("UTF-8").atom(w.key()))
	if err != nil {
		return nil, err
	}
	return s.ordered(ctx, r.order, nil, seq), nil
}

// key is the messages as a criterion of a search.
func (w which) key() string {
	if w.seq {
		return w.String()
	}
	return "UID " + w.String()
}

// ordered lists messages in the order of uids; depths are those of a thread.
func (s *Session) ordered(ctx context.Context, uids []uint32, depths []int, seq bool) verb.Stream[Row] {
	return func(yield func(Row, error) bool) {
		for from := 0; from < len(uids); from += pageSize {
			part := uids[from:min(len(uids), from+pageSize)]
			var want set
			for _, n := range part {
				want = append(want, span{n, n})
			}
			got := map[uint32]Row{}
			for m, err := range s.fetch(ctx, s.pages(which{set: want.normal(), known: true}), rowItems, keyEnvelope) {
				if err != nil {
					yield(Row{}, err)
					return
				}
				got[m.uid] = m.row(seq)
			}
			for i, n := range part {
				r, ok := got[n]
				if !ok {
					continue // it is gone by now
				}
				if depths != nil {
					r.Depth = depth(depths[from+i])
				}
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// sortedHere fetches what is to be sorted.
func (s *Session) sortedHere(ctx context.Context, w which, key string, backwards, seq bool) (any, error) {
	type sortable struct {
		row Row
		by  string
		num int64
	}
	var all []sortable
	items := "(UID FLAGS RFC822.SIZE INTERNALDATE ENVELOPE)"
	for m, err := range s.fetch(ctx, s.pages(w), items, keyEnvelope) {
		if err != nil {
			return nil, err
		}
		if len(all) == mostSorted {
			return nil, s.l.fail(fault.New(fault.Limit, "more than %d messages cannot be sorted here, and the server has no SORT", mostSorted))
		}
		x := sortable{row: m.row(seq)}
		switch key {
		case "date":
			x.num = x.row.Date.UnixNano()
			if x.row.Date.IsZero() {
				x.num = m.internal.UnixNano()
			}
		case "arrival":
			x.num = m.internal.UnixNano()
		case "size":
			x.num = m.size
		case "from":
			x.by = strings.ToLower(x.row.From)
		case "to":
			x.by = strings.ToLower(addresses(m.env.to))
		case "subject":
			x.by = baseSubject(x.row.Subject)
		default:
			return nil, fault.New(fault.Unsupported, "the server cannot sort by %s: it has no SORT", key)
		}
		all = append(all, x)
	}
	slices.SortStableFunc(all, func(a, b sortable) int {
		n := cmp.Or(cmp.Compare(a.num, b.num), strings.Compare(a.by, b.by))
		if backwards {
			return -n
		}
		return n
	})
	rows := make([]Row, len(all))
	for i, x := range all {
		rows[i] = x.row
	}
	return rowsOf(rows), nil
}

// baseSubject is a subject without Re: and its like (RFC 5256, section 2.1,
// in the main).
func baseSubject(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	for {
		t := s
		for _, prefix := range []string{"re:", "fwd:", "fw:", "aw:", "wg:"} {
			t = strings.TrimSpace(strings.TrimPrefix(t, prefix))
		}
		t = strings.TrimSpace(strings.TrimSuffix(t, "(fwd)"))
		if t == s {
			return s
		}
		s = t
	}
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }

// SortArgs are the arguments of sort.
type SortArgs struct {
	By    string   `arg:"order" help:"date, arrival, from, to, cc, subject or size; with a - before it the other way round" complete:"date|-date|arrival|-arrival|from|to|cc|subject|size|-size" dash:"yes"`
	Words []string `arg:"messages..." help:"which; all if left out" complete:"message"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs; they are shown too"`
}

// Sort lists messages in an order.
func (s *Session) Sort(ctx context.Context, a SortArgs) (any, error) {
	if a.By == "" {
		a.By = "date"
	}
	return s.Ls(ctx, LsArgs{Words: orAll(a.Words), Sort: a.By, Seq: a.Seq})
}

// ThreadArgs are the arguments of thread.
type ThreadArgs struct {
	Words []string `arg:"messages..." help:"which; all if left out" complete:"message"`
	Seq   bool     `flag:"seq" help:"numbers are sequence numbers instead of UIDs; they are shown too"`
}

// Thread lists messages with the answers to them below.
func (s *Session) Thread(ctx context.Context, a ThreadArgs) (any, error) {
	return s.Ls(ctx, LsArgs{Words: orAll(a.Words), Thread: true, Seq: a.Seq})
}

func orAll(words []string) []string {
	if len(words) == 0 {
		return []string{"all"}
	}
	return words
}
