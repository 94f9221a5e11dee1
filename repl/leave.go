package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"wireline/protocols"
	"wireline/repl/line"
	"wireline/repl/render"
)

type ExitArgs struct {
	Force bool `flag:"f,force" help:"do not ask"`
}

// ExitVerb leaves the shell; Close does the rest. A person is asked first if
// that would change something: messages that are marked as deleted, jobs that
// run.
func (sh *Shell) ExitVerb(ctx context.Context, a ExitArgs) (any, error) {
	if !a.Force && sh.prompts {
		if yes, err := sh.mayLeave(ctx); err != nil || !yes {
			return nil, err
		}
	}
	sh.leaving = true
	return nil, nil
}

// mayLeave asks whether to leave, if there is something to lose.
func (sh *Shell) mayLeave(ctx context.Context) (bool, error) {
	why := sh.unfinishedBusiness()
	if len(why) == 0 || !sh.editor.IsTerminal() {
		return true, nil
	}
	yes, err := sh.editor.Confirm(ctx, strings.Join(why, "; ")+"; leave all the same?")
	switch {
	case errors.Is(err, io.EOF):
		return true, nil // ^D again
	case errors.Is(err, line.ErrInterrupt):
		return false, nil
	}
	return yes, err
}

// unfinishedBusiness is what leaving would carry out or end.
func (sh *Shell) unfinishedBusiness() (why []string) {
	for _, s := range sh.list() {
		p, ok := s.Session.(protocols.Pender)
		if !ok || !s.using.TryLock() {
			continue
		}
		if what := p.Pending(); what != "" {
			why = append(why, fmt.Sprintf("closing %s will %s", render.Clean(sh.label(s)), render.Clean(what)))
		}
		s.using.Unlock()
	}
	switch n := len(sh.running()); n {
	case 0:
	case 1:
		why = append(why, "1 job runs")
	default:
		why = append(why, fmt.Sprintf("%d jobs run", n))
	}
	return why
}
