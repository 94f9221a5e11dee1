//go:build unix

package telnet

import (
	"fmt"
	"strings"
	"testing"

	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// login asks for a name and a password, as login(1) does, and runs a shell.
const login = `#!/bin/sh
printf 'login: '; read -r user
stty -echo; printf 'Password: '; read -r password; stty echo; echo
[ "$user:$password" = "ann:secret" ] || { echo 'Login incorrect'; exit 1; }
echo "welcome $user"
PS1='lab$ '; export PS1
exec env --default-signal=INT /bin/sh
`

// sleeper says that it is ready once it is what an interrupt goes to. Had the
// shell itself said so, an interrupt could come before its child is the
// foreground process, and the shell would ignore it: with no telnet at all,
// at a pty, 2 to 4 of 100 are lost so on a busy machine.
const sleeper = `sh -c 'echo rea""dy; exec sleep 100'`

// telnetd is the address of inetutils' telnetd.
func telnetd(t *testing.T) string {
	t.Helper()
	return lab.Start(t, lab.Telnetd(t, login)).Addr()
}

func logIn(t *testing.T, s *Session) {
	t.Helper()
	expect(t, s, "login: ")
	must(t, s, "send", "ann\r\n")
	expect(t, s, "assword: ")
	must(t, s, "send", "secret\r\n")
	if got := expect(t, s, `lab\$ `); strings.Contains(got, "secret") || !strings.Contains(got, "welcome ann") {
		t.Fatalf("after the password came %q", got)
	}
}

// TEL-02, TEL-04, TEL-05, TEL-11, E01, C12 against inetutils' telnetd.
func TestTelnetd(t *testing.T) {
	t.Setenv("WIRELINE_SECRET", "do not tell")
	s, err := try(t, peerAt(0, telnetd(t)), verb.Env{}, "--negotiate", "--term", "vt220", "--winsize", "132x60")
	if err != nil {
		t.Fatal(err)
	}
	logIn(t, s)
	ask := func(line, want string) {
		t.Helper()
		must(t, s, "send", line+"\r\n")
		if got := expect(t, s, `lab\$ `); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", line, got, want)
		}
	}
	ask("echo TERM is $TERM", "TERM is vt220")
	ask("stty size", "60 132\r\n")
	ask(`printf 'a\377\377b\rc\n'`, "a\xff\xffb\rc\r\n")
	ask("env | grep -c SECRET", "\n0\r\n")
	if c, echo := s.eng.mode(); !c || echo {
		t.Errorf("char %v, echo here %v", c, echo)
	}
	// Each IP, ^C and synch interrupts what runs there, at the first time.
	for _, words := range [][]string{{"send-cmd", "ip"}, {"send", "\x03"}, {"send-cmd", "ip", "dm"}, {"raw", "\xff\xf4"}, {"send-cmd", "ip"}} {
		must(t, s, "send", sleeper+"\r\n")
		expect(t, s, "ready\r\n")
		must(t, s, words...)
		expect(t, s, `lab\$ `)
	}
	must(t, s, "send-cmd", "ayt")
	expect(t, s, `\[.*[Yy]es\]`)
	// 8 bits go there and back with BINARY, on both sides; then a line ends in
	// CR.
	if o := must(t, s, "will", "binary").(*Option); o.Client != "on" {
		t.Errorf("will binary: %+v", o)
	}
	if o := must(t, s, "do", "binary").(*Option); o.Server != "on" {
		t.Errorf("do binary: %+v", o)
	}
	must(t, s, "send", "echo é | od -An -tx1\r")
	expect(t, s, ` c3 a9 0a\r?\n(?s:.*)lab\$ `)
	must(t, s, "wont", "binary")
	must(t, s, "dont", "binary")
	// Options come to rest, and each that matters is in force.
	state := map[string]string{}
	for o := range must(t, s, "options").(verb.Stream[Option]) {
		state[o.Name] = o.Server + " " + o.Client
	}
	for name, want := range map[string]string{"ECHO": "on off", "SGA": "on off", "TTYPE": "off on", "NAWS": "off on", "NEW-ENVIRON": "off off", "AUTHENTICATION": "off off", "ENCRYPT": "off off", "TSPEED": "off off"} {
		if state[name] != want {
			t.Errorf("%s is %s, want %s", name, state[name], want)
		}
	}
	must(t, s, "send", "exit\r\n")
	wantEnd(t, s)
}

func wantEnd(t *testing.T, s *Session) {
	t.Helper()
	b := must(t, s, "recv", "--all").(*verb.Blob)
	for p := make([]byte, 4096); ; {
		if _, err := b.Read(p); err != nil {
			break
		}
	}
	if s.End == nil {
		t.Error("the server did not close after exit")
	}
}

// TEL-02, TEL-04: a terminal in the hands of telnetd: character mode, a new
// size while a program runs, a full-screen program's escapes, and back.
func TestTelnetdInteract(t *testing.T) {
	tty := newTTY(t)
	s, err := try(t, peerAt(0, telnetd(t)), verb.Env{Terminal: tty}, "--negotiate", "--term", "xterm")
	if err != nil {
		t.Fatal(err)
	}
	done := seated(t, s, tty)
	tty.shows(t, "login: ")
	tty.type_("ann\r")
	tty.shows(t, "assword: ")
	tty.type_("secret\r")
	tty.shows(t, "lab$ ")
	if strings.Contains(tty.screen(), "secret") {
		t.Error("the password was shown")
	}
	tty.type_("stty size\r")
	tty.shows(t, "24 80\r\n")
	tty.mu.Lock()
	tty.cols, tty.rows = 100, 40
	tty.mu.Unlock()
	tty.resized <- struct{}{}
	tty.type_("sleep 0.3; stty size\r")
	tty.shows(t, "40 100\r\nlab$ ")
	for i := range 3 {
		tty.type_(fmt.Sprintf("echo round %d; %s\r", i, sleeper))
		tty.shows(t, fmt.Sprintf("\nround %d\r\nready\r\n", i))
		tty.type_("\x03")
		tty.shows(t, fmt.Sprintf("\nround %d\r\nready\r\n^C\r\nlab$ ", i))
	}
	tty.type_("printf '\\033[?1049h\\033[2Jfull'; head -c 3 >/dev/null; printf '\\033[?1049l'\r")
	tty.shows(t, "\x1b[?1049h\x1b[2Jfull")
	tty.type_("\x1d")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	must(t, s, "send", "xyz\r\n") // ends head
	expect(t, s, `\x1b\[\?1049l`)
	expect(t, s, `lab\$ `)
	must(t, s, "send", "exit\r\n")
	wantEnd(t, s)
}

// TEL-10: telnetd behind TLS.
func TestTelnetdUnderTLS(t *testing.T) {
	plain := telnetd(t)
	r := lab.Start(t, lab.SocatListen("OPENSSL-LISTEN:{{.Port}},bind={{.Host}},cert={{.Cert}},key={{.Key}},verify=0,reuseaddr,fork", "TCP:"+plain, nil))
	p := peerAt(1, r.Addr())
	ca, err := r.Cert()
	if err != nil {
		t.Fatal(err)
	}
	p.Options.CA = []string{ca}
	s, err := try(t, p, verb.Env{}, "--term", "vt100")
	if err != nil {
		t.Fatal(err)
	}
	logIn(t, s)
	must(t, s, "send", "exit\r\n")
	wantEnd(t, s)
}
