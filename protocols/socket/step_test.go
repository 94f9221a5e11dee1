//go:build unix

package socket

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

func call(t *testing.T, s protocols.Session, want string, words ...string) {
	t.Helper()
	m, ok := must(t, s, words...).(verb.Message)
	if !ok || !strings.HasPrefix(m.Message(), want) {
		t.Errorf("%s: %v, want %s", strings.Join(words, " "), m, want)
	}
}

// RAW-31: a class replays the tutorial call by call, in two windows.
func TestSteps(t *testing.T) {
	server := open(t, "tcp", "socket", "").(*Step)
	fd := server.Named()[len("socket "):]
	if m := server.Message(); m != "socket(AF_INET, SOCK_STREAM) = "+fd {
		t.Errorf("%q", m)
	}
	if _, err := run(t.Context(), server, "send", "x"); fault.Of(err) != fault.Usage {
		t.Errorf("send before connect: %v", err)
	}
	call(t, server, "bind("+fd+", ('127.0.0.1', 0)) = 0", "bind", "127.0.0.1:0")
	call(t, server, "listen("+fd+", 5) = 0", "listen", "5")

	client := open(t, "tcp", "socket", "").(*Step)
	_, port, _ := net.SplitHostPort(server.sock.Name())
	cfd := client.Named()[len("socket "):]
	call(t, client, "connect("+cfd+", ('127.0.0.1', "+port+")) = 0", "connect", "127.0.0.1", port)

	accepted := must(t, server, "accept").(protocols.Session)
	defer accepted.Close()
	if m := accepted.(verb.Message).Message(); !strings.HasPrefix(m, "accept("+fd+") = (") {
		t.Errorf("%q", m)
	}
	must(t, accepted, "send", "Thank you for connecting")
	r := must(t, client, "recv", "1024").(*Call)
	if r.Text != "Thank you for connecting" || r.Call != "recv("+cfd+", 1024) = 24" {
		t.Errorf("%+v", r)
	}
	call(t, client, "send("+cfd+", 2 bytes) = 2", "send", "hi")
	wantRecv(t, accepted, "hi", "recv")
	call(t, client, "shutdown("+cfd+", SHUT_WR) = 0", "shutdown", "write")
	if _, err := run(t.Context(), accepted, "recv"); fault.Of(err) != fault.Recv {
		t.Errorf("%v", err)
	}
}

// Each call fails where it fails.
func TestStepErrors(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, "tcp", "socket", "")
	if _, err := run(t.Context(), s, "bind", l.Addr().String()); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("bind: %v", err)
	}
	address := l.Addr().String()
	l.Close()
	if _, err := run(t.Context(), s, "connect", address); fault.Of(err) != fault.Connect {
		t.Errorf("connect: %v", err)
	}
}

func TestStepUDP(t *testing.T) {
	c := udpPeer(t)
	s := open(t, "udp", "socket", "").(*Step)
	host, port, _ := net.SplitHostPort(c.LocalAddr().String())
	call(t, s, "sendto(", "sendto", host, port, "hi")
	p := make([]byte, 10)
	n, from, err := c.ReadFromUDP(p)
	if err != nil || string(p[:n]) != "hi" {
		t.Fatalf("%q %v", p[:n], err)
	}
	c.WriteToUDP([]byte("ho"), from)
	if l := must(t, s, "recvfrom").(*Letter); l.Text != "ho" || l.From != c.LocalAddr().String() || !strings.Contains(l.Call, "recvfrom(") {
		t.Errorf("%+v", l)
	}
}

// The class's client against a server that is not ours.
func TestStepClient(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			c.SetDeadline(time.Now().Add(time.Minute))
			_, err = io.WriteString(c, "Thank you for connecting")
			err = errors.Join(err, c.Close())
		}
		done <- err
	}()
	s := open(t, "tcp", "socket", "")
	must(t, s, "connect", l.Addr().String())
	if r := must(t, s, "recv", "1024").(*Call); r.Text != "Thank you for connecting" {
		t.Errorf("%+v", r)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}
