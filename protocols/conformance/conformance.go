// Package conformance holds the tests that every protocol passes.
//
// An adapter's own test is a line:
//
//	func Test(t *testing.T) { conformance.Test(t, finger.Protocol(), "testdata") }
//
// and its transcripts, one conversation a file, in the format of txtar:
//
//	-- peer --
//	S: 220 ready
//	C: NOOP
//	S: 250 fine
//	-- input --
//	noop
//	-- stdout --
//	{"code":250}
//
// Each is played as it is, byte by byte, and broken off after every byte.
// The sections are
//
//	peer        the script of the first connection; peer 2 that of the second;
//	            peer data that of a port of its own, ${data} in the others
//	input       what is typed; connect may be the first line, with its flags
//	stdout      results: bytes as they are, all else as JSON, a record a line
//	stderr      messages, and errors as "error: what (where) [KIND]"
//	trace       what went over the wire, "> " sent and "< " received; optional
//	url         path, user and query of the target; optional
//
// and any other is a file that verbs may read. ${port} is the peer's port and
// ${password} the password of the user ann.
package conformance

import (
	"slices"
	"testing"

	"go.uber.org/goleak"

	"wireline/protocols"
	"wireline/protocols/wire"
)

// An Option tells what is different about a protocol.
type Option func(*suite)

// Raw names the verbs, or one argument as verb.argument, whose very purpose
// is to send the bytes they are given. Line breaks in those are no injection.
func Raw(names ...string) Option {
	return func(s *suite) { s.raw = append(s.raw, names...) }
}

// Unframed says that replies have no ends: whatever came before the peer
// hung up may be taken for all there was.
func Unframed() Option { return func(s *suite) { s.unframed = true } }

// Patient says that a command may wait for ever, because only the user knows
// when the peer must speak.
func Patient() Option { return func(s *suite) { s.patient = true } }

// Scheme has the peers speak another of the protocol's schemes than its first,
// such as the one of the same name over packets.
func Scheme(name string) Option {
	return func(s *suite) {
		i := slices.IndexFunc(s.p.Schemes, func(x wire.Scheme) bool { return x.Name == name })
		s.scheme = s.p.Schemes[i]
	}
}

// A suite is the tests of one protocol.
type suite struct {
	p           protocols.Protocol
	scheme      wire.Scheme
	ca          string // file of the certificate of its peers
	transcripts []*transcript
	raw         []string
	unframed    bool
	patient     bool
	pool        pool
}

// Test runs every test on p: its declaration, how it behaves when the peer
// does not, and the transcripts in dir.
func Test(t *testing.T, p protocols.Protocol, dir string, opts ...Option) {
	t.Run("declared", func(t *testing.T) {
		for _, err := range declared(p) {
			t.Error(err)
		}
	})
	if t.Failed() {
		return
	}
	s := &suite{p: p, scheme: p.Schemes[0], ca: trusted(t)}
	for _, o := range opts {
		o(s)
	}
	var err error
	if s.transcripts, err = transcripts(p, dir); err != nil {
		t.Fatal(err)
	}
	if len(s.transcripts) == 0 {
		t.Errorf("no transcripts in %s", dir)
	}
	s.run(t)
}

func (s *suite) run(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for _, part := range []struct {
		name string
		test func(*testing.T)
		not  bool // for packets
	}{
		{name: "transcripts", test: s.play},
		{name: "cancelled", test: s.cancelled},
		{name: "injection", test: s.injection},
		{name: "secrets", test: s.secrets},
		{name: "hostile", test: s.hostile},
		{name: "sweep", test: s.sweep, not: true},
		{name: "torture", test: s.torture, not: true},
	} {
		if part.not && !s.stream() {
			continue
		}
		t.Run(part.name, part.test)
		if err := goleak.Find(before); err != nil {
			t.Errorf("%s: goroutines are left: %v", part.name, err)
		}
	}
}

// stream reports whether the protocol speaks over streams of bytes, so that
// what the peer says can be cut anywhere.
func (s *suite) stream() bool {
	n := wire.Target{Scheme: s.scheme}.Net()
	return n == "tcp" || n == "unix"
}

func (s *suite) exempt(verb, arg string) bool {
	return slices.Contains(s.raw, verb) || slices.Contains(s.raw, verb+"."+arg)
}
