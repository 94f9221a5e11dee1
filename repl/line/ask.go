package line

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"wireline/protocols/fault"
)

// ReadSecret asks for a password on the terminal, on a fresh row and without
// showing or remembering what is typed. What was typed before the question
// is discarded. When standard input is not a terminal the one that the
// program runs on is asked, as long as standard error goes there. The error
// is of kind Usage when there is none, ErrInterrupt after ^C, io.EOF after
// ^D.
func (e *Editor) ReadSecret(ctx context.Context, prompt string) (string, error) {
	return e.ask(ctx, prompt, false)
}

// Confirm asks a question and reports whether the answer was y or yes. What
// was typed before the question does not answer it. Its errors are those of
// ReadSecret.
func (e *Editor) Confirm(ctx context.Context, question string) (bool, error) {
	answer, err := e.ask(ctx, question+" [y/N] ", true)
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", err
}

// Answer asks for a line, which is shown and not remembered. What was typed
// before the question is discarded. Its errors are those of ReadSecret.
func (e *Editor) Answer(ctx context.Context, question string) (string, error) {
	return e.ask(ctx, question+" ", true)
}

func (e *Editor) ask(ctx context.Context, prompt string, echo bool) (string, error) {
	if err := e.take(ctx); err != nil {
		return "", err
	}
	defer e.give()
	defer e.pauseTalk()()
	defer e.borrow()()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stopped := context.AfterFunc(e.life, func() { cancel(io.EOF) })
	defer stopped()
	q := question{in: e.in, modes: e.modes, out: e.out, echo: echo}
	if e.modes == nil || !e.IsTerminal() {
		tty, err := openTerminal(e.cfg.Err)
		if err != nil {
			return "", err
		}
		defer tty.Close()
		in, err := newInput(tty)
		if err != nil {
			return "", err
		}
		defer in.release()
		q.in, q.modes, q.out = in, newModes(tty), newDisplay(e.cfg.Err, !dumb() && drawable(e.cfg.Err))
	}
	e.in.calm()
	stop := e.intr.watch(q.in.interrupt)
	defer stop()
	return q.put(ctx, prompt)
}

// openTerminal opens the terminal that the program runs on, if its user can
// see it: standard error goes there.
func openTerminal(err *os.File) (*os.File, error) {
	if term.IsTerminal(int(err.Fd())) {
		if tty, err := os.OpenFile(terminalName, os.O_RDWR, 0); err == nil {
			return tty, nil
		}
	}
	return nil, fault.New(fault.Usage, "a question to the user needs a terminal").WithHint("--password-fd reads a password from a file descriptor")
}

// A question is put to the user outside the line editor.
type question struct {
	in    *input
	modes *modes
	out   *display
	echo  bool
}

func (q *question) put(ctx context.Context, prompt string) (answer string, err error) {
	if err := q.modes.edit(); err != nil {
		return "", fault.New(fault.Usage, "the terminal cannot be used: %w", err)
	}
	defer cook(q.in, q.modes)
	q.in.flush()
	q.out.open(prompt)
	defer q.out.shut()
	if !q.out.ansi {
		defer q.out.write("\n")
	}
	var got []byte
	for {
		var b [1]byte
		if _, err := q.in.read(ctx, b[:], 0); err != nil {
			return "", err
		}
		switch c := b[0]; c {
		case '\r', '\n':
			return string(got), nil
		case 3:
			return "", ErrInterrupt
		case 4:
			if len(got) == 0 {
				return "", io.EOF
			}
		case 0x7F, 8:
			_, n := utf8.DecodeLastRune(got)
			got = got[:len(got)-n]
		case 21:
			got = got[:0]
		case 0x1B:
			err = q.skip(ctx)
		default:
			if c >= 0x20 && len(got) < 4096 {
				got = append(got, c)
				if q.echo && !q.out.ansi {
					q.out.print(string(rune(c)))
				}
			}
		}
		if err != nil {
			return "", err
		}
		if q.echo && (len(got) == 0 || utf8.Valid(got)) {
			q.out.draw(prompt, []rune(string(got)), len(got))
		}
	}
}

// skip drops the rest of an escape sequence, so that the marks around a paste
// do not become part of a password.
func (q *question) skip(ctx context.Context) error {
	for i := 0; ; i++ {
		var b [1]byte
		_, err := q.in.read(ctx, b[:], replyWait)
		if errors.Is(err, errNoInput) {
			return nil
		}
		if err != nil {
			return err
		}
		if i == 0 && b[0] != '[' && b[0] != 'O' || i > 0 && b[0] >= '@' {
			return nil
		}
	}
}
