package smtp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/smtp"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

const password = "s3cr3t-canary"

// A user runs verbs as the shell does.
type user struct {
	t    *testing.T
	sess protocols.Session
	wire *wire.Dialer
	p    protocols.Protocol
}

// connect opens a session with the target. Flags are those of connect.
func connect(t *testing.T, p protocols.Protocol, to wire.Target, o wire.Options, flags ...string) (*user, error) {
	t.Helper()
	o.NoProxy = "*"
	return connectWith(t, p, &wire.Dialer{Options: o, Limits: wire.Limits{Goodbye: 200 * time.Millisecond}}, to, flags...)
}

// connectBy is connect to a server of SMTP by a dialer of one's own.
func connectBy(t *testing.T, d *wire.Dialer, to wire.Target, flags ...string) (*user, error) {
	t.Helper()
	return connectWith(t, smtp.Protocols()[0], d, to, flags...)
}

func connectWith(t *testing.T, p protocols.Protocol, d *wire.Dialer, to wire.Target, flags ...string) (*user, error) {
	t.Helper()
	keys := func(_ context.Context, _ wire.Target, name string) (string, string, error) {
		return name, password, nil
	}
	return meets(t, p, protocols.Peer{Dialer: d, Target: to, Keys: keys}, flags...)
}

// meets is connect to whom a Peer is.
func meets(t *testing.T, p protocols.Protocol, peer protocols.Peer, flags ...string) (*user, error) {
	t.Helper()
	u := &user{t: t, p: p, wire: peer.Dialer}
	v, _ := verb.Find(p.Open, "connect")
	res, err := v.Do(t.Context(), peer, verb.Env{}, flags)
	if err != nil {
		return nil, err
	}
	u.sess = res.(protocols.Session)
	t.Cleanup(func() { u.sess.Close() })
	return u, nil
}

// ended is a script at whose end the peer hangs up, so that nobody has to wait
// until the client has.
func ended(script string) string {
	if strings.HasSuffix(script, "S: close\n") {
		return script
	}
	return script + "S: close\n"
}

// meet is connect with a peer that plays, and no error.
func meet(t *testing.T, script string, flags ...string) *user {
	t.Helper()
	u, err := connect(t, smtp.Protocols()[0], conformance.Play(t, smtp.Protocols()[0].Schemes[0], ended(script)).Target, wire.Options{}, flags...)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// do runs a verb and gives its result as JSON, a record a line, or as text.
func (u *user) do(ctx context.Context, name string, input string, words ...string) (string, error) {
	u.t.Helper()
	v, ok := verb.Find(u.p.Verbs, name)
	if !ok {
		u.t.Fatalf("no verb %s", name)
	}
	in := verb.Input{Name: "m.eml", Size: int64(len(input)), ReadCloser: io.NopCloser(strings.NewReader(input))}
	env := verb.Env{
		Open:  func(string) (verb.Input, error) { return in, nil },
		Stdin: func() (verb.Input, bool) { return in, input != "" },
	}
	defer u.wire.Bind(ctx)()
	res, err := v.Do(ctx, u.sess, env, words)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	switch r := res.(type) {
	case smtp.Receipts:
		for row, err := range r {
			if err != nil {
				return b.String(), err
			}
			j, _ := json.Marshal(row)
			b.Write(append(j, '\n'))
		}
	case *verb.Blob:
		_, err = io.Copy(&b, r)
		r.Close()
	case smtp.Reply:
		b.Write(r.Raw())
	default:
		j, _ := json.Marshal(res)
		b.Write(j)
	}
	return b.String(), err
}

// fails checks what kind an error is of, its phase and its text.
func fails(t *testing.T, err error, kind *fault.Kind, phase, text string) {
	t.Helper()
	var f *fault.Error
	if fault.Of(err) != kind || !errors.As(err, &f) || f.Phase != phase || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v [%v], want %q in phase %s [%v]", err, fault.Of(err), text, phase, kind)
	}
}

// contains checks that text is in got.
func contains(t *testing.T, got, text string) {
	t.Helper()
	if !strings.Contains(got, text) {
		t.Errorf("got %q, want %q in it", got, text)
	}
}
