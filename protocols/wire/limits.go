package wire

import (
	"cmp"
	"time"
)

// limits is what holds: what the user said, else Limits, else the default. A
// zero in it means no limit.
func (d *Dialer) limits() Limits {
	l, o, def := d.Limits, d.Options, DefaultLimits
	return Limits{
		Connect:   pick(o.ConnectTime, l.Connect, def.Connect),
		Delay:     pick(0, l.Delay, def.Delay),
		Handshake: pick(0, l.Handshake, def.Handshake),
		Reply:     pick(o.ReplyTime, l.Reply, def.Reply),
		Idle:      pick(o.IdleTime, l.Idle, def.Idle),
		Goodbye:   pick(0, l.Goodbye, def.Goodbye),
		Line:      pick(0, l.Line, def.Line),
		Lines:     pick(0, l.Lines, def.Lines),
		Bytes:     pick(0, l.Bytes, def.Bytes),
	}
}

func pick[T int | time.Duration](option, limit, def T) T {
	return max(0, cmp.Or(max(0, option), limit, def))
}
