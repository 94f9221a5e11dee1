package repl

import (
	"context"
	"strings"

	"wireline/repl/syntax"
)

// block runs if and for.
func (sh *Shell) block(ctx context.Context, name string, l syntax.Line, io streams) error {
	b := l.Block
	fail := func(err error) error {
		sh.report(name, l.Pos, err, io, false)
		return err
	}
	words, err := sh.expand(ctx, b.Words, io.alias)
	if err != nil {
		return fail(err)
	}
	if b.For == "" {
		markValue(b.Words, words)
		yes, _, err := sh.holds(ctx, words)
		switch {
		case err != nil:
			return fail(err)
		case yes:
			return sh.script(ctx, name, b.Body, io)
		case b.Else != nil:
			return sh.script(ctx, name, b.Else, io)
		}
		return nil
	}
	var first, last error
	for _, w := range words {
		for value := range strings.Lines(w) {
			if cut := sh.cut(ctx, name, l.Pos, last, io); cut != nil || sh.leaving {
				return cut
			}
			sh.vars[b.For] = strings.TrimRight(value, "\r\n")
			if last = sh.script(ctx, name, b.Body, io); last != nil {
				if first == nil {
					first = last
				}
				if sh.Strict {
					return last
				}
			}
		}
	}
	return first
}
