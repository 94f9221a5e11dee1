package imap

import (
	"errors"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// with is err with what f changes, if it is one of ours; the error itself may
// belong to others and stays as it is.
func with(err error, f func(*fault.Error)) error {
	e, ok := err.(*fault.Error)
	if !ok {
		return err
	}
	c := *e
	c.Err = e
	f(&c)
	return &c
}

func atPhase(err error, phase string) error {
	return with(err, func(e *fault.Error) {
		if e.Phase == "" && e.Kind != fault.Interrupt {
			e.Phase = phase
		}
	})
}

func placed(err error, at string) error {
	return with(err, func(e *fault.Error) {
		if e.At == "" {
			e.At = at
		}
	})
}

// refused reports whether err is the server's no, after which the session is
// as it was.
func refused(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && (f.Code == "NO" || f.Code == "BAD")
}

// namedBox makes the refusal of something done to a mailbox one that names it.
func namedBox(err error, name string) error {
	if !refused(err) {
		return err
	}
	return with(err, func(e *fault.Error) { e.At = name })
}

// deniedBox makes the refusal of a mailbox one that names it.
func deniedBox(err error, name string) error {
	return with(namedBox(err, name), func(e *fault.Error) {
		if e.Code != "NO" {
			return
		}
		if e.Kind == fault.Refused {
			e.Kind = fault.Denied
		}
		if e.Hint == "" {
			e.Hint = "ls shows the mailboxes"
		}
	})
}

// oneLine refuses words that would be more than a line.
func oneLine(name string, words ...string) error {
	for _, w := range words {
		if err := protocols.OneLine(name, w); err != nil {
			return err
		}
	}
	return nil
}

// refusal is the error for a NO, a BAD or a BYE.
func (l *link) refusal(s status) *fault.Error {
	e := &fault.Error{Kind: fault.Refused, At: l.where(), Code: s.kind, Text: l.wire.Hide(s.text), Phase: "command"}
	if e.Text == "" && s.code != "" {
		e.Text = strings.ToLower(s.code)
	}
	switch s.code {
	case "NONEXISTENT", "UIDNOTSTICKY":
		e.Kind = fault.NotFound
	case "TRYCREATE":
		e.Kind, e.Hint = fault.NotFound, "mkdir makes the mailbox"
	case "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED":
		e.Kind = fault.Login
	case "PRIVACYREQUIRED":
		e.Kind, e.Hint = fault.TLSRequired, "--tls require"
	case "NOPERM":
		e.Kind = fault.Denied
	case "TOOBIG":
		e.Kind = fault.TooLarge
	case "OVERQUOTA":
		e.Hint = "quota shows how much there is"
	}
	return e
}
