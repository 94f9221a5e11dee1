package playground

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/lab"
	"wireline/protocols/telnet"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// hears reads up to a text and returns what came with it.
func hears(t *testing.T, r io.Reader, text string) string {
	t.Helper()
	var got []byte
	for b := make([]byte, 1); !bytes.HasSuffix(got, []byte(text)); {
		if _, err := r.Read(b); err != nil {
			t.Fatalf("%q came and %v, without %q", got, err, text)
		}
		got = append(got, b[0])
	}
	return string(got)
}

const (
	hidden = "\xff\xfb\x01" // IAC WILL ECHO
	shown  = "\xff\xfc\x01" // IAC WONT ECHO
	motd   = "Welcome, ann. help lists the commands, exit leaves.\r\n$ "
)

// A whole visit, byte by byte (RFC 854, RFC 857).
func TestTelnet(t *testing.T) {
	w := start(t, Options{})
	for name, c := range map[string]net.Conn{"plain": dial(t, w, "tcp", "login:23"), "tls": secure(t, w, "login", "992", nil)} {
		t.Run(name, func(t *testing.T) {
			for _, step := range []struct{ say, want string }{
				{"", "wireline playground\r\n\r\nlogin: "},
				{"ann\r\n", hidden + "Password: "},
				{"\xff\xfd\x01wrong\r\x00", shown + "\r\nLogin incorrect\r\n\r\nlogin: "},
				{"\xff\xfe\x01anm\x7fn\n", hidden + "Password: "},
				{"secret\r\x00", shown + "\r\n" + motd},
				{"ls\r\n", "README\r\npub/\r\n$ "},
				{"ls /pub/\r\n", "1MiB.bin\r\nhello.txt\r\nnumbers.csv\r\n$ "},
				{"ls nowhere\r\n", "ls: nowhere/ is not here\r\n$ "},
				{"cat /pub/hello.txt pub/numbers.csv\r\n", "Hello, world!\r\nn,square\r\n1,1\r\n2,4\r\n3,9\r\n$ "},
				{"cat x\r\n", "cat: x is not here\r\n$ "},
				{"cat\n", "cat: which file?\r\n$ "},
				{"\r\n", "$ "},
				{"rm -rf /\r\n", "rm: command not found\r\n$ "},
				{"echo a \xff\xff b\r\n", "a \xff\xff b\r\n$ "},                         // IAC IAC is the byte 255
				{"ec\xff\xf1ho\xff\xf9 nop\r\n", "nop\r\n$ "},                           // NOP, GA
				{"\xff\xf6", "\r\n[yes]\r\n"},                                           // AYT
				{"\xff\xfd\x03\xff\xfb\x20\xff\xfd\x03", "\xff\xfc\x03\xff\xfe\x20"},    // refused once
				{"ec\xff\xfa\x1f\x00\xff\xff\xf0\x00\x18\xff\xf0ho sb\r\n", "sb\r\n$ "}, // a subnegotiation
				{"echo one\r\necho two\r\n", "one\r\n$ two\r\n$ "},                      // typed ahead
				{"who\r\n", "ann from " + c.LocalAddr().String() + "\r\n$ "},
				{"\xff\xfb\x1f\xff\xfb\x1f", "\xff\xfd\x1f"},             // NAWS, agreed to once
				{"\xff\xfb\x18", "\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0"}, // TTYPE
				{"\xff\xfa\x18\x00VT100\xff\xf0\xff\xfa\x1f\x00\xff\xff\x00\x18\xff\xf0who\r\n", "ann from " + c.LocalAddr().String() + ", vt100, 255x24\r\n$ "},
				{"\xff\xfc\x1f\xff\xfc\x1f", "\xff\xfe\x1f"},
				{"help\r\n", "cat FILE      show a file\r\necho WORD...  say the words\r\nls [DIR]      list the files\r\n" +
					"who           tell who is here\r\nexit          leave\r\nhelp          show this\r\n$ "},
				{"exit\r\n", "Goodbye.\r\n"},
			} {
				if name == "tls" && strings.HasSuffix(step.say, "who\r\n") {
					continue
				}
				say(t, c, step.say, step.want)
			}
			if n, err := c.Read(make([]byte, 1)); n != 0 || err != io.EOF {
				t.Errorf("after exit: %d, %v", n, err)
			}
		})
	}
}

func enter(t *testing.T, w *World) net.Conn {
	c := dial(t, w, "tcp", "login:2323")
	io.WriteString(c, "ann\nsecret\n")
	hears(t, c, motd)
	return c
}

func TestTelnetEnds(t *testing.T) {
	w := start(t, Options{})
	for name, words := range map[string]string{
		"three times wrong": "ann\nx\nann\ny\nbob\nsecret\n",
		"an endless line":   strings.Repeat("x", 2000),
		"EOF":               "ann\nsecret\n\xff\xec",
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, w, "tcp", "login:2323")
			io.WriteString(c, words)
			got, err := io.ReadAll(c)
			if err != nil || strings.HasSuffix(string(got), "$ ") || strings.HasSuffix(string(got), ": ") && name[0] == 't' {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	t.Run("a client that does not listen", func(t *testing.T) {
		c := enter(t, w)
		io.WriteString(c, strings.Repeat("cat pub/1MiB.bin\n", 8))
		c.Close() // the library would panic on its next byte 255
	})
	t.Run("a client that stays", func(t *testing.T) {
		other := start(t, Options{})
		enter(t, other)
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
}

// A file of a size comes whole, and before the next prompt.
func TestTelnetCat(t *testing.T) {
	w := start(t, Options{})
	w.files.put("pub/all", []byte(strings.Repeat("\xff\x00line\n", 5000)))
	c := enter(t, w)
	io.WriteString(c, "cat pub/all\n")
	if got, want := hears(t, c, "$ "), strings.Repeat("\xff\xff\x00line\r\n", 5000)+"$ "; got != want {
		t.Errorf("%d bytes came, want %d", len(got), len(want))
	}
}

// Our own client logs in, lists and reads (TEL-01, TEL-02).
func TestTelnetOurs(t *testing.T) {
	w := start(t, Options{})
	p := telnet.Protocol()
	d := &wire.Dialer{Map: w.Map}
	peer := protocols.Peer{Dialer: d, Target: wire.Target{URL: &url.URL{Scheme: "telnet", Host: "login:23"}, Scheme: p.Schemes[0]}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	defer d.Bind(ctx)()
	connect, _ := verb.Find(p.Open, "connect")
	res, err := connect.Do(ctx, peer, verb.Env{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := res.(protocols.Session)
	defer s.Close()
	for _, line := range [][]string{
		{"recv", "--until", "login: "},
		{"send", "ann\r\n"},
		{"recv", "--until", "Password: "},
		{"send", "secret\r\n"},
		{"recv", "--until", "$ "},
		{"send-cmd", "ip", "dm"},
		{"send-cmd", "ayt"},
		{"recv", "--until", "[yes]"},
		{"send", "cat pub/hello.txt\r\n"},
		{"recv", "--until", "Hello, world!"},
		{"send", "exit\r\n"},
		{"recv", "--until", "Goodbye."},
	} {
		v, ok := verb.Find(p.Verbs, line[0])
		if !ok {
			t.Fatal("telnet has no", line[0])
		}
		res, err := v.Do(ctx, s, verb.Env{}, line[1:])
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if b, ok := res.(*verb.Blob); ok {
			text, err := io.ReadAll(b)
			if err != nil || !strings.Contains(string(text), line[len(line)-1]) {
				t.Fatalf("%s: %q, %v", line, text, err)
			}
		}
	}
}

const pythonTelnet = `
import sys, warnings
warnings.simplefilter('ignore')
import telnetlib
t = telnetlib.Telnet(sys.argv[1], int(sys.argv[2]), 10)
t.read_until(b'login: ', 5)
t.write(b'ann\n')
t.read_until(b'Password: ', 5)
t.write(b'secret\n')
t.read_until(b'$ ', 5)
t.write(b'cat pub/hello.txt\n')
assert t.read_until(b'$ ', 5) == b'Hello, world!\r\n$ '
t.write(b'exit\n')
assert t.read_all() == b'Goodbye.\r\n'
print('ok')
`

func TestTelnetPython(t *testing.T) {
	w := start(t, Options{})
	host, port, _ := net.SplitHostPort(w.Map("tcp", "login:23"))
	if got := run(t, "python3", "-c", pythonTelnet, host, port); got != "ok\n" {
		t.Error(got)
	}
}

// The telnet of inetutils, with its options, typed at by a script.
func TestTelnetInetutils(t *testing.T) {
	path := lab.Need(t, "telnet")
	w := start(t, Options{})
	host, port, _ := net.SplitHostPort(w.Map("tcp", "login:23"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, host, port)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ want, say string }{
		{"login: ", User}, {"Password: ", Password}, {"$ ", "ls pub"}, {"hello.txt", "cat pub/hello.txt"}, {"Hello, world!", "exit"}, {"Goodbye.", ""},
	} {
		hears(t, out, step.want)
		fmt.Fprintln(in, step.say)
	}
	io.Copy(io.Discard, out)
	cmd.Wait()
}
