package smtp

import (
	"bufio"
	"context"
	"slices"
	"strconv"
	"time"

	"wireline/protocols/fault"
)

const (
	window    = 128       // messages whose outcome is not known yet, with BDAT; TCP must hold their replies
	chunkSize = 1 << 20   // of a message, in one BDAT
	outSize   = 256 << 10 // of what is written at a time

	// toDeliver is how long the reply to a whole message may take (RFC 5321,
	// section 4.5.3.2.6).
	toDeliver = 10 * time.Minute
)

// A delivery sends letters on one connection. Where the server offers
// PIPELINING (RFC 2920) a command does not wait for the reply to the one
// before: the envelope, DATA, and after the message the next envelope go
// together. Replies come in the order of the commands, and so each knows what
// it answers.
type delivery struct {
	s         *Session
	a         *SendArgs
	pipelined bool
	chunked   bool

	out    *bufio.Writer
	open   []*transaction // of which nobody was told yet, the oldest first
	oldest int            // of those that wait, or one before it
	hush   func()         // ends the patience with a server that delivers; nil: there is none

	total, sent int   // recipients
	refused     error // the first refusal
}

// run sends the letters and yields what became of them.
func (d *delivery) run(ctx context.Context, letters []*letter, yield func(Receipt, error) bool) {
	s := d.s
	if s.dirty && s.ctl.Broken == nil {
		if _, err := s.Rset(ctx, None{}); err != nil {
			yield(Receipt{}, err)
			return
		}
	}
	d.out = bufio.NewWriterSize(s.ctl, outSize)
	listens := true
	err := s.call(ctx, "mail", func() error {
		err := d.all(letters, func() bool {
			listens = listens && d.tell(yield, false)
			return listens
		})
		if err != nil && d.unknown() {
			err = d.doubt(err)
		}
		if d.hush != nil {
			d.hush()
		}
		return err
	})
	if listens {
		listens = d.tell(yield, true)
	}
	if !listens {
		// What is on its way cannot be called back.
		s.ctl.Fail(fault.New(fault.Interrupt, "the command was given up"))
		return
	}
	if err == nil {
		err = d.verdict()
	}
	if err != nil {
		yield(Receipt{}, err)
	}
}

// all sends every letter. more is asked after each whether to go on.
func (d *delivery) all(letters []*letter, more func() bool) error {
	if done, err := d.stop("connect", "helo", "tls", "auth"); done {
		return err
	}
	for n := range max(1, d.a.Count) {
		for i, l := range letters {
			t := &transaction{letter: l, number: n*len(letters) + i + 1, rcpts: make([]Reply, len(l.to)), lmtp: d.s.lmtp}
			t.wants = t.room[:0]
			d.open = append(d.open, t)
			if err := d.send(t); err != nil {
				return err
			}
			if done, err := d.stop("mail", "rcpt", "data", "dot"); done {
				return err
			}
			if !more() {
				return nil
			}
		}
	}
	return d.drain(0)
}

// send says all of a transaction, and reads as many replies as it must.
func (d *delivery) send(t *transaction) error {
	// With one recipient, or when those who are taken shall get it whatever
	// becomes of the others, nothing has to be known before the message.
	eager := d.pipelined && (len(t.to) == 1 || d.a.Partial) && d.a.Quit == "" && d.a.Drop == ""
	if eager && d.chunked && !t.lmtp {
		if t.number > 1 {
			d.say(t, "RSET", want{phase: "rset"}) // whatever became of the one before
		}
		d.envelope(t)
		if err := d.message(t); err != nil {
			return err
		}
		if len(d.open) > window {
			return d.drain(window / 2)
		}
		return nil
	}
	if !d.pipelined || d.stops("mail") {
		if err := d.slowly(t); err != nil {
			return err
		}
	} else {
		d.envelope(t)
	}
	if eager && !d.chunked {
		d.say(t, "DATA", want{phase: "data"})
	}
	if err := d.catchUp(t); err != nil || d.stops("mail") || d.stops("rcpt") {
		return err
	}
	switch {
	case eager && !d.chunked:
	case t.accepted() == 0 || t.accepted() < len(t.to) && !d.a.Partial:
		d.say(t, "RSET", want{phase: "rset"})
		return d.drain(0)
	case d.chunked && d.stops("data"):
		return nil
	case d.chunked:
		if err := d.message(t); err != nil || d.stops("dot") {
			return err
		}
		return d.drain(0)
	default:
		d.say(t, "DATA", want{phase: "data"})
		if err := d.catchUp(t); err != nil || d.stops("data") {
			return err
		}
	}
	return d.afterData(t)
}

// envelope says MAIL and RCPT.
func (d *delivery) envelope(t *transaction) {
	d.say(t, t.mailLine, want{phase: "mail"})
	for i, line := range t.rcptLines {
		d.say(t, line, want{phase: "rcpt", rcpt: i})
	}
}

// slowly says them one by one, and no more after a refusal of MAIL.
func (d *delivery) slowly(t *transaction) error {
	d.say(t, t.mailLine, want{phase: "mail"})
	err := d.catchUp(t)
	for i := 0; i < len(t.to) && err == nil && t.mail.good() && !d.stops("mail"); i++ {
		d.say(t, t.rcptLines[i], want{phase: "rcpt", rcpt: i})
		err = d.catchUp(t)
	}
	return err
}

// afterData sends the message, if the server has asked for it.
func (d *delivery) afterData(t *transaction) error {
	switch {
	case t.data.Code != 354:
		d.say(t, "RSET", want{phase: "rset"})
		return nil
	case t.accepted() == 0:
		// The server asks for a message that nobody gets: an empty one ends it.
		d.say(t, ".", want{phase: "rset"})
		return nil
	}
	if err := d.message(t); err != nil || d.pipelined || d.stops("dot") {
		return err // the replies come with those to the next envelope
	}
	return d.drain(0)
}

// message writes the message, and notes which replies it will have.
func (d *delivery) message(t *transaction) error {
	var err error
	switch {
	case !d.chunked:
		if err = t.write(d.out, true); err == nil {
			_, err = d.out.WriteString(".\r\n")
		}
	case t.whole != nil:
		err = bdat(d.out, t.whole, true)
	default:
		c := &chunkWriter{w: d.out, room: chunkSize, before: func(last bool) (err error) {
			if !d.pipelined || len(t.wants) >= window {
				err = d.catchUp(t)
			}
			if !last {
				t.wants = append(t.wants, want{phase: "chunk"})
			}
			return err
		}}
		if err = t.write(c, false); err == nil {
			err = c.Close()
		}
	}
	if err != nil {
		return d.spoilt(t, err)
	}
	t.said = true
	for range t.finals() {
		t.wants = append(t.wants, want{phase: "end"})
	}
	return nil
}

// spoilt ends the connection when a message could not be read to its end:
// whatever else could be said would have it delivered as it is.
func (d *delivery) spoilt(t *transaction, err error) error {
	if d.s.ctl.Broken != nil {
		return err
	}
	if f, ok := err.(*fault.Error); ok {
		e := *f
		e.Text += "; the connection was dropped, and nothing was delivered"
		err = &e
	}
	return d.s.ctl.Fail(named(err, t.name))
}

// say writes a command.
func (d *delivery) say(t *transaction, line string, w want) {
	// An error comes again when the buffer is flushed.
	_, _ = d.out.WriteString(line)
	_, _ = d.out.WriteString("\r\n")
	t.wants = append(t.wants, w)
}

// catchUp reads all the replies that t waits for, and those before them.
func (d *delivery) catchUp(t *transaction) error {
	if err := d.out.Flush(); err != nil {
		return err
	}
	for len(t.wants) > 0 {
		if err := d.read(); err != nil {
			return err
		}
	}
	return nil
}

// drain reads replies until no more than n transactions wait for some.
func (d *delivery) drain(n int) error {
	for {
		i := len(d.open) - n - 1
		for i >= 0 && len(d.open[i].wants) == 0 {
			i--
		}
		if i < 0 {
			return d.out.Flush()
		}
		if err := d.catchUp(d.open[i]); err != nil {
			return err
		}
	}
}

// read reads one reply, which is for the oldest transaction that waits.
func (d *delivery) read() error {
	for len(d.open[d.oldest].wants) == 0 {
		d.oldest++
	}
	t := d.open[d.oldest]
	w := t.wants[0]
	c := d.s.ctl
	c.Sent = w.says()
	d.patiently(w.phase == "end" || w.phase == "each")
	r, err := c.answer()
	if err != nil {
		return err
	}
	t.wants = t.wants[1:]
	if d.a.PRDR && w.phase == "end" && r.Code == prdr && t.each == nil {
		t.expectEach()
		return nil
	}
	t.note(w, r)
	switch {
	case r.Code == closing:
		return d.s.refusal(w.step(), r)
	case r.Code/100 == 3 && !(w.phase == "data" && r.Code == 354), w.phase == "data" && r.good():
		return d.s.ctl.Fail(&fault.Error{Kind: fault.Protocol, Phase: w.step(), Code: strconv.Itoa(r.Code),
			Text: "not what " + w.says() + " should give: " + r.text()})
	}
	return nil
}

// patiently has the next reply come late, or not. What has come already needs
// no change of that.
func (d *delivery) patiently(late bool) {
	switch {
	case late && d.hush == nil:
		d.hush = d.s.ctl.Patiently(toDeliver)
	case !late && d.hush != nil && d.s.ctl.Conn.Buffered() == 0:
		d.hush()
		d.hush = nil
	}
}

// stops reports whether the user wants no more than this step.
func (d *delivery) stops(phase string) bool { return d.a.Quit == phase || d.a.Drop == phase }

// stop ends the session where the user wants no more.
func (d *delivery) stop(phases ...string) (bool, error) {
	switch {
	case slices.Contains(phases, d.a.Drop):
		if err := d.out.Flush(); err != nil {
			return true, err
		}
		d.s.ctl.Fail(fault.New(fault.Recv, "the connection was dropped, as --drop-after said"))
		return true, nil
	case slices.Contains(phases, d.a.Quit):
		if err := d.drain(0); err != nil {
			return true, err
		}
		if _, err := d.s.ctl.ask("QUIT"); err != nil {
			return true, err
		}
		d.s.ctl.Fail(fault.New(fault.Recv, "QUIT was said, as --quit-after wanted"))
		return true, nil
	}
	return false, nil
}
