package ftp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols/verb"
)

// Only the server may make an active data connection. (F04)
func TestActivePeer(t *testing.T) {
	f := newFake(t, &fake{})
	f.replies = map[string]string{"SIZE": "213 5"}
	f.body = send("")
	var port string
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	done := make(chan error, 1)
	go func() { done <- activeServer(ln, &port) }()
	c := must(t, "ftp://"+ln.Addr().String(), "--tls", "off", "--active")
	if got := c.ok("cat", "x"); got != "hello" {
		t.Errorf("it is %q", got)
	}
	c.sess.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(c.warns) != 1 || !strings.Contains(c.warns[0], "127.0.0.2") {
		t.Errorf("of the stranger it says %q", c.warns)
	}
}

// activeServer has a stranger connect first, and then itself.
func activeServer(ln net.Listener, port *string) error {
	c, err := ln.Accept()
	if err != nil {
		return err
	}
	defer c.Close()
	say := func(s string) { io.WriteString(c, s+"\r\n") }
	say("220 ready")
	buf := make([]byte, 1000)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return nil
		}
		line := strings.TrimSpace(string(buf[:n]))
		switch word, rest, _ := strings.Cut(line, " "); word {
		case "USER":
			say("230 in")
		case "PWD":
			say(`257 "/"`)
		case "EPRT":
			*port = strings.Split(rest, "|")[3]
			say("200 ok")
		case "RETR":
			stranger := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
			if s, err := stranger.Dial("tcp", "127.0.0.1:"+*port); err == nil {
				io.WriteString(s, "evil!")
				if n, err := s.Read(make([]byte, 1)); err == nil {
					return errors.New("the stranger was let in, and read " + string(rune(n)))
				}
				s.Close()
			}
			say("150 coming")
			d, err := net.Dial("tcp", "127.0.0.1:"+*port)
			if err != nil {
				return err
			}
			io.WriteString(d, "hello")
			d.Close()
			say("226 done")
		case "TYPE", "QUIT":
			say("200 ok")
		default:
			say("500 what")
		}
	}
}

// A server that never connects is not waited for longer than the command is.
func TestActiveNobody(t *testing.T) {
	t.Parallel()
	f := newFake(t, &fake{replies: map[string]string{"EPRT": "200 ok", "RETR": "150 coming"}})
	c := must(t, f.url(), "--tls", "off", "--active")
	why := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, why)
	defer cancel()
	within(t, 2*time.Second, func() {
		if _, err := c.runIn(ctx, verb.Env{}, "cat", "x"); !errors.Is(err, why) {
			t.Errorf("it ends with %v", err)
		}
	})
}
