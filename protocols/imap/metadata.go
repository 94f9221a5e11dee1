package imap

import (
	"context"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// MetadataArgs are the arguments of metadata.
type MetadataArgs struct {
	Action  string `arg:"action" enum:"get,set,rm" help:"get: show; set: give a value; rm: remove"`
	Mailbox string `arg:"mailbox" help:"mailbox; / for the server itself" complete:"mailbox"`
	Entry   string `arg:"entry?" help:"such as /private/comment; all if left out"`
	Value   string `arg:"value?" help:"with set: the value"`
}

// An Annotation is something that is noted of a mailbox (RFC 5464).
type Annotation struct {
	Mailbox string `json:"mailbox"`
	Entry   string `json:"entry"`
	Value   string `json:"value"`
}

// Metadata shows or sets what is noted of a mailbox, or of the server.
func (s *Session) Metadata(ctx context.Context, a MetadataArgs) (verb.Stream[Annotation], error) {
	if err := s.need("keep notes of mailboxes", "METADATA", "METADATA-SERVER"); err != nil {
		return nil, err
	}
	for _, arg := range [][2]string{{"mailbox", a.Mailbox}, {"entry", a.Entry}, {"value", a.Value}} {
		if err := protocols.OneLine(arg[0], arg[1]); err != nil {
			return nil, err
		}
	}
	box := strings.TrimPrefix(a.Mailbox, "/")
	if a.Action != "get" && a.Entry == "" {
		return nil, fault.New(fault.Usage, "metadata %s wants an entry", a.Action).WithHint("such as /private/comment")
	}
	if a.Action != "get" {
		value := []byte(a.Value)
		p := &value
		if a.Action == "rm" {
			p = nil
		}
		err := s.l.lend(ctx, func() error { return s.lib.SetMetadata(box, map[string]*[]byte{a.Entry: p}).Wait() })
		return rowsOf[Annotation](nil), err
	}
	c := s.command("GETMETADATA")
	if a.Entry == "" {
		// RFC 5464, section 4.2.2: the options come before the mailbox.
		c.atom("(DEPTH infinity)").mailboxOrNone(s, box).atom("(/private /shared)")
	} else {
		c.mailboxOrNone(s, box).open().text("entry", a.Entry).shut()
	}
	var all []Annotation
	_, err := s.l.run(ctx, c.end(), s.l.bounded(func(p []byte) error {
		name, _, _, rest := word(p)
		if name != "METADATA" {
			return nil
		}
		cur := cursor{p: rest}
		cur.bytes()
		cur.take(' ')
		if cur.peek() != '(' {
			return nil // names of what changed, without values
		}
		cur.list(func() {
			entry := cur.text()
			cur.take(' ')
			if value := cur.bytes(); value != nil && len(all) < 10_000 {
				all = append(all, Annotation{a.Mailbox, entry, string(value)})
			}
		})
		if cur.bad {
			return unread(p)
		}
		return nil
	}))
	if err != nil {
		return nil, namedBox(err, a.Mailbox)
	}
	slices.SortFunc(all, func(a, b Annotation) int { return strings.Compare(a.Entry, b.Entry) })
	return rowsOf(all), nil
}
