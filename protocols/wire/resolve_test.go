package wire

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// nameServer answers on loopback as its name for each host demands.
func nameServer(t *testing.T) string {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp4", c.LocalAddr().String())
	if err != nil {
		c.Close()
		return nameServer(t) // the port was taken, there
	}
	serveOn(t, ln, func(c net.Conn) {
		size := make([]byte, 2)
		if _, err := io.ReadFull(c, size); err != nil {
			return
		}
		b := make([]byte, binary.BigEndian.Uint16(size))
		var m dnsmessage.Message
		if _, err := io.ReadFull(c, b); err != nil || m.Unpack(b) != nil {
			return
		}
		reply := answer(&m)
		c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...))
	})
	done := make(chan bool)
	go func() {
		defer close(done)
		b := make([]byte, 4096)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(b[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			reply := answer(&m)
			if len(reply) > 512 {
				m.Answers, m.Header.Truncated = nil, true // to be asked for by TCP
				if reply, err = m.Pack(); err != nil {
					return
				}
			}
			if reply != nil {
				c.WriteTo(reply, from)
			}
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return c.LocalAddr().String()
}

func answer(m *dnsmessage.Message) []byte {
	q := m.Questions[0]
	m.Header.Response, m.Header.RecursionAvailable = true, true
	m.Additionals = nil
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
	a := func(name dnsmessage.Name, ip [4]byte) {
		if q.Type == dnsmessage.TypeA {
			h := head
			h.Name = name
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: ip}})
		}
	}
	switch name, _, _ := strings.Cut(q.Name.String(), "."); name {
	case "nxdomain":
		m.Header.RCode = dnsmessage.RCodeNameError
	case "servfail":
		m.Header.RCode = dnsmessage.RCodeServerFailure
	case "refused":
		m.Header.RCode = dnsmessage.RCodeRefused
	case "empty":
	case "timeout":
		return nil
	case "circle":
		h := head
		h.Type = dnsmessage.TypeCNAME
		one, two := q.Name, dnsmessage.MustNewName("round.test.")
		for _, step := range [][2]dnsmessage.Name{{one, two}, {two, one}} {
			h.Name = step[0]
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.CNAMEResource{CNAME: step[1]}})
		}
	case "thousand":
		for i := range 1000 {
			a(q.Name, [4]byte{127, 1, byte(i >> 8), byte(i)})
		}
	case "many":
		for i := range 25 {
			a(q.Name, [4]byte{127, 0, 1, byte(i)})
		}
	case "alias":
		h := head
		h.Type = dnsmessage.TypeCNAME
		real := dnsmessage.MustNewName("real.test.")
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.CNAMEResource{CNAME: real}})
		a(real, [4]byte{127, 0, 0, 1})
	case "1":
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.PTRResource{PTR: dnsmessage.MustNewName("back.test.")}})
	default:
		a(q.Name, [4]byte{127, 0, 0, 1})
	}
	b, err := m.Pack()
	if err != nil {
		return nil
	}
	return b
}

// T09, X-32: each way for a name not to be resolved has a text of its own.
func TestLookupFaults(t *testing.T) {
	server := nameServer(t)
	seen := map[string]bool{}
	for name, words := range map[string]string{
		"nxdomain": "no such name",
		"servfail": "SERVFAIL",
		"refused":  "REFUSED",
		"empty":    "has no address",
		"timeout":  "did not answer",
		"circle":   "in a circle: circle.test, round.test, circle.test",
	} {
		d := &Dialer{Options: Options{DNS: server}}
		if name == "timeout" {
			d.Options.ConnectTime = 200 * time.Millisecond
		}
		var err error
		within(t, 15*time.Second, func() { _, err = d.Dial(t.Context(), at(name+".test:80")) })
		f := wantFault(t, err, fault.Resolve, words, name+".test", "resolve: ")
		if seen[f.Text] {
			t.Errorf("%q is said of two causes", f.Text)
		}
		seen[f.Text] = true
	}
	_, err := (&Dialer{Options: Options{DNS: server}}).Lookup(canceled(), "timeout.test")
	wantFault(t, err, fault.Interrupt)
	_, err = (&Dialer{Options: Options{DNS: server, IPv6: true}}).Lookup(t.Context(), "good.test")
	wantFault(t, err, fault.Resolve, "no IPv6 address")
	_, err = (&Dialer{Options: Options{DNS: fmt.Sprintf("127.0.0.1:%d", lab.Row(t, 1))}}).Lookup(t.Context(), "good.test")
	wantFault(t, err, fault.Resolve)
}

// T09, T11: of a thousand addresses four are named.
func TestThousandAddresses(t *testing.T) {
	d := &Dialer{Options: Options{DNS: nameServer(t)}}
	var err error
	within(t, 15*time.Second, func() { _, err = d.Dial(t.Context(), at(fmt.Sprintf("thousand.test:%d", lab.Row(t, 1)))) })
	wantFault(t, err, fault.Connect, "127.1.0.0:", "127.1.0.3:", "and 996 more")
	if strings.Contains(err.Error(), "127.1.0.4") {
		t.Error(err)
	}
	if len(d.Tries()) != 1000 {
		t.Errorf("%d tries", len(d.Tries()))
	}
}

// RAW-30: what getaddrinfo, gethostbyname_ex and gethostbyaddr would say.
func TestLookup(t *testing.T) {
	d := &Dialer{Options: Options{DNS: nameServer(t)}}
	a, err := d.Lookup(t.Context(), "alias.test")
	if err != nil {
		t.Fatal(err)
	}
	if a.Canonical != "real.test" || fmt.Sprint(a.Aliases) != "[alias.test]" || fmt.Sprint(a.Addrs) != "[127.0.0.1]" || a.Took <= 0 {
		t.Errorf("got %+v", a)
	}
	if a, err := d.Lookup(t.Context(), "many.test"); err != nil || len(a.Addrs) != 25 {
		t.Errorf("got %v, %v", a, err)
	}
	for in, want := range map[string]string{"127.0.0.1": "127.0.0.1", "2130706433": "127.0.0.1", "[::1]": "::1"} {
		if a, err := d.Lookup(t.Context(), in); err != nil || a.Addrs[0] != netip.MustParseAddr(want) {
			t.Errorf("%s: %v, %v", in, a, err)
		}
	}
	if names, err := d.Reverse(t.Context(), "192.0.2.1"); err != nil || fmt.Sprint(names) != "[back.test]" {
		t.Errorf("got %v, %v", names, err)
	}
	_, err = d.Reverse(t.Context(), "example.org")
	wantFault(t, err, fault.BadArgument)
}
