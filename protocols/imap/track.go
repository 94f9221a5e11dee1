package imap

import (
	"strconv"
	"strings"
)

// A selected is the mailbox that the session is in, as the server tells of it.
type selected struct {
	name     string
	readOnly bool
	exists   uint32
	recent   uint32
	unseen   int // messages without \Seen; -1 when that is not known
	validity uint32
	next     uint32
	grown    bool // messages have come since next was told
	modseq   uint64
	sticky   bool // UIDs last (no UIDNOTSTICKY)
	flags    []string
	lasting  []string // flags that can be changed
}

// A change is something that the server told of the mailbox by itself.
type change struct {
	what string // new, gone, flags, vanished, alert or bye
	seq  uint32
	uid  uint32
	n    uint32 // of new: how many
	set  string // of vanished: UIDs
	text string
	flag []string
}

// mostChanges bounds how many are kept for whoever watches, and mostTold how
// many bytes of each.
const (
	mostChanges = 10_000
	mostTold    = 4 << 10
)

// track is shown every untagged response, whoever asked for it, and keeps
// what it tells of the session.
func (s *Session) track(p []byte) {
	name, n, numbered, rest := word(p)
	switch name {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		if st, ok := parseStatus(p); ok {
			s.trackStatus(st)
		}
		return
	case "CAPABILITY":
		s.setCaps(string(rest))
		return
	}
	b := s.box
	if s.selecting != nil {
		b = s.selecting
	}
	switch name {
	case "EXISTS", "RECENT", "EXPUNGE":
		if b == nil || !numbered || n > 1<<32-1 {
			s.l.left(name, name+" where no mailbox is selected")
			return
		}
		s.count(b, name, uint32(n))
	case "FLAGS":
		if b != nil {
			b.flags = flagList(rest)
		}
	case "FETCH":
		s.trackFetch(b, n, rest)
	case "VANISHED":
		s.trackVanished(b, string(rest))
	}
}

func (s *Session) count(b *selected, name string, n uint32) {
	switch name {
	case "RECENT":
		b.recent = n
	case "EXISTS":
		if s.selecting == nil && n > b.exists {
			b.grown = true
			s.changed(change{what: "new", n: n - b.exists})
			if b.unseen >= 0 {
				b.unseen += int(n - b.exists)
			}
		}
		b.exists = n
	case "EXPUNGE":
		if n == 0 || n > b.exists {
			s.l.left(name, "EXPUNGE of a message that is not there")
			return
		}
		b.exists--
		b.unseen = -1
		s.changed(change{what: "gone", seq: n})
	}
}

func (s *Session) changed(c change) {
	if len(s.changes) < mostChanges {
		s.changes = append(s.changes, c)
	}
}

func (s *Session) trackStatus(st status) {
	b := s.box
	if s.selecting != nil {
		b = s.selecting
	}
	number := func(bits int) uint64 {
		n, _ := strconv.ParseUint(strings.TrimSpace(st.args), 10, bits)
		return n
	}
	switch st.code {
	case "CAPABILITY":
		s.setCaps(st.args)
	case "ALERT":
		s.changed(change{what: "alert", text: st.text[:min(len(st.text), mostTold)]})
		s.say("the server says: " + st.text)
	}
	if st.kind == "BYE" {
		s.l.bye = st.text
	}
	if b == nil {
		return
	}
	switch st.code {
	case "UIDVALIDITY":
		b.validity = uint32(number(32))
	case "UIDNEXT":
		b.next = uint32(number(32))
	case "HIGHESTMODSEQ":
		b.modseq = number(63)
	case "PERMANENTFLAGS":
		b.lasting = flagList([]byte(st.args))
	case "UIDNOTSTICKY":
		b.sticky = false
	case "READ-ONLY":
		b.readOnly = true
	case "READ-WRITE":
		b.readOnly = false
	}
}

// trackFetch notes flags that changed. Bodies have no place in what was not
// asked for.
func (s *Session) trackFetch(b *selected, n int64, rest []byte) {
	if b == nil || n < 1 || n > int64(b.exists) || !s.watching || len(rest) > mostTold {
		return
	}
	if m, err := parseMessage(uint32(n), rest); err == nil && m.has(keyFlags) {
		s.changed(change{what: "flags", seq: m.seq, uid: m.uid, flag: m.flags})
	}
}

func (s *Session) trackVanished(b *selected, rest string) {
	set, earlier := strings.CutPrefix(rest, "(EARLIER) ")
	if b == nil || earlier {
		return
	}
	gone, err := parseSet(set)
	if err != nil {
		s.l.left("VANISHED", "a VANISHED that was not understood")
		return
	}
	if n := gone.count(); n <= uint64(b.exists) {
		b.exists -= uint32(n)
	} else {
		b.exists = 0
	}
	b.unseen = -1
	gone, _ = gone.cut(mostTold) // of more nobody wants to read
	s.changed(change{what: "vanished", set: gone.String()})
}

// flagList reads (\Seen \Deleted …). There are not more of them than a
// thousand.
func flagList(p []byte) (list []string) {
	c := cursor{p: p}
	c.list(func() {
		if a := c.bytes(); len(list) < 1000 {
			list = append(list, string(a))
		}
	})
	return list
}

func (s *Session) setCaps(text string) {
	s.caps = parseCaps(text)
	s.l.caps = strings.Join(s.caps, " ")
	s.capsFresh = true
	s.utf8 = s.utf8 || s.caps.has("IMAP4rev2") && !s.caps.has("IMAP4rev1")
}

// say passes a remark to the user.
func (s *Session) say(text string) {
	if s.wire.Warn != nil {
		s.wire.Warn(text)
	}
}
