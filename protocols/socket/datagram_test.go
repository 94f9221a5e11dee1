package socket

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// udpPeer is a Go socket on loopback.
func udpPeer(t *testing.T) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	return c
}

// RAW-09: one send is one datagram, one recv takes one.
func TestUDP(t *testing.T) {
	c := udpPeer(t)
	s := open(t, "udp", "connect", c.LocalAddr().String())
	must(t, s, "send", "one")
	must(t, s, "send", "")
	must(t, s, "send", "three")
	p := make([]byte, 100)
	var from *net.UDPAddr
	for _, want := range []string{"one", "", "three"} {
		n, a, err := c.ReadFromUDP(p)
		if err != nil || string(p[:n]) != want {
			t.Fatalf("%q %v, want %q", p[:n], err, want)
		}
		from = a
	}
	for _, m := range []string{"first", "", "second", "truncated"} {
		c.WriteToUDP([]byte(m), from)
	}
	wantRecv(t, s, "first", "peek")
	wantRecv(t, s, "first", "recv")
	wantRecv(t, s, "", "recv") // U01: an empty datagram is 0 bytes, not an end
	wantRecv(t, s, "second", "recv", "1024")
	r := must(t, s, "recv", "5").(*Received)
	if r.Text != "trunc" || !r.Truncated {
		t.Errorf("%+v", r)
	}
	if _, err := run(t.Context(), s, "recv", "-t", "0.05"); fault.Of(err) != fault.Timeout {
		t.Errorf("U01: nothing comes: %v", err)
	}
	if _, err := run(t.Context(), s, "recv", "--until", "x"); fault.Of(err) != fault.Unsupported {
		t.Errorf("%v", err)
	}
}

// U01: nothing is cut, and what others send does not come in.
func TestUDPLargest(t *testing.T) {
	c := udpPeer(t)
	s := open(t, "udp", "connect", c.LocalAddr().String())
	must(t, s, "send", "hello")
	_, from, err := c.ReadFromUDP(make([]byte, 100))
	if err != nil {
		t.Fatal(err)
	}
	udpPeer(t).WriteToUDP([]byte("stranger"), from)
	big := bytes.Repeat([]byte("x"), 65507)
	if _, err := c.WriteToUDP(big, from); err != nil {
		t.Fatal(err)
	}
	wantRecv(t, s, string(big), "recv", "-t", "5")
}

// U01: nobody listens.
func TestUDPRefused(t *testing.T) {
	c := udpPeer(t)
	address := c.LocalAddr().String()
	c.Close()
	s := open(t, "udp", "connect", address)
	must(t, s, "send", "anyone?")
	_, err := run(t.Context(), s, "recv", "-t", "5")
	if fault.Of(err) != fault.Connect || !strings.Contains(err.Error(), "nobody listens") {
		t.Errorf("%v (%v)", err, fault.Of(err))
	}
}

// --recv N counts datagrams.
func TestUDPSendAndReceive(t *testing.T) {
	c := udpPeer(t)
	go func() {
		p := make([]byte, 100)
		n, a, err := c.ReadFromUDP(p)
		if err != nil {
			return
		}
		for _, m := range []string{"re: " + string(p[:n]), "more"} {
			c.WriteToUDP([]byte(m), a)
		}
	}()
	s := open(t, "udp", "connect", c.LocalAddr().String())
	r := must(t, s, "send", "ping", "--recv", "1", "-t", "5").(*Received)
	if r.Text != "re: ping" || r.Datagrams != 1 || r.Sent != 4 {
		t.Errorf("%+v", r)
	}
	if _, err := run(t.Context(), s, "send", "x", "--recv", "2", "-t", "0.2"); fault.Of(err) != fault.Timeout || !strings.Contains(err.Error(), "1 of 2 datagrams") {
		t.Errorf("%v", err)
	}
	wantRecv(t, s, "more", "recv", "-t", "5")
}

// A file goes in datagrams of a size.
func TestUDPPut(t *testing.T) {
	c := udpPeer(t)
	s := open(t, "udp", "connect", c.LocalAddr().String())
	data := bytes.Repeat([]byte("0123456789"), 1000)
	file := filepath.Join(t.TempDir(), "f")
	os.WriteFile(file, data, 0o600)
	res, err := runIn(t.Context(), s, verb.Env{Open: openFile}, "put", file, "--size", "1000")
	if err != nil {
		t.Fatal(err)
	}
	if sent := res.(*Sent); sent.Bytes != 10000 || sent.Datagrams != 10 {
		t.Errorf("%+v", sent)
	}
	var got []byte
	p := make([]byte, 2000)
	for range 10 {
		n, err := c.Read(p)
		if err != nil || n != 1000 {
			t.Fatalf("%d %v", n, err)
		}
		got = append(got, p[:n]...)
	}
	if !bytes.Equal(got, data) {
		t.Error("other bytes came")
	}
}

// RAW-10: two peers are answered in turn from one socket.
func TestUDPBind(t *testing.T) {
	s := open(t, "udp", "bind", "127.0.0.1:0")
	at := s.(protocols.Namer).Named()
	var peers [2]net.Conn
	for i := range peers {
		c, err := net.Dial("udp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		peers[i] = c
	}
	for round := range 2 {
		for i, c := range peers {
			text := string(rune('a'+i)) + string(rune('0'+round))
			c.Write([]byte(text))
			l := must(t, s, "recvfrom").(*Letter)
			if l.Text != text || l.From != c.LocalAddr().String() {
				t.Fatalf("%+v", l)
			}
			host, port, _ := net.SplitHostPort(l.From)
			must(t, s, "sendto", host, port, "re:", text)
			p := make([]byte, 100)
			if n, err := c.Read(p); err != nil || string(p[:n]) != "re: "+text {
				t.Fatalf("%q %v", p[:n], err)
			}
		}
	}
	if _, err := run(t.Context(), s, "send", "whom?"); fault.Of(err) != fault.Usage {
		t.Errorf("%v", err)
	}
	peers[0].Write([]byte("x"))
	if l := must(t, s, "recvfrom", "--anc").(*Letter); l.To != at {
		t.Errorf("%+v", l)
	}
}

// RAW-11: a datagram to a group reaches who joined it.
func TestMulticast(t *testing.T) {
	s := open(t, "udp", "bind", "0.0.0.0:0")
	_, port, _ := net.SplitHostPort(s.(protocols.Namer).Named())
	if _, err := run(t.Context(), s, "join", "239.77.1.2", "lo"); err != nil {
		lab.Skip(t, "loopback has no multicast here: ", err)
	}
	from := open(t, "udp", "bind", "127.0.0.1:0")
	must(t, from, "sockopt", "IP_MULTICAST_TTL", "1")
	must(t, from, "sendto", "239.77.1.2", port, "to the group")
	wantRecv(t, s, "to the group", "recv", "-t", "5")
	must(t, s, "leave", "239.77.1.2", "lo")
}

func TestDatagramIdle(t *testing.T) {
	s := open(t, "udp", "bind", "127.0.0.1:0")
	c, err := net.Dial("udp", s.(protocols.Namer).Named())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c.Write([]byte("hi\n"))
	for n := range s.(protocols.Idler).Idle(ctx) {
		if want := "3 bytes from " + c.LocalAddr().String() + `: hi\n; recv takes them`; n.Text != want {
			t.Errorf("%q, want %q", n.Text, want)
		}
		cancel()
	}
	wantRecv(t, s, "hi\n", "recv")
}

// RAW-12: every kind of Unix socket, from both sides.
func TestUnix(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct{ name, path, flag string }{
		{"stream", dir + "/stream", ""},
		{"seqpacket", dir + "/seq", "--seqpacket"},
		{"abstract", "@wireline-test-" + filepath.Base(dir), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			flags := strings.Fields(tt.flag)
			l := open(t, "unix", "listen", tt.path, flags...)
			c := open(t, "unix", "connect", tt.path, flags...)
			s, err := l.(protocols.Accepter).Accept(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			must(t, c, "send", "one")
			must(t, c, "send", "two")
			if tt.flag != "" {
				wantRecv(t, s, "one", "recv")
				wantRecv(t, s, "two", "recv")
			} else {
				wantRecv(t, s, "onetwo", "recv", "6", "--exact")
			}
			must(t, s, "send", "back")
			wantRecv(t, c, "back", "recv")
			c.Close()
			if _, err := run(t.Context(), s, "recv", "-t", "5"); fault.Of(err) != fault.Recv {
				t.Errorf("after the end: %v", err)
			}
			l.Close()
			if _, err := os.Stat(tt.path); !os.IsNotExist(err) {
				t.Errorf("the socket's file is still there: %v", err)
			}
		})
	}
	t.Run("dgram", func(t *testing.T) {
		path := dir + "/dgram"
		b := open(t, "unix", "bind", path)
		c := open(t, "unix", "connect", path, "--dgram")
		must(t, c, "send", "one")
		must(t, c, "send", "two")
		wantRecv(t, b, "one", "recv")
		if l := must(t, b, "recvfrom").(*Letter); l.Text != "two" {
			t.Errorf("%+v", l)
		}
		other := open(t, "unix", "bind", dir+"/other")
		must(t, other, "sendto", path, "from", "other")
		if l := must(t, b, "recvfrom").(*Letter); l.Text != "from other" || l.From != dir+"/other" {
			t.Errorf("%+v", l)
		}
	})
}

// recvfrom --anc tells where a datagram was sent to, on a socket bound to any
// address, the interface and the TTL (recvmsg; Appendix A).
func TestAncillary(t *testing.T) {
	if !wire.TellsAncillary {
		t.Skip("only linux tells")
	}
	for _, x := range []struct{ bind, network, to string }{
		{"0.0.0.0:0", "udp4", "127.0.0.1"},
		{"0.0.0.0:0", "udp4", "127.0.0.2"},
		{"[::]:0", "udp6", "::1"},
		{"127.0.0.1:0", "udp4", "127.0.0.1"},
	} {
		s := open(t, "udp", "bind", x.bind)
		_, port, _ := net.SplitHostPort(s.(protocols.Namer).Named())
		at := net.JoinHostPort(x.to, port)
		c, err := net.Dial(x.network, at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.Write([]byte("hi"))
		l := must(t, s, "recvfrom", "--anc").(*Letter)
		if l.To != at || l.Interface != "lo" || l.TTL != 64 || l.From != c.LocalAddr().String() {
			t.Errorf("%s: %+v", at, l)
		}
		c.Write([]byte("hi"))
		if l := must(t, s, "recvfrom").(*Letter); l.To != "" || l.TTL != 0 {
			t.Errorf("not asked for: %+v", l)
		}
	}
}
