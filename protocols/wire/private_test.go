package wire

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

func TestIsPrivate(t *testing.T) {
	for want, list := range map[bool]string{
		true: "127.0.0.1 127.9.9.9 ::1 0.0.0.0 :: 0.1.2.3 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 fe80::1 fe80::1%eth0 " +
			"fc00::1 fdff::1 fec0::1 100.64.0.1 100.127.255.255 192.0.0.1 198.18.0.1 198.19.255.255 224.0.0.1 239.1.2.3 ff02::1 240.0.0.1 255.255.255.255 " +
			"::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::1 2002:c0a8:1::1",
		false: "1.1.1.1 9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.1 192.167.255.255 192.169.0.1 100.63.255.255 100.128.0.0 198.17.0.1 198.20.0.1 223.255.255.255 " +
			"2001:4860::8888 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 2a00::1",
	} {
		for s := range strings.FieldsSeq(list) {
			if got := isPrivate(netip.MustParseAddr(s)); got != want {
				t.Errorf("%s: %v", s, got)
			}
		}
	}
}

// H03: no way leads to an address that --no-private refuses.
func TestNoPrivate(t *testing.T) {
	accepted := make(chan net.Conn, 10)
	address := serve(t, func(c net.Conn) { accepted <- c })
	_, port, _ := net.SplitHostPort(address)
	dns := nameServer(t)
	proxy := serve(t, func(c net.Conn) { t.Error("the proxy was asked") })
	base := Options{NoPrivate: true, DNS: dns}
	with := func(f func(*Options)) Options {
		o := base
		f(&o)
		return o
	}
	for name, x := range map[string]struct {
		o     Options
		to    Target
		words string
	}{
		"address":      {base, at(address), "127.0.0.1 is private"},
		"name":         {base, at("good.test:" + port), "127.0.0.1 is private"},
		"integer":      {base, at("2130706433:" + port), "127.0.0.1 is private"},
		"localhost":    {base, at("localhost:" + port), "is private"},
		"mapped":       {base, at("[::ffff:127.0.0.1]:" + port), "127.0.0.1 is private"},
		"any":          {base, at("0.0.0.0:" + port), "0.0.0.0 is private"},
		"many":         {base, at("many.test:" + port), "127.0.1.0 is private"},
		"pinned":       {with(func(o *Options) { o.Resolve = []string{"x.test:" + port + ":127.0.0.1"} }), at("x.test:" + port), "127.0.0.1 is private"},
		"diverted":     {with(func(o *Options) { o.ConnectTo = []string{"x.test:80:" + address} }), at("x.test:80"), "127.0.0.1 is private"},
		"proxy":        {with(func(o *Options) { o.Proxy = "http://" + proxy }), at(address), "127.0.0.1 is private"},
		"proxy's name": {with(func(o *Options) { o.Proxy = "socks5h://" + proxy }), at("good.test:" + port), "the proxy looks good.test up"},
		"unix":         {base, unixAt("/run/x.sock", "unix"), "unix socket"},
	} {
		_, err := (&Dialer{Options: x.o}).Dial(t.Context(), x.to)
		if wantFault(t, err, fault.Connect, x.words, "--no-private"); t.Failed() {
			t.Fatal(name)
		}
	}
	_, err := (&Dialer{Options: base}).Next(t.Context(), address, "", false)
	wantFault(t, err, fault.Connect, "127.0.0.1 is private")
	p, err := (&Dialer{Options: base}).ListenPacket(t.Context(), udpAt("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	_, err = p.WriteTo([]byte("x"), address)
	wantFault(t, err, fault.Connect, "127.0.0.1 is private")
	if s, err := (&Dialer{Options: base}).Socket("tcp4"); err == nil {
		defer s.Close()
		_, err := s.Connect(t.Context(), "127.0.0.1", port)
		wantFault(t, err, fault.Connect, "127.0.0.1 is private")
	}
	select {
	case <-accepted:
		t.Error("there was a connection")
	default:
	}
	// The address is looked at that is used, not the one before.
	d := &Dialer{Options: base}
	_, err = d.race(t.Context(), "tcp", "x", []netip.Addr{netip.MustParseAddr("127.0.0.1")}, 1)
	if !errors.Is(err, errPrivate) {
		t.Errorf("racing to it says %v", err)
	}
	// A proxy of the user's own may be private.
	px := serve(t, func(c net.Conn) {
		b := make([]byte, 512)
		c.Read(b)
		c.Write([]byte("HTTP/1.1 200 fine\r\n\r\nhello"))
	})
	c, err := (&Dialer{Options: Options{NoPrivate: true, Proxy: "http://" + px}}).Dial(t.Context(), at("8.8.8.8:53"))
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
