package imap

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// threaded lists messages with their answers, by the server's THREAD (RFC
// 5256) or by what their headers refer to.
func (s *Session) threaded(ctx context.Context, w which, seq bool) (any, error) {
	if w.none() {
		return rowsOf[Row](nil), nil
	}
	var uids []uint32
	var depths []int
	var err error
	algorithms := s.caps.after("THREAD=")
	switch {
	case slices.Contains(algorithms, "REFERENCES"):
		uids, depths, err = s.serverThreads(ctx, "REFERENCES", w)
	case slices.Contains(algorithms, "REFS"):
		uids, depths, err = s.serverThreads(ctx, "REFS", w)
	default:
		uids, depths, err = s.ownThreads(ctx, w)
	}
	if err != nil {
		return nil, err
	}
	return s.ordered(ctx, uids, depths, seq), nil
}

func (s *Session) serverThreads(ctx context.Context, algorithm string, w which) (uids []uint32, depths []int, err error) {
	_, err = s.l.run(ctx, s.command("UID THREAD").atom(algorithm).atom("UTF-8").atom(w.key()).end(), s.l.bounded(func(p []byte) error {
		name, _, _, rest := word(p)
		if name != "THREAD" {
			return nil
		}
		c := cursor{p: rest}
		for !c.done() && !c.bad {
			for c.skip(' ') {
			}
			if !c.done() {
				flatten(c.value(), 0, &uids, &depths)
			}
		}
		if c.bad {
			return unread(p)
		}
		return nil
	}))
	return uids, depths, err
}

// flatten goes through a thread: each number is an answer to the one before.
func flatten(v value, depth int, uids *[]uint32, depths *[]int) {
	for _, x := range v.of {
		if x.list {
			flatten(x, depth, uids, depths)
			continue
		}
		n, err := strconv.ParseUint(x.text, 10, 32)
		if err != nil || n == 0 {
			continue
		}
		*uids, *depths = append(*uids, uint32(n)), append(*depths, depth)
		depth++
	}
}

// A node is a message in a thread of our own making.
type node struct {
	uid      uint32
	parent   *node
	children []*node
}

// ownThreads puts answers below what they answer, by References and
// In-Reply-To.
func (s *Session) ownThreads(ctx context.Context, w which) (uids []uint32, depths []int, err error) {
	const items = "(UID ENVELOPE BODY.PEEK[HEADER.FIELDS (REFERENCES)])"
	byID := map[string]*node{}
	refs := map[*node][]string{}
	var all []*node
	for m, err := range s.fetch(ctx, s.pages(w), items, keyEnvelope) {
		if err != nil {
			return nil, nil, err
		}
		if len(all) == mostSorted {
			return nil, nil, s.l.fail(fault.New(fault.Limit, "more than %d messages cannot be threaded here, and the server has no THREAD", mostSorted))
		}
		n := &node{uid: m.uid}
		all = append(all, n)
		if id := strings.TrimSpace(string(m.env.mid)); id != "" && byID[id] == nil {
			byID[id] = n
		}
		if x := m.find("BODY["); x != nil {
			refs[n] = lastFew(strings.Fields(mail.ParseHeader(x.data).Get("References")))
		}
		refs[n] = append(refs[n], lastFew(strings.Fields(string(m.env.inReplyTo)))...)
	}
	for _, n := range all {
		for _, id := range slices.Backward(refs[n]) {
			if p := byID[id]; p != nil && !p.below(n) {
				n.parent = p
				p.children = append(p.children, n)
				break
			}
		}
	}
	for _, n := range all {
		if n.parent == nil {
			n.walk(&uids, &depths)
		}
	}
	return uids, depths, nil
}

// lastFew bounds what a header may have us keep.
func lastFew(ids []string) []string { return slices.Clone(ids[max(0, len(ids)-20):]) }

// below reports whether n is m or an answer to it, however far.
func (n *node) below(m *node) bool {
	for ; n != nil; n = n.parent {
		if n == m {
			return true
		}
	}
	return false
}

// walk lists a thread without recursion: an attacker may make one of any
// depth.
func (n *node) walk(uids *[]uint32, depths *[]int) {
	type step struct {
		*node
		depth int
	}
	stack := []step{{n, 0}}
	for len(stack) > 0 {
		x := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		*uids, *depths = append(*uids, x.uid), append(*depths, x.depth)
		for _, c := range slices.Backward(x.children) {
			stack = append(stack, step{c, x.depth + 1})
		}
	}
}
