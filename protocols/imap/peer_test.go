package imap_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/imap"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A client runs verbs on one session.
type client struct {
	t     testing.TB
	wire  *wire.Dialer
	to    wire.Target
	sess  *imap.Session
	mu    sync.Mutex
	heard []string // warnings
	user  string
	pass  string
	flags []string // of connect
}

// scheme is one of the protocol's.
func scheme(t testing.TB, name string) wire.Scheme {
	t.Helper()
	for _, s := range imap.Protocol().Schemes {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no scheme %s", name)
	return wire.Scheme{}
}

// at is a client of the server at a URL.
func at(t testing.TB, address string, flags ...string) *client {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, wire: &wire.Dialer{}, user: "ann", pass: "secret", flags: flags}
	c.to = wire.Target{URL: u, Scheme: scheme(t, u.Scheme)}
	c.wire.Warn = func(s string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.heard = append(c.heard, s)
	}
	return c
}

// said are the warnings so far.
func (c *client) said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

// play is a client of a peer that plays a script, logged in and in INBOX.
func play(t testing.TB, script string) *client {
	t.Helper()
	if !strings.HasSuffix(script, "S: close\n") {
		script += "S: close\n"
	}
	p := conformance.Play(t, scheme(t, "imap"), script)
	t.Cleanup(p.Close)
	return inInbox(t, p)
}

// hello is the beginning of the scripts here.
const hello = `S: * PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS MOVE IDLE] ready
C: X1 SELECT "INBOX"
S: * 9 EXISTS
S: * OK [UIDVALIDITY 7] fine
S: X1 OK [READ-WRITE] done
`

func (c *client) connect() error {
	c.t.Helper()
	v, _ := verb.Find(imap.Protocol().Open, "connect")
	inv, err := v.Parse(verb.Env{}, c.flags, &c.wire.Options)
	if err != nil {
		c.t.Fatal(err)
	}
	defer c.wire.Bind(c.t.Context())()
	keys := func(context.Context, wire.Target, string) (string, string, error) { return c.user, c.pass, nil }
	res, err := inv.Do(c.t.Context(), protocols.Peer{Dialer: c.wire, Target: c.to, Keys: keys})
	if err != nil {
		return err
	}
	c.sess = res.(*imap.Session)
	c.t.Cleanup(func() { c.sess.Close() })
	return nil
}

func (c *client) mustConnect() {
	c.t.Helper()
	if err := c.connect(); err != nil {
		c.t.Fatal(err)
	}
}

// run runs a verb and returns what it shows: rows are added up.
func (c *client) run(ctx context.Context, words ...string) ([]any, error) {
	c.t.Helper()
	v, ok := verb.Find(imap.Protocol().Verbs, words[0])
	if !ok {
		c.t.Fatalf("no verb %s", words[0])
	}
	env := verb.Env{Open: open}
	defer c.wire.Bind(ctx)()
	res, err := v.Do(ctx, c.sess, env, words[1:])
	if err != nil {
		return nil, err
	}
	var all []any
	switch r := res.(type) {
	case *verb.Blob:
		var b bytes.Buffer
		_, err := io.Copy(&b, r)
		if late := r.Close(); err == nil {
			err = late
		}
		return []any{b.String()}, err
	case imap.Rows:
		return collect(verb.Stream[imap.Row](r))
	case verb.Stream[imap.Row]:
		return collect(r)
	case verb.Stream[imap.Folder]:
		return collect(r)
	case verb.Stream[imap.Event]:
		return collect(r)
	case verb.Stream[imap.Item]:
		return collect(r)
	default:
		all = append(all, res)
	}
	return all, nil
}

func collect[T any](s verb.Stream[T]) (all []any, err error) {
	for x, err := range s {
		if err != nil {
			return all, err
		}
		all = append(all, x)
	}
	return all, nil
}

func open(name string) (verb.Input, error) {
	f, err := os.Open(name)
	if err != nil {
		return verb.Input{}, err
	}
	return verb.Input{Name: name, Size: -1, ReadCloser: f}, nil
}

func (c *client) must(words ...string) []any {
	c.t.Helper()
	all, err := c.run(c.t.Context(), words...)
	if err != nil {
		c.t.Fatalf("%s: %v", strings.Join(words, " "), err)
	}
	return all
}

// complete is what a TAB proposes.
func (c *client) complete(what, prefix string) ([]string, error) {
	defer c.wire.Bind(c.t.Context())()
	return c.sess.Complete(c.t.Context(), what, prefix)
}

// fails runs a verb that must fail with an error of that kind.
func (c *client) fails(k *fault.Kind, words ...string) error {
	c.t.Helper()
	_, err := c.run(c.t.Context(), words...)
	if fault.Of(err) != k {
		c.t.Errorf("%s: %v, want %s", strings.Join(words, " "), err, k.Name)
	}
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		c.t.Errorf("%s: a %T", strings.Join(words, " "), err)
	}
	return err
}

func rawCat(message string) mail.CatArgs { return mail.CatArgs{Message: message, Raw: true} }

// preauth is the greeting of most peers here.
const preauth = "* PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] ready"

// talk is a client of a peer that greets so and has say answer what comes, a
// tag and the rest of the line. It hangs up when say gives false.
func talk(t testing.TB, greeting string, say func(c io.Writer, tag, line string) bool) *client {
	t.Helper()
	p := conformance.Serve(t, scheme(t, "imap"), func(c net.Conn) {
		fmt.Fprint(c, greeting+"\r\n")
		in := bufio.NewReader(c)
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			tag, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			if !say(c, tag, rest) {
				return
			}
		}
	})
	t.Cleanup(p.Close)
	return inInbox(t, p)
}

// inInbox is an impatient client of a peer, whose URL leads to INBOX.
func inInbox(t testing.TB, p *conformance.Peer) *client {
	t.Helper()
	u := *p.Target.URL
	u.Path = "/INBOX"
	c := at(t, u.String())
	c.wire.Limits = wire.Limits{Reply: 2 * time.Second, Idle: 2 * time.Second, Goodbye: 100 * time.Millisecond}
	return c
}

// bulkServer is a client of a peer with two messages, 8 and 9, that answers
// UID FETCH with say, in which TAG is the tag, and hangs up unless that is in
// it. Whoever asks which of them are left is told none.
func bulkServer(t *testing.T, say string) *client {
	t.Helper()
	return talk(t, preauth, func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "UID FETCH"):
			io.WriteString(c, strings.ReplaceAll(say, "TAG", tag))
			return strings.Contains(say, "TAG")
		case strings.HasPrefix(line, "UID SEARCH"):
			fmt.Fprint(c, "* SEARCH\r\n")
		case strings.HasPrefix(line, "SELECT"):
			fmt.Fprint(c, "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 10] x\r\n")
		}
		fmt.Fprintf(c, "%s OK x\r\n", tag)
		return true
	})
}

// server is a client of a peer that answers every command but CAPABILITY,
// SELECT, NOOP after the first, and LOGOUT with what say gives for its tag.
func server(t *testing.T, say func(tag string) string) *client {
	t.Helper()
	said := false
	return talk(t, preauth, func(c io.Writer, tag, line string) bool {
		switch {
		case strings.HasPrefix(line, "SELECT"):
			fmt.Fprintf(c, "* 9 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n%s OK [READ-WRITE] x\r\n", tag)
		case said || line == "LOGOUT":
			fmt.Fprintf(c, "%s OK x\r\n", tag)
		default:
			said = true
			io.WriteString(c, say(tag))
		}
		return true
	})
}

// watchSent keeps what c says from here on.
func watchSent(c *client, sent *[]string) {
	c.wire.SetTrace(func(e wire.Event) {
		if e.What == "send" {
			*sent = append(*sent, string(e.Data))
		}
	})
}
