package imap

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// A saving is a get into a drop.
type saving struct {
	s    *Session
	a    GetArgs
	drop mail.Drop
	show verb.Meter
	done Fetched
	note *noted // what was fetched there before; nil without --new
	haul *haul
	held set // kept, and not safe yet
	safe set // safe
}

// getInto fetches messages into a Maildir or an mbox.
func (s *Session) getInto(ctx context.Context, words []string, a GetArgs) (any, error) {
	x := &saving{s: s, a: a, show: verb.MeterOf(ctx)}
	start := time.Now()
	if a.Delete {
		if err := s.writable(); err != nil {
			return nil, err
		}
		if err := s.need("remove some messages and leave others that are marked as deleted", "UIDPLUS", "IMAP4rev2"); err != nil {
			return nil, err
		}
	}
	all, err := x.asked(ctx, words)
	if err != nil {
		return nil, err
	}
	beside := a.Mbox + ".uids"
	if a.Maildir != "" {
		beside = filepath.Join(a.Maildir, ".uids")
		x.done.To = a.Maildir
		x.drop, err = mail.OpenMaildir(a.Maildir)
	} else {
		x.done.To = a.Mbox
		x.drop, err = mail.OpenMbox(a.Mbox)
	}
	if err != nil {
		return nil, err
	}
	if a.New {
		x.note, err = s.noted(beside)
	}
	if err == nil {
		err = x.run(ctx, all)
	}
	if late := x.drop.Close(); err == nil {
		err = late
	}
	x.done.Took = time.Since(start)
	if err != nil {
		return nil, x.sofar(err)
	}
	return x.done, nil
}

// asked are the UIDs that are meant. Of all messages those that may be there
// are taken, without asking which are.
func (x *saving) asked(ctx context.Context, words []string) (set, error) {
	b, err := x.s.in()
	if err != nil {
		return nil, err
	}
	if len(words) == 1 && words[0] == "all" && b.next > 0 && !b.grown {
		if b.exists == 0 || b.next == 1 {
			return nil, nil
		}
		return set{{1, b.next - 1}}, nil
	}
	return x.s.uids(ctx, words, x.a.Seq)
}

func (x *saving) run(ctx context.Context, all set) error {
	todo := all
	if x.note != nil {
		todo = all.without(x.note.had)
		x.done.Skipped = all.count() - todo.count()
		if most := uint64(x.s.box.exists); x.done.Skipped > most {
			x.done.Skipped = most
		}
	}
	todo, err := x.s.there(ctx, todo)
	if err != nil {
		return err
	}
	x.show.Plan(int(min(todo.count(), uint64(x.s.box.exists))), 0)
	h := &haul{s: x.s, section: ref{}.peek("", x.a.Seen), keep: x.keep, whole: x.page}
	x.haul = h
	err = h.run(ctx, x.s.pagesOf(which{set: todo, known: true}, haulPage, haulPage))
	if late := x.sync(); err == nil {
		err = late
	}
	if err == nil && x.a.Maildir != "" {
		x.done.Changed, x.done.Pruned, err = x.s.follow(ctx, x.note, x.a.Maildir, x.a.Prune)
	}
	if err == nil && x.note != nil {
		err = x.note.save(all)
	}
	if err == nil && x.a.Delete {
		err = x.remove(ctx)
	}
	if n := x.done.Skipped; err == nil && n > 0 { // some of them may be gone by now
		x.done.Skipped = min(n, uint64(max(0, int64(x.s.box.exists)+int64(x.done.Deleted)-int64(x.done.Messages))))
	}
	return err
}

// there is what of todo the server has, where the numbers have so many gaps
// that to ask for them all would be worse than to ask which there are.
func (s *Session) there(ctx context.Context, todo set) (set, error) {
	if todo.count() <= 4*uint64(s.box.exists)+1000 {
		return todo, nil
	}
	found, err := s.having(ctx, todo)
	if err != nil {
		return nil, err
	}
	if n := found.count(); n > uint64(s.box.exists) {
		return nil, s.l.fail(fault.New(fault.Protocol, "the server finds %d messages where there are %d", n, s.box.exists))
	}
	return found, nil
}

// keep keeps a message.
func (x *saving) keep(in *incoming) error {
	if err := x.drop.Keep(in); err != nil {
		return err
	}
	x.done.Messages++
	x.done.Bytes += in.size
	x.show.Add(in.size)
	x.held = x.held.with(in.uid)
	if x.held.count() >= syncEvery {
		return x.sync()
	}
	return nil
}

// page notes that there is no more to come of a page.
func (x *saving) page(p page) {
	if x.note != nil {
		x.note.passed = append(x.note.passed, p.set.without(x.haul.none)...).normal()
	}
}

// sync makes safe what was kept, and notes it.
func (x *saving) sync() error {
	if len(x.held) == 0 {
		return nil
	}
	if err := x.drop.Sync(); err != nil {
		return err
	}
	x.safe = append(x.safe, x.held...).normal()
	if x.note != nil {
		if err := x.note.save(x.held); err != nil {
			return err
		}
	}
	x.held = nil
	return nil
}

// remove removes from the mailbox what is safe.
func (x *saving) remove(ctx context.Context) error {
	if len(x.safe) == 0 {
		return nil
	}
	if _, err := x.s.store(ctx, x.safe, flagStep{"+", []string{`\Deleted`}}, 0); err != nil {
		return err
	}
	n, err := x.s.expunge(ctx, x.safe)
	x.done.Deleted = n
	x.s.recount(ctx)
	return err
}

// sofar adds to an error what was fetched before it.
func (x *saving) sofar(err error) error {
	n := x.safe.count()
	if n == 0 {
		return err
	}
	return with(err, func(e *fault.Error) {
		e.Text += fmt.Sprintf("; %s safe in %s", plural(n, "message"), x.done.To)
	})
}
