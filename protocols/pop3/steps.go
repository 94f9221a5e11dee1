package pop3

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/command"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Total is the answer to STAT.
type Total struct {
	Count int   `json:"count"`
	Size  int64 `json:"size"` // in bytes
}

// Stat asks how many messages there are, and how large they are together.
func (s *Session) Stat(ctx context.Context, _ None) (Total, error) {
	if err := s.ready(ctx); err != nil {
		return Total{}, err
	}
	r, err := s.ask(ctx, "command", "STAT")
	if err != nil {
		return Total{}, err
	}
	words := strings.Fields(r.Text)
	if len(words) >= 2 {
		n, nerr := strconv.ParseUint(words[0], 10, 31)
		size, serr := strconv.ParseInt(words[1], 10, 64)
		if nerr == nil && serr == nil && size >= 0 {
			if len(s.deleted) == 0 {
				s.count, s.size = int(n), size
			}
			return Total{int(n), size}, nil
		}
	}
	return Total{}, s.ctl.Fail(&fault.Error{Kind: fault.Protocol, At: s.at(), Text: "the server's reply to STAT is malformed: " + command.Quote(r.Text)})
}

// ListArgs are the arguments of list and uidl.
type ListArgs struct {
	Message uint32 `arg:"message?" help:"number; all if left out"`
}

// A Listed is a line of LIST.
type Listed struct {
	Number uint32 `json:"number"`
	Size   int64  `json:"size"`
}

// List says LIST: the numbers and the sizes.
func (s *Session) List(ctx context.Context, a ListArgs) (verb.Stream[Listed], error) {
	if a.Message == 0 {
		list, err := s.list(ctx)
		return each(list, func(r row) (Listed, bool) { return Listed{r.number, r.size}, !s.deleted[r.number] }), err
	}
	word, err := s.about(ctx, "LIST", a.Message)
	if err != nil {
		return nil, err
	}
	size, err := strconv.ParseInt(word, 10, 64)
	if err != nil || size < 0 {
		return nil, s.ctl.Fail(&fault.Error{Kind: fault.Protocol, At: s.at(), Text: "the server's reply to LIST is malformed: " + command.Quote(s.ctl.reply.Text)})
	}
	return rows([]Listed{{a.Message, size}}), nil
}

// A Named is a line of UIDL.
type Named struct {
	Number uint32 `json:"number"`
	UID    string `json:"uid"`
}

// Uidl says UIDL: the numbers, and names that stay the same from session to
// session.
func (s *Session) Uidl(ctx context.Context, a ListArgs) (verb.Stream[Named], error) {
	if a.Message == 0 {
		list, err := s.list(ctx)
		return each(list, func(r row) (Named, bool) { return Named{r.number, r.uid}, !s.deleted[r.number] && r.uid != "" }), err
	}
	word, err := s.about(ctx, "UIDL", a.Message)
	return rows([]Named{{a.Message, word}}), err
}

func each[T any](list []row, f func(row) (T, bool)) verb.Stream[T] {
	return func(yield func(T, error) bool) {
		for _, r := range list {
			if x, ok := f(r); ok && !yield(x, nil) {
				return
			}
		}
	}
}

// about asks LIST or UIDL of one message.
func (s *Session) about(ctx context.Context, word string, n uint32) (string, error) {
	if err := s.ready(ctx); err != nil {
		return "", err
	}
	r, err := s.ask(ctx, "command", word, n)
	if err != nil {
		return "", err
	}
	words := strings.Fields(r.Text)
	if len(words) < 2 || words[0] != strconv.FormatUint(uint64(n), 10) {
		return "", s.ctl.Fail(&fault.Error{Kind: fault.Protocol, At: s.at(), Text: "the server's reply to " + word + " is malformed: " + command.Quote(r.Text)})
	}
	return words[1], nil
}

// TopArgs are the arguments of top.
type TopArgs struct {
	Message string `arg:"message" help:"number of the message" complete:"remote"`
	Lines   uint32 `arg:"lines?" help:"how many lines of its body; none if left out"`
}

// Top shows the header and so many lines, as they come.
func (s *Session) Top(ctx context.Context, a TopArgs) (*verb.Blob, error) {
	n, err := s.single(ctx, a.Message)
	if err != nil {
		return nil, err
	}
	o, err := s.retr(ctx, n, int(a.Lines))
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Size: -1, Type: "message/rfc822", ReadCloser: o}, nil
}

// Noop has the server answer.
func (s *Session) Noop(ctx context.Context, _ None) (Reply, error) { return s.step(ctx, "NOOP") }

// Utf8 has the server give what is in UTF-8 as it is (RFC 6856).
func (s *Session) Utf8(ctx context.Context, _ None) (Reply, error) { return s.step(ctx, "UTF8") }

// LangArgs are the arguments of lang.
type LangArgs struct {
	Language string `arg:"language?" help:"tag such as de; the list of them if left out"`
}

// A Language is one that the server speaks.
type Language struct {
	Tag  string `json:"tag"`
	Name string `json:"name"`
}

// Lang lists the languages of the server's replies, or takes one.
func (s *Session) Lang(ctx context.Context, a LangArgs) (any, error) {
	if a.Language != "" {
		return s.step(ctx, "LANG "+a.Language)
	}
	var all []Language
	err := s.call(ctx, "command", func() error {
		if err := s.lib.Send("LANG"); err != nil {
			return err
		}
		if err := s.ctl.readStatus(); err != nil {
			return err
		}
		if !s.ctl.reply.OK {
			return errNo
		}
		defer s.ctl.Conn.Reply()()
		return s.ctl.list(func(line []byte) error {
			tag, name, _ := strings.Cut(string(line), " ")
			all = append(all, Language{tag, name})
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return rows(all), nil
}

// RawArgs are the arguments of raw.
type RawArgs struct {
	Line  string `arg:"command" help:"the line to send, without its end" dash:"yes"`
	Multi bool   `flag:"multi" help:"the reply has several lines, up to a dot"`
}

// Raw says a line and gives the reply as it came. LIST and UIDL by themselves,
// RETR, TOP, CAPA and LANG have replies of several lines.
func (s *Session) Raw(ctx context.Context, a RawArgs) (any, error) {
	if err := protocols.OneLine("command", a.Line); err != nil {
		return nil, err
	}
	words := strings.Fields(strings.ToUpper(a.Line))
	if len(words) == 0 {
		words = []string{""}
	}
	switch words[0] {
	case "LIST", "UIDL", "LANG":
		a.Multi = a.Multi || len(words) == 1
	case "RETR", "TOP", "CAPA":
		a.Multi = true
	case "DELE":
		s.sizes = nil
	}
	r, err := s.step(ctx, a.Line)
	if err == nil && r.OK {
		s.did(words)
	}
	if err != nil || !a.Multi || !r.OK {
		return r, err
	}
	s.ctl.fast(bulkRoom)
	o := &opened{body: newBody(s.ctl), s: s}
	o.stop = s.ctl.Watch(ctx)
	o.before = o.over(ctx)
	o.rest = r.Raw()
	return &verb.Blob{Size: -1, ReadCloser: o}, nil
}

// did keeps up with what a raw command has changed.
func (s *Session) did(words []string) {
	switch {
	case words[0] == "RSET":
		clear(s.deleted)
	case words[0] == "DELE" && len(words) == 2:
		if n, err := strconv.ParseUint(words[1], 10, 32); err == nil {
			s.deleted[uint32(n)] = true
		}
	}
}

// SetArgs are messages.
type SetArgs struct {
	Messages []string `arg:"messages..." help:"numbers and ranges such as 1:5,9, all, last 20, or $ for those that search found"`
}

// Rm has the server remove messages when the session is closed.
func (s *Session) Rm(ctx context.Context, a SetArgs) (Removed, error) {
	if len(a.Messages) == 0 {
		return Removed{}, fault.New(fault.Usage, "which messages?").WithHint("such as rm 3, rm 1:2, rm last 5")
	}
	if s.sizes == nil && s.in && !s.ctl.Alive() {
		// On another connection the numbers may mean other messages.
		return Removed{}, s.idled()
	}
	list, err := s.named(ctx, a.Messages)
	if err != nil {
		return Removed{}, err
	}
	numbers := make([]uint32, len(list))
	for i, r := range list {
		numbers[i] = r.number
	}
	err = s.call(ctx, "command", func() error { return s.dele(numbers) })
	return Removed{len(s.deleted), numbers}, err
}

// dele says DELE for each of the numbers, many at a time where the server
// takes that. The first refusal is the error, after all have been tried.
func (s *Session) dele(numbers []uint32) (first error) {
	window := 1
	if s.offers("PIPELINING") {
		window = 200
	}
	for len(numbers) > 0 {
		some := numbers[:min(window, len(numbers))]
		numbers = numbers[len(some):]
		var b strings.Builder
		for _, n := range some {
			fmt.Fprintf(&b, "DELE %d\r\n", n)
		}
		if _, err := s.ctl.Write([]byte(b.String())); err != nil {
			return err
		}
		for _, n := range some {
			if _, err := s.lib.ReadOne(); s.ctl.Broken != nil {
				return err
			}
			if s.ctl.reply.OK {
				s.deleted[n] = true
			} else if first == nil {
				first = s.refusal("command", s.ctl.reply)
			}
		}
	}
	return first
}

// A Removed tells what will be removed.
type Removed struct {
	Pending  int      `json:"pending"` // messages that will be removed in all
	Messages []uint32 `json:"messages"`
}

// Message says it.
func (r Removed) Message() string {
	return fmt.Sprintf("%s to be deleted: close removes them, undelete or abort keeps them", messages(r.Pending))
}

// Undelete takes back all of rm.
func (s *Session) Undelete(ctx context.Context, _ None) (Reply, error) {
	r, err := s.step(ctx, "RSET")
	if err == nil && r.OK {
		clear(s.deleted)
	}
	return r, err
}

// Complete completes numbers of messages.
func (s *Session) Complete(_ context.Context, what, prefix string) (names []string, _ error) {
	if what != "remote" || !s.in {
		return nil, nil
	}
	for i := 1; i <= s.count && len(names) < 100; i++ {
		if n := strconv.Itoa(i); strings.HasPrefix(n, prefix) {
			names = append(names, n)
		}
	}
	return names, nil
}
