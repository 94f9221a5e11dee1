package repl

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/line"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// settings are what set changes: the values that flags have when they are not
// typed, and the limits on servers.
type settings struct {
	options wire.Options
	common  verb.Common
	secrets config.Secrets
	limits  wire.Limits
	timing  bool
	pager   string            // a command, or off; "" is that of the environment
	theme   string            // the name of the colours
	colors  *render.Theme     // never changed, but replaced; nil: those of the first theme
	open    map[string]string // programs that show files, by kind of file
}

func (s *settings) terminal(w io.Writer) bool {
	f, ok := fileOf(w)
	return ok && line.IsTerminal(f)
}

func (s *settings) color(w io.Writer) bool {
	switch s.common.Color {
	case "always": // but never in what goes into a variable
		_, ok := fileOf(w)
		return ok
	case "never":
		return false
	}
	return s.terminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// colored is how messages and prompts are shown on w.
func (s *settings) colored(w io.Writer) render.Options {
	c := s.color(w)
	return render.Options{Terminal: s.terminal(w), Color: c, Always: c && s.common.Color == "always", Theme: s.colors}
}

// render is how results are shown on the streams of a command.
func (s *settings) render(io streams) render.Options {
	o := s.colored(io.out)
	o.JSON, o.Raw, o.Terminal = s.common.JSON, s.common.Raw, io.terminal
	o.CSV = s.common.CSV
	if row, err := syntax.Escape(s.common.Row); err == nil { // else it was refused
		o.Template = string(row)
	}
	if s.common.Fields != "" {
		o.Fields = strings.Split(s.common.Fields, ",")
	}
	if f, ok := fileOf(io.out); ok && io.terminal {
		o.Width, _ = line.Size(f)
	}
	return o
}

// limit names a bound on servers for set.
type limit struct {
	name, help string
	span       func(*wire.Limits) *time.Duration
	count      func(*wire.Limits) *int
}

var limitNames = []limit{
	{"connect", "all addresses together", func(l *wire.Limits) *time.Duration { return &l.Connect }, nil},
	{"handshake", "TLS handshake", func(l *wire.Limits) *time.Duration { return &l.Handshake }, nil},
	{"reply", "one reply, whatever its progress", func(l *wire.Limits) *time.Duration { return &l.Reply }, nil},
	{"idle", "without a byte, in a body", func(l *wire.Limits) *time.Duration { return &l.Idle }, nil},
	{"goodbye", "for a polite end", func(l *wire.Limits) *time.Duration { return &l.Goodbye }, nil},
	{"line", "bytes of one line", nil, func(l *wire.Limits) *int { return &l.Line }},
	{"lines", "lines of one reply", nil, func(l *wire.Limits) *int { return &l.Lines }},
	{"bytes", "bytes of one reply", nil, func(l *wire.Limits) *int { return &l.Bytes }},
}

type SetArgs struct {
	Name  string   `arg:"name?" help:"the setting; limits lists the limits" complete:"setting"`
	Value []string `arg:"value..." help:"its new value; true if left out for a switch" complete:"value" dash:"yes"`
	Host  string   `flag:"host" help:"for connections to this host only: HOST, *.DOMAIN, 'PROTO HOST' or @BOOKMARK"`
	Save  bool     `flag:"save" help:"keep it in the user's configuration"`
}

type SettingRow struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Help  string `json:"help"`
}

// Set shows the settings or changes one. A setting is a flag that need not be
// typed any more, limits.NAME, open.KIND for the program that shows files of a
// kind, or one of the current session.
func (sh *Shell) Set(ctx context.Context, a SetArgs) (any, error) {
	if a.Name == "" || a.Name == "limits" {
		return sh.settingRows(a.Name == "limits"), nil
	}
	if own, ok := sh.ownSetting(a.Name); ok && a.Host == "" && !a.Save {
		return nil, sh.words(ctx, "", append([]string{own}, a.Value...), false, running(ctx).io)
	}
	x := config.Setting{Name: a.Name, Value: strings.Join(a.Value, " ")}
	if a.Host != "" {
		if err := sh.hostSetting(x); err != nil {
			return nil, err
		}
		sh.hosts = append(sh.hosts, config.Section{Name: a.Host, Settings: []config.Setting{x}})
	} else if err := sh.assign(x.Name, x.Value); err != nil {
		return nil, err
	}
	if a.Save {
		return note("saved in " + config.Path(sh.Dir)), config.Save(sh.Dir, a.Host, x)
	}
	return nil, nil
}

func nothing(*Shell, context.Context, struct{}) (any, error) { return nil, nil }

// assign gives a setting a value: a flag, limits.NAME, alias.NAME, open.KIND
// or a choice.
func (sh *Shell) assign(name, value string) error {
	if limit, ok := strings.CutPrefix(name, "limits."); ok {
		return sh.setLimit(limit, value)
	}
	if alias, ok := strings.CutPrefix(name, "alias."); ok {
		return sh.setAlias(alias, value)
	}
	if kind, ok := strings.CutPrefix(name, "open."); ok {
		return sh.setOpener(kind, value)
	}
	switch name {
	case "insecure", "k":
		return fault.New(fault.Usage, "insecure holds for one command only").WithHint("type -k each time")
	}
	if known, err := sh.assignChoice(name, value); known {
		return err
	}
	v := verb.Verb{Name: "set", Run: verb.Call(nothing)}
	next := sh.set
	word := config.Setting{Name: name, Value: value}.Word()
	if _, err := v.Parse(verb.Env{}, []string{word}, &next.common, &next.options, &next.secrets); err != nil {
		what := strings.NewReplacer("set: ", "", "--"+name+": ", "").Replace(err.Error())
		return fault.New(fault.Usage, "%s: %s", name, what).WithHint("set lists the settings")
	}
	sh.set = next
	return nil
}

func (sh *Shell) setLimit(name, value string) error {
	for _, l := range limitNames {
		if l.name != name {
			continue
		}
		if l.span != nil {
			d, err := verb.Seconds(value)
			if err != nil {
				return fault.New(fault.Usage, "limits.%s: %w", name, err)
			}
			*l.span(&sh.set.limits) = d
			return nil
		}
		var n verb.Size
		if err := n.UnmarshalText([]byte(value)); err != nil {
			return fault.New(fault.Usage, "limits.%s: %w", name, err)
		}
		*l.count(&sh.set.limits) = int(n)
		return nil
	}
	return fault.New(fault.Usage, "no limit %q", name).WithHint("set limits lists them")
}

func (sh *Shell) settingRows(limits bool) verb.Stream[SettingRow] {
	return func(yield func(SettingRow, error) bool) {
		if !limits {
			for _, set := range []any{&sh.set.common, &sh.set.options, &sh.set.secrets} {
				for _, f := range verb.Flags(set) {
					if !yield(SettingRow{f.Name, discreet(f.Name, verb.Get(set, f)), f.Help}, nil) {
						return
					}
				}
			}
		}
		for _, n := range choices() {
			if !limits && !yield(SettingRow{n.name, n.get(sh), n.help}, nil) {
				return
			}
		}
		held, def := sh.set.limits, wire.DefaultLimits()
		for _, l := range limitNames {
			value := ""
			if l.span != nil {
				value = cmp.Or(*l.span(&held), *l.span(&def)).String()
			} else {
				value = fmt.Sprint(cmp.Or(*l.count(&held), *l.count(&def)))
			}
			if !yield(SettingRow{"limits." + l.name, value, l.help}, nil) {
				return
			}
		}
	}
}

// discreet is the value of a setting as it is shown: without a proxy's password.
func discreet(name, value string) string {
	if name != "proxy" && name != "proxy-user" {
		return value
	}
	const set = "set "
	line, _ := redactLine(set + name + " " + value)
	return strings.TrimPrefix(line, set+name+" ")
}

type UnsetArgs struct {
	Names []string `arg:"name..." help:"settings, or variables" complete:"setting"`
	Host  string   `flag:"host" help:"the setting for this host"`
	Save  bool     `flag:"save" help:"drop it from the user's configuration too"`
}

// Unset puts settings back, and forgets variables.
func (sh *Shell) Unset(_ context.Context, a UnsetArgs) (any, error) {
	for _, n := range a.Names {
		if a.Save {
			if err := config.Forget(sh.Dir, a.Host, n); err != nil {
				return nil, err
			}
		}
		if a.Host != "" {
			sh.hosts = slices.DeleteFunc(sh.hosts, func(s config.Section) bool {
				return s.Name == a.Host && len(s.Settings) == 1 && s.Settings[0].Name == n
			})
			continue
		}
		if alias, ok := strings.CutPrefix(n, "alias."); ok {
			delete(sh.aliases, alias)
			continue
		}
		if known := findChoice(n); known != nil {
			if err := known.set(sh, known.unset); err != nil {
				return nil, err
			}
			continue
		}
		if _, ok := sh.vars[n]; ok {
			delete(sh.vars, n)
			continue
		}
		if name, ok := strings.CutPrefix(n, "limits."); ok {
			i := slices.IndexFunc(limitNames, func(l limit) bool { return l.name == name })
			if i < 0 {
				return nil, fault.New(fault.Usage, "no limit %q", name).WithHint("set limits lists them")
			}
			if limitNames[i].span != nil {
				*limitNames[i].span(&sh.set.limits) = 0
			} else {
				*limitNames[i].count(&sh.set.limits) = 0
			}
			continue
		}
		if !verb.Clear(n, &sh.set.common, &sh.set.options, &sh.set.secrets) {
			return nil, fault.New(fault.Usage, "no setting or variable %q", n).WithHint("set lists the settings")
		}
	}
	return nil, nil
}

type TimingArgs struct {
	On string `arg:"on?" enum:"on,off" help:"on or off; on if left out"`
}

// Timing turns the report of phases on and off.
func (sh *Shell) Timing(_ context.Context, a TimingArgs) (any, error) {
	sh.set.timing = a.On != "off"
	return nil, nil
}

// Preset switches settings on for the whole run.
func (sh *Shell) Preset(names ...string) error {
	for _, n := range names {
		if err := sh.assign(n, ""); err != nil {
			return err
		}
	}
	return nil
}
