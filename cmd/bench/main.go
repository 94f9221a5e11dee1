// Command bench races wireline against other programs that do the same work.
//
//	go run ./cmd/bench                        every race, in about three minutes
//	go run ./cmd/bench tcp-pipe udp-in        these
//	go run ./cmd/bench -n 9 -size 2G 10       more rounds of more bytes
//
// In each round all programs of a race run in turn against the same server,
// which is the bench itself on the loopback device. A ratio is that of a
// program's cost to another's in the same round, and what is shown is the
// median over the rounds: a machine that is busy with other things slows both.
// A time by itself means little.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "limit" {
		os.Exit(limit(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// options are what the command line says.
type options struct {
	rounds   int
	amount   string
	heat     time.Duration
	wireline string
	json     bool
	list     bool
	races    []race
}

// parse reads the command line; flags may stand before and after the races.
func parse(args []string, errs io.Writer) (o options, err error) {
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(errs)
	f.Usage = func() {
		fmt.Fprintln(errs, "usage: bench [race...] [-n rounds] [-size bytes|full] [-json]")
		f.PrintDefaults()
		fmt.Fprint(errs, "\nraces:\n")
		list(errs, races())
	}
	f.IntVar(&o.rounds, "n", 5, "`rounds`; each program runs once in each")
	f.StringVar(&o.amount, "size", "", "`amount` of work, such as 512M or full; small enough for a short run unless said")
	f.DurationVar(&o.heat, "timeout", time.Minute, "`time` that one run of one program may take")
	f.StringVar(&o.wireline, "wireline", "", "race this `file` instead of building a release")
	f.BoolVar(&o.json, "json", false, "results as JSON, an object a line")
	f.BoolVar(&o.list, "list", false, "list the races")
	var names []string
	for rest := args; ; {
		if err := f.Parse(rest); err != nil {
			return o, err
		}
		if rest = f.Args(); len(rest) == 0 {
			break
		}
		names, rest = append(names, rest[0]), rest[1:]
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("-n %d: at least one round is needed", o.rounds)
	}
	if _, err := (amount{}).of(o.amount); err != nil {
		return o, err
	}
	o.races, err = choose(races(), names)
	return o, err
}

// run does what the command line says and returns the exit status: 1 when a
// race could not be run, 2 when the command line is wrong. Whether a goal was
// met is for people to judge.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	o, err := parse(args, errs)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(errs, "bench:", err)
		return 2
	case o.list:
		list(out, o.races)
		return 0
	}
	if err := compete(ctx, o, out, errs); err != nil {
		fmt.Fprintln(errs, "bench:", err)
		return 1
	}
	return 0
}

// compete runs the races and shows each result when it is there.
func compete(ctx context.Context, o options, out, errs io.Writer) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	c := &course{dir: dir, wireline: o.wireline}
	if err := c.build(ctx); err != nil {
		return err
	}
	var failed error
	for _, r := range o.races {
		res, err := c.run(ctx, r, o)
		if ctx.Err() != nil {
			return errors.New("interrupted")
		}
		if err != nil {
			failed = fmt.Errorf("%s: %w", r.name, err)
			fmt.Fprintln(errs, "bench:", failed)
			continue
		}
		if o.json {
			err = json.NewEncoder(out).Encode(res)
		} else {
			err = show(out, res)
		}
		if err != nil {
			return err
		}
	}
	if failed != nil {
		return errors.New("not every race could be run")
	}
	return nil
}
