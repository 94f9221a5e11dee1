package verb_test

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

type getArgs struct {
	Path    string        `arg:"path" help:"file"`
	More    []string      `arg:"more..." help:"others"`
	Resume  bool          `flag:"c,resume" help:"go on"`
	Long    bool          `flag:"l,long" help:"more"`
	Jobs    int           `flag:"j,jobs" help:"how many"`
	Limit   time.Duration `flag:"t,timeout" help:"how long"`
	Rate    verb.Size     `flag:"rate" help:"how fast"`
	Mode    string        `flag:"tls" enum:"auto,require,off" help:"when"`
	Headers []string      `flag:"H,header" help:"one"`
	Delay   *bool         `flag:"nodelay" help:"or not"`
	Until   string        `flag:"until" help:"end" escapes:"yes"`
}

type flagArgs struct {
	Flags []string `arg:"flag..." help:"flags" dash:"yes"`
	Quiet bool     `flag:"q,quiet" help:"silent"`
}

type shared struct {
	Insecure bool   `flag:"k,insecure" help:"any"`
	Output   string `flag:"o,output" help:"file"`
	Rate     string `flag:"rate" help:"never reached: the verb has its own"`
}

func echo[A any](_ *int, _ context.Context, a A) (A, error) { return a, nil }

var (
	get  = verb.Verb{Name: "get", Run: verb.Call(echo[getArgs])}
	flag = verb.Verb{Name: "flag", Run: verb.Call(echo[flagArgs])}
)

func do(t *testing.T, v verb.Verb, env verb.Env, words []string, sets ...any) (any, error) {
	t.Helper()
	inv, err := v.Parse(env, words, sets...)
	if err != nil {
		return nil, err
	}
	return inv.Do(t.Context(), new(int))
}

// GRAMMAR: options anywhere, -- ends them, short ones may be joined.
func TestWords(t *testing.T) {
	yes := true
	for _, c := range []struct {
		words string
		want  getArgs
	}{
		{"a", getArgs{Path: "a"}},
		{"a b c", getArgs{Path: "a", More: []string{"b", "c"}}},
		{"-c a", getArgs{Path: "a", Resume: true}},
		{"a -c", getArgs{Path: "a", Resume: true}},
		{"a -cl", getArgs{Path: "a", Resume: true, Long: true}},
		{"a -j4", getArgs{Path: "a", Jobs: 4}},
		{"a -j 4", getArgs{Path: "a", Jobs: 4}},
		{"a -cj=4", getArgs{Path: "a", Resume: true, Jobs: 4}},
		{"a --jobs=4 --resume", getArgs{Path: "a", Jobs: 4, Resume: true}},
		{"a -t 2", getArgs{Path: "a", Limit: 2 * time.Second}},
		{"a -t 0.5", getArgs{Path: "a", Limit: 500 * time.Millisecond}},
		{"a -t 2m", getArgs{Path: "a", Limit: 2 * time.Minute}},
		{"a --rate 1M", getArgs{Path: "a", Rate: 1 << 20}},
		{"a --rate 1.5k", getArgs{Path: "a", Rate: 1536}},
		{"a --tls require", getArgs{Path: "a", Mode: "require"}},
		{"a -H x -H y", getArgs{Path: "a", Headers: []string{"x", "y"}}},
		{"a --nodelay true", getArgs{Path: "a", Delay: &yes}},
		{"-- -c --long", getArgs{Path: "-c", More: []string{"--long"}}},
		{"- b", getArgs{Path: "-", More: []string{"b"}}},
		{"-5", getArgs{Path: "-5"}},
		{"<a@b> http://h/?a=1&b=2#f", getArgs{Path: "<a@b>", More: []string{"http://h/?a=1&b=2#f"}}},
	} {
		got, err := do(t, get, verb.Env{}, strings.Fields(c.words))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", c.words, got, err, c.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for words, want := range map[string]string{
		"":              "missing PATH",
		"a -j":          "-j needs a value",
		"a -j x":        `"x" is not a whole number`,
		"a --jbos 3":    "did you mean --jobs?",
		"a -z":          "no option -z",
		"a -cz":         "no option -z",
		"a --tls maybe": "not one of auto, require, off",
		"a -t -3s":      "not a time span",
		"a --rate 1X":   "not a size",
		"a --rate 9e99": "not a size",
	} {
		_, err := do(t, get, verb.Env{}, strings.Fields(words))
		var u *verb.UsageError
		if err == nil || !strings.Contains(err.Error(), want) || !errors.As(err, &u) || fault.Of(err) != fault.Usage {
			t.Errorf("%q: %v; want a usage error with %q", words, err, want)
		}
	}
	if _, err := do(t, flag, verb.Env{}, nil); err != nil {
		t.Error("none is allowed for the rest:", err)
	}
	type none struct{}
	v := verb.Verb{Name: "pwd", Run: verb.Call(echo[none])}
	if _, err := do(t, v, verb.Env{}, []string{"x"}); err == nil {
		t.Error("pwd x was accepted")
	}
}

// Span goes by the same rules as Parse.
func TestSpan(t *testing.T) {
	_, flags := get.Params()
	for w, want := range map[string]int{
		"-c": 1, "-cl": 1, "--resume": 1, "--resume=false": 1, "-j": 2, "-j4": 1, "-cj": 2, "-cj4": 1, "-j=4": 1,
		"--jobs": 2, "--jobs=4": 1, "--nodelay": 2, "-z": 0, "-cz": 0, "--jbos": 0, "--": 0, "-": 0, "-5": 0,
	} {
		if got := verb.Span(flags, w); got != want {
			t.Errorf("%s: %d, want %d", w, got, want)
		}
	}
}

// IMAP's +\Seen and -\Seen are words, yet known flags are flags.
func TestDash(t *testing.T) {
	got, err := do(t, flag, verb.Env{}, []string{"7", `-\Seen`, "-q", `+\Flagged`, "-work", "--quiet"})
	want := flagArgs{Flags: []string{"7", `-\Seen`, `+\Flagged`, "-work"}, Quiet: true}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestShared(t *testing.T) {
	var s shared
	got, err := do(t, get, verb.Env{}, []string{"a", "-k", "-o", "f", "--rate", "1k"}, &s)
	if err != nil || !s.Insecure || s.Output != "f" || s.Rate != "" || got.(getArgs).Rate != 1024 {
		t.Errorf("%+v %+v %v", got, s, err)
	}
}

// Check leaves the arguments as they were.
func TestCheck(t *testing.T) {
	inv, err := get.Parse(verb.Env{}, []string{"a", "b", "-c"})
	if err != nil {
		t.Fatal(err)
	}
	if err := inv.Check(); err != nil {
		t.Fatal(err)
	}
	got, err := inv.Do(t.Context(), new(int))
	if want := (getArgs{Path: "a", More: []string{"b"}, Resume: true}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEscapes(t *testing.T) {
	env := verb.Env{Unescape: func(s string) ([]byte, error) { return []byte(strings.ReplaceAll(s, `\n`, "\n")), nil }}
	got, err := do(t, get, env, []string{`a\n`, "--until", `\n`})
	if err != nil || got.(getArgs).Until != "\n" || got.(getArgs).Path != `a\n` {
		t.Errorf("%+v %v", got, err)
	}
}

type inputArgs struct {
	To   string     `arg:"to" help:"whom"`
	Body verb.Input `arg:"file?" help:"what"`
	Sig  verb.Input `flag:"sig" help:"below"`
}

func TestInput(t *testing.T) {
	open := func(name string) (verb.Input, error) {
		if name == "no" {
			return verb.Input{}, fault.New(fault.ReadLocal, "cannot read no")
		}
		return verb.Input{Name: name, ReadCloser: io.NopCloser(strings.NewReader(name))}, nil
	}
	stdin := func() (verb.Input, bool) {
		return verb.Input{ReadCloser: io.NopCloser(strings.NewReader("piped"))}, true
	}
	v := verb.Verb{Name: "send", Run: verb.Call(echo[inputArgs])}
	read := func(in verb.Input) string {
		if in.ReadCloser == nil {
			return "-"
		}
		b, _ := io.ReadAll(in)
		return string(b)
	}
	for words, want := range map[string]string{
		"a f":         "f -",
		"a":           "piped -",
		"a f --sig s": "f s",
	} {
		res, err := do(t, v, verb.Env{Open: open, Stdin: stdin}, strings.Fields(words))
		if err != nil {
			t.Fatal(words, err)
		}
		a := res.(inputArgs)
		if got := read(a.Body) + " " + read(a.Sig); got != want {
			t.Errorf("%s: %s; want %s", words, got, want)
		}
	}
	_, err := do(t, v, verb.Env{Open: open}, []string{"a", "no"})
	if fault.Of(err) != fault.ReadLocal {
		t.Errorf("%v is a %v", err, fault.Of(err))
	}
}

// What a struct of arguments has in common with others is fed as well.
func TestInputEmbedded(t *testing.T) {
	type common struct {
		URL  string `arg:"url" help:"where"`
		Body verb.Input
	}
	type more struct {
		Method string `arg:"method" help:"method"`
		common
	}
	v := verb.Verb{Name: "x", Run: verb.Call(func(_ any, _ context.Context, a more) (string, error) {
		b, err := io.ReadAll(a.Body)
		return a.Method + " " + string(b), err
	})}
	stdin := func() (verb.Input, bool) {
		return verb.Input{ReadCloser: io.NopCloser(strings.NewReader("piped"))}, true
	}
	if got, err := do(t, v, verb.Env{Stdin: stdin}, []string{"PUT", "a"}); err != nil || got != "PUT piped" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestUsageLine(t *testing.T) {
	want := "get [-c] [-l] [-j N] [-t SEC] [--rate SIZE] [--tls auto|require|off] [-H HEADER] [--nodelay NODELAY] [--until UNTIL] PATH [MORE...]"
	if got := get.Usage(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// a slip is told from a stranger.
func TestNearest(t *testing.T) {
	names := []string{"connect", "close", "send", "recv", "sessions"}
	for word, want := range map[string]string{"conect": "connect", "sned": "send", "recieve": "recv", "close": "close", "xyzzy": ""} {
		if got := verb.Nearest(word, names); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a -c -j4 --rate=1M -- -x")
	f.Add("-cl --tls require a b")
	f.Add("--=x -")
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Split(line, " ")
		inv, err := get.Parse(verb.Env{}, words, &shared{})
		if err == nil {
			err = inv.Check()
		}
		if err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
		if inv != nil && len(inv.Words) > len(words) {
			t.Errorf("%d words came of %d", len(inv.Words), len(words))
		}
	})
}
