package socket

import (
	"slices"
	"strings"
	"testing"

	"wireline/protocols"
	"wireline/protocols/verb"
)

// Every verb explains itself, in help and by the system call and Python line
// (RAW-31), and none takes a word of the shell.
func TestDeclared(t *testing.T) {
	for _, p := range Protocols() {
		for _, v := range append(slices.Clone(p.Open), p.Verbs...) {
			if v.Short == "" || len(v.Example) == 0 || len(v.Explain) < 2 || !strings.HasPrefix(v.Explain[len(v.Explain)-1], "Python: ") {
				t.Errorf("%s %s lacks words", p.Name, v.Name)
			}
		}
		for _, v := range p.Verbs {
			if slices.Contains(protocols.ShellWords, v.Name) && !slices.Contains(protocols.SessionWords, v.Name) {
				t.Errorf("%s %s is a word of the shell", p.Name, v.Name)
			}
			for _, ex := range v.Example {
				words := strings.Fields(strings.ReplaceAll(ex, `"`, ""))
				inv, err := v.Parse(verb.Env{}, words[1:])
				if err == nil {
					err = inv.Check()
				}
				if err != nil || !v.Named(words[0]) {
					t.Errorf("%s: %q: %v", p.Name, ex, err)
				}
			}
		}
	}
}
