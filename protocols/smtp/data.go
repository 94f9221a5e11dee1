package smtp

import (
	"bufio"
	"context"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// DataArgs are the arguments of data.
type DataArgs struct {
	File verb.Input `arg:"file?" help:"the message; - is standard input" complete:"local"`
	Long bool       `flag:"long-lines" help:"lines may be longer than 998 bytes"`
}

// Data says DATA and, if the server wants it, the message.
func (s *Session) Data(ctx context.Context, a DataArgs) (Reply, error) {
	if a.File.ReadCloser == nil {
		return Reply{}, fault.New(fault.Usage, "no message").WithHint("data FILE, data < FILE, or data <<EOF and its lines")
	}
	defer a.File.Close()
	l := &letter{name: a.File.Name, size: a.File.Size, long: a.Long, stream: copyOf(a.File)}
	if l.size < 0 {
		l.size = endless
	}
	if err := l.hold(); err != nil {
		return Reply{}, named(err, l.name)
	}
	r, err := s.step(ctx, "data", "DATA")
	if err != nil || r.Code != 354 {
		return r, err
	}
	d := &delivery{s: s, a: &SendArgs{}, out: bufio.NewWriterSize(s.ctl, outSize)}
	t := &transaction{letter: l}
	err = s.call(ctx, "data", func() error {
		if err := d.message(t); err != nil {
			return err
		}
		r = Reply{}
		return d.final(&r)
	})
	s.dirty = false
	return r, err
}

// final reads the reply to a whole message; of LMTP that for each recipient,
// which together are one, with the code of a refusal if there is any.
func (d *delivery) final(r *Reply) error {
	s := d.s
	replies := 1
	if s.lmtp {
		replies = max(1, s.taken)
	}
	s.taken = 0
	err := d.out.Flush()
	s.ctl.Sent = "the message"
	defer s.ctl.Patiently(toDeliver)()
	for range replies {
		var one Reply
		if err == nil {
			one, err = s.ctl.answer()
		}
		if err != nil {
			return d.doubt(err)
		}
		if one.Code == closing {
			return s.refusal("data", one)
		}
		if r.Lines = append(r.Lines, one.Lines...); r.Code == 0 || r.good() {
			r.Code = one.Code
		}
	}
	s.ctl.reply = *r
	return nil
}

// BdatArgs are the arguments of bdat.
type BdatArgs struct {
	File verb.Input `arg:"file" help:"the chunk, byte for byte; - is standard input" complete:"local"`
	Last bool       `flag:"last" help:"it is the last of the message"`
}

// mostChunk bounds a chunk of which it is not known how long it is.
const mostChunk = 16 << 20

// Bdat says BDAT with a chunk of a message (RFC 3030).
func (s *Session) Bdat(ctx context.Context, a BdatArgs) (r Reply, err error) {
	defer a.File.Close()
	chunk, err := io.ReadAll(io.LimitReader(a.File, mostChunk+1))
	switch {
	case err != nil:
		return r, unread(a.File, err)
	case len(chunk) > mostChunk:
		return r, fault.New(fault.BadArgument, "a chunk is at most 16 MiB long")
	}
	d := &delivery{s: s, a: &SendArgs{}, out: bufio.NewWriterSize(s.ctl, outSize)}
	err = s.call(ctx, "data", func() error {
		if err := bdat(d.out, chunk, a.Last); err != nil {
			return err
		}
		if a.Last {
			return d.final(&r)
		}
		if err := d.out.Flush(); err != nil {
			return err
		}
		r, err = s.ctl.answer()
		return err
	})
	return r, err
}

// copyOf copies an input to where a message goes.
func copyOf(in verb.Input) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.CopyBuffer(onlyWriter{w}, steady(in), make([]byte, 128<<10))
		if err != nil && fault.Of(err) == fault.Internal {
			err = unread(in, err)
		}
		return err
	}
}

type onlyWriter struct{ io.Writer }
