package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"

	"wireline/protocols/fault"
)

// errLimit is the cause of a context that one of our limits has ended.
var errLimit = errors.New("limit reached")

// ended is the error for something that the end of a context, or a cut, has
// ended.
func ended(cause error, at, phase string) error {
	var f *fault.Error
	if errors.As(cause, &f) {
		return cause
	}
	e := &fault.Error{At: at, Phase: phase, Kind: fault.Of(cause), Err: cause, Text: cause.Error()}
	switch {
	case errors.Is(cause, context.Canceled):
		e.Text = "interrupted"
	case errors.Is(cause, context.DeadlineExceeded):
		e.Text = "the time limit of the command ran out"
	}
	return e
}

// plain says err in a few words, without the wrappings of package net.
func plain(err error, otherwise string) string {
	var errno syscall.Errno
	var op *net.OpError
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		return f.Text
	case errors.As(err, &errno):
		return errno.Error()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "timed out"
	case errors.Is(err, net.ErrClosed):
		return "the connection is closed"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed"
	case errors.As(err, &op) && op.Err != nil:
		return op.Err.Error()
	}
	return strings.TrimSpace(otherwise)
}

// timedOut reports whether a deadline has ended a call.
func timedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded)
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

func refused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// quote is a server's line for a message: escaped, and not too long.
func quote(s string) string {
	const most = 200
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strconv.Quote(s)
}
