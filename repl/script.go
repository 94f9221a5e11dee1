package repl

import (
	"context"
	"io"
	"os"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// maxScript bounds a script file.
const maxScript = 1 << 20

type EchoArgs struct {
	Words []string `arg:"word..." help:"what to print" dash:"yes"`
}

// Echo prints words.
func (sh *Shell) Echo(_ context.Context, a EchoArgs) (string, error) {
	return strings.Join(a.Words, " "), nil
}

type SleepArgs struct {
	For string `arg:"seconds" help:"how long"`
}

// Sleep waits.
func (sh *Shell) Sleep(ctx context.Context, a SleepArgs) (any, error) {
	d, err := verb.Seconds(a.For)
	if err != nil {
		return nil, fault.New(fault.Usage, "%w", err)
	}
	return nil, pause(ctx, d)
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

type SourceArgs struct {
	File string `arg:"file" help:"a script" complete:"local"`
}

// Source runs the lines of a file.
func (sh *Shell) Source(ctx context.Context, a SourceArgs) (any, error) {
	text, err := ReadScript(sh.localPath(a.File))
	if err != nil {
		return nil, err
	}
	strict := sh.Strict
	sh.Strict = !sh.KeepGoing
	defer func() { sh.Strict = strict }()
	if err := sh.Run(ctx, a.File, text); err != nil {
		return nil, &reported{err}
	}
	return nil, nil
}

// ReadScript reads a script file; "-" is standard input.
func ReadScript(name string) (string, error) {
	var r io.Reader = os.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", fault.New(fault.ReadLocal, "cannot read %s: %v", name, cause(err))
		}
		defer f.Close()
		r = f
	}
	b, err := io.ReadAll(io.LimitReader(r, maxScript+1))
	if err != nil {
		return "", fault.New(fault.ReadLocal, "cannot read %s: %v", name, cause(err))
	}
	if len(b) > maxScript {
		return "", fault.New(fault.ReadLocal, "%s is larger than %d bytes, the limit for a script", name, maxScript)
	}
	return string(b), nil
}

type RepeatArgs struct {
	Times int           `arg:"times" help:"how often"`
	Words []string      `arg:"command..." help:"the command" dash:"yes"`
	Every time.Duration `flag:"every" help:"wait this long between two"`
}

// Repeat runs a command several times and stops at the first failure.
func (sh *Shell) Repeat(ctx context.Context, a RepeatArgs) (any, error) {
	if len(a.Words) == 0 {
		return nil, fault.New(fault.Usage, "missing COMMAND")
	}
	r := running(ctx)
	for i := range a.Times {
		if i > 0 && a.Every > 0 {
			if err := pause(ctx, a.Every); err != nil {
				return nil, err
			}
		}
		if err := sh.words(ctx, "", a.Words, r.argv, r.io); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

type LetArgs struct {
	Name  string `arg:"name" help:"of the variable"`
	Equal string `arg:"=" enum:"=" help:"the sign"`
	Value string `arg:"value" help:"one word" dash:"yes"`
}

// Let sets a variable when it comes as the words of a command line; in a
// script the grammar does.
func (sh *Shell) Let(_ context.Context, a LetArgs) (any, error) {
	sh.vars[a.Name] = a.Value
	return nil, nil
}
