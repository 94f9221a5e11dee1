package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/render"
	"wireline/repl/syntax"
	"wireline/repl/transfer"
)

// streams are where one command reads and writes.
type streams struct {
	in       func() (verb.Input, bool) // what < or a heredoc feeds; nil: nothing
	out, err io.Writer
	terminal bool        // out is a terminal
	alias    aliasCall   // that the command is part of
	front    *foreground // the line that the command is part of; nil: not one that ^Z can stop
}

// seen reports whether what is written to out is seen at once by a person who
// waits for it.
func (s streams) seen() bool { return s.terminal && s.front.watched() }

func (sh *Shell) streams() streams {
	return streams{out: sh.Out, err: sh.Err, terminal: sh.set.terminal(sh.Out)}
}

// Run runs a script. The whole of it is parsed first, so nothing is done when
// a line is wrong. Under Strict the first failure ends it.
func (sh *Shell) Run(ctx context.Context, name, text string) error {
	s, err := syntax.Parse(name, text)
	if err != nil {
		return err
	}
	return sh.script(ctx, name, s, sh.streams())
}

// maxDepth bounds scripts that run themselves.
const maxDepth = 64

type depthKey struct{}

func (sh *Shell) script(ctx context.Context, name string, s *syntax.Script, io streams) error {
	depth, _ := ctx.Value(depthKey{}).(int)
	if depth == maxDepth {
		return fault.New(fault.Usage, "more than %d scripts or aliases within each other", maxDepth)
	}
	ctx = context.WithValue(ctx, depthKey{}, depth+1)
	var first, last error
	for _, l := range s.Lines {
		if err := sh.cut(ctx, name, l.Pos, last, io); err != nil {
			first = err
			break
		}
		if sh.leaving {
			break
		}
		if last = sh.line(ctx, name, l, io); last != nil {
			if first == nil {
				first = last
			}
			if sh.Strict {
				break
			}
		}
	}
	switch {
	case ctx.Err() == nil:
	case told(last, context.Cause(ctx)):
		return last // what ends all counts more than what went wrong before
	case first == nil:
		return &unsaid{context.Cause(ctx)}
	}
	return first
}

// line runs one line: its commands in turn, in the background if it ends in &.
func (sh *Shell) line(ctx context.Context, name string, l syntax.Line, io streams) error {
	if l.Block != nil {
		return sh.block(ctx, name, l, io)
	}
	if l.Background {
		return sh.start(l, io)
	}
	return sh.items(ctx, name, l, io)
}

func (sh *Shell) items(ctx context.Context, name string, l syntax.Line, io streams) error {
	var err error
	for i, it := range l.Items {
		if i > 0 {
			if cut := sh.cut(ctx, name, it.Cmd.Pos, err, io); cut != nil {
				return cut
			}
			switch {
			case sh.leaving:
				return err
			case it.Op == syntax.And && err != nil, it.Op == syntax.Or && err == nil:
				continue
			case it.Op == syntax.Semi && err != nil && sh.Strict && !l.Items[i-1].Cmd.Ignore:
				return err
			}
		}
		began := sh.now()
		err = sh.command(ctx, name, it.Cmd, io)
		handled := i+1 < len(l.Items) && l.Items[i+1].Op == syntax.Or
		sh.check(name, it.Cmd, err, handled, sh.now().Sub(began))
		if err != nil {
			sh.report(name, it.Cmd.Pos, err, io, handled)
		}
		if it.Cmd.Ignore {
			err = nil
		}
	}
	return err
}

// cut is why the rest of a script is left out, if it is: what came before has
// ended with err.
func (sh *Shell) cut(ctx context.Context, name string, pos syntax.Pos, err error, io streams) error {
	if ctx.Err() == nil {
		return nil
	}
	why := context.Cause(ctx)
	if told(err, why) {
		return err
	}
	sh.report(name, pos, why, io, false)
	return &reported{why}
}

// told reports whether err has told a person already why a context ended.
func told(err, why error) bool {
	var end *unsaid
	return err != nil && fault.Of(err) == fault.Of(why) && !errors.As(err, &end)
}

// report says once what went wrong. What || takes care of is still said, since
// silence would hide why.
func (sh *Shell) report(name string, pos syntax.Pos, err error, io streams, _ bool) {
	sh.exit = Exit(err)
	var before *reported
	if errors.As(err, &before) {
		return
	}
	prefix := "wireline"
	if name != "" && !sh.prompts {
		prefix += fmt.Sprintf(": %s:%d:%d", name, pos.Line, pos.Col)
	}
	render.Error(io.err, sh.set.colored(io.err), prefix, err)
}

// A reported error has been shown already.
type reported struct{ error }

func (r *reported) Unwrap() error { return r.error }

// An unsaid error is that of a script which was told to end when all of it had
// been done.
type unsaid struct{ error }

func (u *unsaid) Unwrap() error { return u.error }

// Exit is the process status that err stands for.
func Exit(err error) int {
	if err == nil {
		return 0
	}
	return fault.Of(err).Exit
}

// command runs one command with its redirections and its pipe. What it fails
// with goes where 2> says.
func (sh *Shell) command(ctx context.Context, name string, c syntax.Command, s streams) (err error) {
	defer sh.caught(&err)
	if c.Shell != "" {
		return sh.local(ctx, c.Shell, nil, s)
	}
	words, err := sh.expand(ctx, c.Words, s.alias)
	if err != nil {
		return err
	}
	if len(words) > 1 && c.Words[0].Text == "assert" && len(words) == len(c.Words) {
		markValue(c.Words[1:], words[1:])
	}
	if c.Let != "" {
		sh.vars[c.Let] = strings.Join(words, " ")
		sh.exit = 0
		return nil
	}
	s, done, err := sh.redirect(ctx, c, s)
	if err != nil {
		return err
	}
	err = sh.words(ctx, c.Session, words, false, s)
	if err != nil && slices.ContainsFunc(c.Redirs, func(r syntax.Redir) bool { return r.Op == "2>" }) {
		sh.report(name, c.Pos, err, s, false)
		err = &reported{err}
	}
	return done(err)
}

// words runs one command whose words are final.
func (sh *Shell) words(ctx context.Context, at string, words []string, argv bool, s streams) error {
	if flags, rest := sh.ahead(words); len(rest) > 0 && at == "" {
		next, done, err := sh.unaliased(ctx, flags, rest, s)
		if done || err != nil {
			return err
		}
		words = append(flags, next...)
	}
	c, err := sh.route(at, words, argv)
	if err != nil {
		return err
	}
	if slices.Contains(c.words, "--help") && c.verb.Name != "echo" {
		_, err = io.WriteString(s.out, sh.page(c))
		return err
	}
	if c.verb.Rewrite != nil {
		if c, err = sh.rewrite(at, c); err != nil {
			return err
		}
	}
	if err = sh.perform(ctx, c, s); err == nil {
		sh.exit = 0
	}
	return err
}

// expand gives words their values.
func (sh *Shell) expand(ctx context.Context, ws []syntax.Word, alias aliasCall) ([]string, error) {
	env := &environment{ctx: ctx, sh: sh, alias: alias}
	words := make([]string, 0, len(ws))
	for _, w := range ws {
		if w.Text == "$*" && alias.within != nil {
			words = append(words, alias.args...)
			continue
		}
		x, err := w.Expand(env)
		if err != nil {
			return nil, err
		}
		words = append(words, x)
	}
	return words, nil
}

// redirect opens what the command's redirections and pipe name. The function
// it returns closes them and gives the command's final error.
func (sh *Shell) redirect(ctx context.Context, c syntax.Command, s streams) (streams, func(error) error, error) {
	var closers []func(error) error
	done := func(err error) error {
		for i := len(closers) - 1; i >= 0; i-- {
			err = closers[i](err)
		}
		return err
	}
	env := &environment{ctx: ctx, sh: sh, alias: s.alias}
	for _, r := range c.Redirs {
		name, err := r.File.Expand(env)
		if err != nil {
			return s, nil, done(err)
		}
		if r.Op == "<" {
			s.in = sh.fileInput(name)
			continue
		}
		f, err := transfer.Create(sh.localPath(name), r.Op == ">>", 0o666)
		if err != nil {
			return s, nil, done(err)
		}
		closers = append(closers, func(err error) error {
			if cerr := f.Close(); err == nil && cerr != nil {
				err = fault.New(fault.WriteLocal, "cannot write %s: %v", name, cause(cerr))
			}
			return err
		})
		if r.Op == "2>" {
			s.err = f
		} else {
			s.out, s.terminal = f, false
		}
	}
	if c.Here != nil {
		text, err := c.Here.Body.Expand(env)
		if err != nil {
			return s, nil, done(err)
		}
		s.in = textInput(text)
	}
	if c.Pipe != "" {
		w, wait, err := sh.pipe(ctx, c.Pipe, s)
		if err != nil {
			return s, nil, done(err)
		}
		closers = append(closers, wait)
		s.out, s.terminal = w, false
	}
	return s, done, nil
}
