package wire

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

// socks5 is a proxy that connects to what it is told, names being those of
// the map, and notes what it was told.
func socks5(t *testing.T, user, password string, names map[string]string, told *[]string) string {
	return serve(t, func(c net.Conn) {
		b := make([]byte, 512)
		io.ReadFull(c, b[:2])
		io.ReadFull(c, b[2:2+b[1]])
		if user == "" {
			c.Write([]byte{5, 0})
		} else {
			if !strings.Contains(string(b[2:2+b[1]]), "\x02") {
				c.Write([]byte{5, 0xff})
				return
			}
			c.Write([]byte{5, 2})
			io.ReadFull(c, b[:2])
			n := int(b[1])
			io.ReadFull(c, b[:n+1])
			name, m := string(b[:n]), int(b[n])
			io.ReadFull(c, b[:m])
			if name != user || string(b[:m]) != password {
				c.Write([]byte{1, 1})
				return
			}
			c.Write([]byte{1, 0})
		}
		io.ReadFull(c, b[:4])
		var host string
		switch b[3] {
		case 1:
			io.ReadFull(c, b[:4])
			host = netip.AddrFrom4([4]byte(b[:4])).String()
		case 4:
			io.ReadFull(c, b[:16])
			host = netip.AddrFrom16([16]byte(b[:16])).String()
		case 3:
			io.ReadFull(c, b[:1])
			n := int(b[0])
			io.ReadFull(c, b[:n])
			host = string(b[:n])
		}
		io.ReadFull(c, b[:2])
		to := joinPort(host, int(b[0])<<8|int(b[1]))
		*told = append(*told, to)
		if n, ok := names[to]; ok {
			to = n
		}
		up, err := net.Dial("tcp", to)
		if err != nil {
			c.Write([]byte{5, 5, 0, 1, 0, 0, 0, 0, 0, 0})
			return
		}
		defer up.Close()
		c.Write([]byte{5, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2})
		go func() { io.Copy(up, c); up.Close() }()
		io.Copy(c, up)
	})
}

// RAW-27, X-14: through SOCKS 5, with the look-up here or there.
func TestSOCKS5(t *testing.T) {
	target := serve(t, says("220 hello\r\n"))
	var told []string
	proxy := socks5(t, "ann", "s3cr3t", map[string]string{"far.test:25": target}, &told)
	var rec recorder
	d := &Dialer{Trace: rec.add, Options: Options{Proxy: "socks5h://ann:s3cr3t@" + proxy, DNS: "127.0.0.1:1"}}
	c := dial(t, d, "far.test:25")
	line, err := bufio.NewReader(c).ReadString('\n')
	if line != "220 hello\r\n" || told[0] != "far.test:25" {
		t.Errorf("got %q, %v; the proxy was told %v", line, err, told)
	}
	if i := c.Info(); i.Host != "far.test:25" || i.Proxy != "socks5h://ann:xxxxx@"+proxy {
		t.Errorf("info %+v", i)
	}
	if strings.Contains(rec.notes("proxy")+rec.notes("dial")+rec.data("send"), "s3cr3t") {
		t.Error("the proxy's password is in the trace")
	}
	// Next goes the same way.
	n, err := d.Next(t.Context(), "far.test:25", "far.test", false)
	if err != nil || len(told) != 2 {
		t.Fatalf("%v, told %v", err, told)
	}
	n.Close()
	d = &Dialer{Options: Options{Proxy: "socks5://ann:s3cr3t@" + proxy, Resolve: nil}}
	if c, err = d.Dial(t.Context(), at("localhost:"+fmt.Sprint(portOf(target)))); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if last := told[len(told)-1]; strings.HasPrefix(last, "localhost") {
		t.Errorf("socks5 left the look-up to the proxy: %s", last)
	}
}

// U05: proxies that refuse or misbehave; exit 97.
func TestSOCKSFaults(t *testing.T) {
	var none []string
	login := socks5(t, "ann", "s3cr3t", nil, &none)
	open := socks5(t, "", "", nil, &none)
	shut := fmt.Sprintf("127.0.0.1:%d", lab.Row(t, 1))
	for name, x := range map[string]struct {
		proxy, to string
		kind      *fault.Kind
		words     string
	}{
		"wants a login":   {"socks5h://" + login, "h.test:1", fault.Proxy, "wants a user"},
		"wrong password":  {"socks5h://ann:x@" + login, "h.test:1", fault.Proxy, "refuses the user"},
		"refused":         {"socks5h://" + open, "127.0.0.1:1", fault.Proxy, "refused (SOCKS reply 5)"},
		"not there":       {"socks5h://" + shut, "h.test:1", fault.Proxy, "connection refused"},
		"no such proxy":   {"socks5h://nowhere.invalid", "h.test:1", fault.ResolveProxy, "nowhere.invalid"},
		"not SOCKS":       {"socks5h://" + serve(t, says("HTTP/1.1 400 Bad")), "h.test:1", fault.Proxy, "does not speak SOCKS 5"},
		"hangs up":        {"socks5h://" + serve(t, func(c net.Conn) { c.Read(make([]byte, 3)) }), "h.test:1", fault.Proxy, "proxy 127.0.0.1"},
		"half a reply":    {"socks5h://" + serve(t, func(c net.Conn) { c.Read(make([]byte, 9)); c.Write([]byte{5, 0, 5, 0}) }), "h.test:1", fault.Proxy, "proxy 127.0.0.1"},
		"odd address":     {"socks5h://" + serve(t, says("\x05\x00\x05\x00\x00\x09")), "h.test:1", fault.Proxy, "unknown type 9"},
		"odd method":      {"socks5h://" + serve(t, says("\x05\x07")), "h.test:1", fault.Proxy, "method 7"},
		"silent":          {"socks5h://" + serve(t, silent), "h.test:1", fault.Timeout, "within 200ms"},
		"socks4 refuses":  {"socks4a://" + serve(t, says("\x00\x5b\x00\x00\x00\x00\x00\x00")), "h.test:1", fault.Proxy, "reply 91"},
		"socks4 and IPv6": {"socks4a://" + serve(t, silent), "[::1]:1", fault.Proxy, "IPv6"},
		"not HTTP":        {"http://" + serve(t, says("\x05\x00")), "h.test:1", fault.Timeout, "within"},
		"FTP":             {"http://" + serve(t, says("220 ftp ready\r\n")), "h.test:1", fault.Proxy, "does not speak HTTP"},
		"407":             {"http://" + serve(t, says("HTTP/1.1 407 Who\r\n\r\n")), "h.test:1", fault.Proxy, "wants a user"},
		"407 again":       {"http://a:b@" + serve(t, says("HTTP/1.1 407 Who\r\n\r\n")), "h.test:1", fault.Proxy, "refuses the user"},
		"503":             {"http://" + serve(t, says("HTTP/1.1 503 No way\x1b[2J\r\n\r\n")), "h.test:1", fault.Proxy, `503 No way\x1b[2J`},
		"endless headers": {"http://" + serve(t, says("HTTP/1.1 200 OK\r\n"+strings.Repeat("X: y\r\n", 20000))), "h.test:1", fault.Proxy, "bytes of headers"},
		"kind":            {"gopher://h", "h.test:1", fault.BadArgument, "gopher"},
		"nonsense":        {"http://", "h.test:1", fault.BadArgument, "not a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &Dialer{Options: Options{Proxy: x.proxy}}
			if x.kind == fault.Timeout {
				d.Options.ConnectTime = 2e8
			}
			_, err := d.Dial(t.Context(), at(x.to))
			wantFault(t, err, x.kind, x.words)
		})
	}
}

// RAW-27: CONNECT, with a login, in plain and TLS, and not a byte too many
// read; SOCKS 4a.
func TestConnectAndSOCKS4(t *testing.T) {
	asked := make(chan string, 10)
	connect := func(c net.Conn) {
		var head []byte
		b := make([]byte, 1)
		for !strings.HasSuffix(string(head), "\r\n\r\n") {
			if _, err := c.Read(b); err != nil {
				return
			}
			head = append(head, b[0])
		}
		asked <- string(head)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nVia: x\r\n\r\n220 hello\r\n") // at once
		io.Copy(io.Discard, c)
	}
	ca := newCA(t)
	plain := serve(t, connect)
	secure := serveTLS(t, ca.server(t, nil), connect)
	socks4 := serve(t, func(c net.Conn) {
		b := make([]byte, 100)
		n, _ := c.Read(b)
		asked <- string(b[:n])
		c.Write([]byte("\x00\x5a......220 hello\r\n"))
		io.Copy(io.Discard, c)
	})
	for proxy, want := range map[string]string{
		"http://ann:pw@" + plain: "CONNECT far.test:25 HTTP/1.1\r\nHost: far.test:25\r\nProxy-Authorization: Basic YW5uOnB3\r\n\r\n",
		plain:                    "CONNECT far.test:25 HTTP/1.1\r\nHost: far.test:25\r\n\r\n",
		"https://" + secure:      "CONNECT far.test:25 HTTP/1.1\r\nHost: far.test:25\r\n\r\n",
		"socks4a://me@" + socks4: "\x04\x01\x00\x19\x00\x00\x00\x01me\x00far.test\x00",
	} {
		c := dial(t, &Dialer{Options: Options{Proxy: proxy, CA: []string{ca.file}}}, "far.test:25")
		b := make([]byte, 11)
		if _, err := io.ReadFull(c, b); string(b) != "220 hello\r\n" {
			t.Errorf("%s: got %q, %v", proxy, b, err)
		}
		if got := <-asked; got != want {
			t.Errorf("%s: asked %q, want %q", proxy, got, want)
		}
		c.Close()
	}
	// --proxy-user says it instead of the URL.
	c := dial(t, &Dialer{Options: Options{Proxy: "http://bob@" + plain, ProxyUser: "ann:pw"}}, "far.test:25")
	defer c.Close()
	if got := <-asked; !strings.HasSuffix(got, "\r\nProxy-Authorization: Basic YW5uOnB3\r\n\r\n") {
		t.Errorf("asked %q", got)
	}
	for _, o := range []Options{{Proxy: plain, ProxyUser: "ann:p\nw"}, {Proxy: "socks4a://a%00b@" + socks4}} {
		_, err := (&Dialer{Options: o}).Dial(t.Context(), at("far.test:25"))
		wantFault(t, err, fault.BadArgument, "NUL")
	}
	_, err := (&Dialer{Options: Options{Proxy: "https://" + secure}}).Dial(t.Context(), at("far.test:25"))
	wantFault(t, err, fault.TLSCert, "issuer")
}

// C11: which proxy the environment and the options mean.
func TestProxyFor(t *testing.T) {
	for _, n := range os.Environ() {
		if k, _, _ := strings.Cut(n, "="); strings.HasSuffix(strings.ToLower(k), "_proxy") {
			t.Setenv(k, "")
		}
	}
	for name, x := range map[string]struct {
		env  map[string]string
		o    Options
		to   string
		want string
	}{
		"nothing":            {nil, Options{}, "imap far.test:143", ""},
		"option":             {map[string]string{"ALL_PROXY": "http://b"}, Options{Proxy: "http://a"}, "imap far.test:143", "http://a"},
		"none":               {map[string]string{"ALL_PROXY": "http://b"}, Options{Proxy: "none"}, "imap far.test:143", ""},
		"all":                {map[string]string{"ALL_PROXY": "http://b"}, Options{}, "imap far.test:143", "http://b"},
		"scheme first":       {map[string]string{"ALL_PROXY": "http://b", "imap_proxy": "http://c"}, Options{}, "imap far.test:143", "http://c"},
		"upper case":         {map[string]string{"HTTPS_PROXY": "http://c"}, Options{}, "https far.test:443", "http://c"},
		"HTTP_PROXY is CGI":  {map[string]string{"HTTP_PROXY": "http://c"}, Options{}, "http far.test:80", ""},
		"http_proxy":         {map[string]string{"http_proxy": "c:8"}, Options{}, "http far.test:80", "http://c:8"},
		"loopback":           {map[string]string{"ALL_PROXY": "http://b"}, Options{}, "http localhost:80", ""},
		"loopback asked":     {nil, Options{Proxy: "http://b"}, "http localhost:80", "http://b"},
		"no_proxy":           {map[string]string{"ALL_PROXY": "http://b", "no_proxy": "x,.test"}, Options{}, "http far.test:80", ""},
		"no_proxy exact":     {map[string]string{"ALL_PROXY": "http://b", "NO_PROXY": "far.test"}, Options{}, "http far.test:80", ""},
		"no_proxy not":       {map[string]string{"ALL_PROXY": "http://b", "NO_PROXY": "ar.test"}, Options{}, "http far.test:80", "http://b"},
		"no_proxy port":      {map[string]string{"ALL_PROXY": "http://b", "NO_PROXY": "far.test:81"}, Options{}, "http far.test:80", "http://b"},
		"no_proxy cidr":      {map[string]string{"ALL_PROXY": "http://b", "NO_PROXY": "192.0.2.0/24"}, Options{}, "http 192.0.2.9:80", ""},
		"no_proxy v6":        {map[string]string{"ALL_PROXY": "http://b", "NO_PROXY": "[2001:db8::1]:80"}, Options{}, "http [2001:db8::1]:80", ""},
		"no_proxy all":       {map[string]string{"ALL_PROXY": "http://b"}, Options{NoProxy: "*"}, "http far.test:80", ""},
		"option over no env": {map[string]string{"NO_PROXY": "*"}, Options{Proxy: "http://a", NoProxy: "other"}, "http far.test:80", "http://a"},
	} {
		t.Run(name, func(t *testing.T) {
			for k, v := range x.env {
				t.Setenv(k, v)
			}
			scheme, to, _ := strings.Cut(x.to, " ")
			host, port, err := splitAddress("tcp", to)
			if err != nil {
				t.Fatal(err)
			}
			u, err := (&Dialer{Options: x.o}).proxyFor("tcp", scheme, host, port)
			if got := fmt.Sprint(u); err != nil || got != x.want && (x.want != "" || u != nil) {
				t.Errorf("got %v, %v; want %q", u, err, x.want)
			}
		})
	}
	_, err := (&Dialer{Options: Options{Proxy: "http://a"}}).proxyFor("udp", "udp", "far.test", 53)
	wantFault(t, err, fault.Unsupported, "udp")
}

// RAW-28: the header that haproxy's protocol defines.
func TestProxyHeader(t *testing.T) {
	got := make(chan string, 1)
	address := serve(t, func(c net.Conn) {
		b := make([]byte, 200)
		n, _ := c.Read(b)
		got <- string(b[:n])
	})
	c := dial(t, &Dialer{Options: Options{ProxyHeader: "v1"}}, address)
	port := portOf(c.LocalAddr().String())
	if h, want := <-got, fmt.Sprintf("PROXY TCP4 127.0.0.1 127.0.0.1 %d %d\r\n", port, portOf(address)); h != want {
		t.Errorf("v1 %q, want %q", h, want)
	}
	c = dial(t, &Dialer{Options: Options{ProxyHeader: "v2"}}, address)
	port = portOf(c.LocalAddr().String())
	want := "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01" +
		string([]byte{byte(port >> 8), byte(port), byte(portOf(address) >> 8), byte(portOf(address))})
	if h := <-got; h != want {
		t.Errorf("v2 %q, want %q", h, want)
	}
	from, to := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[2001:db8::1]:1")), net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[2001:db8::2]:2"))
	if h, err := proxyHeader("v1", from, to); err != nil || string(h) != "PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n" {
		t.Errorf("got %q, %v", h, err)
	}
	if h, err := proxyHeader("v2", from, to); err != nil || len(h) != 16+36 || h[13] != 0x21 {
		t.Errorf("got %q, %v", h, err)
	}
	_, err := proxyHeader("v1", &net.UnixAddr{}, to)
	wantFault(t, err, fault.Unsupported)
}
