package pop3_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/pop3"
	"wireline/protocols/verb"
)

// watch logs in again and again, tells of each message once, and leaves a
// session that goes on by itself.
func TestWatch(t *testing.T) {
	s := &server{n: 2}
	u := meet(t, s)
	u.must("rm", "1")
	_, err := u.do("watch")
	fails(t, err, fault.Usage, "1 message to be deleted")
	u.must("undelete")
	v, _ := verb.Find(pop3.Protocol().Verbs, "watch")
	why := fault.New(fault.Interrupt, "stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	res, err := v.Do(ctx, u.sess, verb.Env{}, []string{"--every", "1ms"})
	if err != nil {
		t.Fatal(err)
	}
	s.become(4, "")
	var got []uint32
	for m, err := range res.(verb.Stream[mail.Summary]) {
		if err != nil {
			if !errors.Is(err, why) {
				t.Error(err)
			}
			break
		}
		got = append(got, m.Number)
		switch len(got) {
		case 2:
			s.become(5, "")
		case 3:
			cancel(why)
		}
	}
	if !slices.Equal(got, []uint32{3, 4, 5}) {
		t.Errorf("told of %v", got)
	}
	if got := u.must("ls", "--short"); strings.Count(got, "\n") != 5 {
		t.Errorf("after watch: %s", got)
	}
	if _, log := s.since(); slices.ContainsFunc(log, func(l string) bool { return strings.HasPrefix(l, "DELE 2") }) {
		t.Errorf("%q", log)
	}
}

// T15: a server that hung up while nobody used the session. It is begun anew
// where that cannot do harm.
func TestIdled(t *testing.T) {
	for _, c := range []struct {
		name   string
		before [][]string // what is done first
		then   string     // the UIDs end so afterwards
		words  []string
		kind   *fault.Kind
		text   string
	}{
		{"ls", nil, "", []string{"ls", "--short"}, nil, ""},
		{"listed", [][]string{{"ls", "--short"}}, "", []string{"rm", "2"}, nil, ""},
		{"renumbered", [][]string{{"ls", "--short"}}, "x", []string{"cat", "2"}, fault.NotFound, "the messages have other numbers"},
		{"rm in the blue", nil, "", []string{"rm", "2"}, fault.Recv, "closed it while it idled"},
		{"pending", [][]string{{"rm", "1"}}, "", []string{"ls"}, fault.Recv, "the server keeps the 1 that were to be deleted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &server{n: 3, hang: make(chan bool)}
			u := meet(t, s)
			for _, words := range c.before {
				u.must(words[0], words[1:]...)
			}
			s.become(3, c.then)
			s.hang <- true
			pop3.Rest(u.sess)
			_, err := u.do(c.words[0], c.words[1:]...)
			if c.kind == nil && err != nil {
				t.Fatal(err)
			}
			if c.kind != nil {
				fails(t, err, c.kind, c.text)
			}
			if _, log := s.since(); c.kind == fault.Recv && slices.Contains(log, "USER ann") {
				t.Errorf("logged in again: %q", log)
			}
		})
	}
}

// POP-08: a QUIT by which the server removes something may take longer than a
// goodbye.
func TestLongQuit(t *testing.T) {
	s := &server{n: 3}
	u := meet(t, s)
	u.wire.Limits.Goodbye = time.Millisecond
	s.slow = func() { time.Sleep(100 * time.Millisecond) }
	if p := u.sess.(interface{ Pending() string }); p.Pending() != "" {
		t.Error(p.Pending())
	}
	u.must("rm", "1:2")
	if p := u.sess.(interface{ Pending() string }); p.Pending() != "delete 2 messages" {
		t.Error(p.Pending())
	}
	if err := u.sess.Close(); err != nil {
		t.Error(err)
	}
}
