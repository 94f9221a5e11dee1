package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestAt(t *testing.T) {
	for _, tt := range []struct{ in, want string }{ // ^ is the cursor
		{"^", `[] "" @0`},
		{"l^", `[] "l" @0`},
		{"ls^ -l", `[] "ls" @0`},
		{"ls ^", `[ls] "" @3`},
		{"  ls -^", `[ls] "-" @5`},
		{"ls; cat fo^", `[cat] "fo" @8`},
		{"ls && ^", `[] "" @6`},
		{"ls &&^", `[] "" @5`},
		{"@wo^", `[] "@wo" @0`},
		{"@work ^", `work: [] "" @6`},
		{"- @work cat a b^", `work: [cat a] "b" @14`},
		{`cat "a b^`, `[cat] "a b" @4 in "`},
		{`cat 'a b^`, `[cat] "a b" @4 in '`},
		{`cat "a b"^`, `[cat] "a b" @4`},
		{`cat "a b" ^`, `[cat a b] "" @10`},
		{`send --to="x y^`, `[send] "--to=x y" @5 in "`},
		{`cd /pub/"my d^`, `[cd] "/pub/my d" @3 in "`},
		{"cat don't^", `[cat] "don't" @4`},
		{"cat f > ^", `[cat f] "" @8 file`},
		{"cat f > o^", `[cat f] "o" @8 file`},
		{"cat f >o^", `[cat f] "o" @7 file`},
		{"cat f > o ^", `[cat f] "" @10`},
		{"cat f > o; l^", `[] "l" @11`},
		{"send < ^", `[send] "" @7 file`},
		{"cat f | gre^", `[cat f] "gre" @8 shell`},
		{"cat f | ^", `[cat f] "" @8 shell`},
		{"cat f | grep x; les^", `[cat f] "les" @16 shell`},
		{"!ls /t^", `[] "/t" @4 shell`},
		{"cat $(ls fo^", `[ls] "fo" @9`},
		{`cat "x $(ls fo^`, `[ls] "fo" @12`},
		{"cat $(ls fo) b^", `[cat $()] "b" @13`},
		{"cat $va^", `[cat] "$va" @4`},
		{`cat "a $va^`, `[cat] "a $va" @4 in "`},
		{"let x = $(se^", `[] "se" @10`},
		{"assert a > b^", `[assert a >] "b" @11`},
		{"ls>f x^", `[ls>f] "x" @5`},
		{"; ; ls a^", `[ls] "a" @7`},
		{"cat > > a; ls b^", `[ls] "b" @14`},
		{`cat "\xz" b; ls c^`, `[ls] "c" @16`},
		{"ls # a^", `[ls] "" @6`},
		{"use 3 ; send a^ ; x", `[send] "a" @13`},
	} {
		pos := strings.IndexByte(tt.in, '^')
		c := At(strings.Replace(tt.in, "^", "", 1), pos)
		got := fmt.Sprintf("%v %q @%d", c.Words, c.Prefix, c.Start)
		if c.Session != "" {
			got = c.Session + ": " + got
		}
		if c.Quote != 0 {
			got += " in " + string(c.Quote)
		}
		if c.Redir {
			got += " file"
		}
		if c.Shell {
			got += " shell"
		}
		if got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
	for _, pos := range []int{-1, 99} {
		if c := At("ls", pos); c.Start < 0 || c.Start > 2 {
			t.Errorf("position %d: start %d", pos, c.Start)
		}
	}
}
