package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// RAW-29: what is open, closed, and what nobody can tell.
func TestProbe(t *testing.T) {
	port := func(address string) int {
		return int(netip.MustParseAddrPort(address).Port())
	}
	speaks, quiet := port(serve(t, says("220 ready\r\n"))), port(serve(t, silent))
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	mute, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	go func() {
		b := make([]byte, 10)
		n, from, err := udp.ReadFrom(b)
		if err == nil {
			udp.WriteTo(b[:n], from)
		}
	}()
	d := &Dialer{}
	for _, x := range []struct {
		network string
		port    int
		wait    time.Duration
		banner  int
		state   string
		said    string
	}{
		{"tcp", speaks, 5 * time.Second, 100, "open", "220 ready\r\n"},
		{"tcp", speaks, 5 * time.Second, 0, "open", ""},
		{"tcp", quiet, 100 * time.Millisecond, 100, "open", ""},
		{"tcp", lab.Row(t, 1), 5 * time.Second, 100, "closed", ""},
		{"udp", port(udp.LocalAddr().String()), 5 * time.Second, 0, "open", "\r"},
		{"udp", port(mute.LocalAddr().String()), 100 * time.Millisecond, 0, "open|filtered", ""},
		{"udp", lab.Row(t, 1), 5 * time.Second, 0, "closed", ""},
	} {
		state, said, err := d.Probe(t.Context(), x.network, "127.0.0.1", x.port, x.wait, x.banner)
		if err != nil || state != x.state || string(said) != x.said {
			t.Errorf("%s %d: %s %q %v, want %s %q", x.network, x.port, state, said, err, x.state, x.said)
		}
	}
	_, _, err = (&Dialer{Options: Options{DNS: nameServer(t)}}).Probe(t.Context(), "tcp", "nxdomain.test", 1, time.Second, 0)
	wantFault(t, err, fault.Resolve)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := fault.New(fault.Interrupt, "enough")
	time.AfterFunc(50*time.Millisecond, func() { cancel(why) })
	_, _, err = d.Probe(ctx, "tcp", "127.0.0.1", quiet, time.Minute, 100)
	wantFault(t, err, fault.Interrupt, "enough")
	if n := len(d.Conns()); n != 0 {
		t.Error(fmt.Sprint(n, " connections are left"))
	}
}
