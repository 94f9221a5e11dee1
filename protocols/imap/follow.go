package imap

import (
	"context"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// A later is what became of messages since they were fetched.
type later struct {
	changed int  // were given the flags that they have now
	gone    set  // are no longer in the mailbox
	told    bool // gone is known
}

// mostFlags bounds of how many messages the flags are kept at a time.
const mostFlags = 20_000

// follow gives the messages in a Maildir the flags that they have at the
// server by now, and removes those that are gone from there if prune is set.
func (s *Session) follow(ctx context.Context, n *noted, dir string, prune bool) (changed, pruned int, err error) {
	switch {
	case n == nil:
		return 0, 0, nil
	case !n.seen.Alone() || n.mixed:
		if prune {
			err = fault.New(fault.Unsupported, "%s has messages of other mailboxes too, so what is gone from this one cannot be told", dir)
		}
		return 0, 0, err
	}
	x, err := s.later(ctx, n, dir)
	if err == nil && prune && !(x.told && n.pruned) {
		x.gone, err = s.missing(ctx, n.had)
	}
	if err == nil && prune && len(x.gone) > 0 {
		pruned, err = mail.Prune(dir, x.gone.has)
	}
	if err == nil {
		n.modseq = s.box.modseq
		n.pruned = prune || n.pruned && x.told && len(x.gone) == 0
	}
	return x.changed, pruned, err
}

// later asks what changed since n was noted, which a server with CONDSTORE
// tells without looking at all messages, and one with QRESYNC together with
// which are gone (RFC 7162, section 3.2.6). The messages in the Maildir are
// given their flags.
func (s *Session) later(ctx context.Context, n *noted, dir string) (x later, err error) {
	switch now := s.box.modseq; {
	case now == 0 || len(n.had) == 0:
		return x, nil
	case now == n.modseq:
		return later{told: s.caps.has("QRESYNC")}, nil
	}
	items := "(UID FLAGS)"
	switch {
	case n.modseq == 0: // it was noted when the server had no such numbers
	default:
		items += " (CHANGEDSINCE " + decimal(n.modseq)
		if s.caps.has("QRESYNC") {
			// A server may say no once a mailbox is selected (RFC 5161, section 3.1).
			err := s.do(ctx, s.command("ENABLE").atom("QRESYNC"))
			if err != nil && !refused(err) {
				return x, err
			}
			if x.told = err == nil; x.told {
				items += " VANISHED"
			}
		}
		items += ")"
	}
	flags := map[uint32][]string{}
	relabel := func() error {
		if len(flags) == 0 {
			return nil
		}
		k, err := mail.Relabel(dir, flags)
		x.changed += k
		clear(flags)
		return err
	}
	var m message
	for _, part := range n.had.pieces(1 << 32) {
		a := answers{of: keyFlags}
		err := s.inPages(ctx, []page{{text: part.String(), set: part}}, items, &a, func(b []byte) error {
			if gone, ok := vanished(b); ok {
				x.gone = append(x.gone, gone...).normal()
				return nil
			}
			mine, err := a.read(&m, b)
			if !mine || err != nil {
				return err
			}
			if flags[m.uid] = slices.Clone(m.flags); len(flags) == mostFlags {
				return relabel()
			}
			return nil
		}, func() bool { return false })
		if err != nil {
			return x, err
		}
	}
	return x, relabel()
}

// vanished reads a VANISHED response that tells of the past.
func vanished(b []byte) (set, bool) {
	name, _, _, rest := word(b)
	text, earlier := strings.CutPrefix(string(rest), "(EARLIER) ")
	if name != "VANISHED" || !earlier {
		return nil, false
	}
	gone, err := parseSet(text)
	return gone, err == nil
}

// missing are those of had that the mailbox does not have.
func (s *Session) missing(ctx context.Context, had set) (gone set, err error) {
	here, err := s.having(ctx, had)
	return had.without(here), err
}

// having are those of all that the mailbox has. What the server does not say,
// or says of other numbers, is not that there are none.
func (s *Session) having(ctx context.Context, all set) (here set, err error) {
	for _, part := range all.pieces(1 << 32) {
		r, err := s.search(ctx, func(c *command) { c.atom("UID " + part.String()) }, false)
		if err != nil {
			return nil, err
		}
		if !r.told || r.other || len(r.all.without(part)) > 0 {
			return nil, fault.New(fault.Protocol, "the server did not say which messages %s has", s.box.name)
		}
		here = append(here, r.all...)
	}
	return here.normal(), nil
}
