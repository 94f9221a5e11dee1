package line

import (
	"context"
	"errors"
	"io"
	"strings"
)

// morePrompt stands before the lines that continue one.
const morePrompt = "... "

// ReadLine shows prompt and returns one command: a line, or the lines it
// takes until Continue is content, joined by line ends. Of a paste of several
// lines each is returned by a call of its own, after the Enter that follows
// the paste.
func (e *Editor) ReadLine(prompt string) (string, error) {
	if err := e.take(context.Background()); err != nil {
		return "", err
	}
	defer e.give()
	e.endTalk()
	e.in.calm()
	e.intr.forget()
	if e.modes != nil {
		defer e.listen()()
	}
	text, err := e.next(prompt)
	for err == nil && e.cfg.Continue != nil && e.cfg.Continue(text) {
		var more string
		more, err = e.next(morePrompt)
		if errors.Is(err, io.EOF) {
			return text, nil // the parser says what is missing
		}
		text += "\n" + more
	}
	if err != nil {
		e.setQueue(nil)
		return "", err
	}
	if e.IsTerminal() {
		e.remember(text)
	}
	return text, nil
}

// listen makes a SIGINT the same as a typed ^C until stop. One that came too
// late to drop the line is for the command that the line starts.
func (e *Editor) listen() (stop func()) {
	end := e.intr.watch(e.in.interrupt)
	return func() {
		end()
		if e.in.calm() {
			e.intr.keep()
		}
	}
}

// next is the next line: of the last paste, or from the user.
func (e *Editor) next(prompt string) (string, error) {
	e.queueMu.Lock()
	if len(e.queue) > 0 {
		line := e.queue[0]
		e.queue = e.queue[1:]
		e.queueMu.Unlock()
		e.out.print(prompt + visible(line) + "\n")
		return line, nil
	}
	e.queueMu.Unlock()
	text, err := e.lines.ReadLine(prompt)
	if err != nil {
		return "", err
	}
	line, rest, more := strings.Cut(text, "\n")
	if more {
		e.setQueue(strings.Split(strings.TrimSuffix(rest, "\n"), "\n"))
	}
	return line, nil
}

func (e *Editor) setQueue(lines []string) {
	e.queueMu.Lock()
	e.queue = lines
	e.queueMu.Unlock()
}

// remember puts a command into the history, unless it begins with a blank or
// Redact forbids it.
func (e *Editor) remember(text string) {
	if strings.TrimSpace(text) == "" || text[0] == ' ' || text[0] == '\t' {
		return
	}
	if e.cfg.Redact != nil {
		var ok bool
		if text, ok = e.cfg.Redact(text); !ok {
			return
		}
	}
	e.history.add(text)
}
