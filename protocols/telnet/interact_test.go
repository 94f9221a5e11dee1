package telnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A fakeTTY is a terminal of a test: keys go in by type, what is shown
// gathers in screen.
type fakeTTY struct {
	keys    chan byte
	closed  chan struct{}
	resized chan struct{}
	plain   bool
	in      io.Reader // when it is no terminal

	mu         sync.Mutex
	shown      strings.Builder
	raw        bool
	cols, rows int
	out        io.Writer
}

func newTTY(t *testing.T) *fakeTTY {
	tty := &fakeTTY{keys: make(chan byte, 1<<16), closed: make(chan struct{}), resized: make(chan struct{}, 1), cols: 80, rows: 24}
	t.Cleanup(func() { close(tty.closed) })
	return tty
}

func (f *fakeTTY) Read(p []byte) (int, error) {
	select {
	case p[0] = <-f.keys:
		return 1, nil
	case <-f.closed:
		return 0, io.ErrClosedPipe
	}
}

func (f *fakeTTY) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shown.Write(p)
}

func (f *fakeTTY) IsTerminal() bool { return !f.plain }

func (f *fakeTTY) Raw(on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.raw = on
	return nil
}

func (f *fakeTTY) Size() (int, int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cols, f.rows
}

func (f *fakeTTY) Resized() <-chan struct{} { return f.resized }
func (f *fakeTTY) In() io.Reader            { return f.in }

func (f *fakeTTY) Out() io.Writer {
	if f.out != nil {
		return f.out
	}
	return f
}

func (f *fakeTTY) screen() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shown.String()
}

func (f *fakeTTY) type_(text string) {
	for _, c := range []byte(text) {
		f.keys <- c
	}
}

func (f *fakeTTY) shows(t *testing.T, text string) {
	t.Helper()
	for late := time.Now().Add(time.Minute); !strings.Contains(f.screen(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatalf("%q is not shown, but %q", text, f.screen())
		}
	}
}

// seated begins interact and returns its end.
func seated(t *testing.T, s *Session, tty *fakeTTY, words ...string) <-chan error {
	t.Helper()
	done := make(chan error, 1)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	go func() {
		_, err := run(ctx, s, verb.Env{Terminal: tty}, append([]string{"interact"}, words...)...)
		done <- err
	}()
	return done
}

// TEL-02: lines are made here while the server does not echo, keys go at once
// when it does, and a password is not shown.
func TestModes(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	p.says("'login:' 32")
	done := seated(t, s, tty)
	tty.shows(t, "login: ")
	tty.type_("amx\x7f\x7fnn\r")
	p.hears("'ann' 13 10")
	tty.shows(t, "amx\b \b\b \bnn\r\n")

	p.says("IAC WILL ECHO 'Password:' 32") // without SGA: a line, not shown
	tty.shows(t, "Password: ")
	p.hears("IAC DO ECHO")
	tty.type_("secret\r")
	p.hears("'secret' 13 10")

	p.says("IAC WILL SGA '$' 32")
	tty.shows(t, "$ ")
	p.hears("IAC DO SGA")
	tty.type_("l")
	p.hears("'l'")
	tty.type_("\x03\x1b[A\r\xff")
	p.hears("3 27 '[A' 13 0 IAC IAC")
	p.says("'a' 10 'b'") // a program that draws: LF stays LF
	tty.shows(t, "a\nb")

	p.says("IAC WONT ECHO 'c' 10 'd'")
	tty.shows(t, "c\r\nd")
	p.hears("IAC DONT ECHO")
	tty.type_("x\x03y\x1a\x1c\x04z w\x17q\r")
	p.hears("IAC IP IAC SUSP IAC ABORT IAC EOF 'z' 32 'q' 13 10")
	tty.type_("\x1drest")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if strings.Contains(tty.screen(), "secret") {
		t.Error("the password was shown")
	}
	// What was typed after ^] is left for the prompt.
	if n := len(tty.keys); n != 4 {
		t.Errorf("%d keys are left, want 4", n)
	}
	if tty.raw {
		t.Error("the terminal is still raw")
	}
	must(t, s, "send", "still here")
	p.hears("'still' 32 'here'")
}

// X07: the terminal is put right at the end, whatever the server did to it.
func TestTidy(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	done := seated(t, s, tty)
	p.says("27 '[?1049h' 27 '[?25l' 27 '[?1000h' 27 '[31m' 27 ']0;unended'")
	tty.shows(t, "unended")
	tty.type_("\x1d")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(tty.screen(), "unended")
	for _, seq := range []string{"\x1b\\", "\x1b[0m", "\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?2004l"} {
		if !strings.Contains(after, seq) {
			t.Errorf("%q is missing in %q", seq, after)
		}
	}
}

// X07: to leave the alternate screen when a program has left it already would
// throw the cursor back to where that began.
func TestTidyOnce(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	done := seated(t, s, tty)
	p.says("27 '[?1049;1h' 27 '[?25l' 27 '[?10'")
	p.says("'49l' 27 '[?25h' 'over'")
	tty.shows(t, "over")
	tty.type_("\x1d")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if _, after, _ := strings.Cut(tty.screen(), "over"); strings.Contains(after, "1049") {
		t.Errorf("at the end came %q", after)
	}
}

// TEL-02: a program that has the whole screen is seen again when the user
// comes back to it: it draws anew, since its window seems to change.
func TestReappears(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	p.says("IAC DO NAWS")
	done := seated(t, s, tty)
	p.hears("IAC WILL NAWS IAC SB NAWS 0 80 0 24 IAC SE")
	p.says("27 '[?1049h' 'vi'")
	tty.shows(t, "vi")
	tty.type_("\x1d")
	<-done
	tty = newTTY(t)
	done = seated(t, s, tty)
	p.hears("IAC SB NAWS 0 80 0 23 IAC SE IAC SB NAWS 0 80 0 24 IAC SE")
	tty.shows(t, toAlternate)
	tty.type_("\x1d")
	<-done
	if got := tty.screen(); !strings.Contains(got, fromAlternate) {
		t.Errorf("shown: %q", got)
	}
	p.says("27 '[?1049l' 'sh'") // while nobody looked
	wantText(t, s, "\x1b[?1049lsh", "recv", "--until", "sh")
	tty = newTTY(t)
	done = seated(t, s, tty)
	tty.type_("\x1d")
	<-done
	if got := tty.screen(); strings.Contains(got, "1049") {
		t.Errorf("shown: %q", got)
	}
}

// A fault while the screen is written to is one of the verb, which the shell
// lives through.
func TestInteractFalls(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	p.says("'x'")
	_, err := run(t.Context(), s, verb.Env{Terminal: brokenTTY{tty}}, "interact")
	if p := new(fault.Panic); !errors.As(err, &p) {
		t.Errorf("it ended with %v", err)
	}
}

// A brokenTTY breaks when the server has something to say.
type brokenTTY struct{ *fakeTTY }

func (b brokenTTY) Write(p []byte) (int, error) {
	if string(p) == "x" {
		panic("broken")
	}
	return b.fakeTTY.Write(p)
}

// TEL-04: the server learns of another size of the window within a second.
func TestResize(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	p.says("IAC DO NAWS")
	done := seated(t, s, tty)
	p.hears("IAC WILL NAWS IAC SB NAWS 0 80 0 24 IAC SE")
	best := time.Hour // of three, so that what else the machine does is no matter
	for rows := 50; rows < 53; rows++ {
		tty.mu.Lock()
		tty.cols, tty.rows = 255, rows
		tty.mu.Unlock()
		tty.resized <- struct{}{}
		start := time.Now()
		p.hears(fmt.Sprintf("IAC SB NAWS 0 IAC IAC 0 %d IAC SE", rows))
		best = min(best, time.Since(start))
	}
	if best > time.Second {
		t.Errorf("it took %v", best)
	}
	tty.type_("\x1d")
	<-done
}

// When the server closes, interact ends by itself and says so; an interrupt
// ends it too.
func TestInteractEnds(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	done := seated(t, s, tty)
	p.says("'bye' 13 10")
	p.CloseWrite()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	tty.shows(t, "bye\r\n")
	tty.shows(t, "closed the connection")

	s, _ = pipe(t)
	tty = newTTY(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(errors.New("stop")) })
	_, err := run(ctx, s, verb.Env{Terminal: tty}, "interact")
	if fault.Of(err) != fault.Interrupt || tty.raw {
		t.Errorf("%v, raw %v", err, tty.raw)
	}
}

// X07: --safe lets text, colours and movements through and nothing else.
func TestSafe(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"colours", "\x1b[1;31mred\x1b[0m\x1b[38:5:1m", "\x1b[1;31mred\x1b[0m\x1b[38:5:1m"},
		{"movement", "\x1b[2J\x1b[H\x1b[10;5H\x1b[K\x1b[A", "\x1b[2J\x1b[H\x1b[10;5H\x1b[K\x1b[A"},
		{"title", "a\x1b]0;evil\x07b\x1b]2;evil\x1b\\c", "abc"},
		{"clipboard", "\x1b]52;c;ZXZpbA==\x07x", "x"},
		{"queries", "\x1b[c\x1b[6n\x1b[>q\x1b[?6n\x1bZ\x1b[21t\x1b[x\x05x", "x"},
		{"device control", "\x1bP$q\"p\x1b\\x\x1b_G\x1b\\\x1b^p\x1b\\\x1bXs\x1b\\", "x"},
		{"modes", "\x1b[?1049h\x1b[?2004h\x1b[4h\x1b[?25lx", "x"},
		{"resets and sets", "\x1bc\x1b(0\x1b#8\x1b[!px\x1b7\x1b=", "x"},
		{"8 bit", "\x9b6n\xc2\x9b6nx\x90", "6n6nx"},
		{"controls within", "\x1b[3\n1mx\x0e\x0f\x00\x08\t", "\n\x1b[31mx\b\t"},
		{"an escape in an escape", "\x1b[3\x1b[1mx\x1b[3\x18m", "\x1b[1mxm"},
		{"characters", "é中\U0001F600\xff\u202e", "é中\U0001F600\u202e"},
		{"an endless one", "\x1b[" + strings.Repeat("1;", 100) + "mx", "x"},
	} {
		whole, pieces := &safe{}, &safe{}
		if got := string(whole.filter([]byte(c.in))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		var got strings.Builder
		for i := range len(c.in) {
			got.Write(pieces.filter([]byte{c.in[i]}))
		}
		if got.String() != c.want {
			t.Errorf("%s, byte by byte: %q, want %q", c.name, got.String(), c.want)
		}
	}
	s, p := pipe(t)
	tty := newTTY(t)
	done := seated(t, s, tty, "--safe")
	p.says("27 ']52;c;x' 7 'seen'")
	tty.shows(t, "seen")
	tty.type_("\x1d")
	<-done
	if strings.Contains(tty.screen(), "]52") {
		t.Errorf("shown: %q", tty.screen())
	}
}

// With a pipe, lines go as telnet has them, and what still comes is waited
// for.
func TestPipe(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	tty.plain, tty.in = true, strings.NewReader("ann\nls\n")
	done := seated(t, s, tty, "--linger", "15")
	p.hears("'ann' 13 10 'ls' 13 10")
	p.says("'README' 13 10")
	p.CloseWrite()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := tty.screen(); got != "README\r\n" {
		t.Errorf("output %q", got)
	}
	// A server that stays and says nothing is not waited for any longer.
	s, _ = pipe(t)
	tty = newTTY(t)
	tty.plain, tty.in = true, strings.NewReader("ann\n")
	if err := <-seated(t, s, tty, "--linger", "0.1"); err != nil {
		t.Error(err)
	}
}

// Many keys at once are not sent one by one, and none is lost.
func TestPaste(t *testing.T) {
	s, p := pipe(t)
	tty := newTTY(t)
	p.says("IAC WILL ECHO IAC WILL SGA")
	done := seated(t, s, tty)
	p.hears("IAC DO ECHO IAC DO SGA")
	text := strings.Repeat("0123456789abcdef", 1<<11)
	go tty.type_(text + "\x1d")
	got := make([]byte, len(text))
	if _, err := io.ReadFull(p, got); err != nil || string(got) != text {
		t.Errorf("what was pasted did not come whole: %v", err)
	}
	<-done
}
