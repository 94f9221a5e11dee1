package repl

import (
	"context"

	"wireline/repl/syntax"
)

// A sequel is the script that is to run in a session once that is open.
type sequel struct {
	name   string
	script *syntax.Script
}

// sequel reads the script that the line names, before anything is opened; nil
// if it names none.
func (r *run) sequel() (*sequel, error) {
	name := r.then.Script
	if name == "" {
		return nil, nil
	}
	file := name
	if file != "-" {
		file = r.sh.localPath(file)
	}
	text, err := ReadScript(file)
	if err != nil {
		return nil, err
	}
	s, err := syntax.Parse(name, text)
	return &sequel{name, s}, err
}

// follow runs the script up to its first failure, which it has told of then.
func (r *run) follow(ctx context.Context, q *sequel) error {
	sh := r.sh
	strict := sh.Strict
	sh.Strict = !sh.KeepGoing
	defer func() { sh.Strict, sh.followed = strict, true }()
	if err := sh.script(ctx, q.name, q.script, r.io); err != nil {
		return &reported{err}
	}
	return nil
}
