package playground

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"io"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// say sends a message and reads as many bytes as the answer should have.
func say(t *testing.T, c net.Conn, message, answer string) {
	t.Helper()
	if _, err := io.WriteString(c, message); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(answer))
	if _, err := io.ReadFull(c, got); err != nil || string(got) != answer {
		t.Errorf("%q was answered %q, %v; want %q", message, got, err, answer)
	}
}

func TestEcho(t *testing.T) {
	w := start(t, Options{})
	for _, c := range []struct{ name, message, answer string }{
		{"a line", "HELLO\r\n", "HELLO\r\n"},
		{"no line", "HELLO", "HELLO"},
		{"a frame", "\x02E18\x03", "OK\r\n"},
		{"a frame without its end", "\x02E", "OK\r\n"},
		{"two frames and a line", "\x02E18\x03\x02E19\x03hi\n", "OK\r\nOK\r\nhi\n"},
		{"STX within a message", "a\x02b\x03", "a\x02b\x03"},
		{"much that begins with STX", "\x02" + strings.Repeat("x", 1000), "\x02" + strings.Repeat("x", 1000)},
	} {
		t.Run(c.name, func(t *testing.T) { say(t, dial(t, w, "tcp", "echo:12345"), c.message, c.answer) })
	}
	t.Run("a frame byte by byte", func(t *testing.T) {
		conn := dial(t, w, "tcp", "echo:12345")
		for _, b := range []string{"\x02", "E", "1", "8"} {
			if _, err := io.WriteString(conn, b); err != nil {
				t.Fatal(err)
			}
		}
		say(t, conn, "\x03", "OK\r\n")
		say(t, conn, "still there\n", "still there\n")
	})
	t.Run("tls", func(t *testing.T) { say(t, secure(t, w, "localhost", "12347", nil), "HELLO\r\n", "HELLO\r\n") })
	t.Run("udp", func(t *testing.T) { say(t, dial(t, w, "udp", "127.0.0.1:4000"), "ping", "ping") })
	t.Run("unix", func(t *testing.T) { say(t, dial(t, w, "unix", "/run/app.sock"), "HELLO\r\n", "HELLO\r\n") })
	if runtime.GOOS != "linux" {
		return
	}
	t.Run("abstract", func(t *testing.T) { say(t, dial(t, w, "unix", "@app"), "HELLO\r\n", "HELLO\r\n") })
	t.Run("seqpacket", func(t *testing.T) { say(t, dial(t, w, "unixpacket", "/run/app.sock"), "HELLO\r\n", "HELLO\r\n") })
	t.Run("dgram", func(t *testing.T) {
		to := &net.UnixAddr{Net: "unixgram", Name: w.Map("unixgram", "/run/app.sock")}
		c, err := net.DialUnix("unixgram", &net.UnixAddr{Net: "unixgram", Name: filepath.Join(t.TempDir(), "me")}, to)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(time.Minute))
		say(t, c, "ping", "ping")
	})
}

func TestTutorial(t *testing.T) {
	w := start(t, Options{})
	got, err := io.ReadAll(dial(t, w, "tcp", "tutorial:12346"))
	if want := "Thank you for connecting"; string(got) != want || err != nil {
		t.Errorf("%q, %v; want %q and the end", got, err, want)
	}
}

// secure connects with nothing trusted but the world's CA.
func secure(t *testing.T, w *World, host, port string, alpn []string) *tls.Conn {
	t.Helper()
	ca, _ := w.CA()
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("CA is no certificate")
	}
	c := tls.Client(dial(t, w, "tcp", net.JoinHostPort(host, port)), &tls.Config{RootCAs: roots, ServerName: host, NextProtos: alpn})
	if err := c.Handshake(); err != nil {
		t.Fatalf("%s: %v", host, err)
	}
	return c
}

func TestCertificate(t *testing.T) {
	w := start(t, Options{})
	for _, host := range []string{"localhost", "127.0.0.1", "::1", "mail"} {
		secure(t, w, host, "993", nil)
	}
	ca, fingerprint := w.CA()
	block, _ := pem.Decode(ca)
	sum := sha256.Sum256(block.Bytes)
	if got := strings.ReplaceAll(strings.ToLower(fingerprint), ":", ""); got != hex.EncodeToString(sum[:]) {
		t.Errorf("fingerprint %s", fingerprint)
	}
	other := start(t, Options{})
	if theirs, _ := other.CA(); string(theirs) == string(ca) {
		t.Error("two worlds have the same CA")
	}
	if got := secure(t, w, "www", "8443", []string{"h2"}).ConnectionState().NegotiatedProtocol; got != "h2" {
		t.Errorf("https speaks %q", got)
	}
}

func TestIMAPGreeting(t *testing.T) {
	w := start(t, Options{})
	c := secure(t, w, "localhost", "993", nil)
	in := bufio.NewReader(c)
	for _, step := range []struct{ say, want string }{
		{"", "* OK [CAPABILITY IMAP4rev1 "},
		{"a CAPABILITY\r\n", "* CAPABILITY IMAP4rev1 "},
		{"", "a OK "},
		{"b SELECT INBOX\r\n", "b BAD "},
		{"c LOGOUT\r\n", "* BYE "},
		{"", "c OK "},
	} {
		io.WriteString(c, step.say)
		if line, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(line, step.want) || !strings.HasSuffix(line, "\r\n") {
			t.Fatalf("%q was answered %q, %v; want %q", step.say, line, err, step.want)
		}
	}
	if _, err := in.ReadByte(); err != io.EOF {
		t.Error("after LOGOUT:", err)
	}
}
