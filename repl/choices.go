package repl

import (
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/line"
	"wireline/repl/render"
)

// A choice is a setting that is neither a flag nor a limit.
type choice struct {
	name, help string
	get        func(*Shell) string
	set        func(*Shell, string) error
	unset      string // the value that unset gives it
	values     []string
}

func choices() []choice {
	all := []choice{
		{"pager", "shows what is longer than the screen; off for none",
			func(sh *Shell) string { return sh.set.pager },
			func(sh *Shell, value string) error { sh.set.pager = value; return nil }, "", []string{"off", "less"}},
		{"keep", "how long a session may be idle at the prompt until its server is told that we are there, by NOOP or the like; off for ever",
			func(sh *Shell) string { return sh.alive.String() },
			func(sh *Shell, value string) error { return sh.alive.set(value) }, keepEvery.String(), []string{"off"}},
		{"timing", "say after each command how long its phases took",
			func(sh *Shell) string { return map[bool]string{true: "on", false: "off"}[sh.set.timing] },
			func(sh *Shell, value string) error {
				sh.set.timing = value != "off" && value != "false"
				return nil
			}, "off", []string{"on", "off"}},
		{"theme", "colours: " + strings.Join(render.ThemeNames(), ", "),
			func(sh *Shell) string { return sh.set.theme },
			(*Shell).setTheme, render.ThemeNames()[0], render.ThemeNames()},
	}
	for _, role := range render.Roles() {
		all = append(all, choice{"theme." + role, "a colour, such as bold red, white on blue, 208, #ff8700, or none",
			func(sh *Shell) string { return sh.theme().Color(role) },
			func(sh *Shell, value string) error { return sh.setColor(role, value) }, "", nil})
	}
	return all
}

// findChoice is the choice called name, nil if there is none.
func findChoice(name string) *choice {
	all := choices()
	if i := slices.IndexFunc(all, func(n choice) bool { return n.name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}

// theme has the colours that hold.
func (sh *Shell) theme() render.Theme {
	if sh.set.colors != nil {
		return *sh.set.colors
	}
	t, _ := render.FindTheme(render.ThemeNames()[0])
	return t
}

// setTheme takes all colours from a theme.
func (sh *Shell) setTheme(name string) error {
	t, err := render.FindTheme(name)
	if err == nil {
		sh.set.theme, sh.set.colors = name, &t
	}
	return err
}

// setColor changes one colour of the theme; "" is that of the theme again.
func (sh *Shell) setColor(role, words string) error {
	if words == "" {
		t, err := render.FindTheme(sh.set.theme)
		if err != nil {
			return err
		}
		words = t.Color(role)
	}
	t, err := sh.theme().With(role, words)
	if err == nil {
		sh.set.colors = &t
	}
	return err
}

// assignChoice sets theme.ROLE and the other choices; false: name is
// none of them.
func (sh *Shell) assignChoice(name, value string) (bool, error) {
	if n := findChoice(name); n != nil {
		return true, n.set(sh, value)
	}
	if role, ok := strings.CutPrefix(name, "theme."); ok {
		return true, fault.New(fault.Usage, "nothing called %q has a colour%s", role, didYouMean(role, render.Roles()))
	}
	return false, nil
}

// settingNames are what set takes, for completion.
func (sh *Shell) settingNames() (cs []line.Candidate) {
	for row := range sh.settingRows(false) {
		cs = append(cs, line.Candidate{Text: row.Name, Help: row.Help})
	}
	return append(cs, line.Candidate{Text: "limits", Help: "list the limits"})
}

// settingValues are what a setting may be, as far as that can be listed.
func (sh *Shell) settingValues(name string) (cs []line.Candidate) {
	var values []string
	if n := findChoice(name); n != nil {
		values = n.values
	}
	for _, set := range []any{&sh.set.common, &wire.Options{}, &sh.set.secrets} {
		for _, f := range verb.Flags(set) {
			if f.Name == name {
				values = f.Enum
			}
		}
	}
	for _, v := range values {
		cs = append(cs, line.Candidate{Text: v})
	}
	return cs
}
