package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/playground"
	"wireline/repl"
)

// demo is wireline on servers of its own: the shell, or what the words say.
func demo(c repl.Config, words []string) int {
	f, words, err := flags(words)
	if err != nil {
		return fail(err)
	}
	w, err := playground.Start(context.Background(), playground.Options{})
	if err != nil {
		return fail(err)
	}
	defer w.Close()
	ca, err := w.CAFile()
	if err != nil {
		return fail(err)
	}
	c.Map, c.Options.CA = w.Map, []string{ca}
	c.Bookmarks = map[string]string{}
	var b strings.Builder
	b.WriteString("wireline " + version + " on its playground: servers on this machine, no network needed\n\n")
	for _, s := range w.Services() {
		fmt.Fprintf(&b, "  %-6s %-24s %s\n", s.Proto, s.Name, s.Note)
	}
	b.WriteString("\ntry: connect tcp echo 12345, then: send \"HELLO\\r\\n\", then: recv\n")
	return shell(c, f, words, b.String())
}

// serve runs the playground for other programs, until it is told to end.
func serve(words []string) int {
	var o playground.Options
	asJSON := false
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "--json":
			asJSON = true
		case words[i] == "--port-base" && i+1 < len(words):
			i++
			if _, err := fmt.Sscan(words[i], &o.PortBase); err != nil || o.PortBase < 1 || o.PortBase > 65000 {
				return fail(fault.New(fault.Usage, "--port-base: %q is not a port", words[i]))
			}
		default:
			return fail(fault.New(fault.Usage, "playground: no option %s", words[i]))
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), ending...)
	defer stop()
	w, err := playground.Start(ctx, o)
	if err != nil {
		return fail(err)
	}
	defer w.Close()
	for _, s := range w.Services() {
		if asJSON {
			json.NewEncoder(os.Stdout).Encode(s)
		} else {
			fmt.Printf("%-8s %-32s %s\n", s.Proto, s.URL, s.Note)
		}
	}
	<-ctx.Done()
	return 0
}
