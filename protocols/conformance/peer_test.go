package conformance

import (
	"bufio"
	"errors"
	"io"
	"testing"

	"wireline/protocols/wire"
)

// A failing notes that a test failed instead of failing.
type failing struct {
	testing.TB
	errs chan any
}

func (f *failing) Error(a ...any) { f.errs <- a[0] }

// Play says and hears what the script says, TLS in its midst included, and
// an otherwise fails the test.
func TestPlay(t *testing.T) {
	const script = "S: 220 ready\nC: STARTTLS\nS: 220 go on\nS: tls\nC~: NOOP.*\nS: 250 fine\nS: close\n"
	p := Play(t, wire.Scheme{}, script)
	d := &wire.Dialer{Options: wire.Options{CA: []string{p.CA}}}
	c, err := d.Dial(t.Context(), p.Target)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetLine(true)
	in := bufio.NewReader(c)
	ask := func(line, want string) {
		t.Helper()
		if line != "" {
			io.WriteString(c, line+"\r\n")
		}
		if got, err := in.ReadString('\n'); got != want+"\r\n" {
			t.Fatalf("after %q: %q, %v", line, got, err)
		}
	}
	ask("", "220 ready")
	ask("STARTTLS", "220 go on")
	if err := c.StartTLS(t.Context(), "localhost"); err != nil {
		t.Fatal(err)
	}
	ask("NOOP now", "250 fine")
	if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
}

func TestPlayFails(t *testing.T) {
	f := &failing{t, make(chan any, 1)}
	p := Play(f, wire.Scheme{}, "C: HELLO\n")
	c, err := new(wire.Dialer).Dial(t.Context(), p.Target)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GOODBYE\r\n")
	const want = `the peer heard "GOODBYE\r\n"; the script says C: HELLO`
	if err := <-f.errs; err.(error).Error() != want {
		t.Errorf("got %v", err)
	}
}

// A test that ends in the midst of its script is told so, and which line it
// had come to.
func TestPlayCutShort(t *testing.T) {
	errs := make(chan any, 1)
	t.Run("cut short", func(t *testing.T) {
		p := Play(&failing{t, errs}, wire.Scheme{}, "S: 220 ready\nC: QUIT\n")
		c, err := new(wire.Dialer).Dial(t.Context(), p.Target)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := c.Read(make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close) // before the client leaves
	})
	const want = "the test ended while the peer was waiting for more; the script says C: QUIT; it may end before, with S: close"
	if err := <-errs; err.(error).Error() != want {
		t.Errorf("got %v", err)
	}
}
