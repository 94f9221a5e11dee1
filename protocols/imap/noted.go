package imap

import (
	"net/url"
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
	pruned   bool   // up to modseq, the drop has none that are gone from the mailbox
	passed   set    // of this run: nothing more will come of these
	mixed    bool   // messages of another UIDVALIDITY were fetched there, too
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
			n.mixed = true
			continue
		}
		text, modseq, _ := strings.Cut(text, "/")
		modseq, n.pruned = strings.CutSuffix(modseq, "/pruned")
		n.modseq, _ = strconv.ParseUint(modseq, 10, 64)
		all, err := parseSet(text)
		if err != nil {
			return nil, fault.New(fault.ReadLocal, "%s: %q is not understood", file, text)
		}
		n.had = append(n.had, all...).normal()
	}
	if len(n.had) == 0 {
		n.modseq = b.modseq // whatever comes is not older
	}
	if n.mixed && len(n.had) == 0 {
		s.say(b.name + ": its UIDVALIDITY changed, so all is fetched again")
	}
	return n, nil
}

// save notes more UIDs.
func (n *noted) save(more set) error {
	n.had = append(append(n.had, more...), n.passed...).normal()
	now := n.line()
	if now == "" || n.seen.Has(now) {
		return nil
	}
	n.seen.Add(now)
	this, _, _ := strings.Cut(now, "/")
	return n.seen.Save(func(line string) bool { return line == now || !strings.HasPrefix(line, this+"/") })
}

func (n *noted) line() string {
	if len(n.had) == 0 {
		return ""
	}
	line := strconv.FormatUint(uint64(n.validity), 10) + "/" + n.had.String()
	if n.modseq > 0 {
		line += "/" + decimal(n.modseq)
		if n.pruned {
			line += "/pruned"
		}
	}
	return line
}
