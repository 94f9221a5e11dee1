package wire

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// I12, I13, RAW-03: one parser, and nothing that two parsers could read in
// two ways.
func TestParseHost(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"localhost":          "localhost",
		"example.org.":       "example.org.",
		"EXAMPLE.org":        "EXAMPLE.org",
		"_srv.example":       "_srv.example",
		"127.0.0.1":          "127.0.0.1",
		"::1":                "::1",
		"[::1]":              "::1",
		"fe80::1%eth0":       "fe80::1%eth0",
		"[fe80::1%eth0]":     "fe80::1%eth0",
		"0:0:0:0:0:0:0:1":    "::1",
		"<broadcast>":        "255.255.255.255",
		"<any>":              "0.0.0.0",
		"*":                  "0.0.0.0",
		"2130706433":         "127.0.0.1",
		"0":                  "0.0.0.0",
		"4294967295":         "255.255.255.255",
		"bücher.example":     "xn--bcher-kva.example",
		"аpple.com":          "xn--pple-43d.com", // with a Cyrillic a
		"xn--bcher-kva.com":  "xn--bcher-kva.com",
		"faß.de":             "xn--fa-hia.de",
		"a-1.example":        "a-1.example",
		"::ffff:192.0.2.1":   "::ffff:192.0.2.1",
		"3com.example":       "3com.example",
		"pool.0.example.org": "pool.0.example.org",
	} {
		if got, err := ParseHost(in); got != want || err != nil {
			t.Errorf("ParseHost(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"0x7f.1", "0x7f000001", "127.1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0177.0.0.1", "017700000001", "4294967296", "-1",
		"[localhost]", "[127.0.0.1]", "::1%x", "[::1%25x]", "fe80::1%a b", "1:2", ":::", "a:b", "host:80",
		"a b", "a\nb", "a\r\nb", "a\x00b", "evil@good", `good\@evil`, "a/b", "a?b", "a#b", "a%41", "<x>", "..", ".", "a..b", ".a",
		"-a.example", "a-.example", "xn--example-.com", "xn--", strings.Repeat("a", 64) + ".example", strings.Repeat("a.", 130) + "b",
		"a\u202eb.example", "*.example.org", " localhost", "localhost ", "\u200b",
	} {
		if got, err := ParseHost(in); err == nil {
			t.Errorf("ParseHost(%q) = %q, want an error", in, got)
		} else {
			wantFault(t, err, fault.BadArgument)
		}
	}
}

func FuzzParseHost(f *testing.F) {
	for _, s := range []string{"localhost", "[::1]", "1.2.3.4", "bücher.example", "fe80::1%eth0", "0x7f.1", "a\r\nb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h, err := ParseHost(s)
		if err != nil {
			wantFault(t, err, fault.BadArgument)
			return
		}
		if strings.ContainsAny(h, "\r\n\x00 /@\\") {
			t.Fatalf("ParseHost(%q) = %q", s, h)
		}
		if again, err := ParseHost(h); err != nil || again != h {
			t.Fatalf("ParseHost(%q) = %q, and of that %q, %v", s, h, again, err)
		}
	})
}

// RAW-02: a port as a number or a service, without /etc/services.
func TestPort(t *testing.T) {
	for in, want := range map[string]int{
		"0": 0, "25": 25, "65535": 65535, "smtp": 25, "mail": 25, "SMTP": 25, "imaps": 993, "imap": 143, "pop3": 110,
		"www": 80, "https": 443, "nntp": 119, "gopher": 70, "telnet": 23, "submission": 587, "ftp": 21,
	} {
		if got, err := Port("tcp", in); got != want || err != nil {
			t.Errorf("Port(tcp, %q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "65536", "99999", "-1", "nosuchservice", "25x", "99999999999999999999", " 25"} {
		_, err := Port("tcp", in)
		wantFault(t, err, fault.BadArgument)
	}
	if _, err := Port("tcp", "tftp"); err == nil {
		t.Error("tftp is a service of udp only")
	}
	if p, _ := Port("udp", "syslog"); p != 514 {
		t.Errorf("syslog is %d", p)
	}
	if s := Service("tcp", 993); s != "imaps" {
		t.Errorf("993 is %q", s)
	}
	if s := Service("udp", 1); s != "" {
		t.Errorf("1/udp is %q", s)
	}
}

func TestServices(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Services() {
		if e.Name == "" || e.Port <= 0 || e.Port > 65535 || len(e.Protos) == 0 {
			t.Errorf("bad entry %+v", e)
		}
		for _, p := range e.Protos {
			for _, n := range append(e.Aliases, e.Name) {
				if seen[n+"/"+p] {
					t.Errorf("%s/%s stands twice", n, p)
				}
				seen[n+"/"+p] = true
			}
		}
	}
}
