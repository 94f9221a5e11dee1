package wire

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
)

// redacted feeds text to a fresh redactor in pieces of size n.
func redacted(b *secrets, client bool, text string, n int) string {
	var auth bool
	r := redactor{secrets: b, line: lineScan{auth: &auth, client: client}}
	var out strings.Builder
	for len(text) > 0 {
		k := min(n, len(text))
		p, _ := r.feed([]byte(text[:k]), false)
		out.Write(p)
		text = text[k:]
	}
	p, _ := r.feed(nil, true)
	out.Write(p)
	return out.String()
}

// X-18, C08: what the protocols themselves say is secret.
func TestRedactLines(t *testing.T) {
	for in, want := range map[string]string{
		"USER ann\r\nPASS s3cr3t\r\nSTAT\r\n":                     "USER ann\r\nPASS ***\r\nSTAT\r\n",
		"pass s3 cr3t\r\n":                                        "pass ***\r\n",
		"PASSIVE x\r\n":                                           "PASSIVE x\r\n",
		"APOP ann c4c9334bac560ecc979e58001b3e22fb\r\n":           "APOP ann ***\r\n",
		"AUTH PLAIN AGFubgBzM2NyM3Q=\r\n":                         "AUTH PLAIN ***\r\n",
		"AUTH LOGIN\r\nYW5u\r\nczNjcjN0\r\n":                      "AUTH LOGIN\r\n***\r\n***\r\n",
		"AUTHINFO USER ann\r\nAUTHINFO PASS s3cr3t\r\n":           "AUTHINFO USER ann\r\nAUTHINFO PASS ***\r\n",
		"a1 LOGIN ann s3cr3t\r\na2 NOOP\r\n":                      "a1 LOGIN ***\r\na2 NOOP\r\n",
		"a1 LOGIN {3+}\r\nann {6+}\r\ns3cr3t\r\na2 NOOP\r\n":      "a1 LOGIN ***\r\n***\r\n***\r\na2 NOOP\r\n",
		"a1 LOGIN {3}\r\nann {8}\r\ns3\r\ncr3t\r\na2 NOOP\r\n":    "a1 LOGIN ***\r\n***\r\n***\r\na2 NOOP\r\n",
		"a1 AUTHENTICATE PLAIN AGFubgA=\r\n":                      "a1 AUTHENTICATE PLAIN ***\r\n",
		"GET / HTTP/1.1\r\nAuthorization: Basic QQ==\r\nX: y\r\n": "GET / HTTP/1.1\r\nAuthorization:***\r\nX: y\r\n",
		"Cookie: a=b\r\n c=d\r\nX: y\r\n":                         "Cookie:***\r\n***\r\nX: y\r\n",
		"Proxy-Authorization:x\r\n\r\nbody":                       "Proxy-Authorization:***\r\n\r\nbody",
		"see http://ann:s3cr3t@h/x and http://h:80/":              "see http://ann:***@h/x and http://h:80/",
		"ftp://h:21/ a:b@c mailto:x@y":                            "ftp://h:21/ a:b@c mailto:x@y",
	} {
		for _, n := range []int{1, 2, 3, 7, 1000} {
			if got := redacted(&secrets{}, true, in, n); got != want {
				t.Errorf("in pieces of %d: %q became %q, want %q", n, in, got, want)
			}
		}
	}
	// A server may say PASS; only a client's is a password.
	if got := redacted(&secrets{}, false, "PASS the salt\r\nSet-Cookie: x\r\n", 5); got != "PASS the salt\r\nSet-Cookie:***\r\n" {
		t.Errorf("got %q", got)
	}
}

// forms are the encodings in which a secret may travel.
func forms(s string) map[string]string {
	all := map[string]string{
		"raw": s, "percent": url.QueryEscape(s), "path": url.PathEscape(s),
		"quoted": strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s),
		"hex":    hex.EncodeToString([]byte(s)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(s))),
		"spaced hex": strings.TrimSpace(strings.ReplaceAll(string(hexPairs(s)), ":", " ")), "colon hex": strings.TrimSuffix(hexPairs(s), ":"),
	}
	var every strings.Builder
	for i := range len(s) {
		every.WriteString("%" + hex.EncodeToString([]byte{s[i]}))
	}
	all["every byte"] = every.String()
	for _, pre := range []string{"", "x", "xy"} {
		for _, post := range []string{"", "z", "zz"} {
			all["base64 "+pre+post] = base64.StdEncoding.EncodeToString([]byte(pre + s + post))
			all["base64url "+pre+post] = base64.RawURLEncoding.EncodeToString([]byte(pre + s + post))
		}
	}
	return all
}

func hexPairs(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteString(hex.EncodeToString([]byte{s[i]}) + ":")
	}
	return b.String()
}

// a value handed to Secret is shown in no encoding and no chunking.
func TestRedactSecret(t *testing.T) {
	for _, s := range []string{"S3CR3T-canary", `pa"ss\wo rd%41`, "ü€ñ/+?=&", "%%%%%%", `\\\\\\\\`} {
		b := &secrets{}
		b.add(s)
		for name, f := range forms(s) {
			for _, n := range []int{1, 2, 5, 1000} {
				text := "before " + f + " after\r\n"
				got := redacted(b, true, text, n)
				leak := f
				if strings.HasPrefix(name, "base64") {
					// The first and the last group hold bits of the neighbours.
					leak = f[4:max(5, len(f)-5)]
				}
				if strings.Contains(got, leak) || !strings.Contains(got, "***") {
					t.Errorf("%q as %s in pieces of %d: %q", s, name, n, got)
				}
				if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after\r\n") {
					t.Errorf("%q as %s: too much is gone: %q", s, name, got)
				}
			}
		}
	}
}

// A secret that is begun and not ended is not shown up to its last byte.
func TestRedactUnfinished(t *testing.T) {
	b := &secrets{}
	b.add("S3CR3T")
	if got := redacted(b, true, "x S3CR3", 1); strings.Contains(got, "CR3") {
		t.Errorf("got %q", got)
	}
	if got := redacted(b, true, "that is 3 S", 1); got != "that is 3 S" {
		t.Errorf("got %q", got)
	}
}

// C08: the steps of SASL, which only the dialogue tells from other lines.
func TestRedactDialogue(t *testing.T) {
	var rec recorder
	d := &Dialer{Trace: rec.add}
	var tp tap
	said := func(dir int, s string) { tp.show(d, 1, dir, 0, []byte(s), false, false, false) }
	said(out, "AUTH SCRAM-SHA-1\r\n")
	said(in, "334 cj1zZXJ2ZXI=\r\n")
	said(out, "Yz1iaXdz\r\n")
	said(in, "235 welcome\r\n")
	said(out, "MAIL FROM:<a@b>\r\n")
	said(out, "a1 AUTHENTICATE PLAIN\r\n")
	said(in, "* OK still here\r\n+ Z28=\r\n")
	said(out, "AGFubgBzM2NyM3Q=\r\n")
	said(in, "a1 OK done\r\n")
	said(out, "a2 NOOP\r\n")
	if got, want := rec.data("send"), "AUTH SCRAM-SHA-1\r\n***\r\nMAIL FROM:<a@b>\r\na1 AUTHENTICATE PLAIN\r\n***\r\na2 NOOP\r\n"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
	if got, want := rec.data("recv"), "334 ***\r\n235 welcome\r\n* OK still here\r\n+ ***\r\na1 OK done\r\n"; got != want {
		t.Errorf("received %q, want %q", got, want)
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("PASS x\r\nhello", "hello", 3)
	f.Add("see http://a:b@c/ {6+}\r\n", "a:b", 1)
	f.Add(`\\\%%41\u0041`, `\%A`, 2)
	f.Fuzz(func(t *testing.T, text, secret string, n int) {
		if len(text) > 2000 || len(secret) > 100 {
			return // it would only take long
		}
		b := &secrets{}
		if secret != "" {
			b.add(secret)
		}
		n = max(1, n%64)
		got := redacted(b, true, text, n)
		if whole := redacted(b, true, text, len(text)+1); len(secret) == 0 && got != whole {
			t.Errorf("in pieces of %d %q, at once %q", n, got, whole)
		}
		if strings.Trim(secret, "*") != "" && !strings.Contains("***", secret) && strings.Contains(strings.ReplaceAll(got, "***", "\x00"), secret) && !strings.Contains(secret, "\x00") {
			t.Errorf("%q shows in %q", secret, got)
		}
	})
}
