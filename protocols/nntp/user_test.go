package nntp_test

import (
	"context"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/files"
	"wireline/protocols/nntp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/transfer"
)

// A user has a session, a directory, and remembers what was remarked.
type user struct {
	*nntp.Session
	t      *testing.T
	ctx    context.Context
	dir    string
	wire   *wire.Dialer
	warned []string
	moved  func()
}

func scheme(name string) wire.Scheme {
	for _, s := range nntp.Protocol().Schemes {
		if s.Name == name {
			return s
		}
	}
	return wire.Scheme{}
}

// newUser has no session yet.
func newUser(t *testing.T) *user {
	u := &user{t: t, dir: t.TempDir(), wire: &wire.Dialer{Limits: wire.Limits{Reply: time.Minute, Idle: time.Minute, Goodbye: 100 * time.Millisecond}}}
	u.ctx = files.WithDisk(t.Context(), &transfer.Disk{Dir: u.dir})
	u.wire.Options.NoProxy = "*"
	u.wire.Warn = func(s string) { u.warned = append(u.warned, s) }
	return u
}

// open runs connect, with flags.
func (u *user) open(p *conformance.Peer, flags ...string) error {
	u.t.Helper()
	if p.CA != "" {
		u.wire.Options.CA = []string{p.CA}
	}
	keys := func(_ context.Context, t wire.Target, user string) (string, string, error) {
		if user == "" {
			user = "ann"
		}
		return user, "secret", nil
	}
	v, _ := verb.Find(nntp.Protocol().Open, "connect")
	res, err := v.Do(u.ctx, protocols.Peer{Dialer: u.wire, Target: p.Target, Keys: keys, Moved: u.moved}, verb.Env{}, flags)
	if err != nil {
		return err
	}
	u.Session = res.(*nntp.Session)
	u.t.Cleanup(func() { u.Close() })
	return nil
}

// connect is a user with a session.
func connect(t *testing.T, p *conformance.Peer, flags ...string) *user {
	t.Helper()
	u := newUser(t)
	if err := u.open(p, flags...); err != nil {
		t.Fatal(err)
	}
	return u
}

// do runs a line as the shell would, and gives what comes of it as text: rows
// as the shell writes them to a pipe.
func (u *user) do(line string, stdin ...string) (string, error) {
	u.t.Helper()
	words := strings.Fields(line)
	v, ok := verb.Find(nntp.Protocol().Verbs, words[0])
	if !ok {
		u.t.Fatalf("no verb %s", words[0])
	}
	env := verb.Env{Stdin: func() (verb.Input, bool) {
		if len(stdin) == 0 {
			return verb.Input{}, false
		}
		return verb.Input{Size: -1, ReadCloser: io.NopCloser(strings.NewReader(stdin[0]))}, true
	}}
	res, err := v.Do(u.ctx, u.Session, env, words[1:])
	if err != nil {
		return "", err
	}
	return text(res)
}

// must is do without an error.
func (u *user) must(line string, stdin ...string) string {
	u.t.Helper()
	got, err := u.do(line, stdin...)
	if err != nil {
		u.t.Fatalf("%s: %v", line, err)
	}
	return got
}

// has fails unless each of the texts is in got.
func has(t *testing.T, what, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(got, w) {
			t.Errorf("%s: no %q in\n%s", what, w, got)
		}
	}
}

func at(s wire.Scheme, addr, ca string) *conformance.Peer {
	return &conformance.Peer{Target: wire.Target{URL: &url.URL{Scheme: s.Name, Host: addr}, Scheme: s}, CA: ca}
}

func date() string { return time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700") }
