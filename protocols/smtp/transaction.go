package smtp

import (
	"fmt"
	"strings"

	"wireline/protocols/fault"
)

// A transaction is a letter on its way.
type transaction struct {
	*letter
	number int
	lmtp   bool
	wants  []want // replies still to come
	room   [6]want
	said   bool // all of the message is on its way

	mail  Reply
	rcpts []Reply
	data  Reply
	chunk Reply   // the first refusal of one
	each  []Reply // to the message, for each recipient, where PRDR was asked for
	end   []Reply // to the message: one, or with LMTP one for each recipient that was taken
}

// A want is what the next reply answers.
type want struct {
	phase string // mail, rcpt, data, chunk, each, end, rset
	rcpt  int
}

// step is the phase that an error names.
func (w want) step() string {
	switch w.phase {
	case "chunk", "each", "end":
		return "data"
	}
	return w.phase
}

// says is the command that is answered.
func (w want) says() string {
	switch w.phase {
	case "chunk":
		return "BDAT"
	case "each", "end":
		return "the message"
	}
	return strings.ToUpper(w.phase)
}

// note keeps a reply.
func (t *transaction) note(w want, r Reply) {
	switch w.phase {
	case "mail":
		t.mail = r
	case "rcpt":
		t.rcpts[w.rcpt] = r
	case "data":
		t.data = r
	case "chunk":
		if !r.good() && t.chunk.Code == 0 {
			t.chunk = r
		}
	case "each":
		t.each[w.rcpt] = r
	case "end":
		t.end = append(t.end, r)
	}
}

// prdr is the code by which a server says that its replies for each recipient
// follow (draft-hall-prdr).
const prdr = 353

// expectEach notes that a reply comes for each recipient who was taken, and
// then the one to the message.
func (t *transaction) expectEach() {
	var first []want
	for i, r := range t.rcpts {
		if r.good() {
			first = append(first, want{phase: "each", rcpt: i})
		}
	}
	t.each = make([]Reply, len(t.rcpts))
	t.wants = append(append(first, want{phase: "end"}), t.wants...)
}

// accepted is how many recipients the server has taken.
func (t *transaction) accepted() (n int) {
	if !t.mail.good() {
		return 0
	}
	for _, r := range t.rcpts {
		if r.good() {
			n++
		}
	}
	return n
}

// finals is how many replies the message will have.
func (t *transaction) finals() int {
	if t.lmtp {
		return t.accepted()
	}
	return 1
}

// outcome is what became of the message for one recipient, and the phase of a
// refusal.
func (t *transaction) outcome(i int) (result, phase string, r Reply) {
	switch {
	case t.mail.Code != 0 && !t.mail.good():
		return "refused", "mail", t.mail
	case t.rcpts[i].Code != 0 && !t.rcpts[i].good():
		return "refused", "rcpt", t.rcpts[i]
	case t.data.Code != 0 && t.data.Code != 354:
		return "refused", "data", t.data
	case t.chunk.Code != 0:
		return "refused", "data", t.chunk
	case !t.said:
		return "not sent", "", t.rcpts[i]
	}
	if t.each != nil && t.each[i].Code != 0 && !t.each[i].good() {
		return "refused", "data", t.each[i]
	}
	at := 0
	if t.lmtp {
		for _, before := range t.rcpts[:i] {
			if before.good() {
				at++
			}
		}
	}
	switch {
	case at >= len(t.end):
		return "unknown", "data", Reply{}
	case t.end[at].good():
		return "sent", "", t.end[at]
	}
	return "refused", "data", t.end[at]
}

// tell yields what became of the transactions that are over: with all set, of
// every one. It returns false when nobody listens any more.
func (d *delivery) tell(yield func(Receipt, error) bool, all bool) bool {
	for len(d.open) > 0 && (all || len(d.open[0].wants) == 0) {
		t := d.open[0]
		d.open, d.oldest = d.open[1:], max(0, d.oldest-1)
		for i, to := range t.to {
			result, phase, r := t.outcome(i)
			d.total++
			switch {
			case result == "sent":
				d.sent++
			case result == "refused" && d.refused == nil:
				d.refused = d.refusedBy(phase, to, r, phase == "rcpt" || t.lmtp || t.each != nil)
			}
			if !yield(receiptOf(t.number, to, result, r), nil) {
				return false
			}
		}
	}
	return true
}

// refusedBy is the error that a refusal is; personal is one of a recipient
// rather than of the message.
func (d *delivery) refusedBy(phase, to string, r Reply, personal bool) error {
	if r.Code == closing {
		return nil // the connection's end says so
	}
	err := d.s.refusal(phase, r)
	if f, ok := err.(*fault.Error); ok && personal {
		f.At += ", <" + to + ">"
	}
	return err
}

// verdict is the error of a delivery in which somebody was refused.
func (d *delivery) verdict() error {
	if d.refused == nil {
		return nil
	}
	if f, ok := d.refused.(*fault.Error); ok && d.total > 1 {
		if d.sent > 0 {
			f.At += fmt.Sprintf(", sent to %d of %d recipients", d.sent, d.total)
		} else if f.At += ", nothing was sent"; !d.a.Partial {
			f.Hint = "--partial sends to those whom the server takes"
		}
	}
	return d.refused
}

// unknown reports whether some message may have been delivered, of which the
// server has said nothing.
func (d *delivery) unknown() bool {
	for _, t := range d.open {
		for i := range t.to {
			if result, _, _ := t.outcome(i); result == "unknown" {
				return true
			}
		}
	}
	return false
}

// doubt is the error of a delivery whose outcome nobody knows (RFC 1047).
func (d *delivery) doubt(err error) error {
	e := &fault.Error{Kind: fault.UnknownOutcome, At: d.s.target.String(), Phase: "data", Err: err,
		Text: "the server did not say whether it took the message, which may be delivered or not"}
	if f, ok := err.(*fault.Error); ok && f.Text != "" {
		e.Text += ": " + f.Text
	}
	return e.WithHint("look before sending it again; it was not sent again by itself")
}
