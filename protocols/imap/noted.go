package imap

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// A noted is what is known, in a file beside a drop, of the messages of one
// mailbox that were fetched into it.
type noted struct {
	seen     *mail.Seen
	validity uint32
	had      set    // UIDs that need not be fetched any more
	modseq   uint64 // up to which their flags are known; 0: they are not
	passed   set    // of this run: nothing more will come of these
}

// noted reads what was fetched of the mailbox. UIDs of another UIDVALIDITY
// mean nothing any more.
func (s *Session) noted(file string) (*noted, error) {
	b := s.box
	if b.validity == 0 || !b.sticky {
		return nil, &fault.Error{Kind: fault.Unsupported, At: b.name, Text: "the server's UIDs do not last, so nobody knows what is new"}
	}
	who := "imap://" + url.PathEscape(s.Named()) + "/" + url.PathEscape(b.name)
	seen, err := mail.OpenSeen(file, who)
	if err != nil {
		return nil, err
	}
	n := &noted{seen: seen, validity: b.validity}
	for line := range seen.All() {
		validity, text, _ := strings.Cut(line, "/")
		if validity != strconv.FormatUint(uint64(b.validity), 10) {
			s.say(b.name + ": its UIDVALIDITY changed, so all is fetched again")
			continue
		}
		text, modseq, _ := strings.Cut(text, "/")
		n.modseq, _ = strconv.ParseUint(modseq, 10, 64)
		all, err := parseSet(text)
		if err != nil {
			return nil, fault.New(fault.ReadLocal, "%s: %q is not understood", file, text)
		}
		n.had = append(n.had, all...).normal()
	}
	return n, nil
}

// follow gives the messages in a Maildir the flags that they have at the
// server by now, which CONDSTORE tells without looking at all of them (RFC
// 7162). It tells how many were changed.
func (s *Session) follow(ctx context.Context, n *noted, dir string) (changed int, err error) {
	now := s.box.modseq
	if n == nil || now == 0 || !n.seen.Alone() || n.modseq == now {
		return 0, nil
	}
	if n.modseq > 0 && len(n.had) > 0 {
		flags := map[uint32][]string{}
		for _, part := range n.had.pieces(1 << 32) {
			items := "(UID FLAGS) (CHANGEDSINCE " + decimal(n.modseq) + ")"
			for m, err := range s.fetch(ctx, []page{{text: part.String(), set: part}}, items, keyFlags) {
				if err != nil {
					return 0, err
				}
				if len(flags) < mostSorted {
					flags[m.uid] = slices.Clone(m.flags)
				}
			}
		}
		if len(flags) > 0 {
			if changed, err = mail.Relabel(dir, flags); err != nil {
				return changed, err
			}
		}
	}
	n.modseq = now
	return changed, nil
}

// save notes more UIDs.
func (n *noted) save(more set) error {
	n.had = append(append(n.had, more...), n.passed...).normal()
	now := n.line()
	if now == "" || n.seen.Has(now) {
		return nil
	}
	n.seen.Add(now)
	return n.seen.Save(func(line string) bool { return line == now })
}

func (n *noted) line() string {
	if len(n.had) == 0 {
		return ""
	}
	line := strconv.FormatUint(uint64(n.validity), 10) + "/" + n.had.String()
	if n.modseq > 0 {
		line += "/" + decimal(n.modseq)
	}
	return line
}
