package telnet

import (
	"strings"
	"testing"

	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// telnetlib of Python at the other end: it decodes what we send, and its data
// is decoded by us. It drops every NUL.
const telnetlib = `
import socket, sys, time, warnings
warnings.simplefilter("ignore")
import telnetlib
from telnetlib import IAC, DO, WILL, WONT, DONT, SB, SE, NAWS, TTYPE, ECHO, SGA

l = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("ready")
while True:
    c, _ = l.accept()
    t = telnetlib.Telnet()
    t.sock = c
    heard = []
    def callback(sock, cmd, opt):
        heard.append((cmd + opt).hex())
        if cmd == SE:
            heard.append(t.read_sb_data().hex())
    t.set_option_negotiation_callback(callback)
    c.sendall(IAC + WILL + ECHO + IAC + WILL + SGA + IAC + DO + NAWS + IAC + DO + TTYPE + IAC + DO + bytes([200]) + b"login: ")
    user = t.read_until(b"\n", 5)
    t.write(b"hello " + user.strip() + b"\xff\r\n")
    data = t.read_until(b"end\r\n", 5)
    c.sendall(("got %s\r\nheard %s\r\n" % (data.hex(), " ".join(heard))).encode())
    c.close()
`

func TestTelnetlib(t *testing.T) {
	r := lab.Start(t, lab.Python(telnetlib))
	s, err := try(t, peerAt(0, r.Addr()), verb.Env{}, "--winsize", "100x30")
	if err != nil {
		t.Fatal(err)
	}
	expect(t, s, "login: ")
	must(t, s, "send", "ann\r\n")
	wantText(t, s, "hello ann\xff\r\n", "recv", "--until", "\n")
	must(t, s, "send", "a\xffbend\r\n")
	wantText(t, s, "got 61ff62656e640d0a\r\n", "recv", "--until", "\n")
	got := must(t, s, "recv", "--until", "\n").(*Received).Text
	for _, want := range []string{"fd01", "fd03", "fb1f", "fb18", "fcc8", "1f641e"} {
		if !strings.Contains(got, want) {
			t.Errorf("telnetlib heard %q, want %s in it", got, want)
		}
	}
}
