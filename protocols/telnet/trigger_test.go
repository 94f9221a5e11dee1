package telnet

import (
	"context"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// TEL-14: what the server says is answered by itself, in whatever pieces it
// comes, painted or not, once for each time.
func TestOn(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "on", `/do you`, `do this\?/`, "do", "send", "y\r\n")
	must(t, s, "on", "-- more --", "do", "send", " ")
	must(t, s, "on", "--once", "/once/", "do", "send-cmd", "ayt")
	p.says("'do' 32 'you' 32 'do' 32 27 '[1mth'")
	p.says("'is?' 32")
	wantText(t, s, "do you do \x1b[1mthis? ", "recv", "--until", "? ")
	p.hears("'y' 13 10")
	p.says("'text' 13 10 '--' 32 'more' 32 '--' 13 '--' 32 'more' 32 '--' 13 10 'once' 13 10 'once' 13 10 'end'")
	must(t, s, "recv", "--until", "end")
	p.hears("32 32 IAC AYT")
	must(t, s, "on", "off", "2")
	p.says("'--' 32 'more' 32 '--' 32 'do' 32 'you' 32 'do' 32 'this?' 32 'end'")
	must(t, s, "recv", "--until", "end")
	p.hears("'y' 13 10")
	var got []string
	for tr := range must(t, s, "on").(verb.Stream[Trigger]) {
		got = append(got, tr.Message())
		if tr.Count != 2 {
			t.Errorf("%s: %d times", tr.On, tr.Count)
		}
	}
	if strings.Join(got, "|") != `[1] on /do you do this\?/ do send "y\r\n"` {
		t.Errorf("on lists %q", got)
	}
	must(t, s, "on", "off")
	p.says("'do' 32 'you' 32 'do' 32 'this?' 32 'end'")
	must(t, s, "recv", "--until", "end")
	must(t, s, "send", "quiet")
	p.hears("'quiet'")
}

// Appendix A, telnetlib: set_option_negotiation_callback.
func TestOnOption(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "on", "option", "will", "echo", "do", "send", "seen\r\n")
	must(t, s, "on", "option", "99", "do", "will", "98")
	p.says("IAC WILL ECHO 'x'")
	wantText(t, s, "x", "recv")
	p.hears("IAC DO ECHO 'seen' 13 10")
	p.says("IAC WONT ECHO IAC DO 99 'y'")
	wantText(t, s, "y", "recv")
	p.hears("IAC DONT ECHO IAC WONT 99 IAC WILL 98")
}

func TestOnWrong(t *testing.T) {
	s, _ := pipe(t)
	for line, want := range map[string]string{
		"/x/":                   "what is to be done",
		"/x/ do":                "what is to be done",
		"/(/ do send x":         "not a regular expression",
		"/x*/ do send x":        "matches nothing",
		"/x/ do send":           "nothing to send",
		"/x/ do dance":          "a trigger cannot dance",
		"/x/ do send-cmd x":     "not a command",
		"option do send x":      "which option",
		"option may 1 do raw x": "may is not will",
		"off 7":                 "no trigger 7",
	} {
		wantKind(t, s, map[bool]*fault.Kind{true: fault.BadArgument, false: fault.Usage}[strings.Contains(line, "send-cmd")], want, append([]string{"on"}, strings.Fields(line)...)...)
	}
	if len(s.triggers) > 0 {
		t.Errorf("there are %d triggers", len(s.triggers))
	}
}

// E02: a server cannot make us queue without end by saying what a trigger
// answers.
func TestOnFlood(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "on", "x", "do", "send", strings.Repeat("y", 1000))
	go func() {
		for range 1 << 10 {
			if _, err := p.Write([]byte(strings.Repeat("x\n", 1<<10))); err != nil {
				return
			}
		}
	}()
	for s.End == nil {
		s.Take()
		s.read(t.Context())
		if n := s.out.waiting(); n > 2*queueMost {
			t.Fatalf("%d bytes wait", n)
		}
	}
	if fault.Of(s.End) != fault.Limit {
		t.Errorf("it ended with %v", s.End)
	}
}

// TEL-13: a session that only idles, as those in the background do, answers
// too.
func TestOnWhileIdle(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "on", "/still there/", "do", "send", "yes\r\n")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() {
		defer close(done)
		for range s.Idle(ctx) {
		}
	}()
	p.says("'still' 32 'there?'")
	p.hears("'yes' 13 10")
	cancel()
	<-done
	wantText(t, s, "still there?", "recv")
}

// What has come and was not taken is answered, if it ends no line.
func TestOnLate(t *testing.T) {
	s, p := pipe(t)
	p.says("'more?' 13 10 'login:' 32")
	wantText(t, s, "more?\r\nlogin: ", "recv", "--until", ": ", "--peek")
	must(t, s, "on", "/more/", "do", "send", "no")
	must(t, s, "on", "/login:/", "do", "send", "ann\r\n")
	p.hears("'ann' 13 10")
}
