package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"wireline/protocols/playground"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wireline": func() { os.Exit(run(os.Args[1:])) }})
}

// Each script runs the real binary against a playground of its own, whose
// addresses it finds in its environment: $TCP_ECHO, $TCP_TUTORIAL, $UDP_ECHO,
// $HTTP_WWW and so on are HOST:PORT, $TCP_ECHO_HOST and $TCP_ECHO_PORT apart.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			w, err := playground.Start(context.Background(), playground.Options{})
			if err != nil {
				return err
			}
			e.Defer(func() { w.Close() })
			for _, s := range w.Services() {
				setService(e, s)
			}
			ca, err := w.CAFile()
			if err != nil {
				return err
			}
			e.Setenv("CA", ca)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/.config")
			e.Setenv("SHELL", "/bin/sh")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"freeport": freeport(t),
			"await":    await,
		},
		RequireExplicitExec: true,
	})
}
