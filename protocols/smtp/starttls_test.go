package smtp_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

const (
	greets = "220 mx ESMTP\r\n"
	offers = "250-mx\r\n250-PIPELINING\r\n250 STARTTLS\r\n"
	goes   = "220 go ahead\r\n"
)

// says is what a server says in the clear to EHLO, HELO and STARTTLS.
func says(ehlo, helo, starttls string) map[string]string {
	return map[string]string{"EHLO": ehlo, "HELO": helo, "STARTTLS": starttls, "AUTH": "235 welcome\r\n", "MAIL": "250 ok\r\n", "NOOP": "250 ok\r\n", "QUIT": "221 bye\r\n"}
}

// inside is what one says under TLS.
func inside(caps string) map[string]string {
	return map[string]string{"EHLO": "250-mx\r\n250 " + caps + "\r\n", "AUTH": "235 welcome\r\n", "QUIT": "221 bye\r\n"}
}

// Q8, S01, S02, S05, S06: what somebody who sits between may do to a client
// that wants TLS: take the offer away, refuse, answer with another code, put
// words behind an answer, or talk on inside. Nothing of a login or a letter
// goes in the clear, and nothing that was said in the clear counts inside.
func TestStarttlsTable(t *testing.T) {
	ok := inside("AUTH PLAIN")
	for _, c := range []struct {
		name     string
		greeting string
		plain    map[string]string
		after    string
		secure   map[string]string
		hail     string
		kind     *fault.Kind // of the error, nil for a login that is well
	}{
		{"as it should be", greets, says(offers, "", goes), "", ok, "", nil},
		{"offer in small letters", greets, says("250-mx\r\n250 starttls\r\n", "", goes), "", ok, "", nil},
		{"offer first", greets, says("250-mx\r\n250-STARTTLS\r\n250 SIZE\r\n", "", goes), "", ok, "", nil},
		{"greeting of several lines", "220-mx\r\n220 ESMTP\r\n", says(offers, "", goes), "", ok, "", nil},
		{"go-ahead of several lines", greets, says(offers, "", "220-go\r\n220 ahead\r\n"), "", ok, "", nil},
		{"go-ahead without words", greets, says(offers, "", "220\r\n"), "", ok, "", nil},

		{"no offer", greets, says("250-mx\r\n250 AUTH PLAIN\r\n", "", goes), "", ok, "", fault.TLSRequired},
		{"no extensions at all", greets, says("250 mx\r\n", "", goes), "", ok, "", fault.TLSRequired},
		{"another word", greets, says("250-mx\r\n250 XSTARTTLS\r\n", "", goes), "", ok, "", fault.TLSRequired},
		{"more behind the word", greets, says("250-mx\r\n250 STARTTLSX\r\n", "", goes), "", ok, "", fault.TLSRequired},
		{"offer as the name of the server", greets, says("250-STARTTLS.mx\r\n250 SIZE\r\n", "", goes), "", ok, "", fault.TLSRequired},
		{"EHLO unknown 500", greets, says("500 what\r\n", "250 mx\r\n", goes), "", ok, "", fault.TLSRequired},
		{"EHLO unknown 502", greets, says("502 what\r\n", "250 mx\r\n", goes), "", ok, "", fault.TLSRequired},
		{"EHLO refused 550", greets, says("550 no\r\n", "250 mx\r\n", goes), "", ok, "", fault.TLSRequired},
		{"EHLO closes", greets, says("421 bye\r\n", "250 mx\r\n", goes), "", ok, "", fault.TLSRequired},
		{"EHLO hangs up", greets, says("", "250 mx\r\n", goes), "", ok, "", fault.Recv},
		{"EHLO answered 220", greets, says("220 mx\r\n", "250 mx\r\n", goes), "", ok, "", fault.TLSRequired},

		{"refused 454", greets, says(offers, "", "454 not now\r\n"), "", nil, "", fault.TLSRequired},
		{"refused 500", greets, says(offers, "", "500 what\r\n"), "", nil, "", fault.TLSRequired},
		{"refused 501", greets, says(offers, "", "501 syntax\r\n"), "", nil, "", fault.TLSRequired},
		{"refused 502", greets, says(offers, "", "502 no\r\n"), "", nil, "", fault.TLSRequired},
		{"refused 503", greets, says(offers, "", "503 no\r\n"), "", nil, "", fault.TLSRequired},
		{"refused 530", greets, says(offers, "", "530 log in\r\n"), "", nil, "", fault.TLSRequired},
		{"refused 554", greets, says(offers, "", "554 no\r\n"), "", nil, "", fault.TLSRequired},
		{"closing 421", greets, says(offers, "", "421 bye\r\n"), "", nil, "", fault.TLSRequired},
		{"another yes 221", greets, says(offers, "", "221 go\r\n"), "", ok, "", fault.TLSRequired},
		{"another yes 250", greets, says(offers, "", "250 go\r\n"), "", ok, "", fault.TLSRequired},
		{"another yes 235", greets, says(offers, "", "235 welcome\r\n"), "", ok, "", fault.TLSRequired},
		{"go on 334", greets, says(offers, "", "334 \r\n"), "", nil, "", fault.TLSRequired},
		{"go on 354", greets, says(offers, "", "354 go on\r\n"), "", nil, "", fault.TLSRequired},
		{"no code", greets, says(offers, "", "go ahead\r\n"), "", nil, "", fault.TLSRequired},
		{"half a code", greets, says(offers, "", "22\r\n"), "", nil, "", fault.TLSRequired},
		{"empty line", greets, says(offers, "", "\r\n"), "", nil, "", fault.TLSRequired},
		{"hangs up", greets, says(offers, "", ""), "", nil, "", fault.Recv},

		{"reply behind the go-ahead", greets, says(offers, "", goes+"250-mx\r\n250 AUTH PLAIN\r\n"), "", ok, "", fault.TLSRequired},
		{"line behind the go-ahead", greets, says(offers, "", goes+"\r\n"), "", ok, "", fault.TLSRequired},
		{"half a line behind it", greets, says(offers, "", goes+"2"), "", ok, "", fault.TLSRequired},
		{"a login's answer behind it", greets, says(offers, "", goes+"235 welcome\r\n"), "", ok, "", fault.TLSRequired},
		{"words before the handshake", greets, says(offers, "", goes), "250 EVIL\r\n", ok, "", fault.TLSHandshake},
		{"an answer behind the greeting", greets + "250-mx\r\n250 STARTTLS\r\n", says(offers, "", goes), "", ok, "", fault.TLSRequired},
		{"all answers behind the greeting", greets + offers + goes, says(offers, "", goes), "", ok, "", fault.TLSRequired},
		{"an answer behind the offer", greets, says(offers+goes, "", goes), "", ok, "", fault.TLSRequired},

		{"no greeting of SMTP", "+OK pop\r\n", says(offers, "", goes), "", ok, "", fault.Protocol},
		{"greeting that refuses", "554 no\r\n", says(offers, "", goes), "", ok, "", fault.Refused},
		{"greeting that closes", "421 later\r\n", says(offers, "", goes), "", ok, "", fault.Refused},

		{"a login is offered in the clear only", greets, says("250-mx\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", "", goes), "", inside("SIZE"), "", fault.Unsupported},
		{"greeted again inside", greets, says(offers, "", goes), "", inside("AUTH PLAIN"), "220 mx\r\n", fault.Protocol},
		{"answers before it is asked inside", greets, says(offers, "", goes), "", inside("SIZE"), "250 mx\r\n", fault.Unsupported},
		{"EHLO refused inside", greets, says(offers, "", goes), "", map[string]string{"EHLO": "502 no\r\n", "HELO": "502 no\r\n"}, "", fault.Unsupported},
		{"inside it hangs up", greets, says(offers, "", goes), "", map[string]string{"EHLO": ""}, "", fault.Recv},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := &conformance.Opening{Greeting: c.greeting, Plain: c.plain, Ask: "STARTTLS", After: c.after, Secure: c.secure, Hail: c.hail, Else: "502 no\r\n"}
			peer := o.Start(t, smtp.Protocols()[0].Schemes[0])
			u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{TLS: "require", Insecure: true}, "-u", "ann")
			if k := fault.Of(err); k != c.kind && !(c.kind == fault.TLSRequired && k == fault.TLSHandshake) {
				// The handshake meets what comes too late to be seen before it.
				t.Errorf("got %v [%v], want [%v]", err, fault.Of(err), c.kind)
			}
			if strings.HasPrefix(c.name, "refused") && !strings.Contains(err.Error(), "unauthenticated server text") {
				t.Errorf("a refusal before TLS is told as the server's own words: %v", err) // S05
			}
			if err == nil {
				u.sess.Close()
			}
			clear, secure := o.Heard()
			private(t, clear)
			if c.kind != nil && slices.Contains(secure, "AUTH") {
				t.Errorf("logged in all the same: %q", secure)
			}
		})
	}
}

// SMTP-03: what was offered before TLS and after it, and the greeting, which
// nobody has proved to be the server's (S05).
func TestBeforeTLS(t *testing.T) {
	o := &conformance.Opening{
		Greeting: "220 mx.example ESMTP\r\n", Plain: says("250-mx\r\n250-VRFY\r\n250 STARTTLS\r\n", "", goes), Ask: "STARTTLS", Secure: inside("AUTH PLAIN"), Else: "502 no\r\n",
	}
	u, err := connect(t, smtp.Protocols()[0], o.Start(t, smtp.Protocols()[0].Schemes[0]).Target, wire.Options{TLS: "require", Insecure: true})
	if err != nil {
		t.Fatal(err)
	}
	list := func(words ...string) string {
		v, _ := verb.Find(u.p.Verbs, "caps")
		res, err := v.Do(t.Context(), u.sess, verb.Env{}, words)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for c := range res.(verb.Stream[smtp.Cap]) {
			names = append(names, c.Name)
		}
		return strings.Join(names, " ")
	}
	if before, after := list("--before-tls"), list(); before != "VRFY STARTTLS" || after != "AUTH" {
		t.Errorf("before %q, after %q", before, after)
	}
	if i := u.sess.(protocols.Informer).Info().(smtp.Info); i.Greeting != "mx.example ESMTP" || !i.Clear {
		t.Errorf("%+v", i)
	}
}

// SMTP-19: the certificate is reported, and a key that is not the one that
// was named is refused, at a server of STARTTLS.
func TestPin(t *testing.T) {
	o := &conformance.Opening{Greeting: greets, Plain: says(offers, "", goes), Ask: "STARTTLS", Secure: inside("SIZE"), Else: "502 no\r\n"}
	peer := o.Start(t, smtp.Protocols()[0].Schemes[0])
	u, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{TLS: "require", CA: []string{peer.CA}})
	if err != nil {
		t.Fatal(err)
	}
	i := u.wire.Last().Info().TLS
	if !i.Verified || i.NotAfter.IsZero() || len(i.Chain) == 0 || len(i.Chain[0].Names) == 0 {
		t.Errorf("%+v", i)
	}
	for pin, kind := range map[string]*fault.Kind{i.SPKI: nil, "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=": fault.TLSCert} {
		for _, ca := range [][]string{{peer.CA}, nil} { // a pin is trust enough
			_, err := connect(t, smtp.Protocols()[0], peer.Target, wire.Options{TLS: "require", CA: ca, Pin: []string{pin}})
			if fault.Of(err) != kind {
				t.Errorf("%s: %v", pin, err)
			}
		}
	}
}

// private checks that nothing of a login and nothing of a letter was said.
func private(t *testing.T, clear string) {
	t.Helper()
	plain, _, _ := strings.Cut(clear, "\x16\x03") // where the handshake begins
	for line := range strings.Lines(plain) {
		switch word := strings.ToUpper(strings.Fields(line + " .")[0]); word {
		case "EHLO", "LHLO", "STARTTLS", "QUIT", "NOOP", "CAPA", "STLS":
		default:
			t.Errorf("said in the clear: %q", line)
		}
	}
	for _, secret := range []string{password, base64.StdEncoding.EncodeToString([]byte("\x00ann\x00" + password)), base64.StdEncoding.EncodeToString([]byte(password))} {
		if strings.Contains(clear, secret) {
			t.Errorf("the password was said in the clear: %q", plain)
		}
	}
}

// S01, S06 for the verb: what was offered in the clear is gone, and a session
// that was refused goes on in the clear only if the user goes on.
func TestStarttlsVerb(t *testing.T) {
	o := &conformance.Opening{
		Greeting: greets, Plain: says("250-mx\r\n250-VRFY\r\n250 STARTTLS\r\n", "", "454 not now\r\n"), Ask: "STARTTLS", Else: "502 no\r\n",
	}
	u, err := connect(t, smtp.Protocols()[0], o.Start(t, smtp.Protocols()[0].Schemes[0]).Target, wire.Options{Insecure: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := u.do(t.Context(), "starttls", ""); err != nil || got != "454 not now\n" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := u.do(t.Context(), "noop", ""); err != nil {
		t.Error(err)
	}
}
