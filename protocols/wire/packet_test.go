package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

func udpAt(address string) Target {
	return Target{URL: &url.URL{Host: address}, Scheme: Scheme{Name: "udp", Network: "udp"}}
}

func bindUDP(t testing.TB, d *Dialer, address string) *PacketConn {
	t.Helper()
	c, err := d.ListenPacket(t.Context(), udpAt(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// RAW-09, RAW-10, U01: one send, one datagram; two peers answered in turn
// from one socket; an empty one is no end; nothing is cut off.
func TestDatagrams(t *testing.T) {
	d := &Dialer{}
	s := bindUDP(t, d, ":0")
	if !strings.HasPrefix(s.LocalAddr().String(), "127.0.0.1:") {
		t.Errorf("bound to %v", s.LocalAddr())
	}
	b := make([]byte, LongestDatagram)
	for i := range 2 {
		c, err := d.Dial(t.Context(), udpAt(s.LocalAddr().String()))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		for _, p := range []string{"one", "", strings.Repeat("x", 65507)} {
			if _, err := io.WriteString(c, p); err != nil {
				t.Fatal(err)
			}
			n, from, err := s.ReadFrom(b)
			if string(b[:n]) != p || err != nil || from.String() != c.LocalAddr().String() {
				t.Fatalf("client %d: got %d bytes from %v, %v", i, n, from, err)
			}
			if _, err := s.WriteTo(b[:n], from.String()); err != nil {
				t.Fatal(err)
			}
			if n, err := c.Read(b); string(b[:n]) != p || err != nil {
				t.Fatalf("client %d: answered %d bytes, %v", i, n, err)
			}
		}
		io.WriteString(c, "for an answer")
		s.ReadFrom(b)
		s.WriteTo([]byte("12345"), c.LocalAddr().String())
		s.WriteTo([]byte("678"), c.LocalAddr().String())
		if p, err := c.Peek(t.Context(), 2); string(p) != "12" {
			t.Errorf("peeked %q, %v", p, err)
		}
		if n, err := c.Read(b); string(b[:n]) != "12345" {
			t.Errorf("got %q, %v; datagrams are mixed", b[:n], err)
		}
	}
	_, err := s.WriteTo(make([]byte, 66000), "127.0.0.1:9")
	wantFault(t, err, fault.TooLarge)
	_, err = s.WriteTo([]byte("x"), "192.0.2.1:9")
	wantFault(t, err, fault.Send, "this machine only", "0.0.0.0:")
	_, err = s.WriteTo([]byte("x"), "nonsense")
	wantFault(t, err, fault.BadArgument)
}

// RAW-09, U01: ICMP tells that nobody is there.
func TestDatagramRefused(t *testing.T) {
	c, err := (&Dialer{}).Dial(t.Context(), udpAt(fmt.Sprintf("127.0.0.1:%d", lab.Row(t, 1))))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "anyone?")
	c.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, err = c.Read(make([]byte, 10))
	wantFault(t, err, fault.Connect, "refused")
}

func TestPacketDeadlineAndCut(t *testing.T) {
	d := &Dialer{}
	s := bindUDP(t, d, ":0")
	s.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	_, _, err := s.ReadFrom(make([]byte, 10))
	wantFault(t, err, fault.Timeout)
	s.SetReadDeadline(time.Time{})
	why := errors.New("enough")
	time.AfterFunc(20*time.Millisecond, func() { d.Cut(why) })
	if _, _, err = s.ReadFrom(make([]byte, 10)); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	s.SetReadDeadline(time.Time{})
	if _, _, err = s.ReadFrom(make([]byte, 10)); !errors.Is(err, why) {
		t.Errorf("then %v", err)
	}
}

// Batches: all arrive, whatever their sizes, and who wants fewer loses none.
func TestBatch(t *testing.T) {
	var rec recorder
	d := &Dialer{}
	s := bindUDP(t, d, ":0")
	s.SetOption("SO_RCVBUF", "4000000")
	c, err := d.Dial(t.Context(), udpAt(s.LocalAddr().String()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var ps [][]byte
	for i := range 50 {
		size := 1400
		if i%7 == 3 {
			size = 100 + i
		}
		if i == 20 {
			size = 0
		}
		ps = append(ps, bytes.Repeat([]byte{byte(i)}, size))
	}
	goOn := func() bool { return true }
	check := func(from string, read func(func([]byte, net.Addr) bool, func() bool) error) {
		t.Helper()
		i := 0
		for _, n := range []int{1, 4, 45} {
			err := read(func(p []byte, a net.Addr) bool {
				if !bytes.Equal(p, ps[i]) || a.String() != from {
					t.Errorf("datagram %d: %d bytes from %v, want %d from %s", i, len(p), a, len(ps[i]), from)
				}
				i++
				n--
				return n > 0
			}, goOn)
			if err != nil {
				t.Fatal(err)
			}
		}
		if i != len(ps) {
			t.Errorf("%d of %d came", i, len(ps))
		}
	}
	if err := c.WriteBatch(ps); err != nil {
		t.Fatal(err)
	}
	check(c.LocalAddr().String(), s.ReadBatch)
	d.SetTrace(rec.add)
	if err := s.WriteBatch(ps, c.LocalAddr().String()); err != nil {
		t.Fatal(err)
	}
	check(s.LocalAddr().String(), c.ReadBatch)
	if n := len(rec.data("send")); n == 0 || n != len(rec.data("recv")) {
		t.Errorf("the trace shows %d sent, %d received", n, len(rec.data("recv")))
	}
	// What a batch left over, single reads take.
	c.WriteBatch(ps[:3])
	s.ReadBatch(func([]byte, net.Addr) bool { return false }, goOn)
	b := make([]byte, 2000)
	for i := 1; i < 3; i++ {
		if n, _, err := s.ReadFrom(b); !bytes.Equal(b[:n], ps[i]) {
			t.Errorf("datagram %d: %d bytes, %v", i, n, err)
		}
	}
	s.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	err = s.ReadBatch(func([]byte, net.Addr) bool { return true }, goOn)
	wantFault(t, err, fault.Timeout)
}

// RAW-11: broadcast and multicast.
func TestMulticast(t *testing.T) {
	d := &Dialer{}
	r, err := d.ListenPacket(t.Context(), udpAt("0.0.0.0:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	group := fmt.Sprintf("239.1.%d.%d", os.Getpid()>>8&255, os.Getpid()&255) // nobody else's
	if err := r.Join(group, "lo"); err != nil {
		lab.Skip(t, err)
	}
	w, err := d.ListenPacket(t.Context(), udpAt("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for name, value := range map[string]string{"IP_MULTICAST_TTL": "3", "IP_MULTICAST_LOOP": "1"} {
		if err := w.SetOption(name, value); err != nil {
			t.Error(err)
		}
		if got, err := w.Option(name); got != value {
			t.Errorf("%s is %s, %v", name, got, err)
		}
	}
	_, port, _ := net.SplitHostPort(r.LocalAddr().String())
	if _, err := w.WriteTo([]byte("all"), group+":"+port); err != nil {
		lab.Skip(t, err)
	}
	b := make([]byte, 10)
	r.SetReadDeadline(time.Now().Add(2 * time.Second))
	if n, _, err := r.ReadFrom(b); string(b[:n]) != "all" {
		t.Errorf("got %q, %v", b[:n], err)
	}
	if err := r.Leave(group, "lo"); err != nil {
		t.Error(err)
	}
	w.WriteTo([]byte("who left"), group+":"+port)
	w.WriteTo([]byte("you"), "127.0.0.1:"+port)
	if n, _, err := r.ReadFrom(b); string(b[:n]) != "you" {
		t.Errorf("after leaving the group came %q, %v", b[:n], err)
	}
	wantFault(t, r.Join("192.0.2.1", ""), fault.BadArgument, "multicast")
	wantFault(t, r.Join("239.1.2.3", "nosuch"), fault.BadArgument, "interface")
	if got, err := r.Option("SO_BROADCAST"); got != "1" {
		t.Errorf("broadcast is %s, %v", got, err)
	}
}

// RAW-12: datagrams over unix sockets, with an answer.
func TestUnixgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	s, err := (&Dialer{}).ListenPacket(t.Context(), unixAt(path, "unixgram"))
	if err != nil {
		t.Fatal(err)
	}
	if st, err := os.Lstat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st, err)
	}
	c, err := (&Dialer{}).Dial(t.Context(), unixAt(path, "unixgram"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "ping")
	b := make([]byte, 10)
	n, from, err := s.ReadFrom(b)
	if string(b[:n]) != "ping" {
		t.Fatalf("got %q, %v", b[:n], err)
	}
	if _, err := s.WriteTo([]byte("pong"), from.String()); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(b); string(b[:n]) != "pong" {
		t.Errorf("got %q, %v", b[:n], err)
	}
	s.Close()
	if _, err := os.Lstat(path); err == nil {
		t.Error("the file is left")
	}
}
