package ftp_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/files"
	"wireline/protocols/ftp"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A client runs verbs as the shell does.
type client struct {
	t    testing.TB
	wire *wire.Dialer
	sess protocols.Session
	disk files.Disk

	mu    sync.Mutex
	warns []string
	trace []wire.Event
}

// connect opens a session at a URL, with the flags of connect and of the wire.
func connect(t testing.TB, to string, flags ...string) (*client, error) {
	t.Helper()
	c := &client{t: t, wire: &wire.Dialer{}}
	c.wire.Warn = func(text string) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.warns = append(c.warns, text)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := ftp.Protocol()
	target := wire.Target{URL: u}
	for _, s := range p.Schemes {
		if s.Name == u.Scheme {
			target.Scheme = s
		}
	}
	keys := func(_ context.Context, _ wire.Target, user string) (string, string, error) {
		c.wire.Secret(password)
		return user, password, nil
	}
	v, _ := verb.Find(p.Open, "connect")
	inv, err := v.Parse(verb.Env{}, flags, &c.wire.Options)
	if err != nil {
		t.Fatal(err)
	}
	defer c.wire.Bind(t.Context())()
	res, err := inv.Do(t.Context(), protocols.Peer{Dialer: c.wire, Target: target, Keys: keys})
	if err != nil {
		c.wire.Cut(err)
		return nil, err
	}
	c.sess = res.(protocols.Session)
	t.Cleanup(func() { c.sess.Close() })
	return c, nil
}

const password = "secret"

func must(t testing.TB, to string, flags ...string) *client {
	t.Helper()
	c, err := connect(t, to, flags...)
	if err != nil {
		t.Fatalf("connect %s %v: %v", to, flags, err)
	}
	return c
}

// start runs a verb; the result is not read yet.
func (c *client) start(ctx context.Context, env verb.Env, words ...string) (any, error) {
	v, ok := verb.Find(ftp.Protocol().Verbs, words[0])
	if !ok {
		c.t.Fatalf("no verb %s", words[0])
	}
	if c.disk != nil {
		ctx = files.WithDisk(ctx, c.disk)
	}
	return v.Do(ctx, c.sess, env, words[1:])
}

// run runs a verb and reads its result: bytes, or rows of JSON-like text.
func (c *client) run(words ...string) (string, error) {
	return c.runIn(c.t.Context(), verb.Env{}, words...)
}

func (c *client) runIn(ctx context.Context, env verb.Env, words ...string) (string, error) {
	defer c.wire.Bind(ctx)()
	res, err := c.start(ctx, env, words...)
	if err != nil {
		return "", err
	}
	return read(res)
}

func read(res any) (string, error) {
	switch r := res.(type) {
	case *verb.Blob:
		var b bytes.Buffer
		_, err := io.Copy(&b, r)
		if cerr := r.Close(); err == nil {
			err = cerr
		}
		return b.String(), err
	case interface{ Raw() []byte }:
		return string(r.Raw()), nil
	case string:
		return r, nil
	}
	v := reflect.ValueOf(res)
	if v.Kind() == reflect.Func && v.Type().CanSeq2() {
		var b strings.Builder
		for row, err := range v.Seq2() {
			if !err.IsNil() {
				return b.String(), err.Interface().(error)
			}
			fmt.Fprintln(&b, line(row.Interface()))
		}
		return b.String(), nil
	}
	return fmt.Sprint(res), nil
}

func line(row any) string {
	switch r := row.(type) {
	case files.Entry:
		return strings.TrimSpace(fmt.Sprintf("%s %v %s %s", r.Kind, r.Size, r.Name, r.Target))
	case files.Done:
		return strings.TrimSpace(r.Did + " " + r.Path + " " + r.Why)
	}
	return fmt.Sprint(row)
}

// ok is run for what must not fail.
func (c *client) ok(words ...string) string {
	c.t.Helper()
	out, err := c.run(words...)
	if err != nil {
		c.t.Fatalf("%s: %v", strings.Join(words, " "), err)
	}
	return out
}

// put stores text.
func (c *client) put(name string, data []byte, flags ...string) error {
	env := verb.Env{Open: func(n string) (verb.Input, error) {
		return verb.Input{Name: n, Size: int64(len(data)), ReadCloser: io.NopCloser(bytes.NewReader(data))}, nil
	}}
	_, err := c.runIn(c.t.Context(), env, append([]string{"put", "local", name}, flags...)...)
	return err
}

// watch keeps what goes over the wire.
func (c *client) watch() {
	c.wire.SetTrace(func(e wire.Event) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.trace = append(c.trace, e)
	})
}

// said is what was sent and received.
func (c *client) said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for _, e := range c.trace {
		if e.What == "send" || e.What == "recv" {
			b.Write(e.Data)
		} else {
			b.WriteString("[" + e.Note + "]\n")
		}
	}
	return b.String()
}

func within(t testing.TB, limit time.Duration, f func()) {
	t.Helper()
	took := lab.Stopwatch(t)
	f()
	if d := took(); d > limit {
		t.Errorf("it took %v, want %v at most", d, limit)
	}
}
