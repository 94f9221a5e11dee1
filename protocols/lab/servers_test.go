package lab

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// say sends text to address, and returns what comes until the other end
// closes or, if until is not "", until that has come.
func say(t *testing.T, network, address, text, until string) string {
	t.Helper()
	c, err := net.DialTimeout(network, address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	buf := make([]byte, 4096)
	for until == "" || !strings.Contains(got.String(), until) {
		n, err := c.Read(buf)
		got.Write(buf[:n])
		if err == io.EOF && until == "" {
			break
		}
		if err != nil {
			t.Fatalf("after %q: %v", got.String(), err)
		}
	}
	return got.String()
}

func curl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := Command(t, "curl", append([]string{"-sS", "--noproxy", ""}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("curl %q: %v: %s", args, err, out)
	}
	return string(out)
}

func contains(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
}

func TestNginx(t *testing.T) {
	r := Start(t, Nginx(map[string]string{"a/hello.txt": "hello {{`\n"}))
	contains(t, curl(t, r.URL+"a/hello.txt"), "hello {{`\n")
	tls, err := r.PortOf("tls")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, curl(t, "--cacert", r.Path("cert.pem"), fmt.Sprintf("https://localhost:%d/a/", tls)), "hello.txt")
}

func TestSocat(t *testing.T) {
	r := Start(t, Socat("EXEC:cat"))
	contains(t, say(t, "tcp", r.Addr(), "one\n", "\n"), "one\n")
	contains(t, say(t, "tcp", r.Addr(), "two\n", "\n"), "two\n")
}

func TestSocatUnix(t *testing.T) {
	r := Start(t, SocatListen("UNIX-LISTEN:s,fork", "EXEC:cat", Listens("s")))
	contains(t, say(t, "unix", r.Path("s"), "unix\n", "\n"), "unix\n")
}

func TestNcat(t *testing.T) {
	r := Start(t, Ncat())
	testListenOnce(t, r)
}

func TestNetcat(t *testing.T) {
	r := Start(t, Netcat())
	testListenOnce(t, r)
}

// What the client says is the output, and what Stdin is given is said.
func testListenOnce(t *testing.T, r *Running) {
	if _, err := io.WriteString(r.Stdin, "from the server\n"); err != nil {
		t.Fatal(err)
	}
	contains(t, say(t, "tcp", r.Addr(), "from the client\n", "\n"), "from the server\n")
	if err := r.Wait(time.Minute); err != nil {
		t.Fatal(err)
	}
	if got := r.Output(); got != "from the client\n" {
		t.Errorf("output is %q", got)
	}
}

func TestPython(t *testing.T) {
	r := Start(t, Python(`
import socket, sys
s = socket.socket()
s.bind((sys.argv[1], int(sys.argv[2])))
s.listen()
print("ready")
while True:
    c, addr = s.accept()
    c.sendall(b"{{Thank you for connecting")
    c.close()
`))
	if got := say(t, "tcp", r.Addr(), "", ""); got != "{{Thank you for connecting" {
		t.Errorf("got %q", got)
	}
}

func TestPythonHTTP(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "f"), []byte("a file"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := Start(t, PythonHTTP(dir))
	contains(t, curl(t, r.URL+"f"), "a file")
}

func TestOpenSSL(t *testing.T) {
	r := Start(t, OpenSSL("-www"))
	contains(t, curl(t, "--cacert", r.Path("cert.pem"), fmt.Sprintf("https://localhost:%d/", r.Port)), "s_server")
	cmd := Command(t, "openssl", "s_client", "-connect", r.Addr(), "-CAfile", r.Path("cert.pem"))
	cmd.Stdin = strings.NewReader("Q\n")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("s_client: %v", err)
	}
	contains(t, string(out), "Verify return code: 0 (ok)")
}

func TestProxies(t *testing.T) {
	web := Start(t, Nginx(map[string]string{"f": "through the proxy"}))
	for _, p := range []Server{
		Microsocks("", ""), Microsocks("ann", "secret"), Tinyproxy("", ""), Tinyproxy("ann", "secret"), SSH(t),
	} {
		t.Run(p.Program, func(t *testing.T) {
			r := Start(t, p)
			scheme, addr, _ := strings.Cut(r.URL, "://")
			contains(t, curl(t, "-p", "-x", scheme+"://ann:secret@"+addr, web.URL+"f"), "through the proxy")
		})
	}
}
