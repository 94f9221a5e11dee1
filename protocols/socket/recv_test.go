package socket

import (
	"bytes"
	"context"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

func TestRecv(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "0123456789line one\nline two\nrest")
	wantRecv(t, s, "01", "recv", "2", "--exact")
	wantRecv(t, s, "23", "peek", "2")
	wantRecv(t, s, "23456789", "recv", "8", "--exact")
	wantRecv(t, s, "line one\n", "recv", "--until", "\n")
	wantRecv(t, s, "6c 69\n", "recv", "2", "--hex")
	wantRecv(t, s, "ne two\n", "recv", "--until", "\n")
	wantRecv(t, s, "rest", "recv", "--idle", "0.05")
	if _, err := run(t.Context(), s, "recv", "--nowait"); fault.Of(err) != fault.Timeout {
		t.Errorf("recv --nowait: %v, want a timeout", err)
	}
	io.WriteString(c, "last")
	c.Close()
	wantRecv(t, s, "last", "recv", "--all", "--hex=false", "9")
	if _, err := run(t.Context(), s, "recv"); fault.Of(err) != fault.Recv {
		t.Errorf("recv after the end: %v", err)
	}
}

func TestRecvAll(t *testing.T) {
	s, c := pipe(t)
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	go func() {
		c.Write(big)
		c.Close()
	}()
	wantRecv(t, s, "01", "recv", "2", "--exact")
	b := must(t, s, "recv", "--all").(*verb.Blob)
	var got bytes.Buffer
	if _, err := io.Copy(&got, b.ReadCloser); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if !bytes.Equal(got.Bytes(), big[2:]) {
		t.Errorf("%d bytes came, want %d", got.Len(), len(big)-2)
	}
}

func TestRecvLines(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "one\r\ntwo\nthree")
	c.Close()
	var got []string
	for l, err := range must(t, s, "recv", "--lines").(verb.Stream[talk.Line]) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, l.Text)
	}
	if strings.Join(got, "|") != "one|two|three" {
		t.Errorf("%q", got)
	}
}

func TestRecvTimeout(t *testing.T) {
	s, c := pipe(t)
	_, err := run(t.Context(), s, "recv", "-t", "0.05")
	if fault.Of(err) != fault.Timeout || !strings.Contains(err.Error(), "0.05s (-t)") {
		t.Fatalf("%v", err)
	}
	io.WriteString(c, "12345")
	wantRecv(t, s, "12345", "peek")
	for _, line := range []string{"recv 10 --exact -t 0.2", "recv --until X -t 0.2"} {
		_, err = run(t.Context(), s, strings.Split(line, " ")...)
		if fault.Of(err) != fault.Timeout || !strings.Contains(err.Error(), "5") || !strings.Contains(err.Error(), "0.2s (-t)") {
			t.Errorf("%s: %v", line, err)
		}
	}
	wantRecv(t, s, "12345", "recv")

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p := peer(t, "tcp", l.Addr().String())
	p.Dialer.Options.IdleTime = 50 * time.Millisecond
	s = openAt(t, p, "tcp", "connect")
	if _, err = run(t.Context(), s, "recv"); fault.Of(err) != fault.Timeout || !strings.Contains(err.Error()+fault.Hint(err), "--idle-timeout") {
		t.Errorf("--idle-timeout: %v", err)
	}
}

func TestRecvCutShort(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "12345")
	c.Close()
	for _, line := range []string{"recv 10 --exact", "recv --until X"} {
		if _, err := run(t.Context(), s, strings.Split(line, " ")...); fault.Of(err) != fault.Partial {
			t.Errorf("%s: %v, want PARTIAL", line, err)
		}
	}
	wantRecv(t, s, "12345", "recv")

	s, c = pipe(t)
	c.Close()
	if _, err := run(t.Context(), s, "recv"); fault.Of(err) != fault.Empty {
		t.Errorf("closed without a byte: %v, want EMPTY", err)
	}
}

func TestRecvReset(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "12345")
	wantRecv(t, s, "12345", "recv", "5", "--exact")
	c.SetLinger(0)
	c.Close()
	_, err := run(t.Context(), s, "recv")
	if fault.Of(err) != fault.Recv || !strings.Contains(err.Error(), "reset") {
		t.Errorf("%v (%v)", err, fault.Of(err))
	}
}

func TestEndlessLine(t *testing.T) {
	s, c := pipe(t)
	go func() {
		block := bytes.Repeat([]byte("A"), 1<<16)
		for {
			if _, err := c.Write(block); err != nil {
				return
			}
		}
	}()
	_, err := run(t.Context(), s, "recv", "--until", "\n")
	if fault.Of(err) != fault.Limit {
		t.Errorf("%v", err)
	}
	if n := cap(s.(*Stream).Buf); n > 2*talk.Most {
		t.Errorf("%d bytes are held", n)
	}
	c.Close()
}

func TestExpect(t *testing.T) {
	s, c := pipe(t)
	e := s.(protocols.Expecter)
	io.WriteString(c, "Welcome\r\nlogin: and more")
	i, match, before, err := e.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile("nothing"), regexp.MustCompile(`log(in):`)}, time.Second)
	if err != nil || i != 1 || string(match) != "login:" || string(before) != "Welcome\r\n" {
		t.Fatalf("%d %q %q %v", i, match, before, err)
	}
	wantRecv(t, s, " and more", "recv")
	io.WriteString(c, strings.Repeat("x", 300)+"END")
	wantRecv(t, s, strings.Repeat("x", 300)+"END", "peek", "-t", "1")
	_, _, _, err = e.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile("never")}, 100*time.Millisecond)
	if fault.Of(err) != fault.Assert || !strings.Contains(err.Error(), strings.Repeat("x", 197)+"END") || strings.Contains(err.Error(), strings.Repeat("x", 198)) {
		t.Errorf("%v", err)
	}
}

func TestIdle(t *testing.T) {
	s, c := pipe(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	news := make(chan string, 100)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range s.(protocols.Idler).Idle(ctx) {
			news <- n.Text
		}
	}()
	io.WriteString(c, "HELLO\r\n")
	if got := <-news; got != `7 bytes: HELLO\r\n; recv takes them` {
		t.Errorf("%q", got)
	}
	c.Close()
	if got := <-news; !strings.Contains(got, "closed") {
		t.Errorf("%q", got)
	}
	cancel()
	<-done
	for n := range s.(protocols.Idler).Idle(t.Context()) {
		t.Errorf("told again: %s", n.Text)
	}
	wantRecv(t, s, "HELLO\r\n", "recv")
}

func TestIdleHoldsBack(t *testing.T) {
	s, c := pipe(t)
	go func() {
		c.Write(make([]byte, 64<<20))
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	last := ""
	for n := range s.(protocols.Idler).Idle(ctx) {
		last = n.Text
	}
	if ctx.Err() != nil || !strings.Contains(last, "held back") {
		t.Errorf("%q %v", last, ctx.Err())
	}
	if n := len(s.(*Stream).Buf); n > 2*talk.Most {
		t.Errorf("%d bytes are held", n)
	}
	c.Close()
}

func TestWatch(t *testing.T) {
	s, c := pipe(t)
	io.WriteString(c, "one")
	var got []string
	for a, err := range must(t, s, "watch", "--count", "2").(verb.Stream[*Arrival]) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, a.Text); len(got) == 1 {
			io.WriteString(c, "two")
		}
	}
	if strings.Join(got, " ") != "one two" {
		t.Errorf("%q", got)
	}
}
