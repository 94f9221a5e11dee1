package telnet

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// drive feeds p to e in pieces that cut chooses, as a session does, and
// returns the data and what was answered.
func drive(e *engine, p []byte, cut func(left int) int) (data, out []byte) {
	for len(p) > 0 {
		n := cut(len(p))
		piece := bytes.Clone(p[:n])
		p = p[n:]
		for len(piece) > 0 {
			var d []byte
			d, piece = e.feed(piece)
			data = append(data, d...)
			out = append(out, e.out...)
			e.out = nil
		}
	}
	return data, out
}

func whole(left int) int { return left }
func single(int) int     { return 1 }

// iac spells bytes: names of commands and options as codes, "quoted" text as
// itself, numbers as bytes.
func iac(t testing.TB, spec string) []byte {
	t.Helper()
	var p []byte
	for _, w := range strings.Fields(spec) {
		if s, ok := strings.CutPrefix(w, "'"); ok {
			p = append(p, strings.TrimSuffix(s, "'")...)
			continue
		}
		found := false
		for c, n := range commandNames {
			if n == w {
				p, found = append(p, c), true
			}
		}
		if found {
			continue
		}
		o, err := option(w)
		if err != nil {
			t.Fatalf("%q: %v", w, err)
		}
		p = append(p, o)
	}
	return p
}

func tester() *engine {
	return &engine{profile: profile{term: "xterm-256color", cols: 80, rows: 24, utf8: true}}
}

// E01: data is exact, and commands are taken out of it.
func TestData(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"nop", "'a' IAC NOP 'b'", "'ab'"},
		{"ga", "'a' IAC GA 'b'", "'ab'"},
		{"eor", "'a' IAC EOR 'b'", "'ab'"},
		{"dm", "'a' IAC DM 'b'", "'ab'"},
		{"ayt", "'a' IAC AYT 'b'", "'ab'"},
		{"ec el ao ip brk", "'a' IAC EC IAC EL IAC AO IAC IP IAC BRK 'b'", "'ab'"},
		{"a command unknown", "'a' IAC 200 'b'", "'ab'"},
		{"255 doubled", "'a' IAC IAC 'b'", "'a' 255 'b'"},
		{"255 twice", "IAC IAC IAC IAC", "255 255"},
		{"cr nul", "'a' 13 0 'b'", "'a' 13 'b'"},
		{"cr lf", "'a' 13 10 'b'", "'a' 13 10 'b'"},
		{"cr alone", "'a' 13 'b'", "'a' 13 'b'"},
		{"cr cr nul", "13 13 0", "13 13"},
		{"cr nul nul", "13 0 0 'x'", "13 0 'x'"},
		{"nul alone", "'a' 0 'b'", "'a' 0 'b'"},
		{"cr, a command, nul", "13 IAC NOP 0 'x'", "13 'x'"},
		{"cr, 255, nul", "13 IAC IAC 0", "13 255 0"},
		{"cr nul at the front after text", "'abc' 13 0 13 0 'd' 13 10", "'abc' 13 13 'd' 13 10"},
		{"an option between", "'a' IAC WILL TTYPE 'b'", "'ab'"},
		{"a subnegotiation between", "'a' IAC SB TTYPE 1 IAC SE 'b'", "'ab'"},
		{"255 within a subnegotiation", "'a' IAC SB GMCP IAC IAC 'x' IAC SE 'b'", "'ab'"},
		{"a subnegotiation without its end", "'a' IAC SB GMCP 'x' IAC NOP 'b'", "'ab'"},
		{"a subnegotiation, then an option", "IAC SB GMCP 'x' IAC WILL ECHO 'b'", "'b'"},
	} {
		for name, cut := range map[string]func(int) int{"whole": whole, "bytes": single} {
			got, _ := drive(tester(), iac(t, c.in), cut)
			if want := iac(t, c.want); !bytes.Equal(got, want) {
				t.Errorf("%s, %s: %q, want %q", c.name, name, got, want)
			}
		}
	}
}

// E01, I09: whatever is sent comes out as it went in, for every byte value
// and with BINARY in force or not.
func TestRoundTrip(t *testing.T) {
	var all []byte
	for i := range 256 {
		for _, j := range []byte{0, '\n', '\r', 255, 'x'} {
			all = append(all, byte(i), j)
		}
	}
	for _, binary := range []bool{false, true} {
		us, peer := tester(), tester()
		if binary {
			us.us[optBinary].is, peer.him[optBinary].is = yes, yes
		}
		wired := us.encode(nil, all)
		got, out := drive(peer, wired, single)
		if !bytes.Equal(got, all) {
			t.Errorf("binary %v: what came is not what was sent", binary)
		}
		if len(out) > 0 {
			t.Errorf("binary %v: data was answered with %q", binary, out)
		}
	}
	if got := string(tester().encode(nil, []byte("a\rb\r\nc\xffd\r"))); got != "a\r\x00b\r\nc\xff\xffd\r\x00" {
		t.Errorf("encoded %q", got)
	}
}

// TEL-03, E02, E03: what is answered to what.
func TestNegotiation(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"echo and sga are welcome", "IAC WILL ECHO IAC WILL SGA", "IAC DO ECHO IAC DO SGA"},
		{"in force is not acknowledged", "IAC WILL ECHO IAC WILL ECHO IAC WILL ECHO", "IAC DO ECHO"},
		{"off is answered once", "IAC WILL ECHO IAC WONT ECHO IAC WONT ECHO", "IAC DO ECHO IAC DONT ECHO"},
		{"off already", "IAC WONT ECHO IAC DONT NAWS IAC WONT 250", ""},
		{"unknown", "IAC DO 250 IAC WILL 251", "IAC WONT 250 IAC DONT 251"},
		{"linemode, authentication, encrypt", "IAC DO LINEMODE IAC DO AUTHENTICATION IAC WILL ENCRYPT IAC DO ENCRYPT",
			"IAC WONT LINEMODE IAC WONT AUTHENTICATION IAC DONT ENCRYPT IAC WONT ENCRYPT"},
		{"linemode is not spoken without agreement", "IAC SB LINEMODE 3 1 2 3 IAC SE IAC SB LINEMODE 1 3 IAC SE", ""},
		{"we do not echo", "IAC DO ECHO", "IAC WONT ECHO"},
		{"compression is not wanted", "IAC WILL MCCP2 IAC WILL MCCP3", "IAC DONT MCCP2 IAC DONT MCCP3"},
		{"secrets are not told", "IAC DO NEW-ENVIRON IAC DO XDISPLOC IAC DO TSPEED IAC DO OLD-ENVIRON",
			"IAC WONT NEW-ENVIRON IAC WONT XDISPLOC IAC WONT TSPEED IAC WONT OLD-ENVIRON"},
		{"nor asked for nothing", "IAC SB NEW-ENVIRON 1 IAC SE IAC SB TSPEED 1 IAC SE IAC SB XDISPLOC 1 IAC SE IAC SB TTYPE 1 IAC SE", ""},
		{"window", "IAC DO NAWS", "IAC WILL NAWS IAC SB NAWS 0 80 0 24 IAC SE"},
		{"timing marks are answered each time", "IAC DO TM IAC DO TM", "IAC WONT TM IAC WONT TM"},
		{"terminal types, the last twice", "IAC DO TTYPE IAC SB TTYPE 1 IAC SE IAC SB TTYPE 1 IAC SE IAC SB TTYPE 1 IAC SE IAC SB TTYPE 1 IAC SE IAC SB TTYPE 1 IAC SE",
			"IAC WILL TTYPE" + strings.Join([]string{"", "XTERM-256COLOR", "XTERM", "MTTS_15", "MTTS_15", "XTERM-256COLOR"}, " IAC SE IAC SB TTYPE 0 '")[len(" IAC SE"):] + " IAC SE"},
	} {
		for name, cut := range map[string]func(int) int{"whole": whole, "bytes": single} {
			_, got := drive(tester(), iac(t, c.in), cut)
			want := bytes.ReplaceAll(iac(t, c.want), []byte("MTTS_"), []byte("MTTS "))
			if !bytes.Equal(got, want) {
				t.Errorf("%s, %s:\n got %q\nwant %q", c.name, name, got, want)
			}
		}
	}
}

// RFC 1143: every state against every answer, from both sides. E02
func TestQMethod(t *testing.T) {
	type step struct {
		from     side
		positive bool
		agreed   bool
		to       side
		answer   string
	}
	for _, c := range []step{
		{side{no, false}, true, true, side{yes, false}, "yes"},
		{side{no, false}, true, false, side{no, false}, "no"},
		{side{no, false}, false, true, side{no, false}, ""},
		{side{yes, false}, true, true, side{yes, false}, ""},
		{side{yes, false}, false, true, side{no, false}, "no"},
		{side{wantNo, false}, true, true, side{no, false}, ""},
		{side{wantNo, false}, false, true, side{no, false}, ""},
		{side{wantNo, true}, true, true, side{yes, false}, ""},
		{side{wantNo, true}, false, true, side{wantYes, false}, "yes"},
		{side{wantYes, false}, true, false, side{yes, false}, ""},
		{side{wantYes, false}, false, true, side{no, false}, ""},
		{side{wantYes, true}, true, true, side{wantNo, false}, "no"},
		{side{wantYes, true}, false, true, side{no, false}, ""},
	} {
		s := c.from
		answer, ok := s.hear(c.positive, c.agreed)
		got := map[bool]string{true: "yes", false: "no"}[answer]
		if !ok {
			got = ""
		}
		if s != c.to || got != c.answer {
			t.Errorf("%+v hears %v: %+v and says %q, want %+v and %q", c.from, c.positive, s, got, c.to, c.answer)
		}
	}
	for _, c := range []struct {
		from side
		on   bool
		to   side
		says bool
	}{
		{side{no, false}, true, side{wantYes, false}, true},
		{side{yes, false}, true, side{yes, false}, false},
		{side{wantNo, false}, true, side{wantNo, true}, false},
		{side{wantNo, true}, true, side{wantNo, true}, false},
		{side{wantYes, true}, true, side{wantYes, false}, false},
		{side{no, false}, false, side{no, false}, false},
		{side{yes, false}, false, side{wantNo, false}, true},
		{side{wantNo, true}, false, side{wantNo, false}, false},
		{side{wantYes, false}, false, side{wantYes, true}, false},
	} {
		s := c.from
		if says := s.want(c.on); says != c.says || s != c.to {
			t.Errorf("%+v wants %v: %+v, says %v", c.from, c.on, s, says)
		}
	}
}

// Two engines that talk to each other come to rest, whatever each of them
// wants. TEL-03, E02
func TestNoLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		a, b := tester(), tester()
		for range 20 {
			e := []*engine{a, b}[r.IntN(2)]
			e.ask(r.IntN(2) == 0, byte(r.IntN(60)), r.IntN(2) == 0)
		}
		for round := 0; len(a.out)+len(b.out) > 0; round++ {
			if round > 12 {
				t.Fatal("they still talk after 12 rounds")
			}
			ab, ba := a.out, b.out
			a.out, b.out = nil, nil
			_, fromB := drive(b, ab, whole)
			_, fromA := drive(a, ba, whole)
			a.out, b.out = append(fromA, a.out...), append(fromB, b.out...)
		}
	}
}

// E02: 256 options, 200 times. What is in force is acknowledged once.
func TestStorm(t *testing.T) {
	e := tester()
	var in []byte
	for range 200 {
		for o := range 256 {
			in = append(in, cmdIAC, cmdWILL, byte(o), cmdIAC, cmdDO, byte(o))
		}
	}
	_, out := drive(e, in, whole)
	if n := bytes.Count(out, []byte{cmdIAC, cmdDO, optEcho}); n != 1 {
		t.Errorf("DO ECHO was said %d times", n)
	}
	if n := bytes.Count(out, []byte{cmdIAC, cmdWILL, optNAWS}); n != 1 {
		t.Errorf("WILL NAWS was said %d times", n)
	}
	if len(out) > len(in) {
		t.Errorf("%d bytes were answered to %d", len(out), len(in))
	}
	_, out = drive(e, bytes.Repeat([]byte{cmdIAC, cmdWONT, optEcho, cmdIAC, cmdDONT, optNAWS}, 1000), whole)
	if want := iac(t, "IAC DONT ECHO IAC WONT NAWS"); !bytes.Equal(out, want) {
		t.Errorf("a storm of WONT was answered with %q", out)
	}
}

// L12: an endless subnegotiation is dropped above 4 KiB, told once, and the
// conversation goes on.
func TestLongSub(t *testing.T) {
	e := tester()
	in := append([]byte("a"), cmdIAC, cmdSB, optTTYPE, subSEND)
	in = append(in, bytes.Repeat([]byte("x"), 1<<20)...)
	data, out := drive(e, in, func(left int) int { return min(left, 1000) })
	if string(data) != "a" || len(out) > 0 {
		t.Errorf("data %q, answers %q", data, out)
	}
	if cap(e.sub) > 2*subMost {
		t.Errorf("%d bytes of it are kept", cap(e.sub))
	}
	data, out = drive(e, iac(t, "IAC SE 'b' IAC WILL ECHO"), single)
	if string(data) != "b" || !bytes.Equal(out, iac(t, "IAC DO ECHO")) {
		t.Errorf("afterwards: data %q, answers %q", data, out)
	}
	n := 0
	for _, ev := range e.events {
		if ev.kind == tooLong {
			n++
		}
	}
	if n != 1 {
		t.Errorf("told %d times", n)
	}
}

// C12: of the environment a server sees what was listed, by the rules of
// RFC 1572.
func TestEnviron(t *testing.T) {
	for _, c := range []struct{ name, ask, want string }{
		{"all", "", "0 'USER' 1 'ann' 3 'LANG' 1 'C'"},
		{"one", "0 'USER'", "0 'USER' 1 'ann'"},
		{"one that is not listed", "3 'SECRET'", ""},
		{"all of a kind", "3", "3 'LANG' 1 'C'"},
		{"several", "3 'LANG' 0 'USER' 3 'PATH'", "3 'LANG' 1 'C' 0 'USER' 1 'ann'"},
	} {
		e := tester()
		e.env = []variable{{"USER", "ann"}, {"LANG", "C"}}
		_, got := drive(e, iac(t, "IAC DO NEW-ENVIRON IAC SB NEW-ENVIRON 1 "+c.ask+" IAC SE"), whole)
		want := iac(t, "IAC WILL NEW-ENVIRON IAC SB NEW-ENVIRON 0 "+c.want+" IAC SE")
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.name, got, want)
		}
	}
}

// TEL-08: CHARSET, RFC 2066.
func TestCharsetNegotiation(t *testing.T) {
	for _, c := range []struct{ name, encoding, in, want, agreed string }{
		{"utf-8 is taken first", "", "IAC WILL CHARSET IAC SB CHARSET 1 ';ISO-8859-1;UTF-8' IAC SE", "IAC DO CHARSET IAC SB CHARSET 2 'UTF-8' IAC SE", "UTF-8"},
		{"the first known", "", "IAC WILL CHARSET IAC SB CHARSET 1 ';X-NONE;ISO-8859-1' IAC SE", "IAC DO CHARSET IAC SB CHARSET 2 'ISO-8859-1' IAC SE", "ISO-8859-1"},
		{"only what the user wants", "CP437", "IAC WILL CHARSET IAC SB CHARSET 1 ' ISO-8859-1' IAC SE", "IAC DO CHARSET IAC SB CHARSET 3 IAC SE", ""},
		{"by another name", "CP437", "IAC WILL CHARSET IAC SB CHARSET 1 ',IBM437' IAC SE", "IAC DO CHARSET IAC SB CHARSET 2 'IBM437' IAC SE", "IBM437"},
		{"with a table", "", "IAC WILL CHARSET IAC SB CHARSET 1 '[TTABLE]' 1 ';UTF-8' IAC SE", "IAC DO CHARSET IAC SB CHARSET 2 'UTF-8' IAC SE", "UTF-8"},
		{"a table", "", "IAC WILL CHARSET IAC SB CHARSET 4 1 2 3 IAC SE", "IAC DO CHARSET IAC SB CHARSET 5 IAC SE", ""},
		{"nonsense", "", "IAC WILL CHARSET IAC SB CHARSET 1 IAC SE IAC SB CHARSET 1 ';' IAC SE IAC SB CHARSET IAC SE", "IAC DO CHARSET IAC SB CHARSET 3 IAC SE IAC SB CHARSET 3 IAC SE", ""},
		{"we ask", "KOI8-R", "IAC DO CHARSET IAC SB CHARSET 2 'KOI8-R' IAC SE", "IAC WILL CHARSET IAC SB CHARSET 1 ';KOI8-R' IAC SE", "KOI8-R"},
		{"an answer to no question", "", "IAC DO CHARSET IAC SB CHARSET 2 'KOI8-R' IAC SE", "IAC WILL CHARSET", ""},
	} {
		e := tester()
		e.encoding = c.encoding
		in := bytes.ReplaceAll(iac(t, strings.ReplaceAll(c.in, "' ISO", "'_ISO")), []byte("_ISO"), []byte(" ISO"))
		_, got := drive(e, in, whole)
		if want := iac(t, c.want); !bytes.Equal(got, want) || e.charset != c.agreed {
			t.Errorf("%s: %q, want %q; agreed on %q", c.name, got, want, e.charset)
		}
	}
}

// The order of bytes counts, not how they were cut. TRUST Q6
func FuzzEngine(f *testing.F) {
	for _, s := range []string{
		"'login:' IAC WILL ECHO 13 0 IAC IAC 'x' 13 10",
		"IAC DO TTYPE IAC SB TTYPE 1 IAC SE IAC DO NAWS IAC DO 250",
		"IAC SB GMCP 'x' IAC IAC IAC SE IAC SB 1 IAC NOP IAC WILL CHARSET IAC SB CHARSET 1 ';UTF-8' IAC SE",
		"IAC DO START_TLS IAC SB START_TLS 1 IAC SE 'after'",
		"IAC WILL BINARY 13 0 IAC WONT BINARY 13 0 IAC WILL MCCP3",
	} {
		f.Add(iac(f, s), uint64(7))
	}
	f.Fuzz(func(t *testing.T, in []byte, seed uint64) {
		mk := func() *engine {
			e := tester()
			e.tls, e.compress, e.env = true, true, []variable{{"USER", "ann"}}
			return e
		}
		a, b := mk(), mk()
		data1, out1 := drive(a, in, whole)
		r := rand.New(rand.NewPCG(seed, 1))
		data2, out2 := drive(b, in, func(left int) int { return 1 + r.IntN(min(left, 9)) })
		if !bytes.Equal(data1, data2) || !bytes.Equal(out1, out2) {
			t.Fatalf("cut in pieces: data %q and %q, answers %q and %q", data1, data2, out1, out2)
		}
		if fmt.Sprint(kinds(a)) != fmt.Sprint(kinds(b)) {
			t.Fatalf("cut in pieces: events %v and %v", kinds(a), kinds(b))
		}
		if len(data1) > len(in) {
			t.Fatal("data from nothing")
		}
		// What data becomes on the way out is read back as the same.
		peer := tester()
		back, answers := drive(peer, tester().encode(nil, in), whole)
		if !bytes.Equal(back, in) || len(answers) > 0 {
			t.Fatalf("%q came back as %q", in, back)
		}
	})
}

func kinds(e *engine) (all []string) {
	for _, ev := range e.events {
		all = append(all, fmt.Sprint(ev.kind, ev.sent, words(ev.cmd, ev.opt, ev.sub)))
	}
	return all
}
