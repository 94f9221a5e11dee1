package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// blackhole is an address on loopback where nobody answers a SYN: its queue
// of connections is full.
func blackhole(t *testing.T, host string, port int) {
	t.Helper()
	lc := net.ListenConfig{}
	ln, err := lc.Listen(t.Context(), "tcp4", joinPort(host, port))
	if err != nil {
		lab.Skip(t, err)
	}
	t.Cleanup(func() { ln.Close() })
	raw, err := ln.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := backlog(raw, 0); err != nil {
		lab.Skip(t, err)
	}
	for range 4 {
		c, err := net.DialTimeout("tcp4", ln.Addr().String(), 100*time.Millisecond)
		if err != nil {
			return
		}
		t.Cleanup(func() { c.Close() })
	}
	lab.Skip(t, "the system queues more connections than asked for")
}

func portOf(address string) int { return int(netip.MustParseAddrPort(address).Port()) }

// T10, RAW-04, X-32: a dead address first, a living one second.
func TestHappyEyeballs(t *testing.T) {
	address := serve(t, says("hi"))
	port := portOf(address)
	blackhole(t, "127.0.0.2", port)
	var d *Dialer
	promptly(t, time.Second, func() {
		d = &Dialer{Options: Options{Resolve: []string{fmt.Sprintf("twohost:%d:127.0.0.2,127.0.0.1", port)}}}
		dial(t, d, fmt.Sprintf("twohost:%d", port))
	})
	tries := d.Tries()
	if len(tries) != 2 || tries[0].Err == "" || tries[1].Err != "" || tries[1].After < 300*time.Millisecond {
		t.Errorf("tries %+v", tries)
	}
	if !d.Last().Info().Opened.After(time.Now().Add(-time.Minute)) || d.Last().RemoteAddr().String() != address {
		t.Errorf("connected to %v", d.Last().RemoteAddr())
	}
}

// A refusal lets the next address begin at once.
func TestRefusedThenAnswered(t *testing.T) {
	port := portOf(serve(t, silent))
	var d *Dialer
	promptly(t, 250*time.Millisecond, func() {
		d = &Dialer{Options: Options{Resolve: []string{fmt.Sprintf("*:%d:127.0.0.3,127.0.0.1", port)}}}
		dial(t, d, fmt.Sprintf("h:%d", port))
	})
	if tries := d.Tries(); len(tries) != 2 || tries[0].Err != "connection refused" {
		t.Errorf("tries %+v", tries)
	}
}

// T11, RAW-01: each address is named with its own error, at most four.
func TestAllRefuse(t *testing.T) {
	port := lab.Row(t, 1)
	_, err := (&Dialer{}).Dial(t.Context(), at(fmt.Sprintf("127.0.0.1:%d", port)))
	wantFault(t, err, fault.Connect, "connect: connection refused", fmt.Sprintf("(127.0.0.1:%d)", port), "listening")
	d := &Dialer{Options: Options{Resolve: []string{fmt.Sprintf("h:%d:127.0.0.2", port)}}}
	_, err = d.Dial(t.Context(), at(fmt.Sprintf("h:%d", port)))
	wantFault(t, err, fault.Connect, fmt.Sprintf("h:%d", port), fmt.Sprintf("connection refused by 127.0.0.2:%d", port))
	d = &Dialer{Options: Options{Resolve: []string{fmt.Sprintf("h:%d:127.0.0.1,127.0.0.2,127.0.0.3,127.0.0.4,127.0.0.5,127.0.0.6", port)}}}
	_, err = d.Dial(t.Context(), at(fmt.Sprintf("h:%d", port)))
	wantFault(t, err, fault.Connect, fmt.Sprintf("127.0.0.1:%d connection refused; 127.0.0.2:%d", port, port), "127.0.0.4", "and 2 more")
	if strings.Contains(err.Error(), "127.0.0.5") || len(d.Tries()) != 6 {
		t.Errorf("%v, tries %v", err, d.Tries())
	}
}

// RAW-06, T13: the limit on connecting, and an interrupt.
func TestConnectLimit(t *testing.T) {
	port := lab.Row(t, 1)
	blackhole(t, "127.0.0.2", port)
	to := at(fmt.Sprintf("127.0.0.2:%d", port))
	var err error
	promptly(t, time.Second, func() {
		_, err = (&Dialer{Options: Options{ConnectTime: 100 * time.Millisecond}}).Dial(t.Context(), to)
	})
	wantFault(t, err, fault.Timeout, "not connected within 100ms", "--connect-timeout")
	promptly(t, time.Second, func() {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(50*time.Millisecond, cancel)
		_, err = (&Dialer{}).Dial(ctx, to)
	})
	wantFault(t, err, fault.Interrupt, "interrupted")
	promptly(t, time.Second, func() {
		d := &Dialer{}
		time.AfterFunc(50*time.Millisecond, func() { d.Cut(context.Canceled) })
		_, err = d.Dial(t.Context(), to)
	})
	wantFault(t, err, fault.Interrupt)
}

func TestInterleave(t *testing.T) {
	var in []netip.Addr
	for _, s := range []string{"2001:db8::1", "2001:db8::2", "192.0.2.1", "192.0.2.2", "192.0.2.3"} {
		in = append(in, netip.MustParseAddr(s))
	}
	if got := fmt.Sprint(interleave(in)); got != "[2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 192.0.2.3]" {
		t.Error(got)
	}
}

// RAW-03, RAW-05: family, source address and socket options.
func TestSource(t *testing.T) {
	from := make(chan string, 1)
	address := serve(t, func(c net.Conn) { from <- c.RemoteAddr().String() })
	off := false
	d := &Dialer{Options: Options{Source: "127.0.0.9", TTL: 7, TOS: 16, Buffer: 100000, NoDelay: &off, Keepalive: &off}}
	c := dial(t, d, address)
	if got := <-from; !strings.HasPrefix(got, "127.0.0.9:") || c.LocalAddr().String() != got {
		t.Errorf("came from %s", got)
	}
	for name, want := range map[string]string{"IP_TTL": "7", "IP_TOS": "16", "TCP_NODELAY": "0", "SO_KEEPALIVE": "0", "SO_RCVBUF": "200000", "SO_SNDBUF": "200000"} {
		if got, err := c.Option(name); got != want || err != nil {
			t.Errorf("%s is %s, %v; want %s", name, got, err, want)
		}
	}
	if ln, err := net.Listen("tcp6", "[::1]:0"); err == nil {
		c := dial(t, &Dialer{Options: Options{TTL: 7, TOS: 16}}, serveOn(t, ln, silent))
		for name, want := range map[string]string{"IPV6_UNICAST_HOPS": "7", "IPV6_TCLASS": "16"} {
			if got, err := c.Option(name); got != want || err != nil {
				t.Errorf("%s is %s, %v; want %s", name, got, err, want)
			}
		}
	}
	_, err := (&Dialer{Options: Options{IPv6: true}}).Dial(t.Context(), at(address))
	wantFault(t, err, fault.Resolve, "IPv6")
	_, err = (&Dialer{Options: Options{Source: "::1"}}).Dial(t.Context(), at(address))
	wantFault(t, err, fault.Connect, "family")
	_, err = (&Dialer{Options: Options{Source: "nonsense"}}).Dial(t.Context(), at(address))
	wantFault(t, err, fault.BadArgument, "--source")
	_, err = (&Dialer{Options: Options{Source: "192.0.2.77"}}).Dial(t.Context(), at(address))
	wantFault(t, err, fault.Connect, syscall.EADDRNOTAVAIL.Error())
}

// --connect-to, --resolve and the playground's map.
func TestDiverted(t *testing.T) {
	address := serve(t, says("hi"))
	_, port, _ := net.SplitHostPort(address)
	for name, d := range map[string]*Dialer{
		"connect-to":       {Options: Options{ConnectTo: []string{"example.test:80:127.0.0.1:" + port}}},
		"connect-to any":   {Options: Options{ConnectTo: []string{"::127.0.0.1:" + port}}},
		"connect-to other": {Options: Options{ConnectTo: []string{"x:80:192.0.2.1:80", ":80:[127.0.0.1]:" + port}}},
		"map": {Map: func(network, a string) string {
			if network == "tcp" && a == "example.test:80" {
				return address
			}
			return ""
		}},
	} {
		c, err := d.Dial(t.Context(), at("example.test:80"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.RemoteAddr().String() != address || c.Info().Host != "example.test:80" {
			t.Errorf("%s: connected to %s as %s", name, c.RemoteAddr(), c.Info().Host)
		}
		c.Close()
	}
	for _, o := range []Options{{ConnectTo: []string{"x"}}, {Resolve: []string{"example.test:80"}}, {Resolve: []string{"example.test:80:nope"}}} {
		_, err := (&Dialer{Options: o}).Dial(t.Context(), at("example.test:80"))
		wantFault(t, err, fault.BadArgument)
	}
	for _, a := range []string{"h:0", "h:99999", "h:", "0x7f.1:80", "h:nosuch"} {
		_, err := (&Dialer{}).Dial(t.Context(), at(a))
		wantFault(t, err, fault.BadArgument)
	}
}
