package wire

import (
	"io"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"wireline/protocols/fault"
)

// RAW-22: what is set is read back; what is unknown says so.
func TestSocketOptions(t *testing.T) {
	c := dial(t, &Dialer{}, serve(t, silent))
	for name, x := range map[string][2]string{
		"SO_KEEPALIVE": {"0", "0"}, "tcp_nodelay": {"off", "0"}, "IP_TTL": {"33", "33"},
		"SO_LINGER": {"5", "5"}, "nodelay": {"on", "1"}, "SO_REUSEADDR": {"true", "1"},
	} {
		if runtime.GOOS != "linux" && name != "IP_TTL" {
			continue
		}
		if err := c.SetOption(name, x[0]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := c.Option(name); got != x[1] || err != nil {
			t.Errorf("%s is %q, %v; want %q", name, got, err, x[1])
		}
	}
	if err := c.SetOption("SO_LINGER", "off"); err != nil {
		t.Error(err)
	}
	for _, err := range []error{c.SetOption("SO_NOSUCH", "1"), c.SetOption("IP_TTL", "many"), c.SetOption("SO_ERROR", "1"), c.SetOption("SO_LINGER", "x")} {
		wantFault(t, err, fault.BadArgument)
	}
	_, err := c.Option("SO_NOSUCH")
	wantFault(t, err, fault.BadArgument, `no socket option is named "SO_NOSUCH"`)
	if _, err := c.Option("IPV6_V6ONLY"); err == nil {
		t.Error("an option of IPv6 on IPv4")
	} else {
		wantFault(t, err, fault.Unsupported, "getsockopt(IPV6_V6ONLY)")
	}
	if runtime.GOOS == "linux" {
		for _, name := range OptionNames() {
			if got, err := c.Option(name); err != nil && !slices.Contains([]string{"IP_MTU_DISCOVER"}, name) && name[:4] != "IPV6" {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
	called := false
	if err := c.Control(func(uintptr) { called = true }); err != nil || !called {
		t.Error(err)
	}
}

// RAW-22: urgent data.
func TestOOB(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not there")
	}
	d := &Dialer{}
	l := listen(t, d, at(":0"), ListenOptions{})
	c := dial(t, d, l.Addr().String())
	s, err := l.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	_, err = s.RecvOOB(1)
	wantFault(t, err, fault.Timeout)
	s.SetReadDeadline(time.Now().Add(2 * time.Second))
	io.WriteString(c, "calm")
	if err := c.SendOOB([]byte("!")); err != nil {
		t.Fatal(err)
	}
	if b, err := s.RecvOOB(1); string(b) != "!" {
		t.Errorf("got %q, %v", b, err)
	}
	b := make([]byte, 10)
	if n, err := s.Read(b); string(b[:n]) != "calm" {
		t.Errorf("got %q, %v", b[:n], err)
	}
	ca := newCA(t)
	secure, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, serveTLS(t, ca.server(t, nil), func(c net.Conn) { echo(c) }))
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, secure.SendOOB([]byte("!")), fault.Unsupported)
}
