package telnet

import (
	"context"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// inline keeps urgent data where it stands among the rest: the DM of a
// server's synch is urgent, and without it the IAC before would swallow the
// next byte. A connection that has no such option has no urgent data either.
func inline(c *wire.Conn) { c.Control(oobInline) }

// SendCmdArgs are those of send-cmd.
type SendCmdArgs struct {
	Commands []string `arg:"command..." help:"ayt, ip, ao, brk, ec, el, nop, dm, ga, eor, eof, susp, abort" complete:"ayt|ip|ao|brk|ec|el|nop|dm|ga|eor|eof|susp|abort"`
}

// SendCmd sends commands, each an IAC and its code (RFC 854).
func (s *Session) SendCmd(ctx context.Context, a SendCmdArgs) (*Sent, error) {
	if err := s.revive(ctx); err != nil {
		return nil, err
	}
	if len(a.Commands) == 0 {
		return nil, fault.New(fault.Usage, "which command?").WithHint("such as: send-cmd ayt")
	}
	var codes []byte
	for _, name := range a.Commands {
		c, err := command(name)
		if err != nil {
			return nil, err
		}
		codes = append(codes, c)
	}
	for _, c := range codes {
		if err := s.command(ctx, c); err != nil {
			return nil, err
		}
	}
	return &Sent{Bytes: int64(2 * len(codes)), Commands: strings.ToUpper(strings.Join(a.Commands, " "))}, nil
}

func (s *Session) command(ctx context.Context, c byte) error {
	e := event{sent: true, cmd: c}
	if c != cmdDM || s.conn.TLS() != nil {
		return s.say(ctx, []byte{cmdIAC, c}, e)
	}
	// The synch: nothing of ours may stand between the IAC and the DM, and
	// the DM is the urgent byte.
	s.synch.Lock()
	defer s.synch.Unlock()
	if err := s.say(ctx, []byte{cmdIAC}, e); err != nil {
		return err
	}
	if err := s.conn.SendOOB([]byte{cmdDM}); fault.Of(err) == fault.Unsupported {
		_, err = s.write(ctx, []byte{cmdDM}, true)
		return err
	} else if err != nil {
		return err
	}
	return nil
}
