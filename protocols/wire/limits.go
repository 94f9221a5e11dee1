package wire

import (
	"cmp"
	"time"
)

// DefaultLimits are what holds unless set otherwise.
func DefaultLimits() Limits {
	return Limits{
		Connect:   15 * time.Second,
		Delay:     300 * time.Millisecond,
		Handshake: 15 * time.Second,
		Reply:     60 * time.Second,
		Idle:      60 * time.Second,
		Goodbye:   2 * time.Second,
		Line:      64 << 10,
		Lines:     1000,
		Bytes:     256 << 10,
	}
}

// InForce is what holds: what the user said in Options, else Limits, else the
// default. A zero in it means no limit; Goodbye is never zero.
func (d *Dialer) InForce() Limits {
	l, o, def := d.Limits, d.Options, DefaultLimits()
	return Limits{
		Connect:   pick(o.ConnectTime, l.Connect, def.Connect),
		Delay:     pick(0, l.Delay, def.Delay),
		Handshake: pick(0, l.Handshake, def.Handshake),
		Reply:     pick(o.ReplyTime, l.Reply, def.Reply),
		Idle:      pick(o.IdleTime, l.Idle, def.Idle),
		Goodbye:   max(pick(0, l.Goodbye, def.Goodbye), time.Millisecond),
		Line:      pick(0, l.Line, def.Line),
		Lines:     pick(0, l.Lines, def.Lines),
		Bytes:     pick(0, l.Bytes, def.Bytes),
	}
}

func pick[T int | time.Duration](option, limit, def T) T {
	return max(0, cmp.Or(max(0, option), limit, def))
}
