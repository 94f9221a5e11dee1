//go:build unix

package line

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/lab"
)

// X06, C06: a password is on a row of its own, unseen, and in no history.
func TestSecret(t *testing.T) {
	dir := t.TempDir()
	history := filepath.Join(dir, "sub", "history")
	g := start(t, 80, 20, "LINE_TEST_HISTORY="+history)
	g.ends("wl> |")
	g.keys("secret\rtyped before")
	g.ends("half a line\nPassword for host: |")
	g.keys("hunx\x7fter2")
	g.event("notice")
	g.ends("half a line\nnotice\nPassword for host: |")
	g.keys("\x1b[200~!\x1b[201~\r")
	g.ends("Password for host:\n8 bytes, <nil>\nwl> |")
	g.keys("secret\r")
	g.ends("Password for host: |")
	g.keys("abc\x03")
	g.ends("0 bytes, interrupted\nwl> |")
	g.keys("confirm\r")
	g.ends("about to ask\nreally? [y/N] |")
	g.keys("no\x7f\x7fYes")
	g.ends("[y/N] Yes|")
	g.keys("\r")
	g.ends("true <nil>\nwl> |")
	g.keys("talkask\r")
	g.ends("Password: |")
	g.keys("pw\r")
	g.has("asked 2 <nil>")
	g.keys("\x1b")
	g.ends("then \"\\x1b\" <nil>\nwl> |")
	g.keys("login u hunter2\rforget\r not this\rhistory\r")
	g.ends(`"login u ***" "history"]` + "\nwl> |")
	g.keys("\x04")
	g.quits()
	if strings.Contains(g.output(), "hunter2\r\nP") {
		t.Error("the password was shown")
	}
	b, err := os.ReadFile(history)
	if err != nil {
		t.Fatal(err)
	}
	if want := "secret\nconfirm\ntalkask\nlogin u ***\nhistory\n"; string(b) != want {
		t.Errorf("the file is %q, want %q", b, want)
	}
}

// A password is asked for on the terminal even if the lines come from a pipe,
// as long as messages go there.
func TestSecretBesidePipe(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		lab.Skip(t, "no shell")
	}
	g := startCommand(t, exec.Command(sh, "-c", `printf 'secret\nend\n' | "$0"`, os.Args[0]), 80, 24)
	g.ends("half a line\nPassword for host: |")
	g.keys("pass\r")
	g.has("4 bytes, <nil>\nLINE=\"end\"\nbye")
	g.quits()
	if strings.Contains(g.output(), "pass") {
		t.Error("the password was shown")
	}
}

// The prompt goes where it is seen.
func TestPromptBesideFile(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		lab.Skip(t, "no shell")
	}
	out := filepath.Join(t.TempDir(), "out")
	g := startCommand(t, exec.Command(sh, "-c", `"$0" >"$1"`, os.Args[0], out), 80, 24)
	g.ends("wl> |")
	g.keys("abc\r")
	g.ends("wl> abc\nwl> |")
	g.keys("\x04")
	g.quits()
	if b, _ := os.ReadFile(out); string(b) != "LINE=\"abc\"\nbye\n" {
		t.Errorf("standard output: %q", b)
	}
}
