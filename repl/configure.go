package repl

import (
	"path"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
)

// Configure reads the user's settings. Those before the first [HOST] hold from
// now on; the others are added to the words of whatever connects to such a
// host.
func (sh *Shell) Configure() error {
	all, err := config.Settings(sh.Dir)
	if err != nil {
		return err
	}
	for _, s := range all {
		for _, x := range s.Settings {
			var err error
			if s.Name == "" {
				err = sh.assign(x.Name, x.Value)
			} else {
				err = sh.hostSetting(x)
			}
			if err != nil {
				return fault.New(fault.ReadLocal, "%s:%d: %v", config.Path(sh.Dir), x.Line, err).WithHint("--no-config does without it")
			}
		}
		if s.Name != "" {
			sh.hosts = append(sh.hosts, s)
		}
	}
	return nil
}

// hostSetting checks a setting for one host: it is a flag of the connection,
// of the password, or of some protocol's connect.
func (sh *Shell) hostSetting(x config.Setting) error {
	sets := []any{&wire.Options{}, &config.Secrets{}}
	var known []string
	for _, set := range sets {
		for _, f := range verb.Flags(set) {
			known = append(known, f.Name)
		}
	}
	for _, p := range sh.Protocols {
		if v, ok := verb.Find(p.Open, "connect"); ok {
			_, flags := v.Params()
			for _, f := range flags {
				known = append(known, f.Name)
			}
		}
	}
	switch {
	case x.Name == "insecure":
		return fault.New(fault.Usage, "insecure holds for one command only").WithHint("type -k each time")
	case !slices.Contains(known, x.Name):
		return fault.New(fault.Usage, "no setting %q for a host%s", x.Name, didYouMean(x.Name, known))
	}
	v := verb.Verb{Name: "set", Run: verb.Call(nothing)}
	for _, set := range sets {
		if slices.ContainsFunc(verb.Flags(set), func(f verb.Param) bool { return f.Name == x.Name }) {
			_, err := v.Parse(verb.Env{}, []string{x.Word()}, set)
			return err
		}
	}
	return nil
}

// forHost is what the user's sections say of a target, as flags of those sets
// that have them.
func (sh *Shell) forHost(proto, label string, t wire.Target, known func(name string) bool) (words []string) {
	host := ""
	if t.URL != nil {
		host = strings.ToLower(t.Hostname())
	}
	for _, s := range sh.hosts {
		if !matches(s.Name, proto, label, host) {
			continue
		}
		for _, x := range s.Settings {
			if known(x.Name) {
				words = append(words, x.Word())
			}
		}
	}
	return words
}

// matches reports whether a section is about a target: [HOST], in which * and
// ? stand for others, [PROTO HOST] or [@BOOKMARK].
func matches(section, proto, label, host string) bool {
	if name, ok := strings.CutPrefix(section, "@"); ok {
		return name != "" && name == label
	}
	f := strings.Fields(strings.ToLower(section))
	if len(f) == 2 && f[0] == proto {
		f = f[1:]
	}
	ok, err := path.Match(f[0], host)
	return len(f) == 1 && err == nil && ok && host != ""
}
