package smtp_test

import (
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireline/protocols/conformance"
	"wireline/protocols/lab"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// endless is a message of so many bytes more, in lines.
type endless struct{ left int }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	const line = "a line of a message that is as long as they are, and then some bytes more.\n"
	n := 0
	for n+len(line) <= len(p) {
		n += copy(p[n:], line)
	}
	e.left -= n
	return n, nil
}

// Memory does not grow with the message.
func TestMemory(t *testing.T) {
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) {
		io.WriteString(c, "220 x\r\n")
		buf := make([]byte, 256<<10)
		last := ""
		for {
			n, err := c.Read(buf)
			if err != nil {
				return
			}
			switch text := string(buf[max(0, n-5):n]); {
			case strings.HasPrefix(string(buf[:min(n, 4)]), "EHLO"):
				io.WriteString(c, "250 x\r\n")
			case strings.HasPrefix(string(buf[:min(n, 4)]), "DATA"):
				io.WriteString(c, "354 go\r\n")
			case n < 100 && last == "", strings.HasSuffix(last+text, "\r\n.\r\n"):
				io.WriteString(c, "250 ok\r\n")
				last = ""
			default:
				last = text
			}
		}
	})
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v, _ := verb.Find(u.p.Verbs, "send")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	in := verb.Input{Size: -1, ReadCloser: io.NopCloser(io.MultiReader(strings.NewReader("From: a@x\n\n"), &endless{64 << 20}))}
	env := verb.Env{Open: func(string) (verb.Input, error) { return in, nil }}
	res, err := v.Do(t.Context(), u.sess, env, []string{"-", "-t", "b@y"})
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range res.(smtp.Receipts) {
		if err != nil || r.Result != "sent" {
			t.Errorf("%+v, %v", r, err)
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 12<<20 {
		t.Errorf("allocated %d KiB for a message of 64 MiB", used>>10)
	}
}

// T04: no answer to QUIT changes nothing, and does not take long.
func TestNoGoodbye(t *testing.T) {
	peer := conformance.Serve(t, smtp.Protocols()[0].Schemes[0], func(c net.Conn) {
		io.WriteString(c, "220 x\r\n")
		buf := make([]byte, 1000)
		for n := 0; ; n++ {
			if _, err := c.Read(buf); err != nil {
				return
			}
			if n == 0 {
				io.WriteString(c, "250 x\r\n")
			}
		}
	})
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	took := lab.Stopwatch(t)
	if err := u.sess.Close(); err != nil || took() > 5*time.Second {
		t.Errorf("%v after %v", err, took())
	}
}
