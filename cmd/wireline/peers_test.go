//go:build unix

package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols/lab"
)

// outcome is what one run of the real binary gave.
type outcome struct {
	out, err string
	exit     int
}

// wireline runs the real binary, with in as its standard input.
func wireline(t *testing.T, in string, args ...string) outcome {
	t.Helper()
	return wirelineEnv(t, nil, in, args...)
}

func wirelineEnv(t *testing.T, env []string, in string, args ...string) outcome {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("wireline", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir), env...)
	cmd.Stdin = strings.NewReader(in)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	timer := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	err := cmd.Run()
	o := outcome{out: out.String(), err: errs.String()}
	var e *exec.ExitError
	if errors.As(err, &e) {
		o.exit = e.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o outcome) check(t *testing.T, exit int, out, err string) {
	t.Helper()
	if o.exit != exit || !strings.Contains(o.out, out) || !strings.Contains(o.err, err) {
		t.Errorf("exit %d, want %d with %q and %q\nstdout: %s\nstderr: %s", o.exit, exit, out, err, o.out, o.err)
	}
}

// RAW-01, RAW-21: ours as the client of others' servers.
func TestServersOfOthers(t *testing.T) {
	for name, s := range map[string]lab.Server{
		"socat":  lab.Socat("EXEC:cat"),
		"ncat":   lab.Ncat("-k", "-e", "/bin/cat"),
		"python": lab.Python(echoScript),
	} {
		t.Run(name, func(t *testing.T) {
			r := lab.Start(t, s)
			wireline(t, "", "tcp", "send", r.Addr(), "hello\n", "--recv-until", `\n`, "-t", "5").check(t, 0, "hello\n", "")
			if name != "ncat" { // which drops what its program still says once we have ended our side
				wireline(t, "piped\n", "connect", "tcp", r.Addr()).check(t, 0, "piped\n", "connected")
			}
		})
	}
}

const echoScript = `
import socket, sys
s = socket.create_server((sys.argv[1], int(sys.argv[2])))
print("ready")
while True:
    c, _ = s.accept()
    while data := c.recv(4096):
        c.sendall(data)
    c.close()
`

// Others as the clients of ours.
func TestClientsOfOthers(t *testing.T) {
	for name, args := range map[string][]string{
		"socat":      {"-", "TCP:{}"},
		"nc.openbsd": {"-N", "127.0.0.1", "{port}"},
		"ncat":       {"127.0.0.1", "{port}"},
	} {
		t.Run(name, func(t *testing.T) {
			lab.Need(t, name)
			addr, stop := listening(t, "listen", "tcp", ":0", "--echo")
			defer stop()
			_, port, _ := strings.Cut(addr, ":")
			for i := range args {
				args[i] = strings.NewReplacer("{}", addr, "{port}", port).Replace(args[i])
			}
			cmd := lab.Command(t, name, args...)
			cmd.Stdin = strings.NewReader("round trip\n")
			out, err := cmd.Output()
			if string(out) != "round trip\n" {
				t.Errorf("%q, %v", out, err)
			}
		})
	}
}

// listening starts a wireline that serves, and gives its address.
func listening(t *testing.T, args ...string) (addr string, stop func() string) {
	t.Helper()
	cmd := exec.Command("wireline", args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+cmd.Dir, "XDG_CONFIG_HOME="+cmd.Dir)
	var out bytes.Buffer
	cmd.Stdout = &out
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 512)
	n, err := errs.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(line[:n]))
	if len(f) < 4 || f[1] != "listening" {
		t.Fatalf("%q", line[:n])
	}
	return strings.TrimSuffix(f[3], ","), func() string {
		cmd.Process.Signal(os.Interrupt)
		timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
		defer timer.Stop()
		cmd.Wait()
		return out.String()
	}
}

// RAW-14, X-15, S07: TLS against openssl, verified unless told otherwise.
func TestOpenSSL(t *testing.T) {
	r := lab.Start(t, lab.OpenSSL("-rev"))
	ca := filepath.Join(r.Dir, "cert.pem")
	if _, err := os.Stat(ca); err != nil {
		ca = pemIn(t, r.Dir)
	}
	wireline(t, "", "tls", "send", r.Addr(), "olleh\n", "--recv-until", `\n`, "-t", "5").check(t, 60, "", "TLS_CERT, exit 60")
	wireline(t, "", "tls", "send", r.Addr(), "olleh\n", "--recv-until", `\n`, "-t", "5", "-k").check(t, 0, "hello", "not checked")
	wireline(t, "", "tls", "send", r.Addr(), "olleh\n", "--recv-until", `\n`, "-t", "5", "--ca", ca).check(t, 0, "hello", "")
	o := wireline(t, "", "-c", "connect tls "+r.Addr()+" --ca "+ca+"; cert; info; assert tls.days >= 0")
	o.check(t, 0, "subject:", "TLS 1.3")
	wireline(t, "", "tls", "send", r.Addr(), "x", "--ca", ca, "--pin", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").check(t, 60, "", "pin")
	wireline(t, "", "tls", "send", r.Addr(), "x", "--ca", ca, "--sni", "other.example").check(t, 60, "", "other.example")
	wireline(t, "", "tls", "send", r.Addr(), "olleh\n", "--recv-until", `\n`, "-t", "5", "--ca", ca, "--tls-max", "1.2", "--json").check(t, 0, `"version":"1.2"`, "")
}

func pemIn(t *testing.T, dir string) string {
	t.Helper()
	all, _ := filepath.Glob(filepath.Join(dir, "*.pem"))
	for _, f := range all {
		if b, _ := os.ReadFile(f); bytes.Contains(b, []byte("BEGIN CERTIFICATE")) {
			return f
		}
	}
	t.Fatalf("no certificate in %s: %v", dir, all)
	return ""
}

// S11: TLS to a port that does not speak it.
func TestTLSToPlain(t *testing.T) {
	r := lab.Start(t, lab.Socat("EXEC:cat"))
	o := wireline(t, "", "connect", "tls", r.Addr())
	o.check(t, 35, "", "TLS_HANDSHAKE")
}

// RAW-27, X-14: every protocol through SOCKS and CONNECT, with passwords.
func TestProxies(t *testing.T) {
	echo := lab.Start(t, lab.Socat("EXEC:cat"))
	socks := lab.Start(t, lab.Microsocks("", ""))
	guarded := lab.Start(t, lab.Microsocks("ann", "s3cr3t"))
	connect := lab.Start(t, lab.Tinyproxy("", ""))
	asking := lab.Start(t, lab.Tinyproxy("ann", "s3cr3t"))
	ssh := lab.Start(t, lab.SSH(t))
	say := []string{"tcp", "send", echo.Addr(), "hello\n", "--recv-until", `\n`, "-t", "5"}
	for _, proxy := range []string{
		"socks5://" + socks.Addr(),
		"socks5h://" + socks.Addr(),
		"socks5://ann:s3cr3t@" + guarded.Addr(),
		"socks5h://ann:s3cr3t@" + guarded.Addr(),
		"http://" + connect.Addr(),
		"http://ann:s3cr3t@" + asking.Addr(),
		"socks4a://" + ssh.Addr(),
		"socks5h://" + ssh.Addr(),
	} {
		wireline(t, "", append(say, "-x", proxy)...).check(t, 0, "hello\n", "")
		wirelineEnv(t, []string{"ALL_PROXY=" + proxy}, "", say...).check(t, 0, "hello\n", "")
	}
	o := wireline(t, "", append(say, "-x", "socks5://ann:wrong@"+guarded.Addr(), "-v")...)
	o.check(t, 97, "", "PROXY, exit 97")
	if strings.Contains(o.err, "wrong") {
		t.Errorf("the password is in %q", o.err)
	}
	o = wireline(t, "", append(say, "-x", "http://ann:wrong@"+asking.Addr(), "-v")...)
	o.check(t, 97, "", "PROXY, exit 97")
	if strings.Contains(o.err, "wrong") {
		t.Errorf("the password is in %q", o.err)
	}
	// Without a tunnel it is an HTTP response that says so (HTTP-19).
	get := []string{"http", "get", "http://" + echo.Addr() + "/", "--json", "-x", "http://" + asking.Addr()}
	wireline(t, "", get...).check(t, 22, "--proxy-user NAME:PASSWORD", "")
	wireline(t, "", append(get, "--proxy-tunnel")...).check(t, 97, "--proxy-user NAME:PASSWORD", "")
	// The names are those of whoever looks them up.
	_, port, _ := net.SplitHostPort(echo.Addr())
	say[2] = "elsewhere.invalid:" + port
	wireline(t, "", append(say, "--resolve", "elsewhere.invalid:"+port+":127.0.0.1", "-x", "socks4a://"+ssh.Addr())...).check(t, 97, "", "")
	say[2] = "localhost:" + port
	wireline(t, "", append(say, "--dns", "127.0.0.1:1", "-x", "socks4a://"+ssh.Addr())...).check(t, 0, "hello\n", "")
	say[2] = "127.0.0.1:1"
	wireline(t, "", append(say, "-x", "socks4a://"+ssh.Addr())...).check(t, 97, "", "proxy "+ssh.Addr())
	wireline(t, "", append(say, "-x", "socks5://127.0.0.1:1")...).check(t, 97, "", "")
	wireline(t, "", "tcp", "send", "127.0.0.1", "1", "x", "-x", "socks5://"+socks.Addr()).check(t, 97, "", "refused")
}

// RAW-25: relay copies both ways until both have closed, and reports bytes.
func TestRelay(t *testing.T) {
	var at [2]string
	heard := make(chan string, 2)
	for i, says := range []string{"from a", "from the other"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		at[i] = l.Addr().String()
		go func() {
			c, err := l.Accept()
			if err != nil {
				heard <- err.Error()
				return
			}
			defer c.Close()
			io.WriteString(c, says)
			c.(*net.TCPConn).CloseWrite()
			all, _ := io.ReadAll(c)
			heard <- string(all)
		}()
	}
	o := wireline(t, "", "-c", "connect tcp "+at[0]+"; connect tcp "+at[1]+"; relay 1 2")
	if o.exit != 0 || !strings.Contains(o.out+o.err, "relayed 6 bytes from [1]") || !strings.Contains(o.out+o.err, ", 14 back") {
		t.Errorf("exit %d, %q, %q", o.exit, o.out, o.err)
	}
	if got := []string{<-heard, <-heard}; !slices.Contains(got, "from a") || !slices.Contains(got, "from the other") {
		t.Errorf("heard %q", got)
	}
}

// RAW-12: socat's unix sockets.
func TestUnixOfOthers(t *testing.T) {
	r := lab.Start(t, lab.SocatListen("UNIX-LISTEN:{{.Dir}}/s,fork", "EXEC:cat", nil))
	wireline(t, "", "unix", "send", filepath.Join(r.Dir, "s"), "hello\n", "--recv-until", `\n`, "-t", "5").check(t, 0, "hello\n", "")
}

// T14: who reads our output and stops is no error of ours that needs words,
// and a signal ends us with its status.
func TestSignals(t *testing.T) {
	r := lab.Start(t, lab.Socat("EXEC:yes"))
	cmd := exec.Command("sh", "-c", "wireline connect tcp "+r.Addr()+" </dev/null 2>err | head -c 1 >/dev/null; cat err >&2")
	cmd.Dir = t.TempDir()
	if b, _ := cmd.CombinedOutput(); bytes.Contains(b, []byte("wireline:")) {
		t.Errorf("%s", b)
	}
	silent := lab.Start(t, lab.Socat("EXEC:sleep 60"))
	heard := 0
	for sig, want := range map[os.Signal]int{os.Interrupt: 130, sigTerm: 143, sigHup: 129} {
		cmd := exec.Command("wireline", "tcp", "recv", silent.Addr(), "-t", "20")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		heard++
		for limit := time.Now().Add(20 * time.Second); strings.Count(silent.Log(), "accepting connection") < heard; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(limit) {
				t.Fatal("wireline does not connect")
			}
		}
		time.Sleep(100 * time.Millisecond) // until it waits for what comes
		took := lab.Stopwatch(t)
		cmd.Process.Signal(sig)
		cmd.Wait()
		if got := cmd.ProcessState.ExitCode(); got != want || took() > 2*time.Second {
			t.Errorf("%v: exit %d after %v, want %d", sig, got, took(), want)
		}
	}
}
