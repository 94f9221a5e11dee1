//go:build unix

package main

import (
	"strings"
	"testing"

	"wireline/protocols/lab"
)

// The client of the socket tutorial, as it is printed there but for the
// address.
const tutorialClient = `
import socket, sys
host, _, port = sys.argv[1].rpartition(':')
s = socket.socket()
s.connect((host, int(port)))
print(s.recv(1024).decode())
s.close()
`

// pythonClient is the tutorial's client in a terminal of its own.
func pythonClient(t *testing.T, addr string) (said chan string) {
	t.Helper()
	cmd := lab.Command(t, "python3", "-c", tutorialClient, addr)
	said = make(chan string, 1)
	go func() {
		out, err := cmd.CombinedOutput()
		if err != nil {
			out = append(out, err.Error()...)
		}
		said <- string(out)
	}()
	return said
}

// RAW-01, RAW-19, RAW-31: a person replays the tutorial in two terminals.
// Python serves in the other one, for ever.
func TestTutorialAsClient(t *testing.T) {
	server := lab.Start(t, lab.Tutorial())
	host, port, _ := strings.Cut(server.Addr(), ":")
	p := sit(t)
	p.sees("wireline> ")
	p.types("connect tcp " + host + " " + port + "\r")
	p.sees("connected to " + server.Addr())
	p.sees("> ")
	p.types("recv 1024\r")
	p.sees("\nThank you for connecting")
	p.sees("> ")
	p.types("close\r")
	p.sees("closed [1]")

	p.types("socket tcp\r")
	p.sees("socket(AF_INET, SOCK_STREAM) = ")
	p.sees("CREATED> ")
	p.types("connect " + host + " " + port + "\r")
	p.sees("('" + host + "', " + port + ")) = 0")
	p.types("recv 1024\r")
	p.sees(", 1024) = 24")
	p.sees("Thank you for connecting")
	p.types("close\r")
	p.sees("closed [2]")
	p.leaves()
}

// RAW-07, RAW-31: ours serves, at the prompt: step by step, and for ever.
func TestTutorialAsServer(t *testing.T) {
	lab.Need(t, "python3")
	p := sit(t)
	p.sees("wireline> ")
	p.types("socket tcp\r")
	p.sees("CREATED> ")
	p.types("bind localhost 0\r")
	p.sees("('localhost', 0)) = 0")
	p.types("listen 5\r")
	p.sees("= 0, at ")
	addr := strings.TrimSpace(p.sees("\r"))
	p.sees("LISTEN> ")
	said := pythonClient(t, addr)
	p.types("accept\r")
	p.sees("[2] accept(")
	p.sees("('127.0.0.1', ")
	p.types("send \"Thank you for connecting\"; close\r")
	p.sees("closed [2]")
	if got := <-said; got != "Thank you for connecting\n" {
		t.Errorf("the client said %q", got)
	}
	p.types("close\r")
	p.sees("closed [1]")

	p.types("listen tcp :0 --reply \"Thank you for connecting\" --close\r")
	p.sees("[3] listening on ")
	addr = strings.TrimSpace(p.sees(" "))
	for range 3 {
		said := pythonClient(t, addr)
		p.sees("[3] Got connection from ('127.0.0.1', ")
		if got := <-said; got != "Thank you for connecting\n" {
			t.Errorf("the client said %q", got)
		}
	}
	p.leaves()
}
