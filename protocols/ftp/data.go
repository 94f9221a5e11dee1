package ftp

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// A data is a data connection, as the library has it.
type data struct {
	s       *Session
	ctx     context.Context
	conn    *wire.Conn
	waiting *wire.Listener // where the server will connect to
	moving  atomic.Bool    // bytes are on their way
	opened  atomic.Bool    // they were at some time
	upload  bool
	n       int64 // bytes moved
	end     bool  // all that was to come has come, or gone
	stop    bool  // we have ended it before its end
	err     error // why it ended
}

var past = time.Unix(1, 0)

// open takes the connection of an active server, if it has not come yet.
func (d *data) open() error {
	if d.conn == nil && d.err == nil {
		if d.waiting == nil {
			d.err = fault.New(fault.Recv, "the data connection is closed")
		} else {
			d.err = d.accept()
		}
	}
	if d.err != nil {
		return d.err
	}
	d.moving.Store(true)
	d.opened.Store(true)
	if d.ctx.Err() != nil {
		d.stop, d.err = true, context.Cause(d.ctx)
	}
	return d.err
}

// interrupt ends what moves, from another goroutine.
func (d *data) interrupt() { d.conn.SetDeadline(past) }

// failed notes an error of reading or writing, or of the end.
func (d *data) failed(err error) error {
	switch {
	case err == nil, d.err != nil:
		return err
	case err == io.EOF:
		d.end = true
		return err
	}
	if d.ctx.Err() != nil {
		err = context.Cause(d.ctx)
	}
	err = unprotected(err)
	k := fault.Of(err)
	d.err, d.stop = err, k != fault.Recv && k != fault.Send
	return err
}

// unprotected tells of a data connection that is in the clear, after PROT P, as
// of TLS that is missing, and not as of TLS that is done badly. (S09)
func unprotected(err error) error {
	var plain tls.RecordHeaderError
	if f, ok := err.(*fault.Error); ok && f.Kind == fault.TLSHandshake && errors.As(err, &plain) {
		e := *f
		e.Kind, e.Text = fault.TLSRequired, "the data connection is not under TLS, to which the server has agreed: "+f.Text
		e.Hint = "somebody may be tampering with it"
		return &e
	}
	return err
}

func (d *data) Read(p []byte) (int, error) {
	if err := d.open(); err != nil {
		return 0, err
	}
	n, err := d.conn.Read(p)
	d.n += int64(n)
	return n, d.failed(err)
}

// WriteTo lets the kernel move the bytes where it can.
func (d *data) WriteTo(w io.Writer) (int64, error) {
	if err := d.open(); err != nil {
		return 0, err
	}
	n, err := d.conn.WriteTo(w)
	d.n += n
	if err == nil {
		d.end = true
	}
	return n, d.failed(err)
}

func (d *data) Write(p []byte) (int, error) {
	d.upload = true
	if err := d.open(); err != nil {
		return 0, err
	}
	n, err := d.conn.Write(p)
	d.n += int64(n)
	return n, d.failed(err)
}

// ReadFrom sends r.
func (d *data) ReadFrom(r io.Reader) (int64, error) {
	d.upload = true
	if err := d.open(); err != nil {
		return 0, err
	}
	n, err := d.conn.ReadFrom(r)
	d.n += n
	return n, d.failed(err)
}

// Handshake is called by the library when a file without a byte was sent.
func (d *data) Handshake() error {
	_, err := d.Write(nil)
	return err
}

// drained is how long a server has to close its side after an upload.
const drained = 10 * time.Second

// Close ends an upload so that the server has seen all of it: a TCP
// connection that is closed with something unread, such as the tickets of TLS
// 1.3, is reset, and takes with it what the server has not read yet.
func (d *data) Close() error {
	d.moving.Store(false)
	if d.waiting != nil {
		d.waiting.Close()
		d.waiting = nil
	}
	if d.conn == nil {
		return d.err
	}
	if d.stop {
		d.s.sayAbort()
	}
	if d.upload && d.err == nil {
		d.err = d.finish()
	}
	c := d.conn
	if err := c.Close(); d.err == nil && err != nil && d.upload {
		d.err = err
	}
	return d.err
}

func (d *data) finish() error {
	if err := d.conn.CloseWrite(); err != nil {
		return err
	}
	d.conn.SetReadDeadline(time.Now().Add(drained))
	_, err := io.Copy(io.Discard, io.LimitReader(d.conn, 1<<20))
	if k := fault.Of(err); k == fault.Timeout && d.ctx.Err() != nil {
		return context.Cause(d.ctx)
	}
	// That the server does not close its side, or does it badly, is no harm:
	// its reply tells whether it has got the file.
	return nil
}

func (d *data) LocalAddr() net.Addr  { return nowhere }
func (d *data) RemoteAddr() net.Addr { return nowhere }

// Deadlines are the wire's.
func (d *data) SetDeadline(time.Time) error      { return nil }
func (d *data) SetReadDeadline(time.Time) error  { return nil }
func (d *data) SetWriteDeadline(time.Time) error { return nil }

// patience is how long a server has to tell that it has stopped a transfer,
// which is shorter than what the wire gives a command that was interrupted.
const patience = 700 * time.Millisecond

// sayAbort asks the server to stop, and gives it a short time to answer.
func (s *Session) sayAbort() {
	if s.ctl.broken != nil {
		return
	}
	s.ctl.Conn.SetDeadline(time.Now().Add(patience))
	// An error is kept by the control connection, and the next read has it.
	_ = s.ctl.say("ABOR")
}

// resync reads the replies that an abort gives: one for the transfer, unless
// that was read already, and one for ABOR itself. When they do not come the
// connection is closed, and the next verb makes another.
func (s *Session) resync(read bool) {
	if s.ctl.broken != nil {
		return
	}
	var err error
	var r Reply
	if !read {
		if r, err = s.ctl.answer(); err == nil && r.Code == 225 {
			read = false
			s.ctl.Conn.SetDeadline(time.Time{})
			return
		}
	}
	if err == nil {
		_, err = s.ctl.answer()
	}
	s.ctl.Conn.SetDeadline(time.Time{})
	if err != nil && !errors.Is(err, s.ctl.broken) {
		s.ctl.fail(err)
	}
}
