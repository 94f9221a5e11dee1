package transfer

import (
	"context"
	"io"
	"sync"
	"time"
)

// A pace is shared by all transfers of a Disk.
type pace struct {
	mu   sync.Mutex
	next time.Time // when the bytes so far may have passed
}

// nap is the shortest time that is worth sleeping for: what is owed until then
// is slept for with what comes later.
const nap = 20 * time.Millisecond

// slow is r, at the Disk's rate if it has one.
func (d *Disk) slow(ctx context.Context, r io.Reader) io.Reader {
	if d.Rate <= 0 {
		return r
	}
	return &slowed{ctx, r, d}
}

type slowed struct {
	ctx context.Context
	r   io.Reader
	d   *Disk
}

// Read takes no more than a tenth of a second's worth at a time.
func (s *slowed) Read(p []byte) (int, error) {
	if most := max(1, s.d.Rate/10); int64(len(p)) > most {
		p = p[:most]
	}
	n, err := s.r.Read(p)
	s.d.pace.mu.Lock()
	now := time.Now()
	if s.d.pace.next.Before(now) {
		s.d.pace.next = now
	}
	s.d.pace.next = s.d.pace.next.Add(time.Duration(n) * time.Second / time.Duration(s.d.Rate))
	wait := s.d.pace.next.Sub(now)
	s.d.pace.mu.Unlock()
	if wait < nap {
		return n, err
	}
	select {
	case <-time.After(wait):
	case <-s.ctx.Done():
		if err == nil {
			err = context.Cause(s.ctx)
		}
	}
	return n, err
}
