package conformance

import (
	"fmt"
	"testing"

	"wireline/protocols/wire"
)

func TestSplit(t *testing.T) {
	for _, x := range []struct{ line, want string }{
		{`send hello world`, `[send hello world]`},
		{`send "HELLO\r\n" # and a comment`, `[send HELLO` + "\r\n" + `]`},
		{`send 'a\r'; recv -t 2 ; close`, `[send a\r] [recv -t 2] [close]`},
		{`say don't --to="x y" <a@b>`, `[say don't --to=x y <a@b>]`},
		{`get f > out && put g <in || close &`, `[get f] [put g <in] [close]`},
		{`post < article | less > x`, `[post]<article`},
		{`get http://h/?a=1&b=2#f`, `[get http://h/?a=1&b=2#f]`},
		{`send "\x41\u{e9}\t\0\"\\"`, "[send Aé\t\x00\"\\]"},
		{`say ""`, `[say ]`},
		{``, ``},
	} {
		cmds, err := split(x.line)
		if err != nil {
			t.Errorf("%s: %v", x.line, err)
		}
		got := ""
		for i, c := range cmds {
			if i > 0 {
				got += " "
			}
			got += fmt.Sprint(c.words)
			if c.stdin != "" {
				got += "<" + c.stdin
			}
		}
		if got != x.want {
			t.Errorf("%s: got %q, want %q", x.line, got, x.want)
		}
	}
	for _, line := range []string{`say "no end`, `say 'no end`, `say "\xZZ"`, `say "\x4`, `say "\u{zz}"`} {
		if cmds, err := split(line); err == nil {
			t.Errorf("%s: got %v, want an error", line, cmds)
		}
	}
}

// A verb is found in each of the forms in which a line may name it.
func TestFind(t *testing.T) {
	p := bare(wire.Scheme{Name: "tcp"})
	for _, x := range []struct{ line, want string }{
		{"send hello", "send [hello] false"},
		{"tcp send localhost 7 hello", "send [hello] false"},
		{"tcp send localhost:7 hello there", "send [hello there] false"},
		{"tcp send tcp://localhost:7 hello", "send [hello] false"},
		{"connect tcp localhost echo -4", "connect [-4] true"},
		{"open tcp://localhost:7", "connect [] true"},
		{"tcp connect localhost 7", "connect [] true"},
	} {
		cmds, err := split(x.line)
		if err != nil {
			t.Fatal(err)
		}
		c, err := find(p, cmds[0])
		if got := fmt.Sprint(c.verb.Name, " ", c.words, " ", c.opens); err != nil || got != x.want {
			t.Errorf("%s: got %s, %v, want %s", x.line, got, err, x.want)
		}
	}
	if _, err := find(p, simple{words: []string{"dance"}}); err == nil {
		t.Error("dance was found")
	}
}

func TestScript(t *testing.T) {
	steps, err := parse("# talk\nS: hi ${who}\n\nC~: [A-Z]+ x\nS-hex: 00 ff\nC-raw: \"a\\n\"\nC: close\nS: close\n", map[string]string{"who": "ann"})
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, s := range steps {
		got += fmt.Sprintf("%d%q ", s.do, s.data)
	}
	if want := `0"hi ann\r\n" 2"" 0"\x00\xff" 1"a\n" 3"" 4"" `; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := said(steps); n != len("hi ann\r\n")+2 {
		t.Errorf("the peer says %d bytes", n)
	}
	for _, text := range []string{"hello", "X: hello", "S-hex: zz", "C-raw: unquoted", "C~: ("} {
		if _, err := parse(text, nil); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}
