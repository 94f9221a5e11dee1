package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/repl/line"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// Once runs the command that the words of a command line are, and what
// belongs to it: a session that connect opened is talked to, one that listen
// opened serves.
func (sh *Shell) Once(words []string) error {
	ctx, stop := sh.interruptible(context.Background())
	defer stop()
	at := ""
	if flags, rest := sh.ahead(words); len(rest) > 0 && strings.HasPrefix(rest[0], "@") {
		at, words = rest[0][1:], append(flags, rest[1:]...)
	}
	err := sh.oneCommand(ctx, at, words)
	if err != nil {
		sh.report("", syntax.Pos{}, err, sh.streams(), false)
	}
	return err
}

func (sh *Shell) oneCommand(ctx context.Context, at string, words []string) (err error) {
	defer sh.caught(&err)
	if err := sh.words(ctx, at, words, true, sh.streams()); err != nil {
		return err
	}
	s := sh.here()
	if s == nil || sh.leaving || sh.followed {
		return nil
	}
	if srv, ok := s.Session.(protocols.Server); ok && srv.Serving() {
		return sh.serve(ctx, s)
	}
	if _, ok := s.Session.(protocols.Accepter); ok {
		if err := sh.words(ctx, "", []string{"accept"}, true, sh.streams()); err != nil {
			return err
		}
		s = sh.here()
	}
	if _, ok := verb.Find(s.proto.Verbs, "interact"); ok {
		return sh.words(ctx, "", []string{"interact"}, true, sh.streams())
	}
	if sh.In != nil && line.IsTerminal(sh.In) {
		return sh.Interact("")
	}
	return nil
}

// serve tells what happens at a session that works by itself, until it ends
// or the context does.
func (sh *Shell) serve(ctx context.Context, s *session) error {
	for n, err := range s.Session.(protocols.Server).Idle(ctx) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(sh.Out, render.Clean(n.Text))
	}
	return context.Cause(ctx)
}

// Script runs a file, or a text given with -c, whose name is then "-c".
func (sh *Shell) Script(name, text string) error {
	sh.Strict = !sh.KeepGoing
	ctx, stop := sh.interruptible(context.Background())
	defer stop()
	err := sh.Run(ctx, name, text)
	var bad *syntax.Error
	if errors.As(err, &bad) {
		sh.report("", syntax.Pos{}, err, sh.streams(), false)
	} else if err != nil && sh.exit == 0 {
		sh.report("", syntax.Pos{}, err, sh.streams(), false)
	}
	return err
}

// stdin is what a verb reads when no word names its input: what < or a
// heredoc feeds, or for the words of a command line standard input itself,
// unless a person would have to type it.
func (sh *Shell) stdin(s streams, argv bool) func() (verb.Input, bool) {
	if s.in != nil {
		return s.in
	}
	if !argv || sh.In == nil || line.IsTerminal(sh.In) {
		return nil
	}
	return func() (verb.Input, bool) {
		return verb.Input{Size: sizeOf(sh.In), ReadCloser: keepOpen{sh.In}}, true
	}
}

// sizeOf is how many bytes may be read from f, -1 if that is not known.
func sizeOf(f *os.File) int64 {
	fi, err := f.Stat()
	if err != nil {
		return -1
	}
	if null, err := os.Stat(os.DevNull); err == nil && os.SameFile(fi, null) {
		return 0
	}
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil || !fi.Mode().IsRegular() {
		return -1
	}
	return max(0, fi.Size()-at)
}

// keepOpen is standard input, which no verb may close.
type keepOpen struct{ io.Reader }

func (keepOpen) Close() error { return nil }
