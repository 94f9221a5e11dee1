package wire

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A sock is a transport (TCP, a unix socket, or TLS to a proxy) whose
// deadlines are the earliest of several: the library's above, the limits of
// a reply and of idleness, and a cut, which nothing undoes. It stands below
// the session's TLS, so that every record sent or received counts as life.
type sock struct {
	net.Conn
	mu   sync.Mutex
	dead error // the cause of a cut
	r, w side
	eof  atomic.Bool // the transport has ended, with or without TLS saying so

	bulk  *gatherer // nil: what comes is read as it is asked for
	ahead []byte    // read by it and not taken

	stream stream
}

// A side is the deadlines of one direction. Zero is none.
type side struct {
	user  time.Time     // set from above
	poke  time.Time     // ends one wait, for Peek
	whole time.Time     // for a reply, or a goodbye
	idle  time.Duration // without a byte
	due   time.Time     // when idle is up
	armed time.Time     // what the transport has been told
}

var past = time.Unix(1, 0)

func (s *side) earliest() time.Time {
	t := s.user
	for _, o := range [...]time.Time{s.poke, s.whole, s.due} {
		if !o.IsZero() && (t.IsZero() || o.Before(t)) {
			t = o
		}
	}
	return t
}

// arm tells the transport when to give up. Call it with mu held.
func (s *sock) arm(x *side) error {
	t := x.earliest()
	if s.dead != nil {
		t = past
	}
	if t.Equal(x.armed) {
		return nil
	}
	x.armed = t
	if x == &s.r {
		return s.Conn.SetReadDeadline(t)
	}
	return s.Conn.SetWriteDeadline(t)
}

// wait begins a call that may block, and reports whether it has an idle limit.
func (s *sock) wait(x *side) (limited bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.idle > 0 {
		x.due = time.Now().Add(x.idle)
	}
	s.arm(x)
	return x.idle > 0
}

// rest is for a call that does not wait: no limit on idleness runs meanwhile. It
// reports whether another deadline has passed.
func (s *sock) rest(x *side) (over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.due = time.Time{}
	s.arm(x)
	return s.past(x)
}

// set changes a side under the lock and tells the transport.
func (s *sock) set(x *side, f func(*side)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(x)
	return s.arm(x)
}

func (s *sock) idle(limit time.Duration) {
	for _, x := range [...]*side{&s.r, &s.w} {
		s.set(x, func(x *side) {
			if x.idle = max(0, limit); x.idle == 0 {
				x.due = time.Time{}
			}
		})
	}
}

func (s *sock) cut(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead == nil {
		s.dead = cause
	}
	s.arm(&s.r)
	s.arm(&s.w)
}

func (s *sock) Read(p []byte) (int, error) {
	if s.bulk != nil && len(s.ahead) == 0 {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	if len(s.ahead) > 0 {
		return s.take(p), nil
	}
	n, err := s.read(p)
	if n == 0 && err != nil && !timedOut(err) {
		s.eof.Store(true)
	}
	return n, err
}

// Write writes in pieces, so that a slow reader is not taken for a dead one.
func (s *sock) Write(p []byte) (int, error) {
	const piece = 256 << 10
	sent := 0
	for {
		q := p[sent:]
		if s.wait(&s.w) && len(q) > piece {
			q = q[:piece]
		}
		n, err := s.Conn.Write(q)
		sent += n
		if err != nil && !(timedOut(err) && n > 0 && s.late(&s.w) == byIdle) || sent == len(p) {
			if err == nil {
				s.rest(&s.w) // a limit that ran on would slow what is read meanwhile
			}
			return sent, err
		}
	}
}

func (s *sock) SetDeadline(t time.Time) error {
	s.SetReadDeadline(t)
	return s.SetWriteDeadline(t)
}

func (s *sock) SetReadDeadline(t time.Time) error {
	return s.set(&s.r, func(x *side) { x.user = t })
}

func (s *sock) SetWriteDeadline(t time.Time) error {
	return s.set(&s.w, func(x *side) { x.user = t })
}

// What ended a wait.
type lateness int

const (
	byUser lateness = iota
	byCut
	byPoke
	byWhole
	byIdle
)

// late tells why a call has timed out.
func (s *sock) late(x *side) lateness {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	over := func(t time.Time) bool { return !t.IsZero() && !now.Before(t) }
	switch {
	case s.dead != nil:
		return byCut
	case over(x.poke):
		return byPoke
	case over(x.whole):
		return byWhole
	case over(x.user):
		return byUser
	case over(x.due):
		return byIdle
	}
	return byUser
}

func (s *sock) isCut() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

// over reports whether a deadline of the side has passed.
func (s *sock) over(x *side) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.past(x)
}

// past is over with mu held.
func (s *sock) past(x *side) bool {
	t := x.earliest()
	return s.dead != nil || !t.IsZero() && !time.Now().Before(t)
}
