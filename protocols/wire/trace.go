package wire

import (
	"bytes"
	"sync"
	"time"
)

// SetTrace makes f the trace from now on; nil ends it. It is safe while
// connections are open. f is called by one goroutine at a time for each
// connection and must not block for long.
func (d *Dialer) SetTrace(f func(Event)) { d.trace.Store(&f) }

// tracer is the trace that is on, or nil.
func (d *Dialer) tracer() func(Event) {
	for ; d != nil; d = d.up {
		if f := d.trace.Load(); f != nil {
			return *f
		}
		if d.Trace != nil {
			return d.Trace
		}
	}
	return nil
}

// note tells a trace of something that is not data.
func (d *Dialer) note(conn int, what, text string) {
	if f := d.tracer(); f != nil {
		f(Event{Time: time.Now(), Conn: conn, What: what, Note: d.Hide(text)})
	}
}

// Note puts a remark into the trace, such as what a negotiation means.
func (c *Conn) Note(text string) { c.d.note(c.id, "note", text) }

// Mask has a trace show what is sent from now on as asterisks, or no more:
// what a user types key by key may be a secret before it is known.
func (c *Conn) Mask(on bool) {
	c.tap.mu.Lock()
	c.tap.mask = on
	c.tap.mu.Unlock()
}

func (d *Dialer) warn(text string) {
	for up := d; up != nil; up = up.up {
		if up.Warn != nil {
			up.Warn(text)
			return
		}
	}
}

// warnOnce is warn for what is true of a server, and so of each further
// connection to it; the next Dial says it again.
func (d *Dialer) warnOnce(text string) {
	said := false
	for up := d; up != nil; up = up.up {
		up.mu.Lock()
		said = said || up.warned[text]
		up.mu.Unlock()
	}
	if said {
		return
	}
	d.mu.Lock()
	if d.warned == nil {
		d.warned = map[string]bool{}
	}
	d.warned[text] = true
	d.mu.Unlock()
	d.warn(text)
}

// A tap is where one connection's data turn into events.
type tap struct {
	mu   sync.Mutex
	on   bool
	auth bool // a login dialogue is under way
	mask bool // what is sent is shown as asterisks
	dirs [2]redactor
}

const (
	in  = 0
	out = 1
)

var dirNames = [2]string{"recv", "send"}

// show tells a trace of the bytes p, which begin at offset off.
func (t *tap) show(d *Dialer, id, dir int, off int64, p []byte, secure, server, packet bool) {
	f := d.tracer()
	t.mu.Lock()
	defer t.mu.Unlock()
	if f == nil {
		t.on = false
		return
	}
	if !t.on {
		t.on, t.auth = true, false
		for i := range t.dirs {
			t.dirs[i] = redactor{secrets: d.book(), line: lineScan{auth: &t.auth, client: (i == out) != server}}
		}
	}
	r := &t.dirs[dir]
	if len(r.pend) == 0 {
		r.off = off
	}
	if packet {
		r.line.reset()
	}
	e := Event{Time: time.Now(), Conn: id, What: dirNames[dir], Secure: secure}
	if d.ShowSecrets {
		e.Data, e.Offset = append([]byte(nil), p...), off
	} else if t.mask && dir == out {
		held, at := r.feed(nil, true)
		e.Data, e.Offset = append(held, bytes.Repeat([]byte("*"), len(p))...), min(at, off)
	} else {
		e.Data, e.Offset = r.feed(p, packet)
	}
	if len(e.Data) > 0 || packet {
		f(e)
	}
}

// flush shows what was held back because it could have become a secret.
func (t *tap) flush(d *Dialer, id int, secure bool) {
	f := d.tracer()
	t.mu.Lock()
	defer t.mu.Unlock()
	if f == nil || !t.on {
		return
	}
	for dir := range t.dirs {
		if data, off := t.dirs[dir].feed(nil, true); len(data) > 0 {
			f(Event{Time: time.Now(), Conn: id, What: dirNames[dir], Secure: secure, Data: data, Offset: off})
		}
	}
}
