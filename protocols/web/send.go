package web

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"wireline/protocols/fault"
)

// taken puts off the end of an exchange that moves on.
func (x *exchange) taken() { x.alarm.set(sending, x.idle, "%v without a byte taken", "--idle-timeout") }

// wrote begins the wait for the response.
func (x *exchange) wrote() {
	x.clock.mark(&x.clock.wrote)
	x.alarm.set(waiting, x.reply, "no response within %v", "--reply-timeout")
}

// send writes a request. Its body goes out while the response is awaited: a
// server may have had enough before its end.
func (x *exchange) send(r *Request) error {
	r.introduce(x.k.Forward())
	head := r.head(make([]byte, 0, 512), x.k.Forward())
	if r.Body == nil {
		_, err := x.k.Write(head)
		if err == nil {
			x.wrote()
		}
		return err
	}
	w := bufio.NewWriterSize(x.k, bufferSize)
	_, _ = w.Write(head)
	x.sent, x.done = make(chan error, 1), make(chan struct{})
	chunked := r.Body.Size < 0 && r.Version != "1.0"
	from := r.Body.Open()
	if size := r.Body.Size; size >= 0 && size <= bufferSize && !r.Body.Once {
		err := upload(w, from, size, false, x.taken)
		if fault.Of(err) == fault.ReadLocal {
			return err
		}
		x.sent <- err // a server may answer that it takes no more
		close(x.done)
		x.wrote()
		return nil
	}
	if r.Body.Once {
		x.once = from
	}
	go func(k *conn) {
		defer close(x.done)
		err := fault.Safely(func() error { return upload(w, from, r.Body.Size, chunked, x.taken) })
		x.sent <- err
		switch fault.Of(err) {
		case nil:
			x.wrote()
		case fault.ReadLocal, fault.Internal:
			k.Interrupt() // no response will come to half a request
		}
	}(x.k)
	return nil
}

// unsent is why the body could not be sent, if that is what happened.
func (x *exchange) unsent() error {
	if x.sent == nil {
		return nil
	}
	select {
	case err := <-x.sent:
		x.sent <- err
		return err
	default:
		return nil
	}
}

// sending reports whether the body of the request has not been sent whole.
func (x *exchange) sending() bool {
	if x.sent == nil {
		return false
	}
	select {
	case <-x.done:
		return x.unsent() != nil
	default:
	}
	select {
	case <-x.done:
	case <-time.After(lastWord):
		return true
	}
	return x.unsent() != nil
}

// lastWord is how long we wait, when the response is whole, for our own side
// to notice that the request is, too.
const lastWord = 50 * time.Millisecond

// upload writes a body, which is framed by its length or by chunks.
func upload(w *bufio.Writer, from io.ReadCloser, size int64, chunked bool, moved func()) (err error) {
	defer func() {
		if cerr := from.Close(); err == nil {
			err = cerr
		}
	}()
	room := make([]byte, bufferSize)
	var total int64
	for {
		n, rerr := from.Read(room)
		if total += int64(n); size >= 0 && total > size {
			return changed(size, total)
		}
		if n > 0 {
			if chunked {
				fmt.Fprintf(w, "%x\r\n", n)
			}
			_, _ = w.Write(room[:n])
			if chunked {
				_, _ = w.WriteString("\r\n")
			}
			// What comes from a pipe is sent as it comes.
			if err := w.Flush(); err != nil {
				return err
			}
			moved()
		}
		if rerr == io.EOF {
			break
		}
		if rerr != nil {
			return unreadable(rerr)
		}
	}
	if size >= 0 && total != size {
		return changed(size, total)
	}
	if chunked {
		_, _ = w.WriteString("0\r\n\r\n")
	}
	return w.Flush()
}

func changed(size, total int64) error {
	return fault.New(fault.ReadLocal, "the body is not as long as it was when the request began: %d bytes, not %d", total, size)
}

func unreadable(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	return fault.New(fault.ReadLocal, "the body cannot be read: %w", err)
}

// moving is a body that tells when it moves.
type moving struct {
	io.ReadCloser
	moved func()
}

func (m *moving) Read(b []byte) (int, error) {
	n, err := m.ReadCloser.Read(b)
	m.moved()
	return n, err
}
