package imap

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
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
	Raw     bool       `flag:"raw" help:"byte for byte, without making every end of a line CR LF"`
}

// Stored is what became of a message that was put.
type Stored struct {
	Mailbox     string `json:"mailbox"`
	Bytes       int64  `json:"bytes"`
	UID         uint32 `json:"uid,omitempty"` // if the server tells (APPENDUID)
	UIDValidity uint32 `json:"uid_validity,omitempty"`
}

// Message says it.
func (s Stored) Message() string {
	text := fmt.Sprintf("%d bytes put into %s", s.Bytes, s.Mailbox)
	if s.UID != 0 {
		text += fmt.Sprintf(" as %d", s.UID)
	}
	return text
}

// Put puts a message into a mailbox.
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
	c := s.command("APPEND").mailbox(s, name)
	var flags []string
	for _, f := range a.Flags {
		flags = append(flags, strings.FieldsFunc(f, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	if len(flags) > 0 {
		c.flags(flags)
	}
	if a.Date != "" {
		at, err := moment(a.Date)
		if err != nil {
			return Stored{}, err
		}
		c.date(at)
	}
	if c.err != nil {
		return Stored{}, c.err
	}
	src, n, err := sized(a.File, a.Raw)
	if err != nil {
		return Stored{}, err
	}
	defer s.paced()()
	c.stream(src, n).end()
	tag, err := s.l.begin(c, nil)
	var st status
	if err == nil {
		st, err = s.l.finish(ctx, tag, c.name, nil)
	}
	if err != nil {
		return Stored{}, namedBox(err, name)
	}
	s.recount(ctx)
	done := Stored{Mailbox: s.canonical(name), Bytes: n}
	done.UIDValidity, done.UID = appended(st)
	return done, nil
}

// appended is what APPENDUID tells (RFC 4315); zeros if it was not told.
func appended(st status) (validity, uid uint32) {
	if st.code == "APPENDUID" {
		_, _ = fmt.Sscan(st.args, &validity, &uid)
	}
	return validity, uid
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

// mostMemory is how much of an input is kept that cannot be read twice.
const mostMemory = 16 << 20

// sized is a message and how many bytes it has when each of its lines ends in
// CR LF. What can be read twice is not kept.
func sized(in verb.Input, raw bool) (io.Reader, int64, error) {
	file, ok := in.ReadCloser.(io.ReadSeeker)
	if ok {
		if _, err := file.Seek(0, io.SeekCurrent); err != nil {
			ok = false // a pipe
		}
	}
	unreadable := func(err error) error { return fault.New(fault.ReadLocal, "%s cannot be read: %v", in.Name, err) }
	if !ok {
		var all bytes.Buffer
		n, err := io.Copy(&all, io.LimitReader(in, mostMemory+1))
		switch {
		case err != nil:
			return nil, 0, unreadable(err)
		case n > mostMemory:
			return nil, 0, fault.New(fault.Unsupported, "the server must know the size first, and more than %d bytes from a pipe are not kept", mostMemory).WithHint("write it to a file, and put that")
		}
		file = bytes.NewReader(all.Bytes())
	}
	from, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, 0, unreadable(err)
	}
	src := func() io.Reader {
		if raw {
			return file
		}
		return &crlf{in: bufio.NewReaderSize(file, 64<<10)}
	}
	n, err := io.Copy(io.Discard, src())
	if err == nil {
		_, err = file.Seek(from, io.SeekStart)
	}
	if err != nil {
		return nil, 0, unreadable(err)
	}
	return src(), n, nil
}
