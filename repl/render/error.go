package render

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"wireline/protocols/fault"
)

// Error writes err as one line that begins with prefix and ends with the name
// of its kind and its exit status; on a terminal its hint follows on another.
// It is silent where nobody is left to read, or asked to: a closed output, a
// hangup, a request to end (T14).
func Error(w io.Writer, o Options, prefix string, err error) {
	k := fault.Of(err)
	if k == nil || k == fault.Pipe || k == fault.Hangup || k == fault.Terminate {
		return
	}
	line := o.paint(bad, Clean(prefix)+":") + " " + Clean(tell(err).line())
	fmt.Fprintf(w, "%s (%s, exit %d)\n", line, k.Name, k.Exit)
	if try := fault.Hint(err); try != "" && o.Terminal {
		fmt.Fprintf(w, "%s %s\n", o.paint(hint, "hint:"), Clean(try))
	}
}

// A telling is what there is to say of an error, each part from the outermost
// error of the chain that knows it.
type telling struct {
	op, at, phase string
	code, text    string // of the server; text alone is ours
}

func tell(err error) telling {
	var t telling
	for err != nil {
		e, ok := err.(*fault.Error)
		if !ok {
			if t.text == "" && t.code == "" {
				t.text = plain(err)
			}
			return t
		}
		first(&t.op, e.Op)
		first(&t.at, e.At)
		first(&t.phase, e.Phase)
		if t.text == "" && t.code == "" {
			t.code, t.text = e.Code, e.Text
		}
		if err = e.Err; err == nil && t.text == "" && t.code == "" && e.Kind != nil {
			t.text = e.Kind.Short
		}
	}
	return t
}

func first(s *string, next string) {
	if *s == "" {
		*s = next
	}
}

// line is "get host/file: body: cause".
func (t telling) line() string {
	var parts []string
	if head := strings.TrimSpace(t.op + " " + t.at); head != "" {
		parts = append(parts, head)
	}
	if t.phase != "" {
		parts = append(parts, t.phase)
	}
	cause := t.text
	if t.code != "" {
		cause = `server said "` + Clean(short(strings.TrimSpace(t.code+" "+t.text))) + `"`
	}
	return strings.Join(append(parts, cause), ": ")
}

// short cuts what a server said at 200 bytes.
func short(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	n := most
	for n > most-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}

// plain is the cause in an error of the standard library, without the names
// of the calls on the way to it.
func plain(err error) string {
	switch e := err.(type) {
	case *net.OpError:
		return plain(e.Err)
	case *os.SyscallError:
		return plain(e.Err)
	case *url.Error:
		return plain(e.Err)
	case *fs.PathError:
		return e.Path + ": " + plain(e.Err)
	case *os.LinkError:
		return e.New + ": " + plain(e.Err)
	case *net.DNSError:
		return e.Name + ": " + e.Err
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) && err.Error() == io.ErrUnexpectedEOF.Error():
		return "the connection ended early"
	case err == io.EOF:
		return "the other side closed the connection"
	}
	return err.Error()
}
