package pop3

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
)

// GetArgs are the arguments of get.
type GetArgs struct {
	Messages []string `arg:"messages..." help:"such as 3, 1:20, last 5, all, or $"`
	Mbox     string   `flag:"mbox" help:"add them to this file" complete:"local"`
	Maildir  string   `flag:"maildir" help:"add them to this directory" complete:"local"`
	New      bool     `flag:"new" help:"only those that were not fetched there before"`
	Delete   bool     `flag:"delete" help:"have them deleted once they are safe on the disk"`
	Sizes
}

// A Fetched tells what get has done.
type Fetched struct {
	Messages int           `json:"messages"`
	Bytes    int64         `json:"bytes"`
	Skipped  int           `json:"skipped"` // were fetched before
	Refused  int           `json:"refused,omitempty"`
	Deleted  int           `json:"deleted"`
	To       string        `json:"to"`
	Took     time.Duration `json:"took"`
}

// Message says it.
func (f Fetched) Message() string {
	text := fmt.Sprintf("%s, %d bytes, to %s", messages(f.Messages), f.Bytes, f.To)
	if f.Skipped > 0 {
		text += fmt.Sprintf("; %d were fetched before", f.Skipped)
	}
	if f.Deleted > 0 {
		text += fmt.Sprintf("; %d to be deleted when the session is closed", f.Deleted)
	}
	return text
}

// Get fetches messages: one as a *verb.Blob, or several into a drop.
func (s *Session) Get(ctx context.Context, a GetArgs) (any, error) {
	if a.Mbox == "" && a.Maildir == "" {
		set, err := mail.ParseSet(a.Messages...)
		if err != nil {
			return nil, err
		}
		n, ok := set.Single()
		if !ok || a.New || a.Delete || a.Sizes != (Sizes{}) {
			return nil, fault.New(fault.Usage, "where to?").WithHint("get 3 fetches one; for more: get all --mbox in.mbox, or --maildir in")
		}
		return s.Save(ctx, mail.SaveArgs{Message: fmt.Sprint(n)})
	}
	if a.Mbox != "" && a.Maildir != "" {
		return nil, fault.New(fault.Usage, "--mbox or --maildir, not both")
	}
	list, err := s.chosen(ctx, a.Messages)
	if err != nil {
		return nil, err
	}
	f := &fetch{s: s, a: a, start: time.Now()}
	return f.run(ctx, a.of(list))
}

const (
	getsAtOnce = 1000 // RETRs under way
	syncEvery  = 4000 // messages, unless they are to be deleted
)

// A fetch is a get into a drop.
type fetch struct {
	s     *Session
	a     GetArgs
	start time.Time
	drop  mail.Drop
	seen  *mail.Seen // nil without --new
	done  Fetched
	held  []row // that were kept and are not safe yet
	no    error // the first refusal
}

func (f *fetch) run(ctx context.Context, list []row) (any, error) {
	known, err := f.open(list)
	if err != nil {
		return nil, err
	}
	todo := list[:0:0]
	for _, r := range list {
		if f.seen != nil && r.uid != "" && f.seen.Has(r.uid) {
			f.done.Skipped++
			continue
		}
		todo = append(todo, r)
	}
	err = f.s.call(ctx, "body", func() error {
		f.s.ctl.fast(bulkRoom)
		err := f.all(todo)
		if err != nil {
			f.s.ctl.Fail(err) // what is under way would come first
		}
		if serr := f.safe(known); err == nil {
			err = serr
		}
		if serr := f.s.ctl.slow(); err == nil {
			err = serr
		}
		return err
	})
	if cerr := f.drop.Close(); err == nil {
		err = cerr
	}
	f.done.Took = time.Since(f.start)
	if err == nil {
		err = f.no
	}
	if err != nil {
		return nil, f.sofar(err)
	}
	return f.done, nil
}

// sofar adds to an error what was fetched before it.
func (f *fetch) sofar(err error) error {
	e, ok := err.(*fault.Error)
	if !ok || f.done.Messages == 0 {
		return err
	}
	c := *e
	c.Err = e
	c.Text += fmt.Sprintf("; %s safe in %s", messages(f.done.Messages-len(f.held)), f.done.To)
	return &c
}

// open opens the drop, and what is known of the messages in it. The function
// tells whether a UID is still at the server.
func (f *fetch) open(list []row) (known func(string) bool, err error) {
	beside := f.a.Mbox + ".uidl"
	if f.a.Mbox != "" {
		f.done.To = f.a.Mbox
		f.drop, err = mail.OpenMbox(f.a.Mbox)
	} else {
		f.done.To = f.a.Maildir
		beside = filepath.Join(f.a.Maildir, ".uidl")
		f.drop, err = mail.OpenMaildir(f.a.Maildir)
	}
	if err != nil || !f.a.New {
		return nil, err
	}
	here := map[string]bool{}
	for _, r := range f.s.sizes {
		here[r.uid] = true
	}
	if len(list) > 0 && list[0].uid == "" {
		err = &fault.Error{Kind: fault.Unsupported, At: f.s.at(), Text: "the server does not offer UIDL, without which nobody knows what is new"}
	} else {
		f.seen, err = mail.OpenSeen(beside, f.s.Named())
	}
	if err != nil {
		f.drop.Close()
	}
	return func(uid string) bool { return here[uid] }, err
}

// all fetches the messages, with many RETRs under way where the server takes
// that. So many are said ahead that it never waits for us, and so few that
// neither side ever waits for the other to read.
func (f *fetch) all(todo []row) error {
	window, every := 1, syncEvery
	if f.s.offers("PIPELINING") {
		window = getsAtOnce
	}
	if f.a.Delete {
		every = getsAtOnce
	}
	said := 0
	for i, r := range todo {
		if said-i <= window/2 {
			until := min(i+window, len(todo))
			if f.a.Delete { // what goes between the RETRs must not be answered amid them
				until = min(i-i%every+every, len(todo))
			}
			if err := f.say(todo[said:max(said, until)]); err != nil {
				return err
			}
			said = max(said, until)
		}
		if err := f.one(r); err != nil {
			return err
		}
		if len(f.held) >= every && (said == i+1 || !f.a.Delete) {
			if err := f.safe(nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fetch) say(some []row) error {
	if len(some) == 0 {
		return nil
	}
	var b strings.Builder
	for _, r := range some {
		fmt.Fprintf(&b, "RETR %d\r\n", r.number)
	}
	_, err := f.s.ctl.Write([]byte(b.String()))
	return err
}

// one reads the reply to one RETR.
func (f *fetch) one(r row) error {
	c := f.s.ctl
	c.Sent = "RETR"
	if err := c.readStatus(); err != nil {
		return err
	}
	if !c.reply.OK {
		f.done.Refused++
		if f.no == nil {
			f.no = f.s.refusal("command", c.reply)
		}
		return nil
	}
	b := newBody(c)
	if err := f.drop.Keep(b); err != nil {
		if b.err != nil {
			return b.err
		}
		if !b.ended {
			b.Close()
		}
		return err
	}
	if !b.ended {
		return io.ErrUnexpectedEOF
	}
	f.done.Messages++
	f.done.Bytes += b.n
	f.held = append(f.held, r)
	return nil
}

// safe makes what was kept last, notes it and has it deleted. At the end known
// tells which UIDs are still worth a note.
func (f *fetch) safe(known func(string) bool) error {
	if len(f.held) == 0 {
		return nil
	}
	if err := f.drop.Sync(); err != nil {
		return err
	}
	held := f.held
	f.held = nil
	if f.seen != nil {
		for _, r := range held {
			f.seen.Add(r.uid)
		}
		if known == nil {
			known = func(string) bool { return true }
		}
		if err := f.seen.Save(known); err != nil {
			return err
		}
	}
	if !f.a.Delete || f.s.ctl.Broken != nil {
		return nil
	}
	numbers := make([]uint32, len(held))
	for i, r := range held {
		numbers[i] = r.number
	}
	before := len(f.s.deleted)
	err := f.s.dele(numbers)
	f.done.Deleted += len(f.s.deleted) - before
	return err
}
