//go:build linux || darwin

package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireline/protocols/fault"
)

func socket(t *testing.T, network string) *Socket {
	t.Helper()
	s, err := (&Dialer{}).Socket(network)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// RAW-31: a class's afternoon, call by call.
func TestSocketSteps(t *testing.T) {
	s, c := socket(t, "tcp"), socket(t, "tcp")
	if s.FD() <= 2 || s.State() != "CREATED" {
		t.Errorf("descriptor %d, %s", s.FD(), s.State())
	}
	if err := s.Bind("127.0.0.1", "0"); err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(s.Name())
	if host != "127.0.0.1" || port == "0" || s.State() != "BOUND" {
		t.Errorf("bound to %s, %s", s.Name(), s.State())
	}
	// Too early: every error is the call's own.
	_, err := c.Connect(t.Context(), "127.0.0.1", port)
	f := wantFault(t, err, fault.Connect, "connect("+strconv.Itoa(c.FD())+", 127.0.0.1:"+port+"): connection refused")
	if f.Code != "ECONNREFUSED" || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("code %q", f.Code)
	}
	_, err = s.Accept(t.Context())
	if f := wantFault(t, err, fault.Recv, "accept("); f.Code != "EINVAL" {
		t.Errorf("code %q", f.Code)
	}
	if err := s.Listen(1); err != nil || s.State() != "LISTEN" {
		t.Fatal(err, s.State())
	}
	c = socket(t, "tcp")
	cc, err := c.Connect(t.Context(), "127.0.0.1", port)
	if err != nil || c.State() != "CONNECTED" || c.Conn() != cc {
		t.Fatal(err, c.State())
	}
	sc, err := s.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer sc.Close()
	io.WriteString(sc, "Thank you for connecting")
	sc.CloseWrite()
	if b, err := io.ReadAll(cc); string(b) != "Thank you for connecting" {
		t.Errorf("got %q, %v", b, err)
	}
	other := socket(t, "tcp")
	err = other.Bind("127.0.0.1", port)
	if f := wantFault(t, err, fault.Connect, "bind("); f.Code != "EADDRINUSE" {
		t.Errorf("code %q", f.Code)
	}
	err = other.Bind("192.0.2.1", "0")
	if f := wantFault(t, err, fault.Connect, "bind("); f.Code != "EADDRNOTAVAIL" {
		t.Errorf("code %q", f.Code)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, err = s.Accept(ctx)
	wantFault(t, err, fault.Timeout)
	s.Close()
	s.Close()
	if s.State() != "CLOSED" {
		t.Error(s.State())
	}
}

// The empty host is any address, as it is for Python's bind.
func TestSocketAny(t *testing.T) {
	s := socket(t, "udp")
	if err := s.Bind("", "0"); err != nil || !strings.HasPrefix(s.Name(), "0.0.0.0:") {
		t.Fatal(err, s.Name())
	}
	c := socket(t, "udp")
	_, port, _ := net.SplitHostPort(s.Name())
	if n, err := c.SendTo([]byte("hi"), "127.0.0.1", port); n != 2 || err != nil || c.State() != "BOUND" {
		t.Fatal(n, err, c.State())
	}
	b := make([]byte, 10)
	n, from, err := s.Packet().ReadFrom(b)
	if string(b[:n]) != "hi" || err != nil {
		t.Fatalf("got %q, %v", b[:n], err)
	}
	if _, err := s.Packet().WriteTo([]byte("ho"), from.String()); err != nil {
		t.Fatal(err)
	}
	if n, _, err := c.Packet().ReadFrom(b); string(b[:n]) != "ho" {
		t.Errorf("got %q, %v", b[:n], err)
	}
	if socket(t, "tcp").Packet() != nil {
		t.Error("a stream of datagrams")
	}
	_, err = (&Dialer{}).Socket("x25")
	wantFault(t, err, fault.BadArgument)
}

func TestSocketUnix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	s := socket(t, "unix")
	if err := s.Bind(path, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(1); err != nil {
		t.Fatal(err)
	}
	c := socket(t, "unix")
	cc, err := c.Connect(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	sc, err := s.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer sc.Close()
	io.WriteString(cc, "x")
	if n, err := sc.Read(make([]byte, 1)); n != 1 {
		t.Error(err)
	}
	s.Close()
	if _, err := os.Lstat(path); err == nil {
		t.Error("the file is left")
	}
}
