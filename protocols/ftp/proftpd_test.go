package ftp_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/conformance"
	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
)

// noise is n bytes that do not compress and differ everywhere.
func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{})
	r.Read(b)
	return b
}

// A dress is a way to run a server, and the flags to connect to it.
type dress struct {
	name       string
	directives []string
	flags      []string
}

func dresses() []dress {
	return []dress{
		{name: "plain", flags: []string{"--tls", "off"}},
		{name: "tls tried, not there"},
		{name: "tls optional", directives: []string{lab.ProFTPDTLS}},
		{name: "tls required, 1.2", directives: []string{lab.ProFTPDTLS, "TLSRequired on"}, flags: []string{"--tls", "require", "--tls-max", "1.2"}},
		{name: "tls required, 1.3", directives: []string{lab.ProFTPDTLS, "TLSRequired on"}, flags: []string{"--tls", "require", "--tls-min", "1.3"}},
		{name: "tls, reuse not demanded", directives: []string{lab.ProFTPDTLS, "TLSOptions NoSessionReuseRequired"}},
		{name: "tls implicit", directives: []string{lab.ProFTPDTLS, "TLSOptions UseImplicitSSL"}},
		{name: "active", flags: []string{"--tls", "off", "--active"}, directives: []string{"<Limit PASV EPSV>\nDenyAll\n</Limit>"}},
		{name: "active, PORT only", flags: []string{"--tls", "off", "--active"}, directives: []string{"<Limit EPRT PASV EPSV>\nDenyAll\n</Limit>"}},
		{name: "without EPSV and MLSD", flags: []string{"--tls", "off"}, directives: []string{"FactsAdvertise off\n<Limit EPSV MLSD MLST>\nDenyAll\n</Limit>"}},
		{name: "tls, active", flags: []string{"--tls", "require", "--active"}, directives: []string{lab.ProFTPDTLS, "TLSRequired on"}},
	}
}

func (d dress) start(t testing.TB, files map[string]string) (r *lab.Running, to string, flags []string) {
	t.Helper()
	r = lab.Start(t, lab.ProFTPD(files, d.directives...))
	to = r.URL
	flags = d.flags
	if len(d.directives) > 0 && strings.Contains(d.directives[0], "mod_tls") {
		cert, err := r.Cert()
		if err != nil {
			t.Fatal(err)
		}
		flags = append(flags[:len(flags):len(flags)], "--ca", cert)
	}
	return r, to, flags
}

// Every dress of a real server lists, gives what was put, and goes on.
// (FTP-01, FTP-02, FTP-03, FTP-06 … FTP-11, FTP-17, FTP-18, F1 of the library)
func TestProFTPD(t *testing.T) {
	t.Parallel()
	for _, d := range dresses() {
		t.Run(d.name, func(t *testing.T) {
			r, to, flags := d.start(t, map[string]string{"pub/a.txt": "hello\n", "pub/sub/b.txt": "b"})
			c := must(t, to, flags...)
			if got := c.ok("ls", "pub"); got != "file 6 a.txt\ndir  sub\n" {
				t.Errorf("ls gives %q", got)
			}
			c.ok("cd", "pub")
			if w := c.sess.Where(); !strings.HasSuffix(w, "/pub") {
				t.Errorf("it is at %s", w)
			}
			if got := c.ok("cat", "a.txt"); got != "hello\n" {
				t.Errorf("cat gives %q", got)
			}
			if got := c.ok("cat", "a.txt", "--from", "2"); got != "llo\n" {
				t.Errorf("cat --from 2 gives %q", got)
			}
			// Uploads under TLS 1.3 lost their ends when tickets were left unread.
			big := noise(3 << 20)
			for i := range 4 {
				name := fmt.Sprint("up", i)
				if err := c.put(name, big); err != nil {
					t.Fatalf("put: %v", err)
				}
				got, err := os.ReadFile(r.Path("home/pub/" + name))
				if err != nil || sha256.Sum256(got) != sha256.Sum256(big) {
					t.Errorf("the server has %d bytes of %d: %v", len(got), len(big), err)
				}
			}
			if got := c.ok("get", "up0"); got != string(big) {
				t.Errorf("get gives %d bytes of %d", len(got), len(big))
			}
			if err := c.put("empty", nil); err != nil {
				t.Errorf("put of nothing: %v", err)
			}
			if got := c.ok("size", "up0"); got != fmt.Sprint(len(big)) {
				t.Errorf("size gives %s", got)
			}
			c.ok("mkdir", "-p", "x/y/z")
			c.ok("mv", "up1", "x/y/")
			c.ok("rm", "-r", "x")
			c.ok("chmod", "600", "up2")
			c.ok("touch", "up2", "--time", "2020-02-02T02:02:02Z")
			fi, err := os.Stat(r.Path("home/pub/up2"))
			if err != nil || fi.Mode().Perm() != 0o600 || fi.ModTime().UTC().Format(time.RFC3339) != "2020-02-02T02:02:02Z" {
				t.Errorf("%v %v", fi, err)
			}
			if got := c.ok("mtime", "up2"); !strings.HasPrefix(got, "2020-02-02 02:02:02") {
				t.Errorf("mtime gives %s", got)
			}
			c.ok("cdup")
			c.ok("cd", "-")
			if got := c.ok("raw", "NOOP"); !strings.HasPrefix(got, "200 ") {
				t.Errorf("NOOP gives %q", got)
			}
		})
	}
}

// get gives what put wrote. (FTP-11)
func TestGetPut(t *testing.T) {
	t.Parallel()
	_, to, flags := dresses()[2].start(t, nil)
	c := must(t, to, flags...)
	conformance.GetPut(t,
		func(_ context.Context, name string, data []byte) error { return c.put(name, data) },
		func(_ context.Context, name string) ([]byte, error) {
			out, err := c.run("get", name)
			return []byte(out), err
		})
	conformance.Removed(t,
		func(_ context.Context, name string) error { _, err := c.run("rm", name); return err },
		func(_ context.Context, name string) ([]byte, error) {
			out, err := c.run("get", name)
			return []byte(out), err
		}, "dots")
}

// ^C ends a transfer and not the session. (FTP-21)
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, d := range []int{0, 4} {
		t.Run(dresses()[d].name, func(t *testing.T) {
			r, to, flags := dresses()[d].start(t, map[string]string{"a.txt": "hello\n"})
			if err := os.WriteFile(r.Path("home/big"), noise(64<<20), 0o644); err != nil {
				t.Fatal(err)
			}
			c := must(t, to, flags...)
			why := fault.New(fault.Interrupt, "the test interrupts")

			ctx, cancel := context.WithCancelCause(t.Context())
			release := c.wire.Bind(ctx)
			res, err := c.start(ctx, verb.Env{}, "get", "big")
			if err != nil {
				t.Fatal(err)
			}
			b := res.(*verb.Blob)
			if _, err := b.Read(make([]byte, 100)); err != nil {
				t.Fatal(err)
			}
			cancel(why)
			within(t, 5*time.Second, func() {
				_, err = read(b)
			})
			release()
			if !errors.Is(err, why) {
				t.Errorf("get ends with %v", err)
			}

			// A source that never ends, as a pipe.
			ctx, cancel = context.WithCancelCause(t.Context())
			endless := &endless{more: func() { cancel(why) }}
			env := verb.Env{Open: func(n string) (verb.Input, error) { return verb.Input{Name: n, Size: -1, ReadCloser: endless}, nil }}
			within(t, 5*time.Second, func() {
				_, err = c.runIn(ctx, env, "put", "x", "endless")
			})
			if !errors.Is(err, why) {
				t.Errorf("put ends with %v", err)
			}

			if got := c.ok("cat", "a.txt"); got != "hello\n" {
				t.Errorf("after that cat gives %q", got)
			}
			// The first of many, as head takes it.
			res, err = c.start(t.Context(), verb.Env{}, "cat", "big")
			if err != nil {
				t.Fatal(err)
			}
			res.(*verb.Blob).Read(make([]byte, 10))
			if err := res.(*verb.Blob).Close(); err != nil {
				t.Errorf("closed early: %v", err)
			}
			if got := c.ok("cat", "a.txt"); got != "hello\n" {
				t.Errorf("after that cat gives %q", got)
			}
		})
	}
}

type endless struct {
	n    int
	more func()
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n += len(p); e.n > 10<<20 {
		e.more()
	}
	return len(p), nil
}
func (e *endless) Close() error { return nil }

// A connection that is lost is made again, in the same directory. (FTP-28)
func TestAgain(t *testing.T) {
	t.Parallel()
	r, _, flags := dresses()[2].start(t, map[string]string{"pub/a.txt": "hello\n"})
	cable := newCable(t, r.Addr())
	c := must(t, "ftp://ann@"+cable.addr, flags...)
	c.ok("cd", "pub")
	for _, cut := range []func(){
		cable.cut,
		func() { c.ok("raw", "QUIT") },
	} {
		cut()
		if got := c.ok("cat", "a.txt"); got != "hello\n" {
			t.Errorf("cat gives %q", got)
		}
	}
	if len(c.warns) != 2 {
		t.Errorf("it warned %q", c.warns)
	}
	// What changes something is not said twice.
	cable.cut()
	if _, err := c.run("mkdir", "new"); fault.Of(err) != fault.Recv && fault.Of(err) != fault.Send {
		t.Errorf("mkdir on a dead connection: %v", err)
	}
	c.ok("mkdir", "new")
}

// A server that is not there at once is tried again, ever more slowly, unless
// the user has said how often; and when it is there later, the next verb finds
// it. (FTP-28, X-31)
func TestAgainLater(t *testing.T) {
	t.Parallel()
	r := lab.Start(t, lab.ProFTPD(map[string]string{"pub/a.txt": "hello\n"}))
	cable := newCable(t, r.Addr())
	c := must(t, "ftp://ann@"+cable.addr, "--tls", "off")
	c.ok("cd", "pub")
	cable.unplug()
	c.wire.Warn = func(text string) {
		c.warns = append(c.warns, text)
		if strings.Contains(text, "trying again in 1s") {
			cable.plug(t)
		}
	}
	if got := c.ok("ls"); !strings.HasPrefix(got, "file 6 a.txt\n") {
		t.Errorf("ls gives %q", got)
	}
	if len(c.warns) != 2 {
		t.Errorf("it warned %q", c.warns)
	}

	c = must(t, "ftp://ann@"+cable.addr, "--tls", "off", "--retry", "0")
	c.ok("cd", "pub")
	cable.unplug()
	if _, err := c.run("ls"); err == nil || len(c.warns) != 0 {
		t.Errorf("ls without a server: %v, and it warned %q", err, c.warns)
	}
	cable.plug(t)
	if got := c.ok("ls"); !strings.HasPrefix(got, "file 6 a.txt\n") {
		t.Errorf("ls gives %q", got)
	}
}

// What fails says why. (FTP-26)
func TestRefusals(t *testing.T) {
	t.Parallel()
	r, to, flags := dresses()[2].start(t, map[string]string{"a.txt": "hello\n", "d/x": "x"})
	c := must(t, to, flags...)
	for line, kind := range map[string]*fault.Kind{
		"get none":      fault.NotFound,
		"cat none":      fault.NotFound,
		"cd none":       fault.Denied,
		"rm none":       fault.NotFound,
		"rm d":          fault.Refused,
		"rmdir d":       fault.Refused,
		"mkdir d":       fault.Refused,
		"mv none other": fault.NotFound,
		"get d":         fault.Refused,
		"ls none":       fault.NotFound,
		"size none":     fault.NotFound,
		"chmod 9 a.txt": fault.BadArgument,
		"raw NONSENSE":  nil,
		"site NONSENSE": fault.Unsupported,
		"hash a.txt":    fault.Unsupported,
	} {
		_, err := c.run(strings.Fields(line)...)
		if fault.Of(err) != kind {
			t.Errorf("%s: %v is %v, want %v", line, err, fault.Of(err), kind)
		}
	}
	if _, err := connect(t, strings.Replace(r.URL, "ann@", "bob@", 1), flags...); fault.Of(err) != fault.Login {
		t.Errorf("a stranger gets %v", err)
	}
	if _, err := connect(t, r.URL); fault.Of(err) != fault.TLSCert {
		t.Errorf("an unknown certificate gives %v", err)
	}
	plain := lab.Start(t, lab.ProFTPD(nil))
	if _, err := connect(t, plain.URL, "--tls", "require"); fault.Of(err) != fault.TLSRequired {
		t.Errorf("--tls require gives %v (FTP-02, S02)", err)
	}
}

// A directory of 20,000 files is listed whole, and with -a sorted.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	const n = 20_000
	r := lab.Start(t, lab.ProFTPD(nil))
	dir := r.Path("home/many")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("file%05d", i)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := must(t, r.URL)
	out := c.ok("ls", "many", "--sort", "name")
	if got := strings.Count(out, "\n"); got != n || !strings.HasPrefix(out, "file 0 file00000\n") || !strings.HasSuffix(out, "file 0 file19999\n") {
		t.Errorf("%d entries, %.60q", got, out)
	}
}
