package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/playground"
	"wireline/protocols/verb"
	"wireline/repl/docs"
)

// serveOptions are those of wireline playground.
type serveOptions struct {
	playground.Options
	JSON    bool `flag:"json" help:"tell of every server in a line of JSON"`
	Verbose bool `flag:"v,verbose" help:"tell of every connection, on standard error"`
}

const faultHelp = `
A server of --fault is named by its protocol, its host, its port or both: imap,
mail, 993, mail:993. When it has sent N bytes, fin lets it say no more and
close, rst resets the connection, stall lets nothing more come, and garbage
turns what comes into noise. Under TLS the bytes are those of TLS. ftp names
FTP's control connections; ftp-data names its data connections, where the bytes
of either side count.
`

func playgroundHelp() string {
	return "usage: wireline playground [OPTION]...\n\n" +
		"Small servers for every protocol on this machine, for other programs, until ^C\n" +
		"or SIGTERM. A line for each tells where it is; user " + playground.User + ", password " + playground.Password + ".\n\n" +
		docs.Options("options", &serveOptions{}) + faultHelp + `
examples:
  wireline playground --port-base 2100 --json
  wireline playground --fault tutorial:rst@10 --latency 50ms -v
`
}

func demoHelp() string {
	return "usage: wireline demo [OPTION]... [WORD...]\n\n" +
		"The shell, or one command, with servers of its own; tour shows them. What\n" +
		"wireline takes before the first word is taken here, too, such as -c and -f.\n\n" +
		docs.Options("options", &playground.Options{}) + faultHelp + `
examples:
  wireline demo
  wireline demo tour
  wireline demo --fault echo:stall@3 tcp send echo 12345 hello --recv-until o -t 2
`
}

// takeOptions sets what among words, before the first that is no option, is an
// option of the playground, and returns the others.
func takeOptions(o *playground.Options, words []string) (rest []string, help bool, err error) {
	var own []string
	known := verb.Flags(o)
	for i := 0; i < len(words); i++ {
		w := words[i]
		name, _, whole := strings.Cut(strings.TrimPrefix(w, "--"), "=")
		ours := strings.HasPrefix(w, "--") && slices.ContainsFunc(known, func(p verb.Param) bool { return p.Name == name })
		switch {
		case w == "--help" || w == "-h":
			return nil, true, nil
		case ours && !whole && i+1 < len(words):
			own = append(own, w, words[i+1])
			i++
		case ours:
			own = append(own, w)
		case (w == "-c" || w == "-f") && i+1 < len(words):
			rest = append(rest, w, words[i+1])
			i++
		case strings.HasPrefix(w, "-"):
			rest = append(rest, w)
		default:
			rest, i = append(rest, words[i:]...), len(words)
		}
	}
	return rest, false, parse("demo", own, o)
}

// parse reads words, all of which have to be options of set.
func parse(program string, words []string, set any) error {
	v := verb.Verb{Name: program, Run: verb.Call(func(struct{}, context.Context, struct{}) (any, error) { return nil, nil })}
	inv, err := v.Parse(verb.Env{}, words, set)
	if err == nil {
		err = inv.Check()
	}
	if err != nil {
		return fault.New(fault.Usage, "%w", err).WithHint("wireline %s --help lists the options", program)
	}
	return nil
}

// serve runs the playground for other programs, until it is told to end.
func serve(words []string) int {
	for _, w := range words {
		if w == "--help" || w == "-h" {
			os.Stdout.WriteString(playgroundHelp())
			return 0
		}
	}
	var o serveOptions
	if err := parse("playground", words, &o); err != nil {
		return fail(err)
	}
	if o.Verbose {
		o.Log = func(line string) { fmt.Fprintln(os.Stderr, line) }
	}
	ctx, stop := signal.NotifyContext(context.Background(), append(ending, broken...)...)
	defer stop()
	w, err := playground.Start(ctx, o.Options)
	if err != nil {
		return fail(err)
	}
	defer w.Close()
	if err := tell(w, o.JSON); err != nil {
		return fail(err)
	}
	<-ctx.Done()
	if err := w.Close(); err != nil {
		return fail(err)
	}
	return 0
}

// tell prints where the servers are, in one write: whoever reads the first
// line may stop reading.
func tell(w *playground.World, asJSON bool) error {
	ca, err := w.CAFile()
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, s := range w.Services() {
		if asJSON {
			line, err := json.Marshal(struct {
				playground.Service
				CA string `json:"ca"`
			}{s, ca})
			if err != nil {
				return err
			}
			b.Write(append(line, '\n'))
		} else {
			fmt.Fprintf(&b, "%-8s %-32s %s\n", s.Proto, s.URL, s.Note)
		}
	}
	if _, err := os.Stdout.WriteString(b.String()); err != nil {
		return fault.New(fault.Pipe, "nobody reads where the servers are: %w", err)
	}
	if !asJSON {
		_, fingerprint := w.CA()
		fmt.Fprintf(os.Stderr, "name and password, where they are asked for, are %s and %s\n", playground.User, playground.Password)
		fmt.Fprintf(os.Stderr, "TLS is certified by %s, SHA-256 %s\n", ca, fingerprint)
	}
	return nil
}
