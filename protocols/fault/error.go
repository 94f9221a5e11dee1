package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// An Error says what was being done, where, and why it failed. Fields that
// are not known stay empty.
type Error struct {
	Op    string // the verb: "get"
	At    string // the target, without credentials: "ftp.example.org:21/pub/big.iso"
	Phase string // resolve, connect, tls, greeting, login, command, body, closing, file
	Code  string // the server's own: "550", "NO", "404"
	Text  string // the server's own words, or ours when there are none
	Kind  *Kind
	Hint  string // what to try
	Err   error  // the cause
}

// Error is one line: what, why, where, and the kind.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	if e.Phase != "" {
		b.WriteString(e.Phase + ": ")
	}
	switch {
	case e.Code != "" || e.Text != "":
		b.WriteString(strings.TrimSpace(e.Code + " " + e.Text))
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		b.WriteString(Of(e).Short)
	}
	if e.At != "" {
		fmt.Fprintf(&b, " (%s)", e.At)
	}
	return b.String()
}

func (e *Error) Unwrap() []error {
	var all []error
	if e.Kind != nil {
		all = append(all, e.Kind)
	}
	if e.Err != nil {
		all = append(all, e.Err)
	}
	return all
}

// New makes an error of kind k that reads as the formatted text. A %w in the
// format keeps the cause.
func New(k *Kind, format string, a ...any) *Error {
	err := fmt.Errorf(format, a...)
	return &Error{Kind: k, Text: err.Error(), Err: errors.Unwrap(err)}
}

// WithHint sets what the user may try and returns e.
func (e *Error) WithHint(format string, a ...any) *Error {
	e.Hint = fmt.Sprintf(format, a...)
	return e
}

// Hint returns the first hint in the chain of err.
func Hint(err error) string {
	var e *Error
	for errors.As(err, &e) {
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}

// Of returns the kind of err: the one it was made with, or else what the
// standard errors below it mean. It is nil only for nil.
func Of(err error) *Kind {
	if err == nil {
		return nil
	}
	var k *Kind
	if errors.As(err, &k) {
		return k
	}
	for _, m := range standard {
		if errors.Is(err, m.err) {
			return m.kind
		}
	}
	return Internal
}

var standard = []struct {
	err  error
	kind *Kind
}{
	{context.Canceled, Interrupt},
	{context.DeadlineExceeded, Timeout},
	{os.ErrDeadlineExceeded, Timeout},
	{syscall.ECONNREFUSED, Connect},
	{syscall.ENETUNREACH, Connect},
	{syscall.EHOSTUNREACH, Connect},
	{syscall.ECONNRESET, Recv},
	{syscall.EPIPE, Send},
	{io.ErrUnexpectedEOF, Partial},
	{io.EOF, Recv},
	{fs.ErrNotExist, ReadLocal},
	{fs.ErrPermission, ReadLocal},
	{fs.ErrExist, WriteLocal},
	{syscall.ENOSPC, WriteLocal},
}

// Timeout reports whether a time limit ran out; libraries ask a net.Error
// so.
func (e *Error) Timeout() bool { return errors.Is(Of(e), Timeout) }

// Temporary is part of net.Error, and says nothing.
func (e *Error) Temporary() bool { return false }
