package imap

import (
	"context"
	"fmt"
	"time"
)

// An Event is something that happened to the mailbox.
type Event struct {
	Time    time.Time `json:"time"`
	Event   string    `json:"event"` // new, gone, flags, alert or output
	UID     uint32    `json:"uid,omitempty"`
	Seq     uint32    `json:"seq,omitempty"`
	UIDs    string    `json:"uids,omitempty"` // of those that are gone, where the server tells
	From    string    `json:"from,omitempty"`
	Subject string    `json:"subject,omitempty"`
	Flags   Flags     `json:"flags,omitempty"`
	Size    int64     `json:"size,omitempty"`
	Text    string    `json:"text,omitempty"`
}

// String is the event as a line.
func (e Event) String() string {
	text := e.Time.Local().Format(time.DateTime) + " "
	switch e.Event {
	case "new":
		return text + fmt.Sprintf("new %d from %s: %s", e.UID, e.From, e.Subject)
	case "gone":
		if e.UIDs != "" {
			return text + "gone " + short(e.UIDs)
		}
		return text + fmt.Sprintf("gone number %d of the mailbox", e.Seq)
	case "flags":
		if e.UID == 0 {
			return text + fmt.Sprintf("flags of number %d of the mailbox: %s", e.Seq, e.Flags)
		}
		return text + fmt.Sprintf("flags of %d: %s", e.UID, e.Flags)
	}
	if e.Event == "output" { // of the command
		return e.Text
	}
	return text + e.Event + ": " + e.Text
}

// events makes what changed something for people: of new messages it asks who
// wrote them.
func (s *Session) events(ctx context.Context, changes []change) (all []Event, err error) {
	now := time.Now().Truncate(time.Millisecond)
	uids, err := s.numbered(ctx, changes)
	if err != nil {
		return nil, err
	}
	fresh := uint32(0)
	for _, c := range changes {
		switch c.what {
		case "new":
			fresh += c.n
		case "gone":
			all = append(all, Event{Time: now, Event: "gone", Seq: c.seq})
		case "vanished":
			all = append(all, Event{Time: now, Event: "gone", UIDs: c.set})
		case "flags":
			all = append(all, Event{Time: now, Event: "flags", UID: max(c.uid, uids[c.seq]), Seq: c.seq, Flags: c.flag})
		case "alert":
			all = append(all, Event{Time: now, Event: "alert", Text: c.text})
		}
	}
	if fresh = min(fresh, s.box.exists, mostChanges); fresh == 0 {
		return all, nil
	}
	for m, err := range s.fetch(ctx, s.pages(ends(s.box.exists, fresh, true)), rowItems, keyEnvelope) {
		if err != nil {
			return all, err
		}
		r := m.row(true)
		all = append(all, Event{Time: now, Event: "new", UID: r.UID, Seq: uint32(r.Seq), From: r.From, Subject: r.Subject, Flags: r.Flags, Size: r.Size})
	}
	return all, nil
}

// numbered asks for the UIDs of messages of which only the number was told,
// which has a meaning as long as none before them is gone.
func (s *Session) numbered(ctx context.Context, changes []change) (map[uint32]uint32, error) {
	var all set
	for _, c := range changes {
		switch {
		case c.what == "gone" || c.what == "vanished":
			return nil, nil
		case c.what == "flags" && c.uid == 0:
			all = all.with(c.seq)
		}
	}
	uids := map[uint32]uint32{}
	for _, part := range all.pieces(mostChanges) {
		_, err := s.l.run(ctx, s.fetching(page{text: part.String(), seq: true}, "(UID)"), func(b []byte) error {
			name, n, _, rest := word(b)
			if name != "FETCH" || n < 1 || n >= 1<<32 {
				return nil
			}
			m, err := parseMessage(uint32(n), rest)
			if err == nil && part.has(m.seq) && m.uid > 0 {
				uids[m.seq] = m.uid
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return uids, nil
}

// told sums up what changed, a line for each kind.
func told(box string, changes []change) (lines []string) {
	fresh, gone := uint32(0), 0
	for _, c := range changes {
		switch c.what {
		case "new":
			fresh += c.n
		case "gone":
			gone++
		case "vanished":
			if set, err := parseSet(c.set); err == nil {
				gone += int(min(set.count(), 1<<31))
			}
		case "alert":
			lines = append(lines, "the server says: "+c.text)
		}
	}
	if fresh > 0 {
		lines = append(lines, fmt.Sprintf("%s: %s", box, plural(uint64(fresh), "new message")))
	}
	if gone > 0 {
		lines = append(lines, fmt.Sprintf("%s: %s removed", box, plural(uint64(gone), "message")))
	}
	return lines
}
