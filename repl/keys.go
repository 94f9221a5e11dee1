package repl

import (
	"context"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/render"
)

// keys finds the name and the password for a target: typed with -u or in the
// URL, from the file, descriptor or command that flags name, from the netrc,
// and at last from the person. What is found is kept out of every trace.
func (r *run) keys(ctx context.Context, t wire.Target, user string) (name, password string, err error) {
	name, password, err = r.lookup(ctx, t, user)
	if err == nil && password != "" && r.wire != nil {
		r.wire.Secret(password)
	}
	return name, password, err
}

func (r *run) lookup(ctx context.Context, t wire.Target, user string) (name, password string, err error) {
	if n, p, ok := strings.Cut(user, ":"); ok {
		r.sh.tell("wireline: a password on the command line can be seen by others; leave it out to be asked")
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
	if p, ok, err := r.secrets.Password(ctx); ok || err != nil {
		return name, p, err
	}
	if n, p, ok, err := r.netrc(t, name); ok || err != nil {
		return n, p, err
	}
	return r.ask(ctx, t, name)
}

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

func (r *run) ask(ctx context.Context, t wire.Target, name string) (string, string, error) {
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
