package repl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/repl/config"
)

func configured(t *testing.T, text string) (*Shell, error) {
	sh := testShell()
	sh.Dir = t.TempDir()
	if err := os.WriteFile(config.Path(sh.Dir), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return sh, sh.Configure()
}

// what holds for all, and what for some hosts.
func TestConfigure(t *testing.T) {
	sh, err := configured(t, "timeout = 5\nlimits.line = 1k\nalias.ll = echo\nnetrc = none\n"+
		"[a.example]\ntls = require\n[*.lan]\nproxy = socks5://p:1\n[http b.example]\ntls = off\n[@work]\nca = /x\n")
	if err != nil {
		t.Fatal(err)
	}
	if sh.set.common.Timeout != 5*time.Second || sh.set.limits.Line != 1024 || sh.aliases["ll"] != "echo" || sh.set.secrets.Netrc != "none" {
		t.Errorf("%+v", sh.set)
	}
	all := func(string) bool { return true }
	for _, c := range []struct{ proto, label, target, want string }{
		{"tcp", "", "a.example 1", "--tls=require"},
		{"tcp", "", "A.EXAMPLE:1", "--tls=require"},
		{"tcp", "", "x.lan 1", "--proxy=socks5://p:1"},
		{"tcp", "", "lan 1", ""},
		{"tcp", "", "b.example 1", ""},
		{"http", "", "http://b.example/", "--tls=off"},
		{"http", "work", "http://c.example/", "--ca=/x"},
	} {
		target, _, err := target(*sh.protocol(c.proto), strings.Fields(c.target), false)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(sh.forHost(c.proto, c.label, target, all), " "); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.proto, c.target, got, c.want)
		}
	}
}

// X-28, L14: a mistake is told with its line, exit 26.
func TestConfigureMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"\nnosuch = 1":        "config:2: nosuch",
		"insecure":            "config:1: insecure",
		"[h]\ntimeout = 5":    "config:2: no setting \"timeout\" for a host",
		"[h]\ntls = perhaps":  "config:2: ",
		"[h]\ninsecure":       "config:2: insecure",
		"timeout = soon":      "config:1: timeout",
		"alias.connect = ls":  "config:1: connect",
		"alias.x = 'unclosed": "config:1: ",
	} {
		_, err := configured(t, text)
		if fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// set --save persists, unset --save does not.
func TestSetSave(t *testing.T) {
	sh, err := configured(t, "# mine\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"set timeout 5 --save", "set tls require --host mail.example --save", "alias ll ls -l --save", "set quiet --save", "unset quiet --save"} {
		var out strings.Builder
		sh.Out, sh.Err = &out, &out
		if err := sh.Run(t.Context(), "", line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	b, err := os.ReadFile(filepath.Join(sh.Dir, "config"))
	if want := "# mine\ntimeout = 5\n"; err != nil || !strings.HasPrefix(string(b), want) {
		t.Errorf("%q, %v", b, err)
	}
	again := testShell()
	again.Dir = sh.Dir
	if err := again.Configure(); err != nil || again.set.common.Timeout != 5*time.Second || again.aliases["ll"] == "" || again.set.common.Quiet || len(again.hosts) != 1 {
		t.Errorf("%v, %+v, %+v", err, again.aliases, again.hosts)
	}
}
