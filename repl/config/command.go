package config

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"wireline/protocols/fault"
)

// command is a line for the system's shell.
func command(ctx context.Context, line string) *exec.Cmd {
	shell, flag := "/bin/sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	cmd := exec.CommandContext(ctx, shell, flag, line)
	cmd.Stderr = os.Stderr
	return cmd
}

// early is how long before its end a token is not used any more.
const early = 30 * time.Second

// Tokens are those that commands gave, until they expire. The zero value has
// none.
type Tokens struct {
	mu sync.Mutex
	of map[string]token
}

func (all *Tokens) get(line string) (string, bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	t, ok := all.of[line]
	if ok = ok && time.Now().Before(t.ends); ok {
		t.again = true
		all.of[line] = t
	}
	return t.Text, ok
}

func (all *Tokens) put(line string, t token) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.of == nil {
		all.of = map[string]token{}
	}
	all.of[line] = t
}

type token struct {
	Text    string  `json:"access_token"`
	Seconds float64 `json:"expires_in"`
	ends    time.Time
	again   bool // it was given more than once
}

// passwordOf runs a command for a password or a token.
func passwordOf(ctx context.Context, all *Tokens, line string) (string, bool, error) {
	if text, ok := all.get(line); ok {
		return text, true, nil
	}
	out, err := run(command(ctx, line), nil)
	if err != nil {
		if ctx.Err() != nil {
			return "", false, context.Cause(ctx)
		}
		return "", false, fault.New(fault.ReadLocal, "the password command failed: %v", err)
	}
	if b := bytes.TrimSpace(out); len(b) > 0 && b[0] == '{' {
		var t token
		if err := json.Unmarshal(b, &t); err != nil || t.Text == "" {
			return "", false, fault.New(fault.ReadLocal, "the password command gave JSON without an access_token")
		}
		t.ends = time.Now().Add(time.Duration(t.Seconds*float64(time.Second)) - early)
		all.put(line, t)
		out = []byte(t.Text)
	}
	return firstLine(bytes.NewReader(out), "the password command")
}

// Refused tells that what the Password of s gave was refused, so that it is not
// given again. It reports whether that was a token that was kept: the server
// may have ended it before its time, and a fresh one is worth a try.
func (all *Tokens) Refused(s Secrets) (kept bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	kept = all.of[s.Command].again
	delete(all.of, s.Command)
	return kept
}

// run gives what a program prints, but not without end.
func run(cmd *exec.Cmd, in io.Reader) ([]byte, error) {
	cmd.Stdin = in
	cmd.WaitDelay = time.Second
	out := limited{full: func() { cmd.Process.Kill() }}
	cmd.Stdout = &out
	err := cmd.Run()
	return out.b.Bytes(), err
}

// limited is a buffer for a program that should print little.
type limited struct {
	b    bytes.Buffer // not embedded: its ReadFrom has no limit
	full func()       // called when it prints more
}

func (l *limited) Write(p []byte) (int, error) {
	if l.b.Len()+len(p) > maxOutput {
		l.full()
		return 0, io.ErrShortWrite
	}
	return l.b.Write(p)
}

const maxOutput = 64 << 10
