package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/repl/config"
)

func netrc(t *testing.T, text string) ([]config.Login, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "netrc")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return config.Netrc(path)
}

// X-12, C04: which entry is for whom.
func TestNetrc(t *testing.T) {
	all, err := netrc(t, `
# a comment
machine h login ann password one
machine h login bob password "two words"
machine imaps://h login ann password three
machine h:2121 login ann password four
macdef init
cd /pub
machine evil login x password y

machine other password nameless
default login anonymous password me@here
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ scheme, host, port, user, name, password string }{
		{"ftp", "h", "21", "", "ann", "one"},
		{"ftp", "H.", "21", "ann", "ann", "one"},
		{"ftp", "h", "21", "bob", "bob", "two words"},
		{"ftp", "h", "2121", "", "ann", "four"},
		{"imaps", "h", "993", "ann", "ann", "three"},
		{"ftp", "other", "21", "", "", "nameless"},
		{"ftp", "elsewhere", "21", "", "anonymous", "me@here"},
		{"ftp", "elsewhere", "21", "ann", "", ""},
		{"ftp", "sub.h", "21", "ann", "", ""},
		{"ftp", "evil", "21", "x", "", ""},
	} {
		l, ok := config.Find(all, c.scheme, c.host, c.port, c.user)
		if l.Name != c.name || l.Password != c.password || ok != (c.password != "") {
			t.Errorf("%+v: %+v, %v", c, l, ok)
		}
	}
}

// L14, I02: what is no netrc.
func TestNetrcRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no value":    "machine h login",
		"no machine":  "login ann",
		"other word":  "machine h user ann",
		"open quote":  `machine h password "x`,
		"NUL":         "machine h login a password x\x00y",
		"a huge line": "machine " + strings.Repeat("x", 70_000),
		"a huge file": strings.Repeat("# x\n", 300_000),
	} {
		_, err := netrc(t, text)
		if fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), "netrc:") {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%s: a message of %d bytes", name, len(err.Error()))
		}
	}
	if all, err := config.Netrc(filepath.Join(t.TempDir(), "none")); all != nil || err != nil {
		t.Error(all, err)
	}
}

// C05: who else could read or change it.
func TestNetrcMode(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "netrc")
	os.WriteFile(path, []byte("machine h login a password b"), 0o644)
	if _, err := config.Netrc(path); fault.Of(err) != fault.ReadLocal || !strings.Contains(fault.Hint(err), "chmod 600") {
		t.Errorf("readable by all: %v, hint %q", err, fault.Hint(err))
	}
	os.Chmod(path, 0o600)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Netrc(link); fault.Of(err) != fault.ReadLocal {
		t.Errorf("a link: %v", err)
	}
}

func FuzzNetrc(f *testing.F) {
	f.Add("machine h login a password \"b c\"\nmacdef x\ny\n\ndefault login z")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := netrc(t, text)
		if err == nil {
			config.Find(all, "ftp", "h", "21", "")
		}
	})
}

// C06: the ways in which a password need not be typed.
func TestPassword(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pw")
	os.WriteFile(path, []byte("s3cr3t\r\nmore\n"), 0o600)
	for _, s := range []config.Secrets{{File: path}, {Command: "cat " + path}} {
		p, ok, err := s.Password(t.Context(), &config.Tokens{})
		if p != "s3cr3t" || !ok || err != nil {
			t.Errorf("%+v: %q, %v, %v", s, p, ok, err)
		}
	}
	if _, ok, err := (config.Secrets{}).Password(t.Context(), &config.Tokens{}); ok || err != nil {
		t.Error("a password came from nowhere")
	}
	os.Chmod(path, 0o644)
	for _, s := range []config.Secrets{{File: path}, {File: path + "x"}, {Command: "false"}, {Command: "true"}} {
		if _, ok, err := s.Password(t.Context(), &config.Tokens{}); ok || fault.Of(err) != fault.ReadLocal {
			t.Errorf("%+v: %v, %v", s, ok, err)
		}
	}
}
