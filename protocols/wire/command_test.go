//go:build unix

package wire_test

import (
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/wire"
)

// A program is a peer like any other: it is read, written to, limited and cut.
func TestCommand(t *testing.T) {
	var mu sync.Mutex
	var said []string
	d := &wire.Dialer{Limits: wire.Limits{Goodbye: 200 * time.Millisecond}, Warn: func(s string) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, s)
	}}
	c, err := d.Command(t.Context(), "echo hello >&2; exec cat")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("one\n")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4)
	if _, err := io.ReadFull(c, b); err != nil || string(b) != "one\n" {
		t.Errorf("%q, %v", b, err)
	}
	c.SetIdle(50 * time.Millisecond)
	if _, err := c.Read(b); fault.Of(err) != fault.Timeout {
		t.Error(err)
	}
	c.SetIdle(0)
	if err := c.CloseWrite(); err != nil {
		t.Error(err)
	}
	if rest, err := io.ReadAll(c); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if got := strings.Join(said, "|"); got != "echo: hello" {
		t.Error(got)
	}
}

// T04: a program that does not end is ended.
func TestCommandStays(t *testing.T) {
	d := &wire.Dialer{Limits: wire.Limits{Goodbye: 100 * time.Millisecond}}
	c, err := d.Command(t.Context(), "trap '' HUP TERM; sleep 60 & wait; sleep 60")
	if err != nil {
		t.Fatal(err)
	}
	took := lab.Stopwatch(t)
	d.Cut(fault.New(fault.Interrupt, "enough"))
	if _, err := c.Read(make([]byte, 1)); fault.Of(err) != fault.Interrupt {
		t.Error(err)
	}
	_ = c.Close()
	if d := took(); d > 10*time.Second {
		t.Errorf("took %v", d)
	}
	if _, err := d.Command(t.Context(), "  "); fault.Of(err) != fault.BadArgument {
		t.Error(err)
	}
}
