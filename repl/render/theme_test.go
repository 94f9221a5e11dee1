package render

import (
	"errors"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// a colour may be said in words, and is shown in the same words.
func TestColorWords(t *testing.T) {
	for words, sgr := range map[string]string{
		"red":                     "31",
		"bold red":                "1;31",
		"bright-red":              "91",
		"white on blue":           "37;44",
		"black on bright-yellow":  "30;103",
		"208":                     "38;5;208",
		"0 on 255":                "38;5;0;48;5;255",
		"#ff8700":                 "38;2;255;135;0",
		"bold #102030 on #ffffff": "1;38;2;16;32;48;48;2;255;255;255",
		"underline reverse":       "4;7",
		"dim italic":              "2;3",
		"none":                    "",
	} {
		th, err := defaultTheme.With("error", words)
		if err != nil || th[bad] != sgr || th.Color("error") != words {
			t.Errorf("%s: %q, %q, %v; want %q", words, th[bad], th.Color("error"), err, sgr)
		}
		if th[sent] != defaultTheme[sent] {
			t.Errorf("%s changed another colour", words)
		}
	}
	for _, words := range []string{"rde", "256", "-1", "#12345", "#gggggg", "1;31", "\x1b[31m", "bold on on red"} {
		if _, err := defaultTheme.With("error", words); !errors.Is(err, fault.Usage) {
			t.Errorf("%q: %v", words, err)
		}
	}
	if _, err := defaultTheme.With("", "red"); !errors.Is(err, fault.Usage) {
		t.Error(err)
	}
}

// each theme has a name, says its colours in words that are understood,
// and colours errors; mono has no colour at all.
func TestThemes(t *testing.T) {
	for _, name := range ThemeNames() {
		th, err := FindTheme(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range Roles() {
			words := th.Color(r)
			if again, err := th.With(r, words); err != nil || again != th {
				t.Errorf("%s: %s: %q: %v", name, r, words, err)
			}
			if name == "mono" && strings.Trim(strings.NewReplacer("bold", "", "dim", "", "underline", "", "reverse", "", "none", "").Replace(words), " ") != "" {
				t.Errorf("mono: %s is %s", r, words)
			}
		}
		if th[bad] == "" {
			t.Errorf("%s: no colour for errors", name)
		}
	}
	if _, err := FindTheme("lihgt"); !errors.Is(err, fault.Usage) || fault.Hint(err) != "did you mean light?" {
		t.Error(err, fault.Hint(err))
	}
}

// where there are colours, with which, and where there are none.
func TestPaint(t *testing.T) {
	light, _ := FindTheme("light")
	for _, tt := range []struct {
		o    Options
		want string
	}{
		{Options{}, "x"},
		{Options{Color: true}, "x"},
		{Options{Terminal: true}, "x"},
		{Options{Terminal: true, Color: true}, "\x1b[36mx\x1b[0m"},
		{Options{Terminal: true, Color: true, Theme: &light}, "\x1b[34mx\x1b[0m"},
		{Options{Always: true}, "\x1b[36mx\x1b[0m"},
	} {
		if got := tt.o.paint(key, "x"); got != tt.want {
			t.Errorf("%+v: %q", tt.o, got)
		}
	}
	plain, _ := defaultTheme.With("key", "none")
	if got := (Options{Always: true, Theme: &plain}).paint(key, "x"); got != "x" {
		t.Errorf("none: %q", got)
	}
}
