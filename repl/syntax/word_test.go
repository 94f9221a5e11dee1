package syntax

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// Network text needs no quotes; what needs them is plain.
func TestWords(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		// as typed
		{`http get http://h/?a=1&b=2#f`, `[http][get][http://h/?a=1&b=2#f]`},
		{`imap cat imap://h/INBOX;UID=5`, `[imap][cat][imap://h/INBOX;UID=5]`},
		{`rcpt to:<b@y>`, `[rcpt][to:<b@y>]`},
		{`cat <abc@news>`, `[cat][<abc@news>]`},
		{`mail from:<> <>`, `[mail][from:<>][<>]`},
		{`flag 7 +\Seen -\Deleted`, `[flag][7][+\Seen][-\Deleted]`},
		{`mv $ Archive`, `[mv][$][Archive]`},
		{`expect /OK\r\n/`, `[expect][/OK\r\n/]`},
		{`http get http://h/?a>b http://h/a|b`, `[http][get][http://h/?a>b][http://h/a|b]`},
		{`send a->b a=>b a|b a&b a<b x#y a;b`, `[send][a->b][a=>b][a|b][a&b][a<b][x#y][a;b]`},
		{`search size>100 size>=1M`, `[search][size>100][size>=1M]`},
		{`get *.gz ~ {a,b} ?`, `[get][*.gz][~][{a,b}][?]`},
		{`call f (1) :) :(`, `[call][f][(1)][:)][:(]`},
		{`\ x\ y`, `[\][x\][y]`},
		{`raw a&; b`, `[raw][a&] ; [b]`},
		{`post u age:=30 q==ann X-Id:7`, `[post][u][age:=30][q==ann][X-Id:7]`},

		// quotes
		{`send 'it is $x \n "so"'`, `[send][it is $x \n "so"]`},
		{`send "a\r\n\t\0\x41\u{e9}\\\"\$x\d"`, `[send][a␍␊␉␀Aé\"$x\d]`},
		{`a""`, `[a]`},
		{`'' ""`, `[][]`},
		{`a"b c"d`, `[ab cd]`},
		{`--to="x y" name='v w' subject:"a b"`, `[--to=x y][name=v w][subject:a b]`},
		{`'a'"b"'c'`, `[abc]`},
		{`cd /pub/"my dir"/x`, `[cd][/pub/my dir/x]`},
		{"'a\r\nb' \"c\nd\"", "[a␊b][c␊d]"},
		{`don't stop; isn't`, `[don't][stop] ; [isn't]`},
		{`post data:={"a":"b",'c':[1]}`, `[post][data:={"a":"b",'c':[1]}]`},
		{`send 5'10" 6"`, `[send][5'10"][6"]`},
		{`send 5" 6"`, `[send][5 6]`},
		{`curl -d $'{"a":"it\'s\u0021\t\x41\101\U1f600 \\ \q"}' u; $''`, `[curl][-d][{"a":"it's!␉AA😀 \ \q"}][u] ; []`},
		{"send $'a\\r\\n\r\nb'c a$'d' $x'e", "[send][a␍␊␊bc][a$'d'][$x'e]"},

		// values
		{`cat $id $last.data.0.uid $?`, `[cat][‹id›][‹last.data.0.uid›][‹?›]`},
		{`cat $id. $5 $$ a$id $id,$id ${id} $a-b`, `[cat][$id.][$5][$$][a$id][$id,$id][${id}][$a-b]`},
		{`cat "$id." "$5$" "a$id-b $?" "\$id" '$id'`, `[cat][‹id›.][$5$][a‹id›-b ‹?›][$id][$id]`},
		{`cat $(ls)`, `[cat][‹([ls])›]`},
		{`cat $(ls; raw "a)" (b) c)`, `[cat][‹([ls] ; [raw][a)][(b)][c])›]`},
		{"cat $(\n ls # :)\n pwd;)", `[cat][‹([ls] / [pwd])›]`},
		{`cat "x$(cat "$(ls "a b")")y"`, `[cat][x‹([cat][‹([ls][a b])›])›y]`},
		{`cat $(ls | sed 's/)//' | (cat; echo ")")) > f`, `[cat][‹([ls] |sed 's/)//' | (cat; echo ")"))›] >[f]`},
		{`cat $(!date \) ) x`, `[cat][‹(!date \))›][x]`},
		{`cat $(ls > f) a$(b c)`, `[cat][‹([ls] >[f])›][a$(b][c)]`},
	} {
		s, err := Parse("t", tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.in, err)
		} else if got := dump(s); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestWordQuote(t *testing.T) {
	s, err := Parse("", `a 'b' "c" "$d" 'e'f "g"'h' i="j" "`+"\n"+`" é`)
	if err != nil {
		t.Fatal(err)
	}
	w := s.Lines[0].Items[0].Cmd.Words
	want := []byte{0, '\'', '"', '"', 0, 0, 0, '"', 0}
	for i, w := range w {
		if w.Quote != want[i] {
			t.Errorf("%s: quote %q, want %q", w.Text, w.Quote, want[i])
		}
	}
	if got, want := w[8].Pos, (Pos{Offset: 37, Line: 2, Col: 3}); got != want || w[8].Text != "é" {
		t.Errorf("%s at %v, want %v", w[8].Text, got, want)
	}
}

type env map[string]string

func (e env) Var(name string) (string, bool) { v, ok := e[name]; return v, ok }

func (e env) Run(s *Script) (string, error) {
	if d := dump(s); d != "[fail]" {
		return d + "\n\n", nil
	}
	return "", errors.New("it failed")
}

// What a value holds is never parsed again (I11).
func TestExpand(t *testing.T) {
	e := env{"evil": "; rm x `y` $(z) \n|cmd > f & \\n $evil", "?": "28", "a.b": "-x"}
	for in, want := range map[string]string{
		`$evil`: e["evil"], `"<$evil>"`: "<" + e["evil"] + ">", `$?`: "28", `$a.b`: "-x",
		`"$(ls a)!"`: "[ls][a]!", `$(ls)`: "[ls]", `'$evil'`: "$evil",
	} {
		s, err := Parse("", "x "+in)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.Lines[0].Items[0].Cmd.Words[1].Expand(e); got != want || err != nil {
			t.Errorf("%s: got %q, %v; want %q", in, got, err, want)
		}
	}
}

type nearEnv struct{ env }

func (nearEnv) Near(string) string { return "last" }

func TestExpandErrors(t *testing.T) {
	words := func(in string) []Word {
		s, err := Parse("", in)
		if err != nil {
			t.Fatal(err)
		}
		return s.Lines[0].Items[0].Cmd.Words
	}
	_, err := words("x $lsat")[1].Expand(env{})
	if got := fmt.Sprint(err); !strings.Contains(got, "no variable $lsat") || !errors.Is(err, fault.Usage) {
		t.Errorf("got %v", err)
	}
	_, err = words("x $lsat")[1].Expand(nearEnv{})
	if got, want := fault.Hint(err), "did you mean $last?"; got != want {
		t.Errorf("hint %q, want %q", got, want)
	}
	if _, err = words("x $(fail)")[1].Expand(env{}); err == nil || err.Error() != "it failed" {
		t.Errorf("a command that fails: %v", err)
	}
	if _, ok := words("x $y")[1].Literal(); ok {
		t.Error("$y is literal")
	}
	if s, ok := words("x a'b'")[1].Literal(); !ok || s != "a'b'" {
		t.Errorf("literal %q", s)
	}
}
