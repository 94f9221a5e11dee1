package main

import (
	"errors"
	"net"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"wireline/protocols/lab"
	"wireline/protocols/playground"
)

// setService tells a script where a service is.
func setService(e *testscript.Env, s playground.Service) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return
	}
	host, _, _ := strings.Cut(s.Name, ":")
	name := strings.ToUpper(u.Scheme + "_" + host)
	e.Setenv(name, u.Host)
	e.Setenv(name+"_HOST", u.Hostname())
	e.Setenv(name+"_PORT", u.Port())
	e.Setenv(name+"_PATH", u.Path)
}

// exits runs a command and wants one exit status: exits 28 wireline tcp ….
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var e *exec.ExitError
		if !errors.As(err, &e) {
			ts.Fatalf("%v", err)
		}
		got = e.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// freeport sets a variable to a port that nobody uses: freeport NAME.
func freeport(t testing.TB) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 1 {
			ts.Fatalf("usage: freeport NAME")
		}
		ts.Setenv(args[0], strconv.Itoa(lab.Row(t, 1)))
	}
}

// await waits until a server takes connections: await HOST:PORT.
func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await HOST:PORT|PATH")
	}
	network, address := "tcp", args[0]
	if !strings.Contains(address, ":") {
		network, address = "unix", ts.MkAbs(address)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial(network, address)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("nobody listens at %s: %v", args[0], err)
		}
	}
}
