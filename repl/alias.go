package repl

import (
	"context"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/config"
	"wireline/repl/syntax"
)

type AliasArgs struct {
	Name  string   `arg:"name?" help:"the new word"`
	Words []string `arg:"word..." help:"what it stands for; $1, $2 … are the words that follow it, $* all" dash:"yes"`
	Save  bool     `flag:"save" help:"keep it in the user's configuration"`
}

type AliasRow struct {
	Name  string `json:"name"`
	Words string `json:"words"`
}

// Alias makes a word stand for a line, lists the aliases or drops one.
func (sh *Shell) Alias(_ context.Context, a AliasArgs) (any, error) {
	if a.Name == "" {
		return verb.Stream[AliasRow](func(yield func(AliasRow, error) bool) {
			for _, n := range sorted(sh.aliases) {
				if !yield(AliasRow{n, sh.aliases[n]}, nil) {
					return
				}
			}
		}), nil
	}
	text := ""
	switch len(a.Words) {
	case 0:
	case 1:
		text = a.Words[0]
	default:
		words := slices.Clone(a.Words)
		for i, w := range words {
			if !strings.HasPrefix(w, "$") {
				words[i] = syntax.Quote(w)
			}
		}
		text = strings.Join(words, " ")
	}
	if err := sh.setAlias(a.Name, text); err != nil {
		return nil, err
	}
	if !a.Save {
		return nil, nil
	}
	if text == "" {
		return nil, config.Forget(sh.Dir, "", "alias."+a.Name)
	}
	return note("saved in " + config.Path(sh.Dir)), config.Save(sh.Dir, "", config.Setting{Name: "alias." + a.Name, Value: text})
}

// setAlias makes a word stand for a line; for nothing it drops it.
func (sh *Shell) setAlias(name, text string) error {
	switch {
	case text == "":
		delete(sh.aliases, name)
		return nil
	case !variable(name):
		return fault.New(fault.Usage, "%q cannot be an alias", name).WithHint("letters, digits, dashes and _ can")
	case slices.Contains(protocols.ShellWords, name):
		return fault.New(fault.Usage, "%s is a command of the shell", name)
	}
	if _, err := syntax.ParseAlias(text); err != nil {
		return err
	}
	sh.aliases[name] = text
	return nil
}

func variable(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}

// An aliasCall is an alias that runs: the words that follow it, and which
// aliases it was called from, itself included.
type aliasCall struct {
	args   []string
	within []string
}

// unaliased puts the words of an alias in the place of its name. Words that
// follow it and that it does not use come last. An alias of several commands
// is run, and that is done then; flags, which stand before it, are for none.
func (sh *Shell) unaliased(ctx context.Context, flags, words []string, s streams) (next []string, done bool, err error) {
	name := words[0]
	text, ok := sh.aliases[name]
	if !ok || slices.Contains(s.alias.within, name) {
		return words, false, nil
	}
	script, err := syntax.ParseAlias(text)
	if err != nil {
		return nil, true, err
	}
	s.alias = aliasCall{words[1:], append(slices.Clone(s.alias.within), name)}
	if c := script.Only(); c != nil {
		if next, err = sh.expand(ctx, c.Words, s.alias); err != nil {
			return nil, true, err
		}
		return append(next, s.alias.args[min(script.Uses, len(s.alias.args)):]...), false, nil
	}
	if len(flags) > 0 {
		return nil, true, fault.New(fault.Usage, "%s: %s is for one command, and the alias is of several", name, flags[0])
	}
	if extra := len(s.alias.args) - script.Uses; extra > 0 {
		return nil, true, fault.New(fault.Usage, "%s: too many arguments: %q", name, s.alias.args[script.Uses])
	}
	if err := sh.script(ctx, "", script, s); err != nil {
		return nil, true, &reported{err}
	}
	return nil, true, nil
}
