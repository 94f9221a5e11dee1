package telnet

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func peerAt(scheme int, address string) protocols.Peer {
	p := protocols.Peer{Dialer: &wire.Dialer{}}
	p.Target = wire.Target{Scheme: Protocol().Schemes[scheme], URL: &url.URL{Scheme: "telnet", Host: address}}
	return p
}

// try runs connect as the shell would.
func try(t testing.TB, p protocols.Peer, env verb.Env, words ...string) (*Session, error) {
	t.Helper()
	v, _ := verb.Find(Protocol().Open, "connect")
	res, err := v.Do(t.Context(), p, env, words)
	if err != nil {
		return nil, err
	}
	s := res.(*Session)
	t.Cleanup(func() { s.Close() })
	return s, nil
}

// A server is the other side, led by the test.
type server struct {
	*net.TCPConn
	t testing.TB
}

// pipe is a session and its server.
func pipe(t testing.TB, words ...string) (*Session, server) {
	t.Helper()
	return pipeEnv(t, verb.Env{}, words...)
}

func pipeEnv(t testing.TB, env verb.Env, words ...string) (*Session, server) {
	t.Helper()
	l := listen(t)
	s, err := try(t, peerAt(0, l.Addr().String()), env, append([]string{"--term", "vt100"}, words...)...)
	if err != nil {
		t.Fatal(err)
	}
	return s, accept(t, l)
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func accept(t testing.TB, l net.Listener) server {
	t.Helper()
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	return server{c.(*net.TCPConn), t}
}

// says sends bytes, spelled as iac has them.
func (p server) says(spec string) {
	p.t.Helper()
	if _, err := p.Write(iac(p.t, spec)); err != nil {
		p.t.Error(err)
	}
}

// hears waits for exactly these bytes.
func (p server) hears(spec string) {
	p.t.Helper()
	want := iac(p.t, spec)
	got := make([]byte, len(want))
	n, err := io.ReadFull(p, got)
	if !bytes.Equal(got[:n], want) {
		p.t.Errorf("the server heard %q, want %q (%v)", got[:n], want, err)
	}
}

func run(ctx context.Context, s *Session, env verb.Env, words ...string) (any, error) {
	v, ok := verb.Find(Protocol().Verbs, words[0])
	if !ok {
		panic("no verb " + words[0])
	}
	return v.Do(ctx, s, env, words[1:])
}

// must runs a verb that has to work.
func must(t testing.TB, s *Session, words ...string) any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel) // a result may be read later
	res, err := run(ctx, s, verb.Env{Create: create}, words...)
	if err != nil {
		t.Fatalf("%s: %v", strings.Join(words, " "), err)
	}
	return res
}

// create opens a file as the shell does.
func create(name string) (verb.Output, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return verb.Output{}, fault.New(fault.WriteLocal, "cannot write %s: %w", name, err)
	}
	fi, err := f.Stat()
	return verb.Output{Name: name, New: err == nil && fi.Size() == 0, WriteCloser: f}, err
}

// wantText runs a verb that receives and compares what came.
func wantText(t testing.TB, s *Session, want string, words ...string) {
	t.Helper()
	r, ok := must(t, s, words...).(*Received)
	if !ok || string(r.Raw()) != want {
		t.Fatalf("%s: %.300q, want %.300q", strings.Join(words, " "), r.Raw(), want)
	}
}

// wantKind runs a verb that has to fail.
func wantKind(t testing.TB, s *Session, kind *fault.Kind, part string, words ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := run(ctx, s, verb.Env{Create: create}, words...)
	if fault.Of(err) != kind || !strings.Contains(err.Error(), part) {
		t.Fatalf("%s: %v (%v), want %v with %q", strings.Join(words, " "), err, fault.Of(err), kind, part)
	}
}

// expect waits for what matches re, and returns all up to its end.
func expect(t *testing.T, s *Session, re string) string {
	t.Helper()
	_, match, before, err := s.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile(re)}, 10*time.Second)
	if err != nil {
		t.Fatalf("expect %s: %v", re, err)
	}
	return string(before) + string(match)
}
