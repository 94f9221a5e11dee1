//go:build unix

package main

import (
	"strings"
	"testing"
	"time"
)

// X02: what would set the clipboard or the title, or make a terminal type an
// answer into the prompt, does not reach it: neither told above the prompt,
// nor received, nor in an error. X01: nor does any other control sequence of
// a server.
func TestHostileServer(t *testing.T) {
	p, c := joined(t)
	hostile := []string{
		"\x1b]52;c;ZXZpbA==\x07", "\x1b]0;title\x1b\\", "\x1b[6n", "\x1b[c", "\x1b[>c", "\x1bP$qm\x1b\\", "\x1b[?2004l", "\x9b6n", "\u009b6n",
		"\x1b[2J", "\x1b[21t", "\x05", "\x1b[5i", "\u202eevil",
	}
	for _, h := range hostile {
		if _, err := c.Write([]byte(h + "mark\r\n")); err != nil {
			t.Fatal(err)
		}
	}
	p.sees("recv takes them")
	p.types("recv --idle 0.3; echo got\r")
	p.sees("evilmark")
	p.sees("got\r\n")
	p.types("expect /never/ -t 0.1\r")
	p.sees("no match")
	p.mu.Lock()
	screen := p.screen.String()
	p.mu.Unlock()
	for _, h := range hostile {
		if h == "\x1b[?2004l" {
			continue // the editor says that itself
		}
		if h != "\u202eevil" && strings.Contains(screen, h) || strings.Contains(screen, "\u202e") {
			t.Errorf("%q reached the terminal", h)
		}
	}
	p.leaves()
}

// X02: what a terminal types by itself is no command, even if a person wanted
// to see what a server sends as it is.
func TestTypedByTheTerminal(t *testing.T) {
	p, c := joined(t)
	if _, err := c.Write([]byte("where is the cursor?\x1b[6n\r\n")); err != nil {
		t.Fatal(err)
	}
	p.sees("recv takes them")
	p.types("recv --until \"\\n\" --raw-output\r")
	p.shows("\x1b[6n")
	p.shows("\x1b[5n")
	p.types("\x1b[7;21Recho evil\r\x1b[0necho good\r")
	if got := p.sees("good\r\n"); strings.Contains(got, "evil\r\n") {
		t.Errorf("the terminal's answer was run: %q", got)
	}
	p.leaves()
}

// shows waits until the terminal was sent something, be it an escape sequence.
func (p *person) shows(raw string) {
	p.t.Helper()
	for end := time.After(time.Minute); ; {
		p.mu.Lock()
		there := strings.Contains(p.screen.String(), raw)
		p.mu.Unlock()
		if there {
			return
		}
		select {
		case <-p.news:
		case <-end:
			p.t.Fatalf("%q was not sent to the terminal", raw)
		}
	}
}
