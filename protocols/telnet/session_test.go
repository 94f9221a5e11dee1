package telnet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// TEL-01: on an odd port nothing is said that was not asked for; what is
// asked is answered.
func TestSilentOnOddPorts(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "send", "hi\r\n")
	p.hears("'hi' 13 10")
	p.says("IAC DO TTYPE 'x'")
	wantText(t, s, "x", "recv")
	p.hears("IAC WILL TTYPE")
}

// TEL-01, TEL-04, C12: what a terminal asks for.
func TestAsksFirst(t *testing.T) {
	s, p := pipe(t, "--negotiate", "--winsize", "255x60", "--telnet-env", "USER=ann", "--tspeed", "38400")
	p.hears("IAC DO SGA IAC WILL TTYPE IAC WILL NAWS IAC WILL NEW-ENVIRON IAC WILL TSPEED")
	p.says("IAC WILL SGA IAC DO TTYPE IAC DO NAWS IAC DO NEW-ENVIRON IAC DO TSPEED IAC SB TTYPE 1 IAC SE IAC SB TSPEED 1 IAC SE IAC SB NEW-ENVIRON 1 0 'USER' IAC SE 'login:'")
	wantText(t, s, "login:", "recv")
	p.hears("IAC SB NAWS 0 255 255 0 60 IAC SE IAC SB TTYPE 0 'VT100' IAC SE IAC SB TSPEED 0 '38400,38400' IAC SE IAC SB NEW-ENVIRON 0 0 'USER' 1 'ann' IAC SE")
	i := s.Info().(*Info)
	if i.Terminal != "vt100" || i.Columns != 255 || i.Mode != "line" || i.Echo != "local" {
		t.Errorf("info: %+v", i)
	}
}

// I09: what would be a command where it stands is refused before connecting.
func TestBadWords(t *testing.T) {
	for _, words := range [][]string{
		{"--term", "vt\xff\xf0"}, {"--term", "a b"}, {"--telnet-env", "A=\xff"}, {"--telnet-env", "A=x\r\ny"},
		{"--telnet-env", "1A=x"}, {"--tspeed", "fast"}, {"--winsize", "80"}, {"--encoding", "nonesuch"},
	} {
		_, err := try(t, peerAt(0, "127.0.0.1:1"), verb.Env{}, words...)
		if fault.Of(err) != fault.BadArgument {
			t.Errorf("%q: %v, want a bad argument", words, err)
		}
	}
}

// TEL-11: a login by script, in five lines.
func TestLoginScript(t *testing.T) {
	s, p := pipe(t)
	done := make(chan bool)
	go func() {
		defer close(done)
		p.says("IAC WILL ECHO IAC WILL SGA 'login:' 32")
		p.hears("IAC DO ECHO IAC DO SGA 'ann' 13 10")
		p.says("'Password:' 32")
		p.hears("'secret' 13 10")
		p.says("13 10 'host$' 32")
		p.hears("'ls' 13 10")
		p.says("'ls' 13 10 'README' 13 10 'host$' 32")
	}()
	expect := func(re string) {
		t.Helper()
		if _, _, _, err := s.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile(re)}, 5*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	expect("login:")
	must(t, s, "send", "ann\r\n")
	expect("assword:")
	must(t, s, "send", "--eol", "crlf", "secret")
	expect(`\$ `)
	must(t, s, "send", "ls\r\n")
	wantText(t, s, "ls\r\nREADME\r\nhost$ ", "recv", "--until", "$ ")
	<-done
	_, _, _, err := s.Expect(t.Context(), []*regexp.Regexp{regexp.MustCompile("never")}, 50*time.Millisecond)
	if fault.Of(err) != fault.Assert {
		t.Errorf("expect: %v", err)
	}
}

// Appendix A, telnetlib: read_until, read_some, read_very_eager, read_all,
// read_sb_data.
func TestRecv(t *testing.T) {
	s, p := pipe(t)
	wantText(t, s, "", "recv", "--nowait")
	p.says("'one' 13 10 'two' 13 10 'three'")
	wantText(t, s, "one\r\n", "recv", "--until", "\n")
	wantText(t, s, "tw", "recv", "2", "--peek")
	wantText(t, s, "74 77 6f\n", "recv", "3", "--hex", "--peek")
	wantKind(t, s, fault.Timeout, "came without", "recv", "--until", "nothing", "-t", "0.05")
	wantText(t, s, "two\r\nthree", "recv", "--nowait")
	p.says("IAC SB 99 'abc' IAC SE 'end'")
	p.CloseWrite()
	b := must(t, s, "recv", "--all").(*verb.Blob)
	all, err := io.ReadAll(b)
	if b.Close(); err != nil || string(all) != "end" {
		t.Errorf("recv --all: %q, %v", all, err)
	}
	wantKind(t, s, fault.Recv, "closed the connection", "recv")
	var subs []Sub
	for u, err := range must(t, s, "options", "--sb").(verb.Stream[Sub]) {
		if err != nil {
			t.Fatal(err)
		}
		subs = append(subs, u)
	}
	if len(subs) != 1 || subs[0].Option != "99" || subs[0].Text != "abc" || subs[0].Hex != "616263" {
		t.Errorf("options --sb: %+v", subs)
	}
}

// E01, I09: any bytes, both ways, in pieces.
func TestBytesBothWays(t *testing.T) {
	s, p := pipe(t)
	data := make([]byte, 300<<10)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range data {
		data[i] = []byte{0, '\r', '\n', 255, byte(r.Uint32())}[r.IntN(5)]
	}
	echoed := make(chan []byte)
	go func() { // an echo of what is decoded, encoded anew
		var got []byte
		peer, buf := &engine{}, make([]byte, 777)
		for len(got) < len(data) {
			n, err := p.Read(buf)
			if err != nil {
				break
			}
			d, _ := peer.feed(buf[:n])
			got = append(got, d...)
			p.Write(peer.encode(nil, d))
		}
		p.CloseWrite()
		echoed <- got
	}()
	// The server writes as much as it reads: whoever only sends would stand still.
	sent := must(t, s, "send", "--hex", hexOf(data)).(*Sent)
	got := <-echoed
	if sent.Bytes != int64(len(data)) || !bytes.Equal(got, data) {
		t.Errorf("%d bytes sent; what the server read is the same: %v", sent.Bytes, bytes.Equal(got, data))
	}
	var back bytes.Buffer
	b := must(t, s, "recv", "--all").(*verb.Blob)
	if _, err := io.Copy(&back, b); err != nil {
		t.Fatal(err)
	}
	b.Close()
	// A CR that ended a piece came as CR NUL, one within as it was; both are
	// the same data.
	if !bytes.Equal(back.Bytes(), data) {
		t.Errorf("what came back is not what was sent: %d and %d bytes", back.Len(), len(data))
	}
}

func hexOf(p []byte) string { return strings.ReplaceAll(talk.Pairs(p), " ", "") }

// T13: an interrupt ends the wait and nothing else; what came stays.
func TestInterrupt(t *testing.T) {
	s, p := pipe(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(30*time.Millisecond, func() { cancel(errors.New("stop")) })
	p.says("'par' IAC")
	_, err := run(ctx, s, verb.Env{}, "recv", "--until", "\n")
	if fault.Of(err) != fault.Interrupt {
		t.Fatalf("got %v", err)
	}
	p.says("IAC 't' 10")
	wantText(t, s, "par\xfft\n", "recv", "--until", "\n")
}

// E02: 256 options, 200 times, to a session whose server reads the answers.
func TestStormOverTheWire(t *testing.T) {
	s, p := pipe(t)
	var storm []byte
	for range 200 {
		for o := range 256 {
			storm = append(storm, cmdIAC, cmdWILL, byte(o), cmdIAC, cmdDO, byte(o))
		}
	}
	go func() {
		p.Write(append(storm, "done\n"...))
	}()
	go io.Copy(io.Discard, p)
	wantText(t, s, "done\n", "recv", "--until", "done\n")
}

// E02: a server that asks without end and reads nothing loses the session;
// little is kept for it.
func TestDeafStorm(t *testing.T) {
	l := listen(t)
	to := peerAt(0, l.Addr().String())
	to.Options.Buffer = 16 << 10 // so that the kernel keeps few answers
	s, err := try(t, to, verb.Env{}, "--term", "vt100")
	if err != nil {
		t.Fatal(err)
	}
	p := accept(t, l)
	p.SetReadBuffer(16 << 10)
	go func() {
		storm := bytes.Repeat([]byte{cmdIAC, cmdDO, 200, cmdIAC, cmdDO, optTM}, 10000)
		for range 1000 {
			if _, err := p.Write(storm); err != nil {
				return
			}
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = s.Recv(ctx, RecvArgs{})
	if fault.Of(err) != fault.Limit {
		t.Fatalf("got %v", err)
	}
	if n := s.out.waiting(); n > 2*queueMost {
		t.Errorf("%d bytes wait", n)
	}
}

// L12: 20 MB of a subnegotiation: dropped, warned of once, and the session
// goes on.
func TestLongSubOverTheWire(t *testing.T) {
	s, p := pipe(t)
	warned := 0
	s.dialer.Warn = func(string) { warned++ }
	go func() {
		for range 2 {
			p.Write([]byte{cmdIAC, cmdSB, optGMCP})
			for range 10 {
				p.Write(bytes.Repeat([]byte("x"), 1<<20))
			}
			p.Write([]byte{cmdIAC, cmdSE})
		}
		p.says("'done'")
	}()
	wantText(t, s, "done", "recv", "--until", "done")
	if warned != 1 {
		t.Errorf("warned %d times", warned)
	}
}

// TEL-06: do, dont, will, wont and the table of options.
func TestOptions(t *testing.T) {
	s, p := pipe(t)
	go func() {
		p.hears("IAC DO ECHO")
		p.says("IAC WILL ECHO")
		p.hears("IAC DONT ECHO")
		p.says("IAC WONT ECHO")
		p.hears("IAC WILL BINARY")
		p.says("IAC DONT BINARY")
		p.hears("IAC WILL 250")
		p.says("IAC DO 250")
	}()
	if o := must(t, s, "do", "echo").(*Option); o.Server != "on" || o.Name != "ECHO" {
		t.Errorf("do echo: %+v", o)
	}
	if o := must(t, s, "dont", "echo").(*Option); o.Server != "off" {
		t.Errorf("dont echo: %+v", o)
	}
	if o := must(t, s, "will", "BINARY").(*Option); o.Client != "off" {
		t.Errorf("will binary: %+v", o)
	}
	if o := must(t, s, "will", "250").(*Option); o.Client != "on" {
		t.Errorf("will 250: %+v", o)
	}
	var names []string
	for o := range must(t, s, "options").(verb.Stream[Option]) {
		names = append(names, o.Name+" "+o.Server+" "+o.Client)
	}
	if got := strings.Join(names, ", "); got != "BINARY off off, ECHO off off, 250 off on" {
		t.Errorf("options: %s", got)
	}
	// What the user will not have is refused although it is usually granted.
	must(t, s, "wont", "naws")
	p.says("IAC DO NAWS 'x'")
	wantText(t, s, "x", "recv")
	p.hears("IAC WONT NAWS")
	if _, err := run(t.Context(), s, verb.Env{}, "do", "nawz"); fault.Of(err) != fault.BadArgument || fault.Hint(err) != "did you mean naws?" {
		t.Errorf("do nawz: %v, %q", err, fault.Hint(err))
	}
	wantKind(t, s, fault.Timeout, "did not answer IAC DO SGA", "do", "sga", "-t", "0.05")
}

// TEL-15: NOP is said by itself, at the prompt as well, and no more after the
// end.
func TestKeepAlive(t *testing.T) {
	s, p := pipe(t, "--nop", "0.02")
	p.hears("IAC NOP IAC NOP IAC NOP")
	must(t, s, "send", "x")
	s.Close()
	rest, err := io.ReadAll(p)
	if err != nil || !bytes.Contains(rest, []byte("x")) || len(bytes.ReplaceAll(rest, iac(t, "IAC NOP"), nil)) != 1 {
		t.Errorf("%q, %v", rest, err)
	}
}

// TEL-05, TEL-15: commands, alone and several, and that which only keeps the
// line alive.
func TestSendCmd(t *testing.T) {
	s, p := pipe(t)
	must(t, s, "send-cmd", "ayt", "ip", "ao", "brk", "ec", "el", "nop", "ga", "eor")
	p.hears("IAC AYT IAC IP IAC AO IAC BRK IAC EC IAC EL IAC NOP IAC GA IAC EOR")
	must(t, s, "raw", "--hex", "ff f6")
	p.hears("IAC AYT")
	for range 2 {
		if err := s.Keep(t.Context()); err != nil { // says nothing before anybody has spoken of an option
			t.Fatal(err)
		}
		s.eng.seen[optEcho] = true
	}
	must(t, s, "send-cmd", "ayt")
	p.hears("IAC NOP IAC AYT")
	wantKind(t, s, fault.BadArgument, "not a command", "send-cmd", "do")
}

// TEL-08: characters of another set, whole and in pieces.
func TestEncoding(t *testing.T) {
	s, p := pipe(t, "--encoding", "cp437")
	p.says("176 177 219 IAC WILL MCCP3 IAC DO START_TLS 32 130") // characters grow
	wantText(t, s, "░▒█ é", "recv")
	p.hears("IAC DONT MCCP3 IAC WONT START_TLS")
	must(t, s, "send", "é\r\n")
	p.hears("130 13 10")
	wantKind(t, s, fault.BadArgument, "'я' cannot be written in cp437", "send", "я")
	must(t, s, "send", "--hex", "ff")
	p.hears("IAC IAC")
	must(t, s, "charset", "big5")
	p.says("164")
	wantText(t, s, "", "recv", "--nowait")
	p.says("164")
	wantText(t, s, "中", "recv")
	if c := must(t, s, "charset").(*Charset); c.Name != "big5" {
		t.Errorf("charset: %+v", c)
	}
	must(t, s, "charset", "utf-8")
	p.says("IAC WILL CHARSET IAC SB CHARSET 1 ';KOI8-R' IAC SE IAC NOP 193")
	wantText(t, s, "\xc1", "recv") // the user said UTF-8
	p.hears("IAC DO CHARSET IAC SB CHARSET 3 IAC SE")
}

// TEL-09: GMCP, MSDP, MSSP.
func TestGMCP(t *testing.T) {
	s, p := pipe(t)
	p.says("IAC WILL GMCP IAC WILL MSSP IAC WILL MSDP IAC SB GMCP 'Char.Vitals' 32 123 34 'hp' 34 58 '12' 125 IAC SE IAC SB MSSP 1 'NAME' 2 'Mud' 1 'PORT' 2 '23' 2 '4000' IAC SE IAC SB MSDP 1 'ROOM' 2 3 1 'EXITS' 2 5 2 'n' 2 's' 6 4 IAC SE")
	var got []string
	for f, err := range must(t, s, "gmcp").(verb.Stream[Fact]) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, f.By+" "+f.Package+" "+string(f.Data))
	}
	want := `GMCP Char.Vitals {"hp":12}|MSSP  {"NAME":"Mud","PORT":["23","4000"]}|MSDP  {"ROOM":{"EXITS":["n","s"]}}`
	if strings.Join(got, "|") != want {
		t.Errorf("gmcp:\n got %s\nwant %s", strings.Join(got, "|"), want)
	}
	p.hears("IAC DO GMCP IAC SB GMCP")
	hello := make([]byte, len(` Core.Hello {"client":"wireline","version":"1"}`)-1)
	io.ReadFull(p, hello)
	p.hears("IAC SE IAC DO MSSP IAC DO MSDP")
	must(t, s, "gmcp", "Core.Ping", "1")
	p.hears("IAC SB GMCP 'Core.Ping' 32 '1' IAC SE")
	wantKind(t, s, fault.BadArgument, "not JSON", "gmcp", "Core.Ping", "{")
}

// TEL-12: what came, in a file.
func TestLog(t *testing.T) {
	dir := t.TempDir()
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	s, p := pipe(t)
	text := "'a' 27 '[31mred' 27 '[0m' 27 ']0;title' 7 'b' 13 10 195"
	must(t, s, "log", "on", filepath.Join(dir, "plain"))
	p.says(text)
	wantText(t, s, "a\x1b[31mred\x1b[0m\x1b]0;title\ab\r\n\xc3", "recv", "--until", "\xc3")
	p.says("169 10")
	must(t, s, "recv", "--until", "\n")
	must(t, s, "log", "on", filepath.Join(dir, "raw"), "--raw")
	p.says(text)
	must(t, s, "recv", "--until", "\xc3")
	must(t, s, "log", "on", filepath.Join(dir, "cast"), "--times")
	p.says("'x' 195")
	must(t, s, "recv")
	p.says("169")
	must(t, s, "recv")
	if got := must(t, s, "log").(*Done).Message(); got != "logging to "+filepath.Join(dir, "cast")+", "+fmt.Sprint(len(read("cast")))+" bytes so far" {
		t.Error(got)
	}
	must(t, s, "log", "off")
	if got := read("plain"); got != "aredb\né\n" {
		t.Errorf("plain: %q", got)
	}
	if got := read("raw"); got != "a\x1b[31mred\x1b[0m\x1b]0;title\ab\r\n\xc3" {
		t.Errorf("raw: %q", got)
	}
	cast := regexp.MustCompile(`^\{"height":24,"timestamp":\d+,"version":2,"width":80\}\n\[[\d.e-]+,"o","x"\]\n\[[\d.e-]+,"o","é"\]\n$`)
	if got := read("cast"); !cast.MatchString(got) {
		t.Errorf("times: %q", got)
	}
	wantKind(t, s, fault.WriteLocal, "cannot write", "log", "on", filepath.Join(dir, "no", "where"))
	if i, err := os.Stat(filepath.Join(dir, "raw")); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", i.Mode(), err)
	}
}

// What comes at the prompt is told and kept; questions are answered.
func TestIdle(t *testing.T) {
	s, p := pipe(t)
	p.says("IAC DO NAWS 'Broadcast' 7 13 10")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for n, err := range s.Idle(ctx) {
		if err != nil || !strings.Contains(n.Text, `Broadcast\a\r\n; recv takes them`) {
			t.Errorf("%q, %v", n.Text, err)
		}
		break
	}
	p.hears("IAC WILL NAWS")
	wantText(t, s, "Broadcast\a\r\n", "recv", "--nowait")
}

// put sends text with the ends of its lines as asked, and reads what the
// server echoes meanwhile.
func TestPut(t *testing.T) {
	s, p := pipe(t)
	name := filepath.Join(t.TempDir(), "f")
	os.WriteFile(name, []byte("one\ntwo\r\nthr\ree\xff"), 0o600)
	open := func(name string) (verb.Input, error) {
		f, err := os.Open(name)
		return verb.Input{Name: name, ReadCloser: f, Size: -1}, err
	}
	if _, err := run(t.Context(), s, verb.Env{Open: open}, "put", name, "--eol", "crlf"); err != nil {
		t.Fatal(err)
	}
	p.hears("'one' 13 10 'two' 13 10 'thr' 13 0 'ee' IAC IAC")
}

// The ends of lines are the same however the text was cut.
func TestLiner(t *testing.T) {
	const text = "one\ntwo\r\nthr\ree\r\r\n\n\r"
	for eol, want := range map[string]string{
		"":     text,
		"\r\n": "one\r\ntwo\r\nthr\ree\r\r\n\r\n\r",
		"\r":   "one\rtwo\rthr\ree\r\r\r\r",
	} {
		for size := 1; size <= len(text); size++ {
			l, got := &liner{eol: eol}, ""
			for at := 0; at < len(text); at += size {
				end := min(at+size, len(text))
				piece := string(l.fix(nil, []byte(text[at:end]), end == len(text)))
				if strings.HasSuffix(got, "\r") && strings.HasPrefix(piece, "\n") {
					t.Errorf("%q, %d at a time: a line end in two pieces", eol, size)
				}
				got += piece
			}
			if got != want {
				t.Errorf("%q, %d at a time: %q, want %q", eol, size, got, want)
			}
		}
	}
}
