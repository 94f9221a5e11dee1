package repl

import (
	"context"
	"fmt"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// handed is what cp has done with messages.
type handed struct {
	Messages int    `json:"messages"`
	Bytes    int64  `json:"bytes"`
	To       string `json:"to"`
	UIDs     string `json:"uids,omitempty"` // there, of the first and the last
}

func (h handed) Message() string {
	text := fmt.Sprintf("%d messages, %d bytes, copied to %s", h.Messages, h.Bytes, h.To)
	if h.Messages == 1 {
		text = strings.Replace(text, "messages", "message", 1)
	}
	if h.UIDs != "" {
		text += " as " + h.UIDs
	}
	return text
}

// giver is the session whose messages cp copies, if that is what its words
// mean: messages of the current session, and @SESSION:MAILBOX.
func (r *run) giver(words []string) (mail.Giver, bool) {
	s := r.call.sess
	if s == nil || len(words) < 2 || !crosses(words[len(words)-1]) || crosses(words[0]) {
		return nil, false
	}
	g, ok := s.Session.(mail.Giver)
	return g, ok
}

// hand copies messages of the current session to a mailbox of another.
func (sh *Shell) hand(ctx context.Context, from mail.Giver, words []string, to string) (any, error) {
	source := running(ctx).call.sess
	name, box, _ := strings.Cut(to[1:], ":")
	target, err := sh.named(name)
	if err != nil {
		return nil, err
	}
	taker, ok := target.Session.(mail.Taker)
	switch {
	case target == source:
		return nil, fault.New(fault.Usage, "%s is the session that the messages are in", to).WithHint("cp %s %s copies within it", strings.Join(words, " "), box)
	case !ok:
		return nil, fault.New(fault.Unsupported, "%s takes no messages", sh.label(target))
	case box == "":
		return nil, fault.New(fault.Usage, "%s names no mailbox", to).WithHint("such as @%s:Archive", name)
	}
	for _, s := range []*session{source, target} {
		give, err := s.hold(ctx)
		if err != nil {
			return nil, err
		}
		defer give()
		defer s.wire.Bind(ctx)()
	}
	done := handed{To: to}
	first, last := uint32(0), uint32(0)
	for l, err := range from.Give(ctx, words) {
		if err == nil {
			last, err = taker.Take(ctx, box, l)
		}
		if err != nil {
			return nil, done.sofar(err)
		}
		if done.Messages == 0 {
			first = last
		}
		done.Messages++
		done.Bytes += l.Size
	}
	if done.Messages == 0 {
		return nil, fault.New(fault.NotFound, "there are no such messages")
	}
	if done.UIDs = fmt.Sprint(first); first == 0 || last == 0 {
		done.UIDs = ""
	} else if last != first {
		done.UIDs = fmt.Sprintf("%d:%d", first, last)
	}
	return done, nil
}

// sofar adds to an error what was copied before it.
func (h handed) sofar(err error) error {
	e, ok := err.(*fault.Error)
	if !ok || h.Messages == 0 {
		return err
	}
	c := *e
	c.Err = e
	c.Text += fmt.Sprintf("; %d messages before it are there", h.Messages)
	return &c
}
