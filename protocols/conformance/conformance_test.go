package conformance

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFinger(t *testing.T) { Test(t, finger(), "testdata/finger") }

func TestChat(t *testing.T) {
	wrong := os.Getenv("CONFORMANCE_WRONG")
	if wrong == "no limit" {
		enough = 3 * time.Second
	}
	Test(t, chat(wrong), "testdata/chat")
}

// Each thing that can be wrong with an adapter is found, by the part that
// looks for it. The adapter runs in a process of its own, whose tests fail.
func TestFinds(t *testing.T) {
	for _, x := range []struct{ wrong, part, want string }{
		{"no example", "declared", "no example"},
		{"example does not parse", "declared", "no option --loud"},
		{"capital", "declared", "full stop"},
		{"shell word", "declared", "jobs is a word of the shell"},
		{"twice", "declared", "list is declared twice"},
		{"no help", "declared", "help of text"},
		{"lossy result", "declared", "does not come back from JSON"},
		{"injection", "injection", `"x\r\nEVIL" put a line of its own on the wire`},
		{"injection by keys", "injection", "put a line of its own on the wire"},
		{"wrong kind", "injection", "refused as PROTOCOL, not as BAD_ARGUMENT"},
		{"own dialing", "cancelled", "still runs after"},
		{"password in trace", "transcripts", "the trace shows the password"},
		{"argument in trace", "secrets", "the trace shows the secret as it is"},
		{"one word too many", "transcripts", `the peer heard "NOOP\r\n"; the script says C: SAY`},
		{"panic", "hostile", "panic: nobody is there"},
		{"panic", "sweep", "panic: nobody is there"},
		{"plain error", "hostile", "not a *fault.Error"},
		{"plain error", "sweep", "not a *fault.Error"},
		{"cut line", "sweep", "passes for a whole one"},
		{"cut list", "sweep", "passes for a whole one"},
		{"no limit", "hostile", "the heap grew"},
		{"no limit", "sweep", "no limit of the wire's ended the wait"},
		{"deaf", "torture", "passes for a whole one"},
		{"one read", "torture", "and not what it gives when lines come whole"},
		{"goroutine", "transcripts", "goroutines are left"},
	} {
		t.Run(x.wrong+" in "+x.part, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChat$/^"+x.part+"$")
			cmd.Env = append(os.Environ(), "CONFORMANCE_WRONG="+x.wrong)
			out, err := cmd.CombinedOutput()
			if err == nil {
				t.Fatalf("nothing was found:\n%s", out)
			}
			if !strings.Contains(string(out), x.want) {
				t.Errorf("what was found does not say %q:\n%s", x.want, out)
			}
		})
	}
}
