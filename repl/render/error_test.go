package render

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"wireline/protocols/fault"
)

// The line of an error is as TRUST demands: verb, target, phase, cause,
// name and exit; never the calls on the way.
func TestError(t *testing.T) {
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "x.example", IsNotFound: true}}
	form := regexp.MustCompile(`^wireline: [^\n]+ \([A-Z_]+, exit [0-9]+\)\n$`)
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&fault.Error{Op: "get", At: "h:2121/f", Phase: "body", Text: "60 of 192 bytes came", Kind: fault.Partial},
			"wireline: get h:2121/f: body: 60 of 192 bytes came (PARTIAL, exit 18)"},
		{&fault.Error{Op: "get", At: "h:21/f", Code: "550", Text: "No \x1b[2J such", Kind: fault.NotFound},
			`wireline: get h:21/f: server said "550 No \x1b[2J such" (NOT_FOUND, exit 78)`},
		{&fault.Error{Code: "500", Text: strings.Repeat("é", 150), Kind: fault.Refused},
			`wireline: server said "500 ` + strings.Repeat("é", 98) + `..." (SERVER_SAID_NO, exit 22)`},
		{&fault.Error{Op: "ls", Err: &fault.Error{At: "h:1", Phase: "reply", Kind: fault.Timeout, Text: "no byte within 60s, --idle-timeout"}},
			"wireline: ls h:1: reply: no byte within 60s, --idle-timeout (TIMEOUT, exit 28)"},
		{&fault.Error{Op: "connect", Kind: fault.Resolve, Err: dial}, "wireline: connect: x.example: no such host (RESOLVE, exit 6)"},
		{&fault.Error{Op: "connect", Err: refused}, "wireline: connect: connection refused (CONNECT, exit 7)"},
		{&fault.Error{Op: "close", Kind: fault.Login}, "wireline: close: the credentials were refused (LOGIN, exit 67)"},
		{io.EOF, "wireline: the other side closed the connection (RECV, exit 56)"},
		{io.ErrUnexpectedEOF, "wireline: the connection ended early (PARTIAL, exit 18)"},
		{&fs.PathError{Op: "open", Path: "f", Err: syscall.ENOENT}, "wireline: f: no such file or directory (READ_LOCAL, exit 26)"},
		{errors.New("odd\nthing"), `wireline: odd\x0athing (INTERNAL, exit 125)`},
		{fmt.Errorf("f:1:2: %w", fault.Usage), "wireline: f:1:2: USAGE (USAGE, exit 2)"},
	} {
		var b strings.Builder
		Error(&b, Options{}, "wireline", tt.err)
		if got := b.String(); got != tt.want+"\n" {
			t.Errorf("got  %swant %s", got, tt.want)
		}
		if !form.MatchString(b.String()) {
			t.Errorf("form: %s", b.String())
		}
	}
}

// A hint is for people.
func TestErrorHint(t *testing.T) {
	err := &fault.Error{Op: "get", Err: fault.New(fault.Partial, "short").WithHint("get -c\x1b resumes")}
	for _, tt := range []struct {
		o    Options
		want string
	}{
		{Options{}, "wireline: get: short (PARTIAL, exit 18)\n"},
		{Options{Color: true}, "wireline: get: short (PARTIAL, exit 18)\n"},
		{Options{Terminal: true}, "wireline: get: short (PARTIAL, exit 18)\nhint: get -c\\x1b resumes\n"},
		{Options{Terminal: true, Color: true}, "\x1b[31mwireline:\x1b[0m get: short (PARTIAL, exit 18)\n\x1b[33mhint:\x1b[0m get -c\\x1b resumes\n"},
	} {
		var b strings.Builder
		Error(&b, tt.o, "wireline", err)
		if got := b.String(); got != tt.want {
			t.Errorf("%+v: got %q, want %q", tt.o, got, tt.want)
		}
	}
}

func TestErrorSilent(t *testing.T) {
	for _, err := range []error{nil, &fault.Error{Op: "get", Kind: fault.Pipe}, fault.Hangup, fault.Terminate} {
		var b strings.Builder
		if Error(&b, Options{Terminal: true}, "wireline", err); b.Len() > 0 {
			t.Errorf("%v: %q", err, b.String())
		}
	}
}
