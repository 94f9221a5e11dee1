package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"wireline/protocols/fault"
	"wireline/repl/line"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// Interact reads lines at a prompt until the end of the input or exit. Its
// error is that of the terminal; what commands fail with has been shown.
func (sh *Shell) Interact(greeting string) error {
	e, err := sh.console()
	if err != nil {
		return err
	}
	sh.prompts = true
	defer func() { sh.prompts = false }()
	if e.IsTerminal() {
		defer sh.keepAlive()()
	}
	if e.IsTerminal() && greeting != "" {
		fmt.Fprint(sh.Out, greeting)
	}
	for n := 1; !sh.leaving; n++ {
		if e.IsTerminal() {
			sh.watchAll()
		}
		text, err := e.ReadLine(sh.prompt())
		sh.restAll()
		switch {
		case errors.Is(err, line.ErrInterrupt):
			continue
		case errors.Is(err, io.EOF):
			if yes, err := sh.mayLeave(context.Background()); err != nil || yes {
				return nil
			}
			continue
		case err != nil:
			return err
		}
		if err := sh.typed(text, n); err != nil && sh.Strict {
			return &reported{err}
		}
	}
	return nil
}

// interruptible is a context that ^C ends, and the signals that end programs.
func (sh *Shell) interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	if sh.prompts {
		stop := sh.editor.Watch(func() { cancel(fault.New(fault.Interrupt, "interrupted")) })
		return ctx, func() { stop(); cancel(nil) }
	}
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, endSignals...)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case s := <-ch:
			cancel(fault.New(signalKind(s), "%s", signalKind(s).Short))
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(ch); cancel(nil); <-done }
}

// unfinished reports whether a text goes on on the next line.
func unfinished(text string) bool {
	_, err := syntax.Parse("", text)
	var bad *syntax.Error
	return errors.As(err, &bad) && bad.Incomplete
}

// prompt shows the current session: [1] tcp localhost:12345>
func (sh *Shell) prompt() string {
	s := sh.here()
	text := "wireline> "
	if s != nil {
		text = fmt.Sprintf("[%d] %s%s> ", s.id, render.Clean(s.at()), render.Clean(s.Where()))
	}
	return sh.set.colored(sh.Out).Prompt(text)
}
