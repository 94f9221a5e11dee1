package render

import (
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shown is what Show writes.
func shown(t *testing.T, o Options, res any) string {
	t.Helper()
	var out, msg strings.Builder
	if err := Show(&out, &msg, o, res); err != nil {
		t.Fatalf("%T: %v", res, err)
	}
	return out.String() + msg.String()
}

// lines joins lines, each with its end.
func lines(s ...string) string { return strings.Join(s, "\n") + "\n" }
