package playground

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
)

// run runs a program that others wrote.
func run(t *testing.T, program string, args ...string) string {
	t.Helper()
	path := lab.Need(t, program)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

func TestCurl(t *testing.T) {
	w := start(t, Options{})
	caFile, err := w.CAFile()
	if err != nil {
		t.Fatal(err)
	}
	curl := func(args ...string) string {
		return run(t, "curl", append([]string{"-sS", "--noproxy", "*"}, args...)...)
	}
	plain, secure := "http://"+w.Map("tcp", "www:80"), "https://"+w.Map("tcp", "www:443")
	for _, c := range []struct {
		want string
		args []string
	}{
		{"2 200", []string{"--http2", "--cacert", caFile, "-o", os.DevNull, "-w", "%{http_version} %{http_code}", secure + "/"}},
		{"1.1 200", []string{"--http1.1", "--cacert", caFile, "-o", os.DevNull, "-w", "%{http_version} %{http_code}", secure + "/"}},
		{"3 " + plain + "/page/1", []string{"-L", "-o", os.DevNull, "-w", "%{num_redirects} %{url_effective}", plain + "/redirect/3"}},
		{"welcome, ann\n", []string{"-u", User + ":" + Password, plain + "/auth"}},
		{"{\n  \"taste\": \"sweet\"\n}\n", []string{"-L", "-c", os.DevNull, "-b", "", plain + "/cookies/set?taste=sweet"}},
		{"zabc", []string{"-r", "25-28", plain + "/bytes/1000"}},
	} {
		if got := curl(c.args...); got != c.want {
			t.Errorf("curl %s: %q, want %q", strings.Join(c.args, " "), got, c.want)
		}
	}
}

const pythonPeer = `
import http.client, socket, sys
web, echo, tutorial, udp = [a.rsplit(':', 1) for a in sys.argv[1:5]]

c = http.client.HTTPConnection(web[0], int(web[1]), timeout=10)
for path in '/bytes/26', '/echo', '/stream/2':      # one connection for all
    c.request('GET', path)
    r = c.getresponse()
    body = r.read()
    assert r.status == 200 and body, (path, r.status)
c.request('PUT', '/files/py', b'stored')
assert c.getresponse().read() == b''
c.request('GET', '/files/py')
assert c.getresponse().read() == b'stored'
c.close()

s = socket.create_connection((echo[0], int(echo[1])), 10)
s.send(b'HELLO\r\n')
assert s.recv(100) == b'HELLO\r\n'
s.send(bytes.fromhex('0245'))
assert s.recv(100) == b'OK\r\n'
s.shutdown(socket.SHUT_WR)
assert s.recv(100) == b''
s.close()

s = socket.socket()                                 # the tutorial's client
s.settimeout(10)
s.connect((tutorial[0], int(tutorial[1])))
assert s.recv(1024) == b'Thank you for connecting'
assert s.recv(1024) == b''
s.close()

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.sendto(b'hi', (udp[0], int(udp[1])))
assert s.recv(100) == b'hi'
s.close()
print('ok')
`

func TestPython(t *testing.T) {
	w := start(t, Options{})
	got := run(t, "python3", "-c", pythonPeer, w.Map("tcp", "www:8080"), w.Map("tcp", "echo:12345"),
		w.Map("tcp", "tutorial:12346"), w.Map("udp", "echo:4000"))
	if got != "ok\n" {
		t.Error(got)
	}
}
