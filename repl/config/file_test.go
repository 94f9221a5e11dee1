package config

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// sections, comments, switches and values with any signs in them.
func TestSettings(t *testing.T) {
	got, bad := parseSettings("# mine\ntimeout = 5\njson\nalias.ll = ls -l\n\n[mail.example]\n; tls\ntls=require\npassword-command = pass show a=b\r\n[ *.lan ]\n")
	want := []Section{
		{Settings: []Setting{{"timeout", "5", 2}, {"json", "", 3}, {"alias.ll", "ls -l", 4}}},
		{Name: "mail.example", Line: 6, Settings: []Setting{{"tls", "require", 8}, {"password-command", "pass show a=b", 9}}},
		{Name: "*.lan", Line: 10},
	}
	if bad != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, bad)
	}
}

// L14: a hostile file is an error that names the line; no panic, no memory.
func TestHostileSettings(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"a = 1\n[open\n":                        ":2: want [HOST]",
		"a\n[]\n":                               ":2: want [HOST]",
		"= 5":                                   ":1: want NAME = VALUE",
		"a = \x00":                              ":1: NUL",
		"x\n" + strings.Repeat("y", 1<<17):      ":2: the line is longer",
		strings.Repeat("a = b\n", 1<<18):        "larger than",
		strings.Repeat("a", maxLine-1) + "\nb=": "",
	} {
		if err := os.WriteFile(Path(dir), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Settings(dir)
		if want == "" && err != nil || want != "" && (fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
}

// X-28, D13: what is saved takes the place of what was, and leaves the rest.
func TestSave(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	for _, s := range []struct {
		section string
		Setting
	}{
		{"", Setting{Name: "timeout", Value: "5"}},
		{"mail.example", Setting{Name: "tls", Value: "require"}},
		{"", Setting{Name: "json"}},
		{"", Setting{Name: "timeout", Value: "6"}},
		{"mail.example", Setting{Name: "user", Value: "ann"}},
	} {
		if err := Save(dir, s.section, s.Setting); err != nil {
			t.Fatal(err)
		}
	}
	const want = "timeout = 6\njson\n\n[mail.example]\ntls = require\nuser = ann\n"
	b, _ := os.ReadFile(Path(dir))
	if string(b) != want {
		t.Errorf("%q, want %q", b, want)
	}
	if err := Forget(dir, "", "json"); err != nil {
		t.Fatal(err)
	}
	if b, _ = os.ReadFile(Path(dir)); string(b) != strings.Replace(want, "json\n", "", 1) {
		t.Errorf("%q", b)
	}
	if err := Save(dir, "", Setting{Name: "a", Value: "b\nc"}); fault.Of(err) != fault.BadArgument {
		t.Error(err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if fi, err := os.Stat(Path(dir)); err != nil || fi.Mode().Perm() != 0o600 {
		t.Error(fi.Mode(), err)
	}
	if fi, err := os.Stat(dir); err != nil || fi.Mode().Perm() != 0o700 {
		t.Error(fi.Mode(), err)
	}
	os.Chmod(Path(dir), 0o622)
	if _, err := Settings(dir); fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), "others may change it") {
		t.Error(err)
	}
}

func FuzzSettings(f *testing.F) {
	f.Add("a = 1\n[h]\nb\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, bad := parseSettings(text)
		if bad != nil {
			return
		}
		for _, s := range all {
			for _, x := range s.Settings {
				if x.Name == "" || strings.ContainsAny(x.Name+x.Value, "\n\x00") {
					t.Errorf("%q: %+v", text, x)
				}
			}
		}
	})
}
