package syntax

import (
	"errors"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// Every sentence of the grammar, in its order.
func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"blank lines and comments are absent", "\n  \n# x\n ls\n\t# y\n", "[ls]"},
		{"lines", "ls\npwd\r\ncd x\r", "[ls] / [pwd] / [cd][x]"},
		{"byte order mark", "\ufeffls", "[ls]"},
		{"background", "get x &", "[get][x] &"},
		{"background and more", "watch & ; quota; ls & ;", "[watch] & / [quota] ; [ls] &"},
		{"background, more and a here-document", "get x & ; data <<E\na\nE\nls", "[get][x] & / [data] <<E[a␊] / [ls]"},
		{"background and comment", "get x & # later", "[get][x] &"},
		{"comment", "ls # a; b", "[ls]"},
		{"comment after ;", "ls; # b", "[ls]"},

		{"list", "ls; pwd && cd x || cd y", "[ls] ; [pwd] && [cd][x] || [cd][y]"},
		{"list of the examples", "resolve -x 192.0.2.1 ; services imaps", "[resolve][-x][192.0.2.1] ; [services][imaps]"},
		{"; at the end", "ls;", "[ls]"},
		{"; after a quote", `send "a";pwd`, "[send][a;pwd]"},
		{"operators glued to what follows", "ls &&pwd ||cd", "[ls] && [pwd] || [cd]"},

		{"if", "if code < 250\n ls\nelse\n pwd\nend\ncd", "if[code][<][250]{[ls]}{[pwd]} / [cd]"},
		{"if on one line", "ls; if code == 250; pwd && ls; end; cd", "[ls] / if[code][==][250]{[pwd] && [ls]} / [cd]"},
		{"for", "for x in a $b \"c d\"; echo $x; end", "if x[a][‹b›][c d]{[echo][‹x›]}"},
		{"blocks within each other", "for x in a\nif x\nfor y in b; end\nend\nend", "if x[a]{if[x]{if y[b]{}}}"},
		{"block in a command", "echo $(if ok; ls; end)", "[echo][‹(if[ok]{[ls]})›]"},
		{"words of blocks as arguments", "help if; echo end else", "[help][if] ; [echo][end][else]"},

		{"session", "@3 ls; @work cat 5", "@3 [ls] ; @work [cat][5]"},
		{"session as an argument", "imap watch @work/INBOX", "[imap][watch][@work/INBOX]"},
		{"session in quotes is a word", `"@3" ls`, "[@3][ls]"},
		{"ignore", "- cat x", "- [cat][x]"},
		{"ignore with a session", "- @w cat x", "- @w [cat][x]"},
		{"negative numbers are words", "-1 - 2", "[-1][-][2]"},

		{"shell", "!ls -l | wc; date & # x", "!ls -l | wc; date & # x"},
		{"shell with blanks", "pwd; ! ls 'a b'", "[pwd] ; !ls 'a b'"},
		{"shell only at the start", "send hi!", "[send][hi!]"},
		{"pipe takes the rest", "cat f.gz | gunzip | head; x && y &", "[cat][f.gz] |gunzip | head; x && y &"},
		{"pipe glued", "ls |less", "[ls] |less"},
		{"joined lines in a pipe", "ls | sed \\\n s/a/b/\npwd", "[ls] |sed \\\n s/a/b/ / [pwd]"},

		{"redirections", "cat f > out 2> err", "[cat][f] >[out] 2>[err]"},
		{"append, input", "send >>log < in", "[send] >>[log] <[in]"},
		{"redirections glued", "send >log <in", "[send] >[log] <[in]"},
		{"redirection to a word with a blank", `cat f > "a b"`, "[cat][f] >[a b]"},
		{"redirection to a variable", "cat f > $x", "[cat][f] >[‹x›]"},
		{"redirection and pipe", "cat f 2> err | wc", "[cat][f] 2>[err] |wc"},
		{"redirection before ;", "cat f > out; ls", "[cat][f] >[out] ; [ls]"},

		{"here-document", "data <<EOF\na\n b $x \\$x \\n\nEOF\nls", "[data] <<EOF[a␊ b ‹x› $x \\n␊] / [ls]"},
		{"here-document, literal", "data <<'EOF'\n$x \\$\nEOF", "[data] <<EOF[$x \\$␊]"},
		{"here-document, command", "data <<E\nat $(now) \"q\"\nE", "[data] <<E[at ‹([now])› \"q\"␊]"},
		{"here-document, rest of the line", "data << EOF; ls\na\nEOF\npwd", "[data] <<EOF[a␊] ; [ls] / [pwd]"},
		{"here-document, && and comment", "data <<EOF && ls # x\na\nEOF", "[data] <<EOF[a␊] && [ls]"},
		{"here-document, pipe", "data <<EOF | cat\na\nEOF", "[data] <<EOF[a␊] |cat"},
		{"two here-documents", "a <<X; b <<Y\n1\nX\n2\nY\n", "[a] <<X[1␊] ; [b] <<Y[2␊]"},
		{"here-document, empty", "data <<EOF\nEOF", "[data] <<EOF[]"},
		{"here-document, CR LF", "data <<EOF\r\na\r\nEOF\r\nls", "[data] <<EOF[a␊] / [ls]"},
		{"here-document, operators are text", "data <<.\na | b > c & # d ;\n.", "[data] <<.[a | b > c & # d ;␊]"},

		{"joined lines", "send a \\\n b", "[send][a][b]"},
		{"joined lines, CR LF", "send a \\\r\nb", "[send][a][b]"},
		{"joined lines before an operator", "ls \\\n&& pwd", "[ls] && [pwd]"},
		{"backslash without a blank joins nothing", "cd C:\\\nls", "[cd][C:\\] / [ls]"},

		{"let", "let id = 5", "id = [5]"},
		{"let in quotes", `let _a1 = "a $b"`, "_a1 = [a ‹b›]"},
		{"let command", "let id = $(search from:x); cat $id", "id = [‹([search][from:x])›] ; [cat][‹id›]"},
		{"let in quotes is a word", `"let" x = y`, "[let][x][=][y]"},

		{"assert compares", "assert time.greeting < 2s && assert tls.days > 14", "[assert][time.greeting][<][2s] && [assert][tls.days][>][14]"},
		{"assert, glued", "assert a>b || assert a>=5", "[assert][a>b] || [assert][a>=5]"},
		{"assert with every comparison", "assert 2> 1 << 3 >> 4", "[assert][2>][1][<<][3][>>][4]"},
		{"assert of the examples", "mail from:<probe@x> ; rcpt to:<nobody@mail.example> ; assert code == 550",
			"[mail][from:<probe@x>] ; [rcpt][to:<nobody@mail.example>] ; [assert][code][==][550]"},
		{"assert of a session", "@2 assert a < b", "@2 [assert][a][<][b]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Parse("t", tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(s); got != tt.want {
				t.Errorf("%q\n got %s\nwant %s", tt.in, got, tt.want)
			}
		})
	}
}

func TestParseText(t *testing.T) {
	s, err := Parse("", "# first\n  @3 ls -l ; cat <<E # why\nbody\nE\n\tget x  &  # bye")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Lines[0].Text; got != "@3 ls -l ; cat <<E" {
		t.Errorf("line 1: %q", got)
	}
	if got := s.Lines[0].Items[0].Cmd.Text; got != "@3 ls -l" {
		t.Errorf("command 1: %q", got)
	}
	if got := s.Lines[1].Text; got != "get x  &" {
		t.Errorf("line 2: %q", got)
	}
	if got, want := s.Lines[1].Pos, (Pos{Offset: 43, Line: 5, Col: 2}); got != want {
		t.Errorf("line 2 at %v, want %v", got, want)
	}
	if got, want := s.Lines[0].Items[1].Cmd.Here.Pos, (Pos{Offset: 25, Line: 2, Col: 18}); got != want {
		t.Errorf("<< at %v, want %v", got, want)
	}
}

// Errors say where, and nothing is returned to be run (K01).
func TestErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"ls\nls; ; pwd", "f:2:5: missing command after ;"},
		{"ls &&", "f:1:6: missing command after &&"},
		{"ls || # x", "f:1:7: missing command after ||"},
		{"&& ls", "f:1:1: missing command before &&"},
		{"; ls", "f:1:1: missing command before ;"},
		{"& ls", "f:1:1: missing command before &"},
		{"> x", "f:1:1: missing command before >"},
		{"<<E\nE", "f:1:1: missing command before <<"},
		{"| x", "f:1:1: missing command before |"},
		{"@3", "f:1:3: missing command after @3"},
		{"@ ls", "f:1:1: want the name of a session after @"},
		{"!", "f:1:2: missing command after !"},
		{"ls | ", "f:1:6: missing command after |"},
		{"get x & get y", "f:1:9: a line ends after &"},
		{"get x & ; ; ls", "f:1:11: missing command before ;"},
		{"cat x >", "f:1:7: missing file after >"},
		{"cat x > ; ls", "f:1:7: missing file after >"},
		{"cat x 2>&1", "f:1:7: missing file after 2>"},
		{"search a >= 5", "f:1:10: missing file after >"},
		{"cat x > a > b", "f:1:13: a second place for the output"},
		{"cat x > a | b", "f:1:9: a second place for the output"},
		{"send < a < b", "f:1:12: a second place for the input"},
		{"send < a <<E\nE", "f:1:8: a second place for the input"},
		{"send <<A <<B\nA\nB", "f:1:10: a second place for the input"},
		{"send a > b is true", "f:1:12: a word after a redirection"},
		{"send <<\n", "f:1:6: missing word after <<"},
		{"send <<$x\n", "f:1:8: $x cannot end a here-document"},
		{"send <<E\nx\n", "f:1:6: no line E ends this here-document"},
		{"let x", "f:1:1: want let NAME = WORD"},
		{"let x=5", "f:1:1: want let NAME = WORD"},
		{"let 5 = 5", "f:1:1: want let NAME = WORD"},
		{"let x = a b", "f:1:11: let takes one word"},
		{"let x = a > b", "f:1:1: let takes no redirection"},
		{"send 'a", "f:1:6: unclosed '"},
		{"é \"a\n\n", "f:1:3: unclosed \""},
		{`send "\xg0"`, `f:1:7: \x needs two hexadecimal digits`},
		{`send "\u{110000}"`, `f:1:7: \u needs a character's number in braces, such as \u{e9}`},
		{"send $(ls", "f:1:6: unclosed $("},
		{"send $()", "f:1:6: missing command in $()"},
		{"send $(ls)x", "f:1:11: text after the ) of $("},
		{"send $(cat <<E)\nE", "f:1:12: << within $("},
		{"send " + strings.Repeat("$(", 40), "f:1:70: more than 32 $( within each other"},
		{"ls \\", `f:1:4: missing line after \`},
		{"ls>f", "f:1:1: ls>f: no blank before >"},
		{"ls>>f", "f:1:1: ls>>f: no blank before >>"},
		{"cat README>out.txt", "f:1:5: README>out.txt: no blank before >"},
		{"ls|less", "f:1:1: ls|less: no blank before |"},
		{"ls&&pwd", "f:1:1: ls&&pwd: no blank before &&"},
		{"ls&", "f:1:1: ls&: no blank before &"},
	} {
		s, err := Parse("f", tt.in)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%q\n got %v\nwant %s", tt.in, err, tt.want)
		} else if s != nil || !errors.Is(err, fault.Usage) {
			t.Errorf("%q: script %v, kind %v", tt.in, s, fault.Of(err))
		}
	}
}

func TestErrorWithoutName(t *testing.T) {
	_, err := Parse("", "ls>f")
	if got, want := err.Error(), "1:1: ls>f: no blank before >"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := fault.Hint(err), "put a blank before >, or the word in quotes if it is text"; got != want {
		t.Errorf("hint %q, want %q", got, want)
	}
}

// A prompt asks for more lines only where more lines can help.
func TestIncomplete(t *testing.T) {
	for in, want := range map[string]bool{
		"send 'a": true, `send "a`: true, `send "$(ls`: true, "send $(ls": true, "x $(ls 'a": true,
		"data <<E": true, "data <<E\na": true, "data <<E; send 'a": true, `ls \`: true,
		"ls &&": false, "ls > ": false, "ls>f": false, "data <<E\n$(ls\nE": false, "let x": false,
	} {
		_, err := Parse("", in)
		var e *Error
		if !errors.As(err, &e) || e.Incomplete != want {
			t.Errorf("%q: %v: incomplete should be %v", in, err, want)
		}
	}
}

// What nobody typed is refused as unreadable, with its line (L14).
func TestUnreadable(t *testing.T) {
	for in, want := range map[string]string{
		"ls\nsend a\x00b": "f:2:7: NUL in text",
		"ls\n" + strings.Repeat("x", MaxLine+1) + "\nls": "f:2:1: line longer than 64 KiB",
		strings.Repeat("# comment\n", MaxText/10+1):      "f:1:1: larger than 1 MiB",
	} {
		_, err := Parse("f", in)
		if err == nil || err.Error() != want || !errors.Is(err, fault.ReadLocal) || errors.Is(err, fault.Usage) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := Parse("f", "x "+strings.Repeat("y", MaxLine-2)); err != nil {
		t.Errorf("a line of 64 KiB: %v", err)
	}
}
