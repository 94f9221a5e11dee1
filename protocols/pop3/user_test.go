package pop3_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/pop3"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

const password = "s3cr3t-canary"

// A user runs verbs as the shell does.
type user struct {
	t    testing.TB
	sess protocols.Session
	wire *wire.Dialer
}

// connect opens a session as ann. Flags are those of connect.
func connect(t testing.TB, to wire.Target, o wire.Options, flags ...string) (*user, error) {
	t.Helper()
	o.NoProxy = "*"
	return meets(t, protocols.Peer{Dialer: &wire.Dialer{Options: o, Limits: wire.Limits{Goodbye: time.Second}}, Target: to, Keys: asAnn}, flags...)
}

func asAnn(_ context.Context, _ wire.Target, name string) (string, string, error) {
	if name == "" {
		name = "ann"
	}
	return name, password, nil
}

// meets is connect to whom a Peer is.
func meets(t testing.TB, peer protocols.Peer, flags ...string) (*user, error) {
	t.Helper()
	u := &user{t: t, wire: peer.Dialer}
	v, _ := verb.Find(pop3.Protocol().Open, "connect")
	res, err := v.Do(t.Context(), peer, verb.Env{}, flags)
	if err != nil {
		return nil, err
	}
	u.sess = res.(protocols.Session)
	t.Cleanup(func() { u.sess.Close() })
	return u, nil
}

// target is a URL as the shell reads it.
func target(t testing.TB, text string) wire.Target {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range pop3.Protocol().Schemes {
		if s.Name == u.Scheme {
			return wire.Target{URL: u, Scheme: s}
		}
	}
	t.Fatal("no scheme " + u.Scheme)
	return wire.Target{}
}

// do runs a verb and gives its result as text: bytes as they are, all else as
// JSON, a record a line.
func (u *user) do(name string, words ...string) (string, error) {
	u.t.Helper()
	v, ok := verb.Find(pop3.Protocol().Verbs, name)
	if !ok {
		u.t.Fatalf("no verb %s", name)
	}
	ctx := u.t.Context()
	defer u.wire.Bind(ctx)()
	res, err := v.Do(ctx, u.sess, verb.Env{}, words)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if blob, ok := res.(*verb.Blob); ok {
		_, err = io.Copy(&b, blob)
		if cerr := blob.Close(); err == nil {
			err = cerr
		}
		return b.String(), err
	}
	if r := reflect.ValueOf(res); r.Kind() == reflect.Func {
		for row, err := range r.Seq2() {
			if !err.IsNil() {
				return b.String(), err.Interface().(error)
			}
			j, _ := json.Marshal(row.Interface())
			b.Write(append(j, '\n'))
		}
		return b.String(), nil
	}
	j, _ := json.Marshal(res)
	return string(j), nil
}

// must is do without an error.
func (u *user) must(name string, words ...string) string {
	u.t.Helper()
	got, err := u.do(name, words...)
	if err != nil {
		u.t.Fatalf("%s %q: %v", name, words, err)
	}
	return got
}

// fails checks what kind an error is of, and its text.
func fails(t *testing.T, err error, kind *fault.Kind, text string) {
	t.Helper()
	var f *fault.Error
	if fault.Of(err) != kind || !errors.As(err, &f) || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v [%v], want %q [%v]", err, fault.Of(err), text, kind)
	}
}

func contains(t *testing.T, got, text string) {
	t.Helper()
	if !strings.Contains(got, text) {
		t.Errorf("got %q, want %q in it", got, text)
	}
}

// mailbox is the replies of a server with so many messages.
func mailbox(n, size int) (list, uidl, message string) {
	var l, u strings.Builder
	for i := range n {
		fmt.Fprintf(&l, "%d %d\r\n", i+1, size)
		fmt.Fprintf(&u, "%d uid-%d\r\n", i+1, i+1)
	}
	line := strings.Repeat("x", 78) + "\r\n"
	return l.String(), u.String(), "Subject: one\r\nFrom: a@x\r\n\r\n" + strings.Repeat(line, size/80)
}
