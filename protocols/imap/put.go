package imap

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// PutArgs are the arguments of put.
type PutArgs struct {
	File    verb.Input `arg:"local" help:"file with a message; - is standard input" complete:"local"`
	Mailbox string     `arg:"mailbox?" help:"where to put it; the mailbox that is selected if left out" complete:"mailbox"`
	Flags   []string   `flag:"flags" help:"flags that it has from the start, such as \\Draft; may be repeated, or have commas" complete:"flag"`
	Date    string     `flag:"date" help:"when it came in: 2026-01-31, 2026-01-31T12:00:00Z; now if left out"`
	Mbox    bool       `flag:"mbox" help:"the file is an mbox: put all of its messages, in one go where the server can (MULTIAPPEND)"`
	Raw     bool       `flag:"raw" help:"byte for byte, without making every end of a line CR LF"`
}

// Stored is what became of a message that was put.
type Stored struct {
	Mailbox     string `json:"mailbox"`
	Messages    int    `json:"messages"`
	Bytes       int64  `json:"bytes"`
	UID         uint32 `json:"uid,omitempty"`  // if the server tells (APPENDUID)
	UIDs        string `json:"uids,omitempty"` // the same of several
	UIDValidity uint32 `json:"uid_validity,omitempty"`
}

// Message says it.
func (s Stored) Message() string {
	text := fmt.Sprintf("%d bytes put into %s", s.Bytes, s.Mailbox)
	if s.Messages != 1 {
		text = fmt.Sprintf("%s, %s", plural(uint64(s.Messages), "message"), text)
	}
	if s.UIDs != "" {
		text += " as " + short(s.UIDs)
	}
	return text
}

// Put puts a message into a mailbox, or those of an mbox.
func (s *Session) Put(ctx context.Context, a PutArgs) (Stored, error) {
	if a.File.ReadCloser == nil {
		return Stored{}, fault.New(fault.Usage, "there is no file")
	}
	defer a.File.Close()
	name := a.Mailbox
	if name == "" && s.box != nil {
		name = s.box.name
	}
	if name == "" {
		return Stored{}, fault.New(fault.Usage, "no mailbox is selected, and none named").WithHint("put draft.eml Drafts")
	}
	x := &putting{s: s, box: name, done: Stored{Mailbox: s.canonical(name)}}
	for _, f := range a.Flags {
		x.flags = append(x.flags, strings.FieldsFunc(f, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	if a.Date != "" {
		var err error
		if x.date, err = moment(a.Date); err != nil {
			return Stored{}, err
		}
	}
	if err := x.command(nil).err; err != nil {
		return Stored{}, err
	}
	list, err := outgoings(a.File, a.Mbox, a.Raw)
	if err != nil {
		return Stored{}, err
	}
	if err := x.run(ctx, list); err != nil {
		return Stored{}, x.sofar(err)
	}
	s.recount(ctx)
	return x.done, nil
}

// A putting is the putting of messages into a mailbox.
type putting struct {
	s     *Session
	box   string
	flags []string
	date  time.Time
	uids  set
	done  Stored
}

// command is an APPEND of messages, more than one only with MULTIAPPEND (RFC
// 3502).
func (x *putting) command(list []outgoing) *command {
	c := x.s.command("APPEND").mailbox(x.s, x.box)
	for _, m := range list {
		x.about(c)
		if m.binary {
			c.stream8(m.src(), m.size)
		} else {
			c.stream(m.src(), m.size)
		}
	}
	if len(list) == 0 {
		x.about(c)
	}
	return c
}

func (x *putting) about(c *command) {
	if len(x.flags) > 0 {
		c.flags(x.flags)
	}
	if !x.date.IsZero() {
		c.date(x.date)
	}
}

// mostAtOnce bounds the messages of one APPEND, which the server takes all or
// none of.
const mostAtOnce = 1000

func (x *putting) run(ctx context.Context, list []outgoing) error {
	for _, m := range list {
		if m.binary && !x.s.caps.has("BINARY") {
			return fault.New(fault.Unsupported, "a message has a NUL byte in it, which the server cannot take: it has no BINARY")
		}
	}
	defer x.s.paced()()
	n := 1
	if x.s.caps.has("MULTIAPPEND") {
		n = mostAtOnce
	}
	for part := range slices.Chunk(list, n) {
		c := x.command(part).end()
		tag, err := x.s.l.begin(c, nil)
		var st status
		if err == nil {
			st, err = x.s.l.finish(ctx, tag, c.name, nil)
		}
		if err != nil {
			return namedBox(err, x.box)
		}
		x.put(st, part)
	}
	return nil
}

// put notes what was put.
func (x *putting) put(st status, part []outgoing) {
	d := &x.done
	for _, m := range part {
		d.Messages++
		d.Bytes += m.size
	}
	validity, uids := appended(st)
	if len(uids) == 0 || uids.count() != uint64(len(part)) {
		return
	}
	d.UIDValidity = validity
	x.uids = append(x.uids, uids...).normal()
	d.UIDs = x.uids.String()
	if d.UID = 0; d.Messages == 1 {
		d.UID = uids[0].lo
	}
}

// sofar adds to an error what was put before it.
func (x *putting) sofar(err error) error {
	if x.done.Messages == 0 {
		return err
	}
	return with(err, func(e *fault.Error) {
		if n := x.done.Messages; n == 1 {
			e.Text += "; 1 message was put before it"
		} else {
			e.Text += fmt.Sprintf("; %d messages were put before it", n)
		}
	})
}

// appended is what APPENDUID tells (RFC 4315); no UIDs if it was not told.
func appended(st status) (validity uint32, uids set) {
	first, second, _ := strings.Cut(strings.TrimSpace(st.args), " ")
	n, err := strconv.ParseUint(first, 10, 32)
	if st.code != "APPENDUID" || err != nil {
		return 0, nil
	}
	if uids, err = parseSet(second); err != nil {
		return 0, nil
	}
	return uint32(n), uids
}

// moment reads a date with or without a time.
func moment(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly, time.RFC1123Z, "_2-Jan-2006 15:04:05 -0700"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil && t.Year() > 0 {
			return t, nil
		}
	}
	return time.Time{}, fault.New(fault.BadArgument, "%q is not a time such as 2026-01-31T12:00:00Z", s)
}
