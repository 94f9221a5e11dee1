package repl

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/render"
)

// keys finds the name and the password for a target: typed with -u or in the
// URL, from the file, descriptor or command that flags name, from the netrc,
// and at last from the person. What is found is kept out of every trace.
func (r *run) keys(ctx context.Context, t wire.Target, user string) (name, password string, err error) {
	r.looking.Lock()
	defer r.looking.Unlock()
	name, password, err = r.asking(ctx).lookup(ctx, t, user)
	if err == nil && password != "" && r.wire != nil {
		r.wire.Secret(password)
	}
	return name, password, err
}

// asking is the run that needs a password: r, or a later one in the session
// that r began, whose own flags count.
func (r *run) asking(ctx context.Context) *run {
	later, ok := ctx.Value(runKey{}).(*run)
	if !ok {
		return r
	}
	if later.secrets == r.sh.set.secrets {
		later.secrets = r.secrets
	}
	return later
}

func (r *run) lookup(ctx context.Context, t wire.Target, user string) (name, password string, err error) {
	if n, p, ok := strings.Cut(user, ":"); ok {
		r.exposed()
		return n, p, nil
	}
	name = user
	if t.URL != nil && t.User != nil {
		if name == "" {
			name = t.User.Username()
		}
		if p, ok := t.User.Password(); ok && name == t.User.Username() {
			return name, p, nil
		}
	}
	if p, ok, err := r.secrets.Password(ctx, &r.sh.tokens); ok || err != nil {
		return name, p, err
	}
	c := credential(t, name)
	if found, ok, err := r.secrets.Recall(ctx, c); ok || err != nil {
		r.recalled = &found
		return found.Name, found.Password, err
	}
	if n, p, ok, err := r.netrc(t, name); ok || err != nil {
		return n, p, err
	}
	if c.Name, c.Password, err = r.ask(ctx, t, name); err == nil {
		r.asked = &c
	}
	return c.Name, c.Password, err
}

// exposed tells that a password among the words of a process is no secret.
func (r *run) exposed() {
	r.sh.tell("wireline: a password on the command line can be seen by others; leave it out to be asked")
}

// carries reports whether a URL has a password in it that is worth hiding.
func carries(u *url.URL) bool {
	if u == nil {
		return false
	}
	_, ok := u.User.Password()
	return ok && u.User.Username() != "anonymous"
}

// refused tells that what keys gave was refused. It reports whether keys would
// give something else now: a token that was kept is fetched anew.
func (r *run) refused(ctx context.Context) bool { return r.sh.tokens.Refused(r.asking(ctx).secrets) }

// credential is how a keyring knows a target.
func credential(t wire.Target, user string) config.Credential {
	c := config.Credential{Scheme: t.Scheme.Name, Name: user}
	if t.URL != nil {
		c.Host, c.Port = t.Hostname(), cmp.Or(t.Port(), t.Scheme.Port)
	}
	return c
}

// learn tells the keyring how a login went: what was asked for and accepted it
// keeps, what it gave and was refused it drops. A token that was refused is
// fetched anew the next time.
func (r *run) learn(err error) {
	refused := fault.Of(err) == fault.Login
	if refused {
		r.sh.tokens.Refused(r.secrets)
	}
	if r.secrets.Keyring == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), keyringTime)
	defer cancel()
	var kerr error
	switch {
	case err == nil && r.asked != nil:
		kerr = r.secrets.Keep(ctx, *r.asked)
	case refused && r.recalled != nil:
		kerr = r.secrets.Drop(ctx, *r.recalled)
	}
	if kerr != nil {
		r.sh.tell("wireline: " + kerr.Error())
	}
}

// keyringTime is how long the keyring may take to learn something.
const keyringTime = 5 * time.Second

// netrc looks the target up in the user's netrc.
func (r *run) netrc(t wire.Target, user string) (name, password string, ok bool, err error) {
	path := r.secrets.Netrc
	if path == "none" || path == "" && r.sh.Dir == "" || t.URL == nil {
		return "", "", false, nil
	}
	if path == "" {
		path = config.NetrcPath()
	} else {
		path = r.sh.localPath(path)
	}
	all, err := config.Netrc(path)
	if err != nil {
		return "", "", false, err
	}
	port := t.Port()
	if port == "" {
		port = t.Scheme.Port
	}
	l, ok := config.Find(all, t.Scheme.Name, t.Hostname(), port, user)
	return l.Name, l.Password, ok, nil
}

// ask asks the person. How long that takes is not how long the command took.
func (r *run) ask(ctx context.Context, t wire.Target, name string) (string, string, error) {
	began := r.sh.now()
	defer func() { r.start = r.start.Add(r.sh.now().Sub(began)) }()
	e, err := r.sh.console()
	if err != nil || !e.IsTerminal() {
		return name, "", fault.New(fault.Usage, "a password for %s is needed, and there is no terminal to ask at", t).
			WithHint("--password-file, --password-fd, --password-command or a netrc can give it")
	}
	if name == "" {
		if name, err = e.ReadLine("user name for " + render.Clean(t.String()) + ": "); err != nil {
			return "", "", err
		}
	}
	password, err := e.ReadSecret(ctx, "password for "+render.Clean(name+" at "+t.String())+": ")
	return name, password, err
}
