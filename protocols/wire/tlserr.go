package wire

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"

	"wireline/protocols/fault"
)

// isTLS reports whether an error comes from the TLS layer.
func isTLS(err error) bool {
	var alert tls.AlertError
	return errors.As(err, &alert) || errors.As(err, new(tls.RecordHeaderError)) || strings.Contains(err.Error(), "tls: ")
}

// tlsFault says why TLS did not come about, or went wrong afterwards.
func tlsFault(err error, at, phase string) error {
	var f *fault.Error
	if errors.As(err, &f) {
		if f.At == "" {
			f.At = at
		}
		return f
	}
	e := &fault.Error{At: at, Phase: phase, Kind: fault.TLSHandshake, Err: err}
	var header tls.RecordHeaderError
	text := err.Error()
	_, detail, _ := strings.Cut(text, "tls: ")
	if phase == "" {
		e.Kind = fault.Recv // after the handshake
	}
	switch {
	case errors.As(err, &header):
		e.Text = fmt.Sprintf("the server does not speak TLS here, it said %q", header.RecordHeader[:])
		e.Hint = "the port may begin in plain text: leave TLS out, or upgrade with --tls require"
	case strings.Contains(text, "certificate required"), strings.Contains(text, "bad certificate") && strings.Contains(text, "remote"):
		e.Kind, e.Text = fault.TLSHandshake, "the server wants a certificate from us: "+detail
		e.Hint = "give one with --cert FILE --key FILE"
	case strings.Contains(text, "protocol version"), strings.Contains(text, "unsupported protocol"), strings.Contains(text, "unsupported versions"):
		e.Text = "no TLS version in common: " + detail
		e.Hint = "wireline speaks 1.2 and 1.3; see --tls-min and --tls-max"
	case strings.Contains(text, "handshake failure"), strings.Contains(text, "unconfigured cipher suite"):
		e.Text = "no cipher in common, or the server refuses: " + detail
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Text = "the server closed the connection during the TLS handshake"
		e.Hint = "does it speak TLS at this port?"
	case detail != "":
		e.Text = detail
	default:
		e.Text = plain(err, text)
	}
	return e
}

// speaksTLS reports whether a port is one where TLS comes first.
func speaksTLS(port int) bool {
	switch port {
	case 443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 6697, 8443:
		return true
	}
	return false
}
