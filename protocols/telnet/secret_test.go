package telnet

import (
	"bytes"
	"strings"
	"sync"
	"testing"

	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// C08: no trace shows what a server has asked for as a password: neither
// sent by a script, nor echoed, nor typed, line by line or key by key.
func TestPasswordNotTraced(t *testing.T) {
	var mu sync.Mutex
	var trace bytes.Buffer
	traced := func() string { mu.Lock(); defer mu.Unlock(); return trace.String() }
	l := listen(t)
	peer := peerAt(0, l.Addr().String())
	peer.Trace = func(e wire.Event) { mu.Lock(); defer mu.Unlock(); trace.Write(e.Data) }
	s, err := try(t, peer, verb.Env{})
	if err != nil {
		t.Fatal(err)
	}
	p := accept(t, l)
	ask := func(question string) {
		t.Helper()
		p.Write([]byte(question))
		wantText(t, s, question, "recv", "--until", question)
	}
	ask("login: ")
	must(t, s, "send", "ann\r\n")
	p.hears("'ann' 13 10")
	ask("Enter password for ann: ")
	must(t, s, "send", "CANARY1\r\n")
	p.hears("'CANARY1' 13 10")
	ask("CANARY1? Welcome\r\n$ ")
	must(t, s, "send", "ls\r\n")
	p.hears("'ls' 13 10")
	ask("Passwort: ")

	tty := newTTY(t)
	done := seated(t, s, tty)
	tty.type_("CANARY2\r")
	p.hears("'CANARY2' 13 10")
	p.says("IAC WILL ECHO IAC WILL SGA 13 10 'PIN:'")
	p.hears("IAC DO ECHO IAC DO SGA")
	tty.shows(t, "PIN:")
	for _, c := range "CANARY3" {
		tty.type_(string(c))
		p.hears("'" + string(c))
		p.Write([]byte("*"))
	}
	tty.type_("\r")
	p.hears("13 0")
	tty.type_("seen\x1d")
	p.hears("'seen'")
	<-done
	got := traced()
	if strings.Contains(got, "CANARY") || !strings.Contains(got, "ann\r\n") || !strings.Contains(got, "ls\r\n") || !strings.Contains(got, "seen") {
		t.Errorf("the trace shows %q", got)
	}
	if strings.Contains(strings.ReplaceAll(strings.ReplaceAll(got, "*", ""), "\r\n", ""), "NARY") {
		t.Errorf("the trace shows %q", got)
	}
}

// What is a question for a password, and what only speaks of one.
func TestAsksSecret(t *testing.T) {
	for text, want := range map[string]bool{
		"Password: ": true, "ann's password:": true, "assword? ": false, "Passcode> ": true, "[sudo] password for ann: ": true,
		"Enter PIN:": true, "passphrase for key '/home/ann/.ssh/id': ": true, "Password: ***": true,
		"login: ": false, "Password: \r\n": false, "Your password expires\r\nlogin: ": false, "$ ": false, "shipping: ": false, "": false,
	} {
		if got := asksSecret().MatchString(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
