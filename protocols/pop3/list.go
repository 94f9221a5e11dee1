package pop3

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/command"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// A row is a message as LIST and UIDL have it.
type row struct {
	number uint32
	size   int64
	uid    string
}

// Bounds on what is collected.
const (
	mostMessages = 1_000_000
	mostUID      = 255      // bytes; RFC 1939 wants 70
	mostUIDs     = 64 << 20 // bytes of all of them
)

// list asks for the numbers, the sizes and, where the server knows them, the
// UIDs of all messages, in one round trip if it can.
func (s *Session) list(ctx context.Context) ([]row, error) {
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if s.sizes != nil {
		return s.sizes, nil
	}
	uids := s.offers("UIDL") || len(s.caps) == 0
	var list []row
	err := s.call(ctx, "command", func() error {
		ask := "LIST\r\n"
		if uids && s.offers("PIPELINING") {
			ask += "UIDL\r\n"
		}
		if _, err := s.ctl.Write([]byte(ask)); err != nil {
			return err
		}
		err := s.listing(&list)
		no := s.ctl.reply
		switch {
		case !uids || err != nil && err != errNo:
			return err
		case s.offers("PIPELINING"): // it is answered whatever became of LIST
		case err != nil:
			return err
		default:
			if _, err := s.ctl.Write([]byte("UIDL\r\n")); err != nil {
				return err
			}
		}
		s.ctl.Sent = "UIDL"
		if uerr := s.uidl(list); uerr != nil || err == nil {
			return uerr
		}
		s.ctl.reply = no
		return err
	})
	if err != nil {
		return nil, err
	}
	if list == nil {
		list = []row{}
	}
	s.sizes = list
	return list, nil
}

// listing reads the reply to LIST.
func (s *Session) listing(list *[]row) error {
	c := s.ctl
	c.Sent = "LIST"
	if err := c.readStatus(); err != nil {
		return err
	}
	if !c.reply.OK {
		return errNo
	}
	return c.list(func(line []byte) error {
		words := bytes.Fields(line)
		if len(words) < 2 {
			return c.malformed(line)
		}
		n, err := strconv.ParseUint(string(words[0]), 10, 32)
		size, serr := strconv.ParseInt(string(words[1]), 10, 64)
		if err != nil || serr != nil || n == 0 || size < 0 || len(*list) > 0 && uint32(n) <= (*list)[len(*list)-1].number {
			return c.malformed(line)
		}
		if len(*list) == mostMessages {
			return &fault.Error{Kind: fault.Limit, Text: "the mailbox has more than " + strconv.Itoa(mostMessages) + " messages"}
		}
		*list = append(*list, row{number: uint32(n), size: size})
		return nil
	})
}

func (c *control) malformed(line []byte) error {
	return &fault.Error{Kind: fault.Protocol, Text: "a line of the reply to " + c.Sent + " is malformed: " + command.Quote(string(line))}
}

// uidl reads the reply to UIDL into list. A server that knows none says no.
func (s *Session) uidl(list []row) error {
	c := s.ctl
	if err := c.readStatus(); err != nil || !c.reply.OK {
		return err
	}
	total := 0
	return c.list(func(line []byte) error {
		number, uid, ok := bytes.Cut(line, []byte(" "))
		n, err := strconv.ParseUint(string(number), 10, 32)
		uid = bytes.TrimSpace(uid)
		if !ok || err != nil || n == 0 || len(uid) == 0 || len(uid) > mostUID || bytes.ContainsFunc(uid, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return c.malformed(line)
		}
		if i, ok := slices.BinarySearchFunc(list, uint32(n), func(r row, n uint32) int { return int(int64(r.number) - int64(n)) }); ok {
			if total += len(uid); total > mostUIDs {
				return &fault.Error{Kind: fault.Limit, Text: "the UIDs are longer than " + strconv.Itoa(mostUIDs) + " bytes together"}
			}
			list[i].uid = string(uid)
		}
		return nil
	})
}

// named are the messages that words name, of those that are there.
func (s *Session) named(ctx context.Context, words []string) ([]row, error) {
	found := len(words) == 1 && words[0] == "$"
	var set mail.Set
	var err error
	if !found {
		if set, err = mail.ParseSet(words...); err != nil {
			return nil, err
		}
	}
	list, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(r row) bool { return s.deleted[r.number] })
	if found {
		return slices.DeleteFunc(list, func(r row) bool { return !slices.Contains(s.found, r.number) }), nil
	}
	numbers := make([]uint32, len(list))
	for i, r := range list {
		numbers[i] = r.number
	}
	if n := set.Missing(numbers); n != 0 {
		return nil, s.missing(n)
	}
	want := set.Of(numbers)
	return slices.DeleteFunc(list, func(r row) bool {
		_, ok := slices.BinarySearch(want, r.number)
		return !ok
	}), nil
}

func (s *Session) missing(n uint32) error {
	e := &fault.Error{Kind: fault.NotFound, At: s.at(), Text: "there is no message " + strconv.FormatUint(uint64(n), 10), Hint: "ls shows what is there"}
	if s.deleted[n] {
		e.Text += ": it is to be deleted"
		e.Hint = "undelete brings back all that are"
	}
	return e
}

// single is the number of one message.
func (s *Session) single(ctx context.Context, word string) (uint32, error) {
	if err := s.ready(ctx); err != nil {
		return 0, err
	}
	set, err := mail.ParseSet(strings.TrimSpace(word))
	if err != nil {
		return 0, err
	}
	if n, ok := set.Single(); ok {
		if s.deleted[n] {
			return 0, s.missing(n)
		}
		return n, nil
	}
	return 0, fault.New(fault.BadArgument, "%q is not the number of one message", word)
}
