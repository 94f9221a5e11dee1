package verb

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"wireline/protocols/fault"
)

// An Invocation is a verb whose flags have been read and whose arguments
// wait to be placed. Nothing has been done yet.
type Invocation struct {
	Verb  Verb
	Words []string // the arguments, without the flags; the caller may take some off
	args  reflect.Value
	env   Env
}

// Parse reads the flags among words, which may stand anywhere before a --.
// Flags that v does not have are looked for in sets, pointers to structs of
// flags that several verbs share. Nothing is opened and nothing is sent.
func (v Verb) Parse(env Env, words []string, sets ...any) (*Invocation, error) {
	inv := &Invocation{Verb: v, args: reflect.New(v.Run.args), env: env}
	homes := []reflect.Value{inv.args.Elem()}
	for _, s := range sets {
		homes = append(homes, reflect.ValueOf(s).Elem())
	}
	b := binder{env: env, dash: v.dashes()}
	for _, h := range homes {
		_, flags := params(h.Type())
		for _, f := range flags {
			b.flags = append(b.flags, flagIn{f, h})
		}
	}
	var err error
	if inv.Words, err = b.split(words); err != nil {
		return nil, &UsageError{v, err}
	}
	return inv, nil
}

func (v Verb) dashes() bool {
	args, _ := v.Params()
	return slices.ContainsFunc(args, func(p Param) bool { return p.Dash })
}

// Do places the arguments, gives the verb what it asks for from the Env, and
// runs it on recv.
func (inv *Invocation) Do(ctx context.Context, recv any) (any, error) {
	if err := inv.place(inv.env); err != nil {
		return nil, &UsageError{inv.Verb, err}
	}
	return inv.Verb.Run.call(recv, ctx, inv.args.Interface())
}

// Check places the arguments and opens nothing: whether the words would do.
func (inv *Invocation) Check() error {
	trial := &Invocation{Verb: inv.Verb, Words: inv.Words, args: reflect.New(inv.args.Type().Elem())}
	trial.args.Elem().Set(inv.args.Elem())
	if err := trial.place(Env{Unescape: inv.env.Unescape}); err != nil {
		return &UsageError{inv.Verb, err}
	}
	return nil
}

// Given reports whether a flag of the verb has another value than none.
func (inv *Invocation) Given(flag string) bool {
	_, flags := inv.Verb.Params()
	return slices.ContainsFunc(flags, func(p Param) bool {
		return p.Name == flag && !inv.args.Elem().FieldByIndex(p.index).IsZero()
	})
}

// Do parses words against the declaration of v and runs it on recv.
func (v Verb) Do(ctx context.Context, recv any, env Env, words []string) (any, error) {
	inv, err := v.Parse(env, words)
	if err != nil {
		return nil, err
	}
	return inv.Do(ctx, recv)
}

// A UsageError is a mistake in what was typed; nothing was sent.
type UsageError struct {
	Verb Verb
	Err  error
}

func (e *UsageError) Error() string { return e.Verb.Name + ": " + e.Err.Error() }

func (e *UsageError) Unwrap() []error {
	if fault.Of(e.Err) != fault.Internal {
		return []error{e.Err}
	}
	return []error{fault.Usage, e.Err}
}

type flagIn struct {
	Param
	home reflect.Value
}

type binder struct {
	env   Env
	flags []flagIn
	dash  bool
}

func (b binder) find(name string, letter bool) *flagIn {
	for i, f := range b.flags {
		if !letter && f.Name == name || letter && f.Letter == name {
			return &b.flags[i]
		}
	}
	return nil
}

// split takes the flags out of words, sets them, and returns the rest.
func (b binder) split(words []string) (args []string, err error) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		next := func(flag string) (string, error) {
			if i++; i < len(words) {
				return words[i], nil
			}
			return "", fmt.Errorf("%s needs a value", flag)
		}
		switch {
		case w == "--":
			return append(args, words[i+1:]...), nil
		case strings.HasPrefix(w, "--"):
			name, val, has := strings.Cut(w[2:], "=")
			f := b.find(name, false)
			if f == nil {
				if b.dash {
					args = append(args, w)
					continue
				}
				return nil, b.unknown(w)
			}
			if err := b.give("--"+name, f, val, has, next); err != nil {
				return nil, err
			}
		case len(w) > 1 && w[0] == '-' && (b.find(w[1:2], true) != nil || !number(w)):
			if b.find(w[1:2], true) == nil {
				if b.dash {
					args = append(args, w)
					continue
				}
				return nil, b.unknown(w)
			}
			if err := b.letters(w, next); err != nil {
				return nil, err
			}
		default:
			args = append(args, w)
		}
	}
	return args, nil
}

// letters reads -la, -j8, -j 8 and -o=x.
func (b binder) letters(w string, next func(string) (string, error)) error {
	for rest := w[1:]; rest != ""; {
		letter := rest[:1]
		rest = rest[1:]
		f := b.find(letter, true)
		if f == nil {
			return b.unknown("-" + letter)
		}
		if f.Bool() {
			if err := set(f.home.FieldByIndex(f.index), f.Param, b.env, "true"); err != nil {
				return err
			}
			continue
		}
		val, has := strings.TrimPrefix(rest, "="), rest != ""
		return b.give("-"+letter, f, val, has, next)
	}
	return nil
}

func (b binder) give(as string, f *flagIn, val string, has bool, next func(string) (string, error)) (err error) {
	if !has && f.Bool() {
		val, has = "true", true
	}
	if !has {
		if val, err = next(as); err != nil {
			return err
		}
	}
	if err := set(f.home.FieldByIndex(f.index), f.Param, b.env, val); err != nil {
		return fmt.Errorf("%s: %w", as, err)
	}
	return nil
}

func (b binder) unknown(w string) error {
	name, _, _ := strings.Cut(strings.TrimLeft(w, "-"), "=")
	var names []string
	for _, f := range b.flags {
		names = append(names, f.Name)
	}
	if near := Nearest(name, names); near != "" {
		return fmt.Errorf("no option %s; did you mean --%s?", w, near)
	}
	return fmt.Errorf("no option %s", w)
}

// number reports whether w is a negative number, not a flag.
func number(w string) bool {
	return len(w) > 1 && strings.Trim(w[1:], "0123456789.") == ""
}

func (inv *Invocation) place(env Env) error {
	dst := inv.args.Elem()
	args, _ := inv.Verb.Params()
	words := inv.Words
	for _, p := range args {
		if p.Rest {
			for _, w := range words {
				if err := setArg(dst.FieldByIndex(p.index), p, env, w); err != nil {
					return fmt.Errorf("%s: %w", p.Name, err)
				}
			}
			words = nil
			continue
		}
		if len(words) == 0 {
			if ok, err := feed(dst.FieldByIndex(p.index), env); ok || err != nil {
				if err != nil {
					return err
				}
				continue
			}
			if !p.Optional {
				return fmt.Errorf("missing %s", strings.ToUpper(p.Name))
			}
			continue
		}
		if err := setArg(dst.FieldByIndex(p.index), p, env, words[0]); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
		words = words[1:]
	}
	if len(words) > 0 {
		return fmt.Errorf("too many arguments: %q", words[0])
	}
	return inv.lend(env)
}

// feed gives standard input to an Input that no word names.
func feed(f reflect.Value, env Env) (bool, error) {
	if f.Type() != reflect.TypeFor[Input]() || env.Stdin == nil {
		return false, nil
	}
	in, ok := env.Stdin()
	if ok {
		f.Set(reflect.ValueOf(in))
	}
	return ok, nil
}

// lend gives the verb the terminal and standard input where a field without
// a tag asks for them by its type, and opens the files that flags name.
func (inv *Invocation) lend(env Env) error {
	if inv.args.Elem().Kind() != reflect.Struct {
		return nil
	}
	return lend(inv.args.Elem(), env)
}

func lend(dst reflect.Value, env Env) error {
	for i := range dst.NumField() {
		f, field := dst.Field(i), dst.Type().Field(i)
		tag := field.Tag
		_, arg := tag.Lookup("arg")
		switch f.Type() {
		case reflect.TypeFor[Terminal]():
			if env.Terminal != nil {
				f.Set(reflect.ValueOf(env.Terminal))
			}
		case reflect.TypeFor[Input]():
			_, flag := tag.Lookup("flag")
			in := f.Interface().(Input)
			switch {
			case flag && in.Name != "" && env.Open != nil:
				opened, err := env.Open(in.Name)
				if err != nil {
					return err
				}
				f.Set(reflect.ValueOf(opened))
			case !arg && !flag:
				if _, err := feed(f, env); err != nil {
					return err
				}
			}
		default:
			if field.Anonymous && f.Kind() == reflect.Struct {
				if err := lend(f, env); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func setArg(f reflect.Value, p Param, env Env, w string) error {
	switch f.Type() {
	case reflect.TypeFor[Input]():
	case reflect.TypeFor[Output]():
		if env.Create == nil {
			return nil
		}
		out, err := env.Create(w)
		f.Set(reflect.ValueOf(out))
		return err
	default:
		return set(f, p, env, w)
	}
	if env.Open == nil {
		return nil
	}
	in, err := env.Open(w)
	f.Set(reflect.ValueOf(in))
	return err
}

// Args is the struct of arguments, for use as a set of flags in the Parse of
// another verb.
func (inv *Invocation) Args() any { return inv.args.Interface() }

// Lend makes t the terminal that the verb is given.
func (inv *Invocation) Lend(t Terminal) { inv.env.Terminal = t }
