package socket

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"syscall"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// InteractArgs are those of interact.
type InteractArgs struct {
	TTY  verb.Terminal
	EOL  string        `flag:"eol" enum:"lf,crlf,none" help:"what Enter sends: lf unless said"`
	Char bool          `flag:"char" help:"send each key at once and do not echo it: the peer does"`
	Size verb.Size     `flag:"size" help:"bytes of one datagram when the input is not a terminal; 1400 unless said"`
	Idle time.Duration `flag:"idle" help:"end when our input has ended and nothing came for this long"`
}

// Talked tells how much went each way.
type Talked struct {
	In  int64 `json:"in"`
	Out int64 `json:"out"`
}

// Message tells it in one line.
func (t *Talked) Message() string {
	return talk.Amount(t.In) + " received, " + talk.Amount(t.Out) + " sent"
}

// A party is a session as interact sees it: what was said goes to the user,
// what the user says goes to it.
type party interface {
	fill(ctx context.Context) error // waits for something to be said
	Take() []byte                   // gives what was said
	over() error                    // why nothing more will be said, or nil
	say(ctx context.Context, p []byte) (int64, error)
	hush() error // says that the user has nothing more to say
	down(ctx context.Context, w io.Writer) (int64, error)
	up(r io.Reader, size int) (int64, error)
}

// Interact connects the user with the peer. On a terminal ^] comes back to
// the prompt and the session stays. Otherwise standard input goes to the peer
// and what it sends to standard output, until both have ended: the end of our
// input is told to the peer (RFC 9293, 3.6) and we read on; the end of the
// peer's words is not the end of ours.
func (s *Stream) Interact(ctx context.Context, a InteractArgs) (*Talked, error) {
	return interact(ctx, s, a)
}

// Interact does the same with datagrams: one for each line that is typed, and
// for each that is read. A socket without a peer answers who spoke last.
func (s *Datagram) Interact(ctx context.Context, a InteractArgs) (*Talked, error) {
	return interact(ctx, s, a)
}

func interact(ctx context.Context, p party, a InteractArgs) (*Talked, error) {
	switch {
	case a.TTY == nil:
		return nil, fault.New(fault.Usage, "interact needs a terminal, or standard input and output")
	case a.Size < 0 || a.Size > largest:
		return nil, fault.New(fault.BadArgument, "%s do not fit into one datagram", talk.Amount(int64(a.Size)))
	case a.Size == 0:
		a.Size = 1400
	}
	if a.TTY.IsTerminal() {
		return face(ctx, p, a)
	}
	return pass(ctx, p, a)
}

// pass moves bytes both ways, by the kernel where it can. A read of standard
// input cannot be ended by us; after ctx it is not waited for.
func pass(ctx context.Context, p party, a InteractArgs) (*Talked, error) {
	type moved struct {
		n   int64
		err error
	}
	up, down := make(chan moved, 1), make(chan moved, 1)
	var said atomic.Bool // our input has ended
	go func() {
		n, err := p.up(a.TTY.In(), int(a.Size))
		if herr := p.hush(); err == nil && herr != nil && fault.Of(herr) != fault.Unsupported {
			err = herr
		}
		said.Store(true)
		up <- moved{n, err}
	}()
	go func() {
		var n int64
		err := fault.Safely(func() (err error) {
			n, err = hear(ctx, p, a.TTY.Out(), a.Idle, said.Load)
			return err
		})
		down <- moved{n, err}
	}()
	var in, out moved
	select {
	case in = <-down:
	case <-ctx.Done():
		select {
		case in = <-down:
		case <-time.After(linger): // standard output does not take it
		}
	}
	if in.err != nil {
		return nil, in.err
	}
	select {
	case out = <-up:
		return &Talked{in.n, out.n}, out.err
	case <-ctx.Done():
		return nil, talk.Ended(ctx)
	}
}

// hear writes what p says to w until p ends, or until we have said all and
// nothing came for idle, if that is not zero.
func hear(ctx context.Context, p party, w io.Writer, idle time.Duration, said func() bool) (all int64, err error) {
	if idle == 0 {
		return p.down(ctx, w)
	}
	for {
		waiting := said()
		slice, cancel := context.WithTimeout(ctx, idle)
		n, err := p.down(slice, w)
		cancel()
		all += n
		if fault.Of(err) != fault.Timeout || ctx.Err() != nil {
			return all, err
		}
		if waiting && n == 0 {
			return all, nil
		}
	}
}

// written tells an output that could not be written from a connection that
// could not be read.
func written(err error) error {
	var told *fault.Error
	switch {
	case err == nil || errors.As(err, &told):
		return err
	case errors.Is(err, syscall.EPIPE):
		return fault.New(fault.Pipe, "whoever read the output stopped reading")
	case errors.Is(err, io.ErrShortWrite), fault.Of(err) == fault.Internal:
		return fault.New(fault.WriteLocal, "cannot write the output: %w", err)
	}
	return err
}
