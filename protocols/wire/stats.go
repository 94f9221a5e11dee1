package wire

import (
	"cmp"
	"slices"
	"time"
)

// Counts is how many bytes the connections of d have read and written, below
// no TLS and no proxy: what the protocol said.
func (d *Dialer) Counts() (in, out int64) { return d.in.Load(), d.out.Load() }

// Timing is how long each phase took since the command began, which is when
// Bind was called last.
func (d *Dialer) Timing() Timing {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.timing
}

// Tries lists the addresses that the last connection was tried at.
func (d *Dialer) Tries() []Try {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.tries)
}

// phase changes the timing.
func (d *Dialer) phase(f func(*Timing)) {
	for ; d != nil; d = d.told() {
		d.mu.Lock()
		f(&d.timing)
		d.mu.Unlock()
	}
}

// begin starts the timing of a command.
func (d *Dialer) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.timing, d.began = Timing{}, time.Now()
	d.heard.Store(false)
}

// firstByte notes that a byte has come, if it is the first of the command.
func (d *Dialer) firstByte(opened time.Time, greeting bool) {
	for ; d != nil; d = d.told() {
		if d.heard.Swap(true) {
			continue
		}
		d.mu.Lock()
		if greeting && d.timing.Greeting == 0 {
			d.timing.Greeting = time.Since(opened)
		}
		if d.timing.FirstByte == 0 {
			if d.began.IsZero() {
				d.began = opened
			}
			d.timing.FirstByte = time.Since(d.began)
		}
		d.mu.Unlock()
	}
}

func (d *Dialer) count(dir int, n int64) {
	for ; d != nil; d = d.up {
		if dir == in {
			d.in.Add(n)
		} else {
			d.out.Add(n)
		}
	}
}

func sortConns(cs []*Conn) {
	slices.SortFunc(cs, func(a, b *Conn) int { return cmp.Compare(a.id, b.id) })
}
