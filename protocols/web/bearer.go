package web

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"wireline/protocols/fault"
)

// Token is a token for Bearer (RFC 6750) as a user gives it: itself, or with
// @FILE the first line of a file.
func Token(text string) (string, error) {
	name, file := strings.CutPrefix(text, "@")
	switch {
	case strings.HasPrefix(text, "!"): // no token begins so
		return "", fault.New(fault.BadArgument, "--bearer runs no command").WithHint("--auth bearer --password-command CMD does")
	case !file:
		return text, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return "", fault.New(fault.ReadLocal, "cannot read %s: %w", name, err)
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if line = strings.TrimSpace(line); line == "" {
		return "", fault.New(fault.ReadLocal, "%s: there is no token in it", name)
	}
	return line, nil
}

// bear adds the token to r. Where it was not given, it is what the user gives
// for a password.
func (l *Login) bear(ctx context.Context, r *Request) error {
	if !l.cleared {
		return l.clear("a token")
	}
	if l.Token == "" {
		if err := l.find(ctx); err != nil {
			return err
		}
		if l.Token = *l.password; l.Token == "" {
			return fault.New(fault.Usage, "a token is needed").WithHint("--bearer TOKEN, or --password-command CMD, gives one")
		}
		l.asked = true
	}
	return l.say(r, "Bearer "+l.Token)
}

// renew looks for another token than the one of sent, which was good once and
// is refused now, and reports whether there is one.
func (l *Login) renew(ctx context.Context, sent *Request) (bool, error) {
	if sent.Fields.Get("Authorization") != "Bearer "+l.Token {
		return true, nil // another request has seen to it
	}
	l.drop(ctx)
	if l.asked || l.Ask == nil {
		return false, nil
	}
	_, token, err := l.Ask(ctx)
	if err != nil || token == "" || token == l.Token {
		return false, err
	}
	l.Token, l.asked = token, true
	l.wire.Secret(token)
	return true, nil
}
