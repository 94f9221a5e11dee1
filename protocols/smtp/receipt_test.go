package smtp_test

import (
	"errors"
	"strings"
	"testing"

	"wireline/protocols/smtp"
)

// Receipts as text: a line each, as they came until something failed. What a
// server says does not make a field of its own.
func TestReceiptsText(t *testing.T) {
	why := errors.New("gone")
	all := smtp.Receipts(func(yield func(smtp.Receipt, error) bool) {
		_ = yield(smtp.Receipt{Message: 1, To: "b@y", Result: "sent", Code: 250, Status: "2.0.0", Text: "Ok: queued"}, nil) &&
			yield(smtp.Receipt{Message: 2, To: "c@z", Result: "unknown"}, nil) &&
			yield(smtp.Receipt{Message: 3, To: "d@z", Result: "refused", Code: 550, Text: "no\tsuch\r\nuser"}, nil) &&
			yield(smtp.Receipt{}, why)
	})
	var b strings.Builder
	const want = "1\tb@y\tsent\t250\t2.0.0\tOk: queued\n2\tc@z\tunknown\t0\t\t\n3\td@z\trefused\t550\t\tno\\x09such\\x0d\\x0auser\n"
	if err := all.Text(&b); err != why || b.String() != want {
		t.Errorf("%q, %v", b.String(), err)
	}
	if err := all.Text(full{}); err != errFull {
		t.Error(err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
