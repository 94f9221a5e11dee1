package syntax

import (
	"fmt"

	"wireline/protocols/fault"
)

// An Error is a mistake in a text, and where it is. It is a fault.Usage, or a
// fault.ReadLocal when the text is not one that a person could have typed.
type Error struct {
	Name       string // of the text, such as its file; may be ""
	Line, Col  int    // from 1; Col in characters
	Msg        string
	Hint       string
	Incomplete bool // more lines may still mend it: an open quote, $( or <<
	Kind       *fault.Kind
}

// Error is "name:line:col: message".
func (e *Error) Error() string {
	s := fmt.Sprintf("%d:%d: %s", e.Line, e.Col, e.Msg)
	if e.Name != "" {
		s = e.Name + ":" + s
	}
	return s
}

// Unwrap gives the kind and the hint to package fault.
func (e *Error) Unwrap() error {
	return &fault.Error{Kind: e.Kind, Text: e.Msg, Hint: e.Hint}
}
