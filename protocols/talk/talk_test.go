package talk

import (
	"context"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"wireline/protocols/fault"
)

// fed is an inbox to which pieces come one by one, and then the end, or
// nothing more if that is nil.
func fed(end error, pieces ...string) *Inbox {
	b := &Inbox{Peer: "the peer", Gone: "closed its side", At: func(e *fault.Error) error { return e }}
	b.Fill = func(ctx context.Context) error {
		switch {
		case ctx.Err() != nil:
			return Ended(ctx)
		case len(pieces) > 0:
			b.Buf = append(b.Buf, pieces[0]...)
			pieces = pieces[1:]
			return nil
		case end != nil:
			b.End = end
			return end
		}
		<-ctx.Done()
		return Ended(ctx)
	}
	b.More = b.Fill
	return b
}

func TestAwaitText(t *testing.T) {
	b := fed(nil, "log", "in", ": now")
	n, err := b.AwaitText(t.Context(), "login:")
	if n != 6 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if got := string(b.Cut(n, true)); got != "login:" || len(b.Buf) != 10 {
		t.Errorf("looked at %q, %d are left", got, len(b.Buf))
	}
	if got := string(b.Cut(n, false)); got != "login:" || string(b.Buf) != " now" {
		t.Errorf("took %q, %q are left", got, b.Buf)
	}
}

// What came stays when a wait fails, and the error tells how much it was and
// why no more was waited for.
func TestShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			end  error
			kind *fault.Kind
			want string
		}{
			{nil, fault.Timeout, `4 bytes came without "x" within 2s (-t)`},
			{io.EOF, fault.Partial, `4 bytes came without "x", then the peer closed its side`},
			{errors.New("reset"), fault.Internal, `4 bytes came without "x", then reset`},
		} {
			b := fed(c.end, "some")
			two := 2 * time.Second
			ctx, cancel := Within(t.Context(), &two, "-t")
			_, err := b.AwaitText(ctx, "x")
			cancel()
			if fault.Of(err) != c.kind || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v (%v), want %q", err, fault.Of(err), c.want)
			}
			if string(b.Take()) != "some" {
				t.Error("what came was not kept")
			}
		}
	})
}

func TestAwaitQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := fed(nil, "a", "bc")
		began := time.Now()
		n, err := b.AwaitQuiet(t.Context(), time.Second, Whole)
		if n != 3 || err != nil || time.Since(began) != time.Second {
			t.Errorf("%d, %v after %v", n, err, time.Since(began))
		}
	})
}

func TestAwaitEnd(t *testing.T) {
	if n, err := fed(io.EOF, "a", "bc").AwaitEnd(t.Context(), Whole); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	b := fed(io.EOF, "a", "bc", "d")
	if _, err := b.AwaitEnd(t.Context(), 2); fault.Of(err) != fault.Limit || len(b.Buf) != 3 {
		t.Errorf("%v with %d bytes", err, len(b.Buf))
	}
}

func TestLines(t *testing.T) {
	var got []string
	for l, err := range fed(io.EOF, "one\r", "\ntwo\n\nthree").Lines(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, l.Text)
	}
	if s := strings.Join(got, "|"); s != "one|two||three" {
		t.Error(s)
	}
}

// Of several patterns that match, the first in the text counts.
func TestExpect(t *testing.T) {
	b := fed(nil, "Last login: ", "today\r\n$ ")
	i, match, before, err := b.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile(`\$ `), regexp.MustCompile(`log\w+:`)}, 0)
	if i != 1 || string(match) != "login:" || string(before) != "Last " || err != nil {
		t.Errorf("%d %q %q %v", i, match, before, err)
	}
	i, match, _, err = b.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile(`\$ `)}, 0)
	if i != 0 || string(match) != "$ " || err != nil || len(b.Buf) != 0 {
		t.Errorf("%d %q %v %q", i, match, err, b.Buf)
	}
}

// The last 200 bytes are shown, and nothing is lost.
func TestExpectFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := fed(nil, strings.Repeat("x", 300)+"tail")
		_, _, _, err := b.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile("never")}, time.Second)
		if fault.Of(err) != fault.Assert || !strings.HasSuffix(err.Error(), "the last: "+strings.Repeat("x", 196)+"tail") || len(b.Buf) != 304 {
			t.Errorf("%v, %d are left", err, len(b.Buf))
		}
	})
}

// What comes in a burst is told at once, and the end a single time.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := fed(io.EOF, "a", "b")
		var told []string
		for range 2 {
			for n := range b.Idle(t.Context()) {
				told = append(told, n.Text)
			}
		}
		if s := strings.Join(told, "; "); s != "2 bytes: ab; recv takes them; the peer has closed its side; nothing more comes" {
			t.Error(s)
		}
	})
}

// TEL-13: what comes just after a remark is taken in at once, since a trigger
// may wait for it, and told of later, also when the idling ended meanwhile.
func TestIdleIsNotDeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pieces := make(chan string)
		b := fed(nil)
		b.Fill = func(ctx context.Context) error {
			select {
			case p := <-pieces:
				b.Buf = append(b.Buf, p...)
				return nil
			case <-ctx.Done():
				return Ended(ctx)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		next, stop := iter.Pull2(b.Idle(ctx))
		defer stop()
		go func() { pieces <- "a" }()
		if n, _, _ := next(); n.Text != "1 byte: a; recv takes them" {
			t.Errorf("first %q", n.Text)
		}
		start := time.Now()
		go func() {
			time.Sleep(burst)
			pieces <- "b"
			if took := time.Since(start); took >= lull {
				t.Errorf("it was taken after %v", took)
			}
			cancel()
		}()
		if n, _, ok := next(); ok {
			t.Errorf("told %q after the end", n.Text)
		}
		for n := range b.Idle(t.Context()) {
			if n.Text != "1 byte: b; recv takes them" {
				t.Errorf("told later: %q", n.Text)
			}
			break
		}
	})
}

// A deadline that an end of the context has set does not stay.
func TestPolitely(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	set := make(chan time.Time, 2)
	err := Politely(ctx, func(d time.Time) error { set <- d; return nil }, func() error {
		cancel()
		if d := <-set; d.IsZero() || d.After(time.Now()) {
			t.Errorf("the deadline is %v", d)
		}
		return fault.New(fault.Timeout, "too late")
	})
	if d := <-set; fault.Of(err) != fault.Interrupt || !d.IsZero() {
		t.Errorf("%v, then the deadline is %v", err, d)
	}
	if err := Politely(ctx, nil, nil); fault.Of(err) != fault.Interrupt {
		t.Errorf("an end before the beginning: %v", err)
	}
}

// That nothing more is read is told once, and again only after something was
// taken.
func TestFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		big := strings.Repeat("x", Most)
		b := fed(nil, big, big)
		b.Peer = "the peer"
		told := func() (n int) {
			for notice, err := range b.Idle(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(notice.Text, "held back") {
					n++
				}
			}
			return n
		}
		if n := told(); n != 1 {
			t.Errorf("told %d times when it is full", n)
		}
		if n := told(); n != 0 {
			t.Errorf("told %d times more", n)
		}
		b.Take()
		if n := told(); n != 1 || len(b.Buf) != Most {
			t.Errorf("told %d times when it is full again", n)
		}
	})
}
