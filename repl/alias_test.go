package repl

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// aliases take arguments, and none of these is parsed again (I11).
func TestAlias(t *testing.T) {
	for _, c := range []struct{ alias, line, out string }{
		{"say echo", "say a b", "a b\n"},
		{"say echo first", "say 'x; echo y'", "first x; echo y\n"},
		{`hi 'echo "<$1> [$2]"'`, "hi a b", "<a> [b]\n"},
		{`hi 'echo "<$1>"'`, `hi 'a"; echo evil; "'`, `<a"; echo evil; ">` + "\n"},
		{`hi 'echo $2 $1'`, "hi a b c", "b a c\n"},
		{`hi 'echo $1; echo $1'`, "hi a", "a\na\n"},
		{`hi 'echo $* | tr a-z A-Z'`, "hi a b", "A B\n"},
		{`hi 'echo $(echo $1)'`, "hi a", "a\n"},
		{`echo2 'echo $5'`, "echo2", "\n"},
		{"hi 'echo <$1>-$2'", "hi 'a b' c", "<a b>-c\n"},
		{"hi 'echo pre$*'", "hi a b", "prea b\n"},
		{"echo2 echo2", "echo2 x", "! unknown command"},
		{"loop 'loop; loop'", "loop", "! unknown command"},
		{"two 'echo $1; echo $1'", "two a b", "! too many arguments"},
	} {
		var out strings.Builder
		sh := testShell()
		sh.Out, sh.Err = &out, &out
		if err := sh.Run(t.Context(), "", "alias "+c.alias); err != nil {
			t.Errorf("alias %s: %v %s", c.alias, err, out.String())
			continue
		}
		err := sh.Run(t.Context(), "", c.line)
		if want, bad := strings.CutPrefix(c.out, "! "); bad {
			if err == nil || !strings.Contains(out.String(), want) {
				t.Errorf("%s, %s: %v, %q", c.alias, c.line, err, out.String())
			}
		} else if err != nil || out.String() != c.out {
			t.Errorf("%s, %s: %v, %q, want %q", c.alias, c.line, err, out.String(), c.out)
		}
	}
	sh := testShell()
	for _, bad := range []string{"alias connect echo", "alias a.b echo", "alias x 'echo \"'"} {
		var out strings.Builder
		sh.Out, sh.Err = &out, &out
		if err := sh.Run(t.Context(), "", bad); fault.Of(err) != fault.Usage {
			t.Errorf("%s: %v", bad, err)
		}
	}
	// Outside an alias a dollar and a number are text.
	var out strings.Builder
	sh.Out = &out
	if err := sh.Run(t.Context(), "", "echo $1 $*"); err != nil || out.String() != "$1 $*\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}
