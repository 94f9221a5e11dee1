package wire

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
)

func listen(t testing.TB, d *Dialer, to Target, o ListenOptions) *Listener {
	t.Helper()
	l, err := d.Listen(t.Context(), to, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func unixAt(path string, network string) Target {
	return Target{URL: &url.URL{Path: path}, Scheme: Scheme{Name: "unix", Network: network}}
}

// RAW-07, RAW-08: several clients, each by itself.
func TestListen(t *testing.T) {
	d := &Dialer{}
	l := listen(t, d, at(":0"), ListenOptions{Backlog: 5})
	a := dial(t, &Dialer{}, l.Addr().String())
	b := dial(t, &Dialer{}, l.Addr().String())
	first, err := l.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := l.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if first.RemoteAddr().String() != a.LocalAddr().String() || second.RemoteAddr().String() != b.LocalAddr().String() {
		t.Error("not in the order they came")
	}
	io.WriteString(second, "to b")
	got := make([]byte, 4)
	if _, err := io.ReadFull(b, got); string(got) != "to b" {
		t.Errorf("got %q, %v", got, err)
	}
	// Each has a dialer of its own, below the listener's.
	first.Dialer().Cut(context.Canceled)
	if _, err := first.Read(got); err == nil {
		t.Error("not cut")
	}
	if _, err := second.Write([]byte("x")); err != nil {
		t.Errorf("the other is cut too: %v", err)
	}
	if _, out := d.Counts(); out != 5 || len(d.Conns()) != 2 {
		t.Errorf("the listener's dialer counts %d bytes, %d connections", out, len(d.Conns()))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = l.Accept(ctx)
	wantFault(t, err, fault.Timeout)
	l.Close()
	_, err = l.Accept(t.Context())
	wantFault(t, err, fault.Recv, "closed")
}

// U03: the loopback address unless another is typed.
func TestListenWhere(t *testing.T) {
	for host, want := range map[string]string{"": "127.0.0.1", "0.0.0.0": "0.0.0.0", "*": "0.0.0.0", "<any>": "0.0.0.0", "127.0.0.5": "127.0.0.5", "::1": "::1", "::": "::"} {
		to := at(net.JoinHostPort(host, "0"))
		l, err := (&Dialer{}).Listen(t.Context(), to, ListenOptions{})
		if err != nil {
			if strings.Contains(host, ":") {
				continue // no IPv6 here
			}
			t.Errorf("%q: %v", host, err)
			continue
		}
		if got := l.Addr().(*net.TCPAddr).IP.String(); got != want {
			t.Errorf("%q listens at %s, want %s", host, got, want)
		}
		l.Close()
	}
	if l := listen(t, &Dialer{}, at(":0"), ListenOptions{DualStack: true}); len(l.Addrs()) == 2 {
		_, port, _ := net.SplitHostPort(l.Addr().String())
		for _, h := range []string{"127.0.0.1", "::1"} {
			dial(t, &Dialer{}, net.JoinHostPort(h, port))
			c, err := l.Accept(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			c.Close()
		}
	}
	l := listen(t, &Dialer{}, at(":0"), ListenOptions{})
	_, err := (&Dialer{}).Listen(t.Context(), at(l.Addr().String()), ListenOptions{})
	wantFault(t, err, fault.Connect, "in use", "port 0")
	shared := listen(t, &Dialer{}, at(":0"), ListenOptions{ReusePort: true})
	listen(t, &Dialer{}, at(shared.Addr().String()), ListenOptions{ReusePort: true})
}

// RAW-33, U02: who may connect, and how many.
func TestListenLimits(t *testing.T) {
	var warned = make(chan string, 10)
	d := &Dialer{Warn: func(s string) { warned <- s }}
	l := listen(t, d, at(":0"), ListenOptions{Allow: []string{"192.0.2.0/24"}})
	c := dial(t, &Dialer{}, l.Addr().String())
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("not closed")
	}
	if w := <-warned; !strings.Contains(w, "--allow") {
		t.Errorf("warned %q", w)
	}
	l = listen(t, d, at(":0"), ListenOptions{MaxConns: 1, Allow: []string{"127.0.0.0/8,::1"}})
	dial(t, &Dialer{}, l.Addr().String())
	only, err := l.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c = dial(t, &Dialer{}, l.Addr().String())
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("one too many is served")
	}
	if w := <-warned; !strings.Contains(w, "--max-conns") {
		t.Errorf("warned %q", w)
	}
	only.Close()
	dial(t, &Dialer{}, l.Addr().String())
	if c, err := l.Accept(t.Context()); err != nil {
		t.Errorf("after one has left: %v", err)
	} else {
		c.Close()
	}
	_, err = d.Listen(t.Context(), at(":0"), ListenOptions{Allow: []string{"x"}})
	wantFault(t, err, fault.BadArgument, "--allow")
}

// U02: 128 at a time, unless another number is given.
func TestListenDefaultLimit(t *testing.T) {
	warned := make(chan string, 1)
	l := listen(t, &Dialer{Warn: func(s string) { warned <- s }}, at(":0"), ListenOptions{})
	for range 128 {
		dial(t, &Dialer{}, l.Addr().String())
		c, err := l.Accept(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
	}
	if _, err := dial(t, &Dialer{}, l.Addr().String()).Read(make([]byte, 1)); err == nil {
		t.Error("one too many is served")
	}
	if w := <-warned; !strings.Contains(w, "128 are open") {
		t.Errorf("warned %q", w)
	}
}

// RAW-16: a throwaway certificate, known by its fingerprint.
func TestListenTLS(t *testing.T) {
	to := at(":0")
	to.Scheme = tlsScheme
	warned := make(chan string, 10)
	l := listen(t, &Dialer{Warn: func(s string) { warned <- s }}, to, ListenOptions{})
	done := make(chan error, 1)
	go func() {
		c, err := l.Accept(t.Context())
		if err == nil {
			_, err = io.WriteString(c, "hello")
			c.Close()
		}
		done <- err
	}()
	if _, err := dialTLS(t, &Dialer{Options: Options{Pin: []string{l.Fingerprint()}}}, l.Addr().String()); err != nil {
		t.Fatal(err)
	} else if err := <-done; err != nil {
		t.Error(err)
	}
	_, err := dialTLS(t, &Dialer{}, l.Addr().String())
	wantFault(t, err, fault.TLSCert, "self-signed")
	if w := <-warned; !strings.Contains(w, "no TLS handshake with 127.0.0.1") {
		t.Errorf("warned %q", w)
	}
	// One that says nothing keeps nobody from being served.
	mute := dial(t, &Dialer{}, l.Addr().String())
	go func() {
		c, err := l.Accept(t.Context())
		if err == nil {
			err = c.Close()
		}
		done <- err
	}()
	if _, err := dialTLS(t, &Dialer{Options: Options{Insecure: true}}, l.Addr().String()); err != nil {
		t.Error(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	l.Close()
	if _, err := mute.Read(make([]byte, 1)); err == nil {
		t.Error("a handshake outlives the listener")
	}
	ca := newCA(t)
	cert, key := issue(t, ca, nil, nil)
	file := filepath.Join(t.TempDir(), "server.pem")
	writePEM(t, file, cert.Raw, key)
	own := listen(t, &Dialer{}, to, ListenOptions{Cert: file})
	if own.Fingerprint() != "" {
		t.Error("a fingerprint for a certificate of the user's")
	}
	go func() {
		c, err := own.Accept(t.Context())
		if err == nil {
			_, err = io.WriteString(c, "hello")
			c.Close()
		}
		done <- err
	}()
	if _, err := dialTLS(t, &Dialer{Options: Options{CA: []string{ca.file}}}, own.Addr().String()); err != nil {
		t.Error(err)
	}
	<-done
}

// RAW-12, RAW-13, U04: the file of a unix socket.
func TestListenUnix(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "s")
	for _, network := range []string{"unix", "unixpacket"} {
		if network == "unixpacket" && runtime.GOOS != "linux" {
			continue
		}
		l := listen(t, &Dialer{}, unixAt(path, network), ListenOptions{})
		if s, err := os.Lstat(path); err != nil || s.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", network, s, err)
		}
		c, err := (&Dialer{}).Dial(t.Context(), unixAt(path, network))
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.Accept(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(c, "hello")
		b := make([]byte, 100)
		if n, err := s.Read(b); string(b[:n]) != "hello" {
			t.Errorf("%s: got %q, %v", network, b[:n], err)
		}
		if cr := s.Info().Creds; cr == nil || cr.UID != os.Getuid() || cr.PID != os.Getpid() {
			t.Errorf("%s: credentials %+v", network, cr)
		}
		_, err = (&Dialer{}).Listen(t.Context(), unixAt(path, network), ListenOptions{})
		wantFault(t, err, fault.WriteLocal, "in use")
		c.Close()
		s.Close()
		l.Close()
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s: the file is left", network)
		}
	}
	// A stale socket of ours is replaced, nothing else is.
	stale, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		t.Fatal(err)
	}
	stale.SetUnlinkOnClose(false)
	stale.Close()
	if os.Chown(path, 1, -1) == nil { // whoever may do that sees that another's is left alone
		_, err := (&Dialer{}).Listen(t.Context(), unixAt(path, "unix"), ListenOptions{})
		wantFault(t, err, fault.WriteLocal, "another user")
		os.Chown(path, os.Getuid(), -1)
	}
	l := listen(t, &Dialer{}, unixAt(path, "unix"), ListenOptions{})
	// What another has put in its place is not removed.
	os.Remove(path)
	os.WriteFile(path, []byte("precious"), 0o600)
	l.Close()
	if b, _ := os.ReadFile(path); string(b) != "precious" {
		t.Error("a file that is not ours was removed")
	}
	_, err = (&Dialer{}).Listen(t.Context(), unixAt(path, "unix"), ListenOptions{})
	wantFault(t, err, fault.WriteLocal, "not a socket")
	link := filepath.Join(dir, "link")
	os.Symlink(path, link)
	_, err = (&Dialer{}).Listen(t.Context(), unixAt(link, "unix"), ListenOptions{})
	wantFault(t, err, fault.WriteLocal, "not a socket")
	long := filepath.Join(dir, strings.Repeat("x", 110))
	_, err = (&Dialer{}).Listen(t.Context(), unixAt(long, "unix"), ListenOptions{})
	wantFault(t, err, fault.BadArgument, "107 bytes")
	_, err = (&Dialer{}).Dial(t.Context(), unixAt(long, "unix"))
	wantFault(t, err, fault.BadArgument, "107 bytes")
	_, err = (&Dialer{}).Dial(t.Context(), unixAt(filepath.Join(dir, "none"), "unix"))
	wantFault(t, err, fault.Connect, "no such socket")
}

// RAW-12: an abstract name needs no file.
func TestAbstract(t *testing.T) {
	if runtime.GOOS != "linux" {
		_, err := (&Dialer{}).Dial(t.Context(), unixAt("@x", "unix"))
		wantFault(t, err, fault.Unsupported)
		return
	}
	name := fmt.Sprintf("@wireline-test-%d", os.Getpid())
	l := listen(t, &Dialer{}, unixAt(name, "unix"), ListenOptions{})
	c, err := (&Dialer{}).Dial(t.Context(), unixAt(name, "unix"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := l.Accept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if _, err := os.Lstat(name); err == nil {
		t.Error("there is a file")
	}
}
