// Command wireline is one shell for the protocols of the internet.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"wireline/protocols/all"
	"wireline/protocols/fault"
	"wireline/repl"
	"wireline/repl/config"
	"wireline/repl/line"
)

func main() {
	putOffCollection()
	log.SetOutput(io.Discard) // net/http has remarks that are not for users
	os.Exit(run(os.Args[1:]))
}

// run does what the command line says and returns the exit status.
func run(args []string) int {
	f, words, err := flags(args)
	switch {
	case err != nil:
		return fail(err)
	case f.version:
		os.Stdout.WriteString("wireline " + version + "\n")
		return 0
	case f.help:
		os.Stdout.WriteString(usage)
		return 0
	}
	c := repl.Config{Protocols: all.Protocols(), In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Dir: config.Dir(), Version: version, Usage: usage}
	if f.noConfig {
		c.Dir = ""
	}
	switch {
	case len(words) > 0 && words[0] == "demo":
		return demo(c, words[1:])
	case len(words) > 0 && words[0] == "playground":
		return serve(words[1:])
	}
	return shell(c, f, words, greeting)
}

// shell runs a line, a script, the words, or the prompt.
func shell(c repl.Config, f programFlags, words []string, greeting string) (exit int) {
	c.KeepGoing = f.keepGoing
	var checked *report
	if f.tap || f.junit != "" {
		checked = newReport(f)
		c.Check = checked.add
		if f.tap {
			c.Out = os.Stderr
		}
	}
	sh := repl.New(c)
	defer func() {
		if err := sh.Close(); err != nil && exit == 0 {
			exit = repl.Exit(err)
		}
	}()
	if err := sh.Configure(); err != nil {
		return fail(err)
	}
	if err := sh.Preset(f.settings...); err != nil {
		return fail(err)
	}
	var err error
	switch {
	case f.line != nil:
		err = checked.run(sh, "-c", *f.line)
	case f.file != "":
		var text string
		if text, err = repl.ReadScript(f.file); err != nil {
			return fail(err)
		}
		err = checked.run(sh, f.file, text)
	case len(words) > 0:
		err = sh.Once(words)
	default:
		return prompt(sh, greeting)
	}
	return repl.Exit(err)
}

const greeting = "wireline " + version + "; help lists the commands, exit leaves\n"

// prompt reads lines from the user, or a script from what is piped in.
func prompt(sh *repl.Shell, greeting string) int {
	if !line.IsTerminal(os.Stdin) {
		text, err := repl.ReadScript("-")
		if err != nil {
			return fail(err)
		}
		return repl.Exit(sh.Script("-", text))
	}
	if err := sh.Interact(greeting); err != nil {
		return fail(err)
	}
	return 0
}

// fail says what kept the program from starting.
func fail(err error) int {
	fmt.Fprintf(os.Stderr, "wireline: %v (%s, exit %d)\n", err, fault.Of(err).Name, repl.Exit(err))
	var e *fault.Error
	if errors.As(err, &e) && e.Hint != "" && line.IsTerminal(os.Stderr) {
		fmt.Fprintln(os.Stderr, "hint: "+e.Hint)
	}
	return repl.Exit(err)
}
