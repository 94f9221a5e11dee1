package mail

import (
	"bytes"
	"io"
	stdmail "net/mail"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

func write(t *testing.T, d *Draft) string {
	t.Helper()
	var b bytes.Buffer
	n, err := d.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	return b.String()
}

// SMTP-05: a message that others can read, as it was meant.
func TestCompose(t *testing.T) {
	d := &Draft{
		From: Address{"Jörg", "j@x.example"}, To: []Address{{"", "b@y"}, {"Bob, the other", "c@y"}}, Cc: []Address{{"", "d@ä.example"}},
		Subject: strings.Repeat("Grüße aus der Ferne ", 10), Body: []byte("Gruß\n.dot\nlong " + strings.Repeat("x", 2000) + "\n"), HTML: []byte("<p>Gruß"),
		Attachments: []verb.Input{{Name: "/tmp/bü\"r.bin", Size: 300, ReadCloser: io.NopCloser(bytes.NewReader(bytes.Repeat([]byte{0, 1, 255}, 100)))}},
		Fields:      []string{"X-Test: ä"}, Date: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
	}
	text := write(t, d)
	for line := range strings.Lines(text) {
		if len(line) > 100 || !strings.HasSuffix(line, "\r\n") {
			t.Errorf("the line %q", line)
		}
	}
	m, err := stdmail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if to, err := m.Header.AddressList("To"); err != nil || len(to) != 2 || to[1].Name != "Bob, the other" {
		t.Errorf("%v, %v", to, err)
	}
	h := ParseHeader([]byte(text))
	if h.Text("Subject") != d.Subject || h.Text("X-Test") != "ä" || h.Get("Cc") != "d@xn--4ca.example" || !h.Date().Equal(d.Date) ||
		!strings.HasSuffix(h.Get("Message-ID"), "@x.example>") || h.Get("MIME-Version") != "1.0" {
		t.Errorf("%+v", h.Fields())
	}
	var got []string
	r := NewReader(strings.NewReader(text))
	for {
		e, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !e.Multipart {
			b, err := io.ReadAll(e.Data())
			if err != nil {
				t.Error(err)
			}
			got = append(got, e.Number+" "+e.Type+" "+e.Name+" "+strings.ReplaceAll(string(b), "\r\n", "\n"))
		}
	}
	want := []string{"1.1 text/plain  " + string(d.Body), "1.2 text/html  <p>Gruß", "2 application/octet-stream bü\"r.bin " + strings.Repeat("\x00\x01\xff", 100)}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q", got)
	}
}

func TestComposePlain(t *testing.T) {
	d := &Draft{From: Address{"", "a@x"}, To: []Address{{"", "b@y"}}, Subject: "s", Body: []byte("one\r\ntwo\n"), ID: "1@x", Date: time.Unix(0, 0).UTC()}
	want := "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\nMessage-ID: <1@x>\r\nFrom: a@x\r\nTo: b@y\r\nSubject: s\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=us-ascii\r\n\r\none\r\ntwo\r\n"
	if got := write(t, d); got != want {
		t.Errorf("%q", got)
	}
}

// I06: nothing of the user's puts a line into the header.
func TestComposeInjection(t *testing.T) {
	for _, evil := range []string{"x\r\nBcc: e@x", "x\nBcc: e@x", "x\rBcc: e@x", "x\x00"} {
		for _, d := range []*Draft{{Subject: evil}, {Fields: []string{"X: " + evil}}, {ID: evil}, {To: []Address{{evil, "a@x"}}}} {
			d.From = Address{"", "a@x"}
			h, err := d.Header()
			if err == nil && strings.Contains(string(h), "\nBcc") || err != nil && fault.Of(err) != fault.BadArgument {
				t.Errorf("%q: %v in %q", evil, err, h)
			}
		}
		d := &Draft{Attachments: []verb.Input{{Name: evil, ReadCloser: io.NopCloser(strings.NewReader(""))}}}
		var b bytes.Buffer
		if _, err := d.WriteTo(&b); err == nil && strings.Contains(b.String(), "\nBcc") {
			t.Errorf("%q in %q", evil, b.String())
		}
	}
	for _, f := range []string{"nothing", "Content-Type: x", "Bcc: x", "a b: c", ": x"} {
		if _, err := (&Draft{Fields: []string{f}}).Header(); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", f, err)
		}
	}
	if _, err := (&Draft{Subject: strings.Repeat("x", 1000)}).Header(); fault.Of(err) != fault.BadArgument {
		t.Errorf("a word of 1000 bytes: %v", err)
	}
}

// I04: addresses that would say more than an address.
func TestMailbox(t *testing.T) {
	for _, ok := range []string{"", "a@x", "postmaster", `"a b"@x`, `"a>b"@x`, "ä@x", "a@[127.0.0.1]", "a+b=c@x"} {
		if err := Mailbox("x", ok); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"a>b@x", "<a@x", "a @x", "a@x SIZE=1", "a\r\n@x", "-a@x", "a\t@x", `"a@x`, "a\xff@x", strings.Repeat("a", 321), "a\x7f@x"} {
		if err := Mailbox("x", bad); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for in, want := range map[string]string{"a@x": "a@x", "Ann <a@x>": "a@x", "<a@x>": "a@x", "root": "root", `"B, C" <a@x>`: "a@x", "a@ä.example": "a@ä.example"} {
		if a, err := ParseAddress("x", in); err != nil || a.Addr != want {
			t.Errorf("%q: %v, %v", in, a, err)
		}
	}
	// What stands in quotes goes to the same mailbox only in quotes.
	for in, want := range map[string]string{`"a b"@x`: `"a b"@x`, `Ann <"a@evil"@x>`: `"a@evil"@x`, `"a\"\\b"@x`: `"a\"\\b"@x`, `"a.b"@x`: "a.b@x"} {
		a, err := ParseAddress("x", in)
		all, lerr := ParseAddresses("x", []string{in + ", c@y"})
		if err != nil || lerr != nil || a.Addr != want || len(all) != 2 || all[0].Addr != want {
			t.Errorf("%s: %v, %v; %v, %v", in, a, err, all, lerr)
		}
		if back, err := ParseAddress("x", a.String()); err != nil || back != a {
			t.Errorf("%s: %s is %v, %v", in, a, back, err)
		}
	}
	for _, bad := range []string{"", "a@", "a b", "@x", "a@x>", "a@x, b@y", `"a> b"@x`} {
		if a, err := ParseAddress("x", bad); fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v, %v", bad, a, err)
		}
	}
	if all, err := ParseAddresses("x", []string{"a@x, Ann <b@x>", "root,c@x"}); err != nil || len(all) != 4 {
		t.Errorf("%v, %v", all, err)
	}
	if a, ascii := ASCII("a@ä.example"); a != "a@xn--4ca.example" || !ascii {
		t.Error(a)
	}
	if a, ascii := ASCII("ä@ä.example"); a != "ä@xn--4ca.example" || ascii {
		t.Error(a)
	}
}

// D16: an attachment that changed since it was looked at is not sent as whole.
func TestAttachmentChanged(t *testing.T) {
	for _, size := range []int64{2, 4} {
		in := verb.Input{Name: "a.bin", Size: size, ReadCloser: io.NopCloser(strings.NewReader("abc"))}
		d := &Draft{From: Address{Addr: "a@x"}, Attachments: []verb.Input{in}}
		if _, err := d.WriteTo(io.Discard); fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), "changed") {
			t.Errorf("%d: %v", size, err)
		}
	}
}
