package docs

import (
	"testing"

	"wireline/protocols/fault"
)

// TRUST 3c: every kind of failure has its cause and remedy in the manual.
func TestRemedies(t *testing.T) {
	remedies := remedies()
	for _, k := range fault.Kinds() {
		if remedies[k] == "" {
			t.Errorf("%s has no remedy", k.Name)
		}
	}
}
