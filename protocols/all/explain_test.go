package all

import (
	"testing"

	"wireline/protocols/verb"
)

// every verb says what it does on the wire, or how Python, curl or
// openssl do it.
func TestExplained(t *testing.T) {
	for _, p := range Protocols() {
		for _, list := range [][]verb.Verb{p.Open, p.Verbs, p.Tools} {
			for _, v := range list {
				if len(v.Explain) == 0 {
					t.Errorf("%s %s explains nothing", p.Name, v.Name)
				}
			}
		}
	}
}
