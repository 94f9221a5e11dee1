package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"wireline/protocols/playground"
	"wireline/repl"
	"wireline/repl/line"
)

// demo is wireline on servers of its own: the shell, or what the words say.
func demo(c repl.Config, words []string) int {
	var o playground.Options
	words, help, err := takeOptions(&o, words)
	if err != nil {
		return fail(err)
	}
	if help {
		os.Stdout.WriteString(demoHelp())
		return 0
	}
	f, words, err := flags(words)
	if err != nil {
		return fail(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, append(ending, broken...)...)
	defer signal.Stop(signals)
	w, err := playground.Start(context.Background(), o)
	if err != nil {
		return fail(err)
	}
	defer w.Close()
	defer tidyOn(signals, w)()
	ca, err := w.CAFile()
	if err != nil {
		return fail(err)
	}
	c.Map, c.Options.CA = w.Map, []string{ca}
	c.Bookmarks = bookmarks(w.Services())
	c.Lessons = lessons(c, w.Services())
	return shell(c, f, words, welcome(w.Services()))
}

// grace is how long the shell has to end by itself after a signal.
const grace = 2 * time.Second

// tidyOn lets no signal end the program before its servers are gone. The
// shell takes what comes while it reads or runs a line; this is for the rest.
func tidyOn(signals <-chan os.Signal, w *playground.World) (stop func()) {
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case <-ended:
				return
			case s := <-signals:
				number, _ := s.(syscall.Signal)
				if s == os.Interrupt && line.IsTerminal(os.Stdin) || slices.Contains(broken, s) {
					continue // it ends a command, or the output has an error
				}
				select {
				case <-ended:
					return
				case <-time.After(grace):
					w.Close()
					os.Exit(128 + int(number))
				}
			}
		}
	}()
	return func() { close(ended) }
}

// welcome is what the demo shows before its first prompt.
func welcome(all []playground.Service) string {
	var b strings.Builder
	b.WriteString("wireline " + version + " on its playground: servers on this machine, no network needed\n\n")
	for _, s := range all {
		fmt.Fprintf(&b, "  %-6s %-24s %s\n", s.Proto, s.Name, s.Note)
	}
	fmt.Fprintf(&b, "\nName and password, where they are asked for, are %s and %s.\n", playground.User, playground.Password)
	b.WriteString("tour shows each protocol, a line at a time; bookmark lists the servers' URLs, and\nconnect @www is one of them.\n")
	b.WriteString("Or try: connect tcp echo 12345, then: send \"HELLO\\r\\n\", then: recv\n")
	return b.String()
}

// bookmarks are names for the URLs of all servers: the host, with the scheme
// where several share it.
func bookmarks(all []playground.Service) map[string]string {
	named := map[string]string{}
	for _, s := range all {
		scheme, _, _ := strings.Cut(s.URL, ":")
		if s.Proto == "tls" {
			scheme = s.Proto
		}
		name, _, isHost := strings.Cut(s.Name, ":")
		url := scheme + "://" + s.Name + "/"
		switch {
		case !isHost:
			url = scheme + ":" + s.Name
			name = strings.TrimSuffix(s.Name[strings.LastIndexAny(s.Name, "/@")+1:], ".sock")
		case s.User != "" && s.Proto != "http" && s.Proto != "telnet":
			url = scheme + "://" + s.User + ":" + s.Password + "@" + s.Name + "/"
		}
		if _, taken := named[name]; taken {
			name += "-" + scheme
		}
		named[name] = url
	}
	return named
}
