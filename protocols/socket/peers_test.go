package socket

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// The socket tutorial's server in Python, and our client.
func TestPythonServer(t *testing.T) {
	r := lab.Start(t, lab.Tutorial())
	for range 2 {
		s := open(t, "tcp", "connect", r.Addr())
		wantRecv(t, s, "Thank you for connecting", "recv", "1024", "-t", "5")
		if _, err := run(t.Context(), s, "recv", "-t", "5"); fault.Of(err) != fault.Recv {
			t.Errorf("%v", err)
		}
		s.Close()
	}
}

// Our server for the tutorial, and its client in Python.
func TestPythonClient(t *testing.T) {
	l := open(t, "tcp", "listen", "127.0.0.1:0", "--reply", "Thank you for connecting", "--close")
	host, port, _ := net.SplitHostPort(l.(protocols.Namer).Named())
	for range 2 {
		out, err := lab.Command(t, "python3", "-c", `
import socket, sys
s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
print(s.getsockname())
print(s.recv(1024).decode())
print(s.recv(1024))
s.close()`, host, port).Output()
		lines := strings.Split(string(out), "\n")
		if err != nil || len(lines) < 3 || lines[1] != "Thank you for connecting" || lines[2] != "b''" {
			t.Fatalf("%q %v", out, err)
		}
		for n := range l.(protocols.Idler).Idle(t.Context()) {
			if n.Text != "Got connection from "+lines[0] {
				t.Errorf("%q, want %q", n.Text, lines[0])
			}
			break
		}
	}
}

// Python at the other end of UDP, and of an address that answers each.
func TestPythonUDP(t *testing.T) {
	b := open(t, "udp", "bind", "127.0.0.1:0")
	host, port, _ := net.SplitHostPort(b.(protocols.Namer).Named())
	cmd := lab.Command(t, "python3", "-c", `
import socket, sys
s = socket.socket(type=socket.SOCK_DGRAM)
s.settimeout(10)
s.sendto(b"from python", (sys.argv[1], int(sys.argv[2])))
print(s.recvfrom(1024))`, host, port)
	var out strings.Builder
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	l := must(t, b, "recvfrom", "1024").(*Letter)
	if l.Text != "from python" {
		t.Errorf("%+v", l)
	}
	must(t, b, "sendto", l.From, "from wireline")
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("(b'from wireline', ('%s', %s))\n", host, port); out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// RAW-21: ncat and netcat read what we send to its end, and we their answer.
func TestNetcats(t *testing.T) {
	for name, server := range map[string]lab.Server{"ncat": lab.Ncat(), "nc.openbsd": lab.Netcat("-N")} {
		t.Run(name, func(t *testing.T) {
			r := lab.Start(t, server)
			s := open(t, "tcp", "connect", r.Addr())
			must(t, s, "send", "from wireline\n")
			fmt.Fprint(r.Stdin, "from the other side\n")
			wantRecv(t, s, "from the other side\n", "recv", "--until", "\n", "-t", "5")
			must(t, s, "shutdown", "write")
			r.Stdin.Close()
			if _, err := run(t.Context(), s, "recv", "-t", "5"); fault.Of(err) != fault.Recv {
				t.Errorf("%v", err)
			}
			if got := r.Output(); got != "from wireline\n" {
				t.Errorf("%q", got)
			}
		})
	}
}

// Clients that are not ours reach our listeners.
func TestNetcatClients(t *testing.T) {
	for _, tt := range []struct {
		proto, program string
		args           []string
	}{
		{"tcp", "ncat", nil},
		{"tcp", "nc.openbsd", []string{"-N"}},
		{"udp", "nc.openbsd", []string{"-u", "-W", "1"}},
	} {
		t.Run(tt.proto+" "+tt.program, func(t *testing.T) {
			l := open(t, tt.proto, "listen", "127.0.0.1:0", "--echo")
			host, port, _ := net.SplitHostPort(l.(protocols.Namer).Named())
			cmd := lab.Command(t, tt.program, append(tt.args, host, port)...)
			cmd.Stdin = strings.NewReader("echo this\n")
			if out, err := cmd.Output(); err != nil || string(out) != "echo this\n" {
				t.Errorf("%q %v", out, err)
			}
		})
	}
}

// RAW-12 against socat: each kind of Unix socket.
func TestSocatUnix(t *testing.T) {
	for _, tt := range []struct{ name, listen, flag, recv string }{
		{"stream", "UNIX-LISTEN:{{.Path `s`}},fork", "", "100"},
		{"seqpacket", "UNIX-LISTEN:{{.Path `s`}},socktype=5,fork", "--seqpacket", "1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := lab.Start(t, lab.SocatListen(tt.listen, "EXEC:cat", nil))
			s := open(t, "unix", "connect", r.Path("s"), strings.Fields(tt.flag)...)
			wantRecv(t, s, "to and fro\n", "send", "to and fro\n", "--recv", tt.recv, "-t", "5")
		})
	}
}

// RAW-14: a summary of TLS, verified unless told otherwise.
func TestTLS(t *testing.T) {
	r := lab.Start(t, lab.OpenSSL("-rev"))
	_, port, _ := net.SplitHostPort(r.Addr())
	_, err := tryOpen(t, peer(t, "tls", "localhost:"+port), "tls", "connect")
	if fault.Of(err) != fault.TLSCert {
		t.Fatalf("an unknown certificate: %v", err)
	}
	p := peer(t, "tls", "localhost:"+port)
	p.Dialer.Options.CA = []string{r.Path("cert.pem")}
	s := openAt(t, p, "tls", "connect")
	wantRecv(t, s, "olleh\n", "send", "hello\n", "--recv-until", "\n", "-t", "5")
	i := s.(protocols.Informer).Info().(Info)
	if i.TLS == nil || !i.TLS.Verified || !strings.Contains(i.TLS.Version, "1.3") {
		t.Errorf("%+v", i.TLS)
	}
	if _, err := run(t.Context(), s, "recv", "-t", "0.05"); fault.Of(err) != fault.Timeout {
		t.Errorf("%v", err)
	}
	wantRecv(t, s, "niaga\n", "send", "again\n", "--recv-until", "\n", "-t", "5") // a limit that ran out harms nothing
}

// RAW-14: TLS on a connection that is open.
func TestStartTLS(t *testing.T) {
	r := lab.Start(t, lab.OpenSSL("-rev"))
	_, port, _ := net.SplitHostPort(r.Addr())
	p := peer(t, "tcp", "localhost:"+port)
	p.Dialer.Options.CA = []string{r.Path("cert.pem")}
	s := openAt(t, p, "tcp", "connect")
	if m := must(t, s, "starttls").(verb.Message).Message(); !strings.Contains(m, "localhost verified") {
		t.Errorf("%q", m)
	}
	wantRecv(t, s, "olleh\n", "send", "hello\n", "--recv-until", "\n", "-t", "5")
}

// RAW-16: a throwaway certificate, told so that a client can pin it.
func TestListenTLS(t *testing.T) {
	l := open(t, "tls", "listen", "127.0.0.1:0", "--reply", "under TLS", "--close")
	i := l.(verb.Message).Message()
	_, pin, ok := strings.Cut(i, "certificate ")
	if !ok {
		t.Fatalf("%q", i)
	}
	pin, _, _ = strings.Cut(pin, " ")
	p := peer(t, "tls", l.(protocols.Namer).Named())
	p.Dialer.Options.Pin, p.Dialer.Options.Insecure = []string{pin}, true
	s := openAt(t, p, "tls", "connect")
	wantRecv(t, s, "under TLS", "recv", "-t", "5")
}
