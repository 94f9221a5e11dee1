package socket

import (
	"context"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// proto is the protocol of that name.
func proto(t *testing.T, name string) protocols.Protocol {
	t.Helper()
	for _, p := range Protocols() {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no protocol %s", name)
	return protocols.Protocol{}
}

// peer is where the shell would send name's connect: a target and a new wire.
func peer(t *testing.T, name, address string) protocols.Peer {
	t.Helper()
	p := protocols.Peer{Dialer: &wire.Dialer{}}
	p.Target.Scheme = proto(t, name).Schemes[0]
	switch {
	case address == "":
	case name == "unix":
		p.Target.URL = &url.URL{Scheme: name, Path: address}
	default:
		p.Target.URL = &url.URL{Scheme: name, Host: address}
	}
	return p
}

// open runs a verb that begins a session, as the shell would.
func open(t *testing.T, name, opener, address string, words ...string) protocols.Session {
	t.Helper()
	return openAt(t, peer(t, name, address), name, opener, words...)
}

func openAt(t *testing.T, p protocols.Peer, name, opener string, words ...string) protocols.Session {
	t.Helper()
	s, err := tryOpen(t, p, name, opener, words...)
	if err != nil {
		t.Fatalf("%s %s %v: %v", opener, name, words, err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func tryOpen(t *testing.T, p protocols.Peer, name, opener string, words ...string) (protocols.Session, error) {
	t.Helper()
	v, ok := verb.Find(proto(t, name).Open, opener)
	if !ok {
		t.Fatalf("%s has no %s", name, opener)
	}
	res, err := v.Do(t.Context(), p, verb.Env{}, words)
	if err != nil {
		return nil, err
	}
	return res.(protocols.Session), nil
}

// run runs a verb on s with the words of one line of the shell.
func run(ctx context.Context, s protocols.Session, words ...string) (any, error) {
	return runIn(ctx, s, verb.Env{}, words...)
}

func runIn(ctx context.Context, s protocols.Session, env verb.Env, words ...string) (any, error) {
	all := slices.Concat(streamVerbs(), datagramVerbs(), groupVerbs())
	if st, ok := s.(protocols.Stepper); ok {
		all = append(st.Steps(), all...)
	}
	v, ok := verb.Find(all, words[0])
	if !ok {
		panic("no verb " + words[0])
	}
	return v.Do(ctx, s, env, words[1:])
}

// must is run for what has to work.
func must(t *testing.T, s protocols.Session, words ...string) any {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel) // a result may be read later
	res, err := run(ctx, s, words...)
	if err != nil {
		t.Fatalf("%s: %v", strings.Join(words, " "), err)
	}
	return res
}

// wantRecv runs a verb that receives and compares what came.
func wantRecv(t *testing.T, s protocols.Session, want string, words ...string) {
	t.Helper()
	got := must(t, s, words...)
	r, ok := got.(*Received)
	if !ok {
		t.Fatalf("%s: %T, want *Received", strings.Join(words, " "), got)
	}
	if string(r.Raw()) != want {
		t.Fatalf("%s: %q, want %q", strings.Join(words, " "), r.Raw(), want)
	}
}

// pipe is a session to a Go peer, and that peer's end.
func pipe(t *testing.T) (protocols.Session, *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := open(t, "tcp", "connect", l.Addr().String())
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(time.Minute))
	return s, c.(*net.TCPConn)
}

// bubble is a session and its peer's end that take no real time, within
// synctest.
func bubble(t *testing.T) (*Stream, net.Conn) {
	t.Helper()
	here, there := net.Pipe()
	p := protocols.Peer{Dialer: &wire.Dialer{}}
	s := newStream(p, p.Own(here))
	t.Cleanup(func() {
		there.Close()
		s.Close()
	})
	return s, there
}
