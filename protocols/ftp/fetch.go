package ftp

import (
	"context"
	"fmt"
	"io"
	"path"

	"github.com/jlaffaye/ftp"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// A request is something to be read from a data connection.
type request struct {
	command string // "RETR x", "MLSD", …
	about   string // the file, for messages
	from    int64
	size    int64 // what is to come; -1 when unknown
	text    bool  // in ASCII, with our ends of lines
}

// open begins a transfer from the server. The session is busy until the
// result is closed.
func (s *Session) open(ctx context.Context, q request) (*download, error) {
	s.data.Store(nil)
	var resp *ftp.Response
	err := s.call(ctx, func() (err error) {
		if s.bothWays() {
			if d, err := s.both(q); d != nil || err != nil {
				return err
			}
		}
		s.prepare(q.command)
		resp, err = s.lib.RetrFrom("-", uint64(q.from))
		return err
	})
	s.ctl.instead, s.ctl.passive = "", nil
	s.act.stop()
	if err != nil {
		return nil, s.of(q.about, err)
	}
	x := &download{s: s, q: q, ctx: ctx, resp: resp, data: s.data.Load()}
	s.busy = true
	s.watch.begin(ctx, func() {
		if x.data.moving.Load() {
			x.data.interrupt()
		}
	})
	if x.data.waiting != nil {
		if err := x.data.open(); err != nil {
			return nil, x.broken(err)
		}
	}
	return x, nil
}

// prepare has the library say a command of ours, and active data connections
// be used where they are wanted.
func (s *Session) prepare(command string) {
	s.ctl.instead = command
	if s.act.on {
		s.ctl.passive = s.passiveReply
	}
}

// A download is the body of a transfer. Its Close has the server's last word.
type download struct {
	s      *Session
	q      request
	ctx    context.Context
	resp   *ftp.Response // nil: see both
	data   *data
	closed bool
	err    error
}

func (x *download) Read(p []byte) (int, error) {
	if x.closed {
		return 0, io.ErrClosedPipe
	}
	n, err := x.data.Read(p)
	return n, x.s.of(x.q.about, err)
}

// WriteTo lets the kernel move the bytes where it can.
func (x *download) WriteTo(w io.Writer) (int64, error) {
	if x.closed {
		return 0, io.ErrClosedPipe
	}
	n, err := x.data.WriteTo(w)
	return n, x.s.of(x.q.about, err)
}

func (x *download) broken(err error) error {
	x.Close()
	return err
}

// Close reads the server's last word on the transfer, and stops the transfer
// first if it is not at its end.
func (x *download) Close() error {
	if x.closed {
		return x.err
	}
	x.closed = true
	x.s.watch.end()
	defer func() { x.s.busy = false }()
	d := x.data
	if !d.end && d.err == nil && x.ctx.Err() == nil && d.conn != nil && x.q.size >= 0 && d.n >= x.q.size {
		d.Read(make([]byte, 1)) // the end itself
	}
	switch {
	case x.ctx.Err() != nil && !d.end:
		d.stop = true
		x.err = context.Cause(x.ctx)
	case !d.end && d.err == nil:
		d.stop = true
	}
	if d.stop {
		d.Close()
		x.s.resync(false)
		return x.err
	}
	lost := d.err
	d.err = nil
	x.err = x.s.call(x.ctx, func() error { return x.accept(x.last()) })
	if lost != nil {
		// What came is not all; that was said already where it was read.
		x.err = nil
		return nil
	}
	if x.err == nil {
		x.err = x.whole()
	}
	return x.err
}

// accept looks at the last reply to a transfer. RFC 959 has 226 and 250 for
// one that went well.
func (x *download) accept(err error) error {
	r := x.s.ctl.reply
	if err == nil || x.s.ctl.broken != nil {
		return err
	}
	if r.Code == 250 {
		return nil
	}
	if r.Code/100 < 4 {
		return x.s.refusal(r)
	}
	e := x.s.refusal(r)
	f, ok := e.(*fault.Error)
	if !ok || r.Code == closing {
		return e
	}
	f.Phase, f.Kind, f.Hint = "body", fault.Partial, "get -c goes on with it"
	f.Text = fmt.Sprintf("%s, after %s", f.Text, x.came())
	return x.s.of(x.q.about, f)
}

func (x *download) came() string {
	if x.q.size >= 0 {
		return fmt.Sprintf("%d of %d bytes", x.data.n, x.q.size)
	}
	return fmt.Sprintf("%d bytes", x.data.n)
}

// whole compares what came with what was announced.
func (x *download) whole() error {
	d := x.data
	partial := func(format string, a ...any) error {
		f := fault.New(fault.Partial, format, a...)
		f.At, f.Phase = x.s.target.String(), "body"
		f.Hint = "get -c goes on with it"
		return x.s.of(x.q.about, f)
	}
	switch {
	case x.q.size >= 0 && d.n != x.q.size:
		return partial("the transfer ended with %s, and the server said %s", x.came(), quote(x.s.ctl.reply.text()))
	case x.q.size < 0 && d.conn.Truncated():
		return partial("the data connection ended without the word of TLS that it does, after %s", x.came())
	}
	return nil
}

// fetch begins to read a file. Of one that has a size, no other size will do.
func (s *Session) fetch(ctx context.Context, at files.At, from int64, text bool) (*verb.Blob, error) {
	file := at.Path
	q := request{command: "RETR " + file, about: file, from: from, size: -1, text: text}
	kind := "I"
	if text {
		kind = "A"
	}
	if err := s.setType(ctx, kind); err != nil {
		return nil, err
	}
	e := at.Entry
	if e.Kind == "" || text {
		e = files.Entry{Size: files.Unknown}
	}
	if e.Kind == "" && !text {
		var err error
		// Whether the file can be read, RETR tells.
		if e, err = s.facts(ctx, file); err != nil && s.ctl.broken != nil {
			return nil, err
		}
	}
	if e.Kind == files.Dir {
		return nil, s.of(file, &fault.Error{Kind: fault.Refused, At: s.target.String(), Text: "this is a directory", Hint: "get -r fetches it with what is in it"})
	}
	if e.Size >= 0 {
		if q.size = int64(e.Size) - from; q.size < 0 {
			f := fault.New(fault.ResumeMismatch, "the file has only %d bytes", e.Size)
			f.At = s.target.String()
			return nil, s.of(file, f)
		}
	}
	x, err := s.open(ctx, q)
	if err != nil {
		return nil, err
	}
	b := &verb.Blob{Name: path.Base(file), Size: q.size, Modified: e.Modified, ReadCloser: x}
	if text {
		b.ReadCloser = newTextReader(x, s.warn)
	}
	return b, nil
}

// setType sets the representation of files: I, image, or A, ASCII.
func (s *Session) setType(ctx context.Context, kind string) error {
	if s.kind == kind {
		return nil
	}
	err := s.call(ctx, func() error { return s.lib.Type(ftp.TransferType(kind)) })
	if err == nil {
		s.kind = kind
	}
	return err
}

func (s *Session) warn(text string) {
	if s.wire.Warn != nil {
		s.wire.Warn(text)
	}
}
