package nntp

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// sessionWith is a session whose server has said r, and hears nothing.
func sessionWith(t testing.TB, r io.Reader) *Session {
	l := linkTo(t, r)
	l.out, l.heard = io.Discard, time.Now()
	u := &url.URL{Scheme: "nntp", Host: "127.0.0.1:1"}
	s := &Session{wire: &wire.Dialer{}, target: wire.Target{URL: u, Scheme: schemes[0]}, link: l}
	s.peer = protocols.Peer{Dialer: s.wire, Target: s.target, Keys: func(context.Context, wire.Target, string) (string, string, error) {
		return "ann", "secret", nil
	}}
	return s
}

// A password does not go where others can read it, and the strongest
// mechanism of SASL is taken there. (C09, NEWS-02)
func TestMethod(t *testing.T) {
	for _, c := range []struct {
		caps  capabilities
		want  string
		clear bool
		mech  string
		kind  *fault.Kind
	}{
		{nil, "", false, "", fault.TLSRequired},
		{nil, "", true, "user", nil},
		{capabilities{{"AUTHINFO", []string{"USER"}}}, "", false, "", fault.TLSRequired},
		{capabilities{{"AUTHINFO", []string{"USER", "SASL"}}, {"SASL", []string{"PLAIN", "CRAM-MD5", "SCRAM-SHA-256"}}}, "", false, "SCRAM-SHA-256", nil},
		{capabilities{{"AUTHINFO", []string{"USER", "SASL"}}, {"SASL", []string{"PLAIN", "CRAM-MD5"}}}, "", true, "user", nil},
		{capabilities{{"AUTHINFO", []string{"SASL"}}, {"SASL", []string{"PLAIN"}}}, "", false, "", fault.TLSRequired},
		{capabilities{{"AUTHINFO", []string{"SASL"}}, {"SASL", []string{"PLAIN"}}}, "", true, "PLAIN", nil},
		{capabilities{{"AUTHINFO", []string{"SASL"}}, {"SASL", []string{"X-ODD"}}}, "", true, "", fault.Unsupported},
		{nil, "cram-md5", false, "CRAM-MD5", nil},
		{nil, "USER", false, "", fault.TLSRequired},
		{nil, "x-odd", true, "", fault.Unsupported},
	} {
		s := sessionWith(t, bytes.NewReader(nil))
		s.wire.Options.Cleartext = c.clear
		s.link.caps = c.caps
		mech, err := s.method(c.want)
		if mech != c.mech || fault.Of(err) != c.kind {
			t.Errorf("%v, %q, %v: %q, %v", c.caps, c.want, c.clear, mech, err)
		}
	}
}

// A connection that the server has closed while nobody used it is seen to be
// so before anything is sent (T15).
func TestAlive(t *testing.T) {
	ours, theirs := net.Pipe()
	l := newLink((&wire.Dialer{}).Own(ours), "news.example:119", wire.Limits{})
	l.heard = time.Now().Add(-time.Hour)
	if !l.alive() {
		t.Error("an idle connection is taken for closed")
	}
	go io.WriteString(theirs, "400 too long\r\n")
	for range 1000 {
		if !l.alive() {
			break
		}
	}
	if fault.Of(l.broken) != fault.Recv {
		t.Errorf("after a goodbye: %v", l.broken)
	}
	theirs.Close()
	ours, theirs = net.Pipe()
	l = newLink((&wire.Dialer{}).Own(ours), "news.example:119", wire.Limits{})
	theirs.Close()
	if l.alive() || fault.Of(l.broken) != fault.Recv {
		t.Errorf("after it was closed: %v", l.broken)
	}
}

// talk does what a user may do, whatever comes of it.
func talk(s *Session, ctx context.Context) (errs []error) {
	for _, words := range [][]string{
		{"caps"}, {"cd", "g.x"}, {"ls", "last", "5"}, {"ls", "--thread", "all"}, {"cat", "5"}, {"cat", "5.2"}, {"headers", "5"}, {"parts"}, {"next"},
		{"hdr", "subject", "1-5"}, {"search", "a"}, {"over", "$"}, {"ls", "x*"}, {"newnews"}, {"date"}, {"srvhelp"}, {"numbers"}, {"raw", "LIST"},
		{"draft", "--followup", "5"}, {"login"}, {"stat", "<a@b>"},
	} {
		v, _ := verb.Find(Protocol().Verbs, words[0])
		res, err := v.Do(ctx, s, verb.Env{}, words[1:])
		errs = append(errs, err)
		if err != nil {
			continue
		}
		switch r := res.(type) {
		case *verb.Blob:
			io.Copy(io.Discard, r)
			r.Close()
		case verb.Stream[Row]:
			for range r {
			}
		case Overviews:
			for range r {
			}
		case verb.Stream[Listed]:
			for range r {
			}
		case verb.Stream[Value]:
			for range r {
			}
		case verb.Stream[Line]:
			for range r {
			}
		case verb.Stream[Number]:
			for range r {
			}
		case verb.Stream[ID]:
			for range r {
			}
		}
	}
	return errs
}

// FuzzSession: whatever a server says, every verb comes to its end, and what
// is wrong has a kind. (Q6)
func FuzzSession(f *testing.F) {
	f.Add([]byte("101 ok\r\nREADER\r\n.\r\n211 5 1 5 g.x\r\n211 5 1 5 g.x\r\n224 ok\r\n5\ts\tf\td\t<i@x>\t<r@x>\t1\t1\r\n.\r\n"))
	f.Add([]byte("500 no\r\n211 5 1 5\r\n480 x\r\n381 y\r\n281 z\r\n101 c\r\n.\r\n211 1 1 1 g\r\n"))
	f.Add([]byte("101 ok\r\n.\r\n211 5 1 5 g.x\r\n220 5 <a@b>\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\none\r\n--x\r\n\r\ntwo\r\n--x--\r\n.\r\n"))
	f.Fuzz(func(t *testing.T, p []byte) {
		s := sessionWith(t, bytes.NewReader(p))
		for i, err := range talk(s, t.Context()) {
			if err != nil && fault.Of(err) == fault.Internal {
				t.Errorf("verb %d: %v (%T)", i, err, err)
			}
		}
	})
}
