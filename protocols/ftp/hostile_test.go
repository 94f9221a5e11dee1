package ftp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

func (f *fake) url() string { return "ftp://" + f.addr + "/" }

// Whatever address PASV names, the server of the control connection is the
// one that is connected to. (F01, FTP-06)
func TestPasvAddress(t *testing.T) {
	f := newFake(t, &fake{replies: map[string]string{"EPSV": "500 no", "PASV": "227 here (192,0,2,77,%h,%l)"}, body: send("hello"), last: "226 done"})
	c := must(t, f.url(), "--tls", "off")
	within(t, 2*time.Second, func() {
		if got := c.ok("cat", "x"); got != "hello" {
			t.Errorf("it is %q", got)
		}
	})
	if n := strings.Count(f.said(), "EPSV"); n != 1 {
		t.Errorf("EPSV was tried %d times", n)
	}
	c.ok("cat", "x")
	if n := strings.Count(f.said(), "EPSV"); n != 1 {
		t.Errorf("after it was refused, EPSV was tried again")
	}

	// An address in EPSV is no EPSV; a low port is somebody else's.
	g := newFake(t, &fake{replies: map[string]string{"EPSV": "229 (|1|192.0.2.77|%d|)", "PASV": "227 (127,0,0,1,%h,%l)"}, body: send("hello"), last: "226 done"})
	if got := must(t, g.url(), "--tls", "off").ok("cat", "x"); got != "hello" {
		t.Errorf("it is %q", got)
	}
	for _, r := range []string{"229 (|||22|)", "229 (|||99999|)"} {
		h := newFake(t, &fake{replies: map[string]string{"EPSV": r}})
		if _, err := must(t, h.url(), "--tls", "off").run("cat", "x"); fault.Of(err) != fault.Protocol {
			t.Errorf("%s gives %v", r, err)
		}
	}
}

// Malformed replies are errors, and neither a panic nor a hang. (F02, L15)
func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		replies map[string]string
		words   string
		kinds   []*fault.Kind
	}{
		{"227 )(", map[string]string{"EPSV": "500 no", "PASV": "227 )("}, "cat x", []*fault.Kind{fault.Protocol}},
		{"227 none", map[string]string{"EPSV": "500 no", "PASV": "227"}, "cat x", []*fault.Kind{fault.Protocol}},
		{"227 short", map[string]string{"EPSV": "500 no", "PASV": "227 (1,2,3,4,5)"}, "cat x", []*fault.Kind{fault.Protocol}},
		{"229 alone", map[string]string{"EPSV": "229 (|||)", "PASV": "500 no"}, "cat x", []*fault.Kind{fault.Unsupported}},
		{"229 letters", map[string]string{"EPSV": "229 (|||x|)", "PASV": "500 no"}, "cat x", []*fault.Kind{fault.Unsupported}},
		{"257 quote", map[string]string{"CWD": "250 ok", "PWD": `257 "/"`}, "cd x", nil},
		{"213 text", map[string]string{"SIZE": "213 lots"}, "size x", []*fault.Kind{fault.Protocol}},
		{"213 below zero", map[string]string{"SIZE": "213 -5"}, "cat x", []*fault.Kind{fault.Protocol, fault.Recv}},
		{"213 huge", map[string]string{"SIZE": "213 99999999999999999999"}, "size x", []*fault.Kind{fault.Protocol}},
		{"mdtm", map[string]string{"MDTM": "213 yesterday"}, "mtime x", []*fault.Kind{fault.Protocol}},
		{"150 twice", map[string]string{"DELE": "150 wait"}, "rm x", []*fault.Kind{fault.Protocol}},
		{"no code", map[string]string{"NOOP": "well"}, "noop", []*fault.Kind{fault.Protocol}},
		{"NUL", map[string]string{"NOOP": "2\x000 well"}, "noop", []*fault.Kind{fault.Protocol}},
		{"666", map[string]string{"NOOP": "999 well"}, "noop", []*fault.Kind{fault.Protocol}},
		{"mlst", map[string]string{"FEAT": "211-x\r\n MLST x;\r\n211 end", "MLST": "250 nothing"}, "ls -l x*", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, &fake{replies: c.replies, body: send(""), last: "226 done"})
			s := must(t, f.url(), "--tls", "off", "--reply-timeout", "2")
			_, err := s.run(strings.Fields(c.words)...)
			if c.kinds == nil {
				return
			}
			for _, k := range c.kinds {
				if fault.Of(err) == k {
					return
				}
			}
			t.Errorf("%s gives %v, of kind %v", c.words, err, fault.Of(err))
		})
	}
	for _, pwd := range []string{`257 "`, `257 ""`, `257 x`, `257`} {
		f := newFake(t, &fake{replies: map[string]string{"PWD": pwd}})
		if _, err := connect(t, f.url(), "--tls", "off"); fault.Of(err) != fault.Protocol {
			t.Errorf("PWD %q gives %v", pwd, err)
		}
	}
}

// Of a file with a size no other size will do, and the last reply counts. (F03)
func TestWholeFiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, size, data, last string
		kind                   *fault.Kind
	}{
		{"whole", "213 5", "hello", "226 done", nil},
		{"whole, 250", "213 5", "hello", "250 done", nil},
		{"short", "213 9", "hello", "226 done", fault.Partial},
		{"long", "213 3", "hello", "226 done", fault.Partial},
		{"426 after all", "213 5", "hello", "426 broken", fault.Partial},
		{"451 after some", "500 no", "hel", "451 local error", fault.Partial},
		{"no word", "213 5", "hello", "", fault.Timeout},
		{"421", "213 5", "hello", "421 going down", fault.Recv},
		{"nonsense", "213 5", "hello", "150 again", fault.Protocol},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, &fake{replies: map[string]string{"SIZE": c.size}, body: send(c.data), last: c.last})
			s := must(t, f.url(), "--tls", "off", "--reply-timeout", "0.5")
			got, err := s.run("get", "x")
			if got != c.data || fault.Of(err) != c.kind {
				t.Errorf("it is %q, %v", got, err)
			}
			if c.kind == fault.Recv && !strings.Contains(err.Error(), "server is closing") {
				t.Errorf("421 reads %v", err)
			}
		})
	}
}

// Replies that come early, or all at once, change nothing. (F05)
func TestEarlyReplies(t *testing.T) {
	slow := func(_ string, c net.Conn) {
		io.WriteString(c, "hel")
		time.Sleep(50 * time.Millisecond)
		io.WriteString(c, "lo")
	}
	f := newFake(t, &fake{replies: map[string]string{"SIZE": "213 5"}, body: slow, last: "226 done", early: true})
	c := must(t, f.url(), "--tls", "off")
	for range 3 {
		if got := c.ok("cat", "x"); got != "hello" {
			t.Errorf("it is %q", got)
		}
	}
	// A server that goes while the session idles is noticed by the next verb.
	g := newFake(t, &fake{replies: map[string]string{"NOOP": "421 idle too long"}})
	s := must(t, g.url(), "--tls", "off")
	if _, err := s.run("noop"); fault.Of(err) != fault.Recv {
		t.Errorf("421 gives %v", err)
	}
	if got := s.ok("pwd"); got != "/" || strings.Count(g.said(), "USER") != 2 {
		t.Errorf("then pwd gives %s, after %d logins", got, strings.Count(g.said(), "USER"))
	}
}

// The server stops reading, or takes all and says nothing. (T07)
func TestUploadStalls(t *testing.T) {
	t.Parallel()
	stop := make(chan bool)
	defer close(stop)
	f := newFake(t, &fake{body: func(string, net.Conn) { <-stop }, last: "226 done"})
	c := must(t, f.url(), "--tls", "off", "--idle-timeout", "0.5")
	within(t, 30*time.Second, func() {
		if err := c.put("x", make([]byte, 64<<20)); fault.Of(err) != fault.Timeout {
			t.Errorf("it ends with %v", err)
		}
	})
	take := func(_ string, c net.Conn) { io.Copy(io.Discard, c) }
	for last, kind := range map[string]*fault.Kind{"452 full": fault.Refused, "": fault.UnknownOutcome, "426 lost": fault.Partial} {
		f := newFake(t, &fake{body: take, last: last})
		limit := "20"
		if last == "" {
			limit = "0.5"
		}
		c := must(t, f.url(), "--tls", "off", "--reply-timeout", limit)
		if err := c.put("x", []byte("hello")); fault.Of(err) != kind {
			t.Errorf("%q gives %v", last, err)
		}
	}
}

// A source that fails does not leave a file that looks whole; it is said why.
func TestSourceFails(t *testing.T) {
	got := make(chan int, 1)
	f := newFake(t, &fake{body: func(_ string, c net.Conn) {
		n, _ := io.Copy(io.Discard, c)
		got <- int(n)
	}, last: "426 aborted"})
	c := must(t, f.url(), "--tls", "off")
	bad := io.MultiReader(strings.NewReader("hello"), failing{errors.New("the disk is on fire")})
	env := verb.Env{Open: func(n string) (verb.Input, error) {
		return verb.Input{Name: n, Size: -1, ReadCloser: io.NopCloser(bad)}, nil
	}}
	_, err := c.runIn(t.Context(), env, "put", "x")
	if fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), "the disk is on fire") {
		t.Errorf("it ends with %v", err)
	}
	<-got
	if got := c.ok("pwd"); got != "/" || strings.Count(f.said(), "USER") != 1 || !strings.Contains(f.said(), "ABOR") {
		t.Errorf("then pwd gives %s; the server heard\n%s", got, f.said())
	}
}

// After ^C the replies to the transfer and to ABOR are read, and the session
// is the same one. (FTP-21)
func TestAbort(t *testing.T) {
	t.Parallel()
	for _, replies := range []string{"426 stopped\r\n226 ABOR done", "226 all was sent\r\n225 nothing to stop", "426 stopped"} {
		f := newFake(t, &fake{replies: map[string]string{"SIZE x": "213 1000000", "SIZE y": "213 5", "ABOR": ""}})
		f.last = "226 done"
		f.body = func(line string, c net.Conn) {
			if line == "RETR y" {
				io.WriteString(c, "hello")
				return
			}
			for {
				if _, err := c.Write(make([]byte, 1000)); err != nil {
					break
				}
			}
		}
		f.after = map[string]string{"RETR x": replies}
		c := must(t, f.url(), "--tls", "off")
		why := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		release := c.wire.Bind(ctx)
		res, err := c.start(ctx, verb.Env{}, "get", "x")
		if err != nil {
			t.Fatal(err)
		}
		b := res.(*verb.Blob)
		b.Read(make([]byte, 10))
		cancel(why)
		if _, err := read(b); !errors.Is(err, why) {
			t.Errorf("it ends with %v", err)
		}
		release()
		if got := c.ok("cat", "y"); got != "hello" {
			t.Errorf("after %q cat gives %q", replies, got)
		}
		logins := 1
		if !strings.Contains(replies, "\n") {
			logins = 2 // the second reply did not come
		}
		if n := strings.Count(f.said(), "USER"); n != logins {
			t.Errorf("after %q there were %d logins", replies, n)
		}
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// No answer to QUIT is waited for longer than a goodbye takes. (T04)
func TestQuitUnanswered(t *testing.T) {
	t.Parallel()
	f := newFake(t, &fake{replies: map[string]string{"QUIT": ""}})
	c := must(t, f.url(), "--tls", "off")
	within(t, 5*time.Second, func() {
		if err := c.sess.Close(); err != nil {
			t.Error(err)
		}
	})
}

// What is said before TLS does not count after it; what is refused under TLS
// is not done without. (S01, S02, S09)
func TestTLSStripping(t *testing.T) {
	for _, c := range []struct {
		name    string
		replies map[string]string
		flags   []string
	}{
		{"injected", map[string]string{"AUTH": "234 go\r\n230 you are in"}, []string{"--tls", "require"}},
		{"injected, auto", map[string]string{"AUTH": "234 go\r\n230 you are in"}, nil},
		{"refused", map[string]string{"AUTH": "502 no"}, []string{"--tls", "require"}},
		{"refused by 530", map[string]string{"AUTH": "530 no"}, []string{"--tls", "require"}},
	} {
		f := newFake(t, &fake{replies: c.replies})
		_, err := connect(t, f.url(), c.flags...)
		if fault.Of(err) != fault.TLSRequired {
			t.Errorf("%s: %v", c.name, err)
		}
		if strings.Contains(f.said(), "USER") {
			t.Errorf("%s: a name was sent", c.name)
		}
	}
}

// A server that lets nobody in without TLS is understood, as proftpd and
// vsftpd say it. (FTP-02, FTP-26)
func TestTLSWanted(t *testing.T) {
	for reply, kind := range map[string]*fault.Kind{
		"550 SSL/TLS required on the control channel":          fault.TLSRequired,
		"530 Non-anonymous sessions must use encryption.":      fault.TLSRequired,
		"530 This FTP server is anonymous only.":               fault.Login,
		"550 no":                                               fault.Login,
		"421 too many connections, and this is not about TLS.": fault.Recv,
	} {
		f := newFake(t, &fake{replies: map[string]string{"USER": reply}})
		_, err := connect(t, "ftp://ann@"+f.addr, "--tls", "off")
		if fault.Of(err) != kind || !strings.Contains(err.Error(), reply[4:]) {
			t.Errorf("%s: %v, of kind %v", reply, err, fault.Of(err))
		}
	}
}

// 10 replies a second keep nobody for ever, and 332 wants an account. (FTP-01)
func TestAccount(t *testing.T) {
	f := newFake(t, &fake{replies: map[string]string{"PASS": "332 account?", "ACCT": "230 in"}})
	c := must(t, "ftp://ann@"+f.addr, "--tls", "off", "--acct", "books")
	if got := c.ok("pwd"); got != "/" || !strings.Contains(f.said(), "ACCT books") {
		t.Errorf("pwd gives %s; the server heard\n%s", got, f.said())
	}
	if _, err := connect(t, "ftp://ann@"+f.addr, "--tls", "off"); fault.Of(err) != fault.Login {
		t.Errorf("without an account: %v", err)
	}
	g := newFake(t, &fake{replies: map[string]string{"greeting": "120 in 5 minutes\r\n220 now"}})
	must(t, g.url(), "--tls", "off").ok("pwd")
}

// An endless listing is shown as it comes, and ends when the user wants. (L03)
func TestEndlessListing(t *testing.T) {
	t.Parallel()
	lines := strings.Repeat("-rw-r--r--   1 ann  staff     1234 Jan 12  2025 a\r\n", 1000)
	f := newFake(t, &fake{body: func(_ string, c net.Conn) {
		for {
			if _, err := io.WriteString(c, lines); err != nil {
				return
			}
		}
	}, last: "426 you went"})
	c := must(t, f.url(), "--tls", "off")
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	defer c.wire.Bind(ctx)()
	res, err := c.start(ctx, verb.Env{}, "ls", "--sort", "none")
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(300*time.Millisecond, func() { cancel(why) })
	within(t, 20*time.Second, func() { _, err = read(res) })
	if !errors.Is(err, why) {
		t.Errorf("it ends with %v", err)
	}
	if got := c.ok("pwd"); got != "/" {
		t.Errorf("then pwd gives %s", got)
	}
}

// What a server lists as . and .. and / is never removed. (F07, D01)
func TestRemoveNames(t *testing.T) {
	t.Parallel()
	list := ""
	for _, name := range []string{".", "..", "/", "/etc/passwd", "../x", "a/b", "x"} {
		list += "drwxr-xr-x 2 a a 0 Jan 01 00:00 " + name + "\r\n"
	}
	body := func(command string, c net.Conn) {
		if command == "LIST d" {
			io.WriteString(c, list)
		}
	}
	f := newFake(t, &fake{replies: map[string]string{"DELE": "550 is a directory", "RMD": "250 ok"}, body: body, last: "226 done"})
	c := must(t, f.url(), "--tls", "off")
	if _, err := c.run("rm", "-r", "d"); fault.Of(err) != fault.WriteLocal {
		t.Errorf("rm -r says %v", err)
	}
	for _, bad := range []string{".", "..", "/", "a/..", "d/"} {
		if _, err := c.run("rm", "-r", bad); bad != "d/" && fault.Of(err) != fault.BadArgument {
			t.Errorf("rm -r %s: %v", bad, err)
		}
	}
	for _, line := range strings.Split(f.said(), "\n") {
		word, arg, _ := strings.Cut(line, " ")
		if word == "RMD" && arg != "d/x" && arg != "d" && arg != "d/" || word == "DELE" && strings.Contains(arg, "..") && arg != ".." && arg != "a/.." {
			t.Errorf("the server was told %q", line)
		}
	}
}

// A file that changes while it is sent is not stored as if it had not, and
// with --temp never has its name. (D16, FTP-25)
func TestSourceChanges(t *testing.T) {
	t.Parallel()
	r, to, flags := dresses()[0].start(t, nil)
	c := must(t, to, flags...)
	for _, size := range []int64{4, 6} {
		env := verb.Env{Open: func(n string) (verb.Input, error) {
			return verb.Input{Name: n, Size: size, ReadCloser: io.NopCloser(strings.NewReader("hello"))}, nil
		}}
		if _, err := c.runIn(t.Context(), env, "put", "x", "--temp"); fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), "has changed") {
			t.Errorf("of %d bytes came 5: %v", size, err)
		}
	}
	left, err := os.ReadDir(r.Path("home"))
	for _, e := range left {
		if e.Name() != ".keep" {
			t.Errorf("the server has %s", e.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
}
