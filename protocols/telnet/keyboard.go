package telnet

import (
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// Keys that mean something to us.
const (
	keyIntr      = 0x03 // ^C
	keyEOF       = 0x04 // ^D
	keyBackspace = 0x08
	keyKill      = 0x15 // ^U
	keyWord      = 0x17 // ^W
	keySusp      = 0x1a // ^Z
	keyESC       = 0x1b
	keyQuit      = 0x1c // ^\
	keyEscape    = 0x1d // ^]
	keyDelete    = 0x7f
)

// A keyboard sends what is typed: each key at once when the server echoes,
// else a line at Enter, which it makes as a terminal's driver would.
type keyboard struct {
	s          *Session
	screen     *screen
	eol        string // as it was typed
	char, line bool   // the user's wish; neither follows the options
	text       []byte // the line so far, or a character that is not whole
	skip       bool   // within the sequence of an arrow key or its like
}

// A stroke is a byte of a key, or why no more come.
type stroke struct {
	key byte
	err error
}

// meet talks with the server, which is listened to meanwhile.
func (k *keyboard) meet(ctx context.Context, tty verb.Terminal, strokes <-chan stroke) error {
	k.s.window(tty)
	listening, cancel := context.WithCancel(ctx)
	heard := make(chan error, 1)
	var fell *fault.Panic
	go func() {
		err := fault.Safely(func() error { return k.s.listen(listening, k.screen) })
		if errors.As(err, &fell) {
			err = nil
		}
		heard <- err
	}()
	err := k.talk(ctx, tty, strokes, heard)
	cancel()
	if err != errClosed {
		<-heard
	}
	if fell != nil { // it is for the shell, which closes the session and puts the terminal right
		return fell
	}
	return err
}

// comeBack waits until there is a connection again, or for ^]. What is typed
// meanwhile, and the line that was not sent, goes nowhere.
func (k *keyboard) comeBack(ctx context.Context, strokes <-chan stroke) error {
	k.text, k.skip = nil, false
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	back := make(chan error, 1)
	go func() {
		back <- fault.Safely(func() error {
			return k.s.comeBack(ctx, func(text string) { k.screen.own("[" + text + "]\r\n") })
		})
	}()
	for {
		select {
		case err := <-back:
			return err
		case t := <-strokes:
			if t.err == nil && t.key != keyEscape {
				continue
			}
			cancel()
			if err := <-back; err == nil || t.err == nil || t.err == io.EOF {
				return errLeft
			}
			return t.err
		}
	}
}

// talk takes keys until ^], until the server closes (errClosed), or until ctx
// ends.
func (k *keyboard) talk(ctx context.Context, tty verb.Terminal, strokes <-chan stroke, heard <-chan error) error {
	for {
		select {
		case <-heard:
			return errClosed
		case <-ctx.Done():
			return talk.Ended(ctx)
		case <-tty.Resized():
			k.s.window(tty)
		case t := <-strokes:
			switch {
			case t.err == io.EOF, t.err == nil && t.key == keyEscape:
				return nil
			case t.err != nil:
				return t.err
			}
			if err := k.stroke(ctx, t.key); err != nil {
				return err
			}
		}
	}
}

// typing reads keys one by one: what is typed after ^] is for the prompt.
func typing(tty io.Reader, strokes chan<- stroke, done <-chan struct{}) {
	p := make([]byte, 1)
	for {
		n, err := tty.Read(p)
		if n == 0 && err == nil {
			continue
		}
		t := stroke{p[0], nil}
		if n == 0 {
			t.err = err
		}
		select {
		case strokes <- t:
		case <-done:
			return
		}
		if t.err != nil || t.key == keyEscape {
			return
		}
	}
}

func (k *keyboard) stroke(ctx context.Context, c byte) error {
	k.s.mu.Lock()
	char, echo := k.s.eng.mode()
	k.s.mu.Unlock()
	char = (char || k.char) && !k.line
	if char {
		k.text = append(k.text, c)
		return k.s.key(ctx, &k.text)
	}
	if k.skip {
		k.skip = c == '[' || c == 'O' || c >= '0' && c <= '9' || c == ';'
		return nil
	}
	switch c {
	case '\r', '\n':
		k.show(echo, "\r\n")
		k.text = append(k.text, k.s.eol(k.eol)...)
		return k.s.key(ctx, &k.text)
	case keyBackspace, keyDelete:
		k.rub(echo, 1)
	case keyKill:
		k.rub(echo, utf8.RuneCount(k.text))
	case keyWord:
		k.rub(echo, k.lastWord())
	case keyIntr:
		return k.signal(ctx, echo, "^C", cmdIP)
	case keySusp:
		return k.signal(ctx, echo, "^Z", cmdSUSP)
	case keyQuit:
		return k.signal(ctx, echo, "^\\", cmdABORT)
	case keyEOF:
		if len(k.text) == 0 {
			return k.s.queue(ctx, []byte{cmdIAC, cmdEOF}, true)
		}
		return k.s.key(ctx, &k.text)
	case keyESC:
		k.skip = true
	default:
		if c < ' ' && c != '\t' {
			return nil
		}
		k.text = append(k.text, c)
		k.show(echo, string([]byte{c}))
	}
	return nil
}

// signal drops the line and sends a command in its stead.
func (k *keyboard) signal(ctx context.Context, echo bool, seen string, cmd byte) error {
	k.show(echo, seen+"\r\n")
	k.text = nil
	return k.s.queue(ctx, []byte{cmdIAC, cmd}, true)
}

// show echoes, unless the server does, or wants what is typed to be a secret.
func (k *keyboard) show(echo bool, text string) {
	if echo {
		k.screen.own(text)
	}
}

// rub takes the last n characters back.
func (k *keyboard) rub(echo bool, n int) {
	for ; n > 0 && len(k.text) > 0; n-- {
		_, size := utf8.DecodeLastRune(k.text)
		k.text = k.text[:len(k.text)-size]
		k.show(echo, "\b \b")
	}
}

// lastWord is how many characters the last word has, with the blanks behind
// it.
func (k *keyboard) lastWord() int {
	n, word := 0, false
	for t := k.text; len(t) > 0; n++ {
		r, size := utf8.DecodeLastRune(t)
		if word && r == ' ' {
			break
		}
		word = word || r != ' '
		t = t[:len(t)-size]
	}
	return n
}
