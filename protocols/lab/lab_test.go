package lab

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// install.sh installs what Need asks for, and nothing else.
func TestPackages(t *testing.T) {
	b, err := os.ReadFile("packages.txt")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, pkg := range programs {
		want = append(want, pkg)
	}
	slices.Sort(want)
	if got := strings.Fields(string(b)); !slices.Equal(got, slices.Compact(want)) {
		t.Errorf("packages.txt lists %v, programs want %v", got, want)
	}
}

// A tb notes how a test ended.
type tb struct {
	testing.TB
	ended string
}

func (t *tb) Helper()               {}
func (t *tb) Skipf(string, ...any)  { t.ended = "skipped"; runtime.Goexit() }
func (t *tb) Fatalf(string, ...any) { t.ended = "failed"; runtime.Goexit() }

// need is how a test that needs program ends.
func need(t *testing.T, program string) string {
	fake := &tb{t, "goes on"}
	done := make(chan struct{})
	go func() {
		defer close(done)
		Need(fake, program)
	}()
	<-done
	return fake.ended
}

// A missing program skips a test for a person, and fails it for CI.
func TestNeed(t *testing.T) {
	t.Setenv("CI", "")
	t.Setenv("LAB", "")
	programs["no-such-program"] = "nowhere"
	defer delete(programs, "no-such-program")

	if got := need(t, "no-such-program"); got != "skipped" {
		t.Error("for a person, a test without its program:", got)
	}
	for _, env := range []string{"CI=true", "LAB=all"} {
		name, value, _ := strings.Cut(env, "=")
		t.Run(env, func(t *testing.T) {
			t.Setenv(name, value)
			if got := need(t, "no-such-program"); got != "failed" {
				t.Error("a test without its program:", got)
			}
		})
	}
	if got := need(t, "never heard of"); got != "failed" {
		t.Error("a test of a program that is not in the table:", got)
	}
	if path := Need(t, "python3"); !filepath.IsAbs(path) {
		t.Errorf("python3 is at %q", path)
	}
}
