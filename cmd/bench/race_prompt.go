package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/creack/pty"
)

// promptRace is how long it takes until a person can type.
func promptRace() race {
	return race{
		number: 1, name: "prompt", work: "started on a terminal, until the prompt is there, mean of %s",
		amount: amount{quick: 10, full: 100, unit: "starts"},
		goal:   goal{time: 30 * time.Millisecond},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			start := func(prompt string, words ...string) func(context.Context) (cost, error) {
				return repeat(c.amount, func(ctx context.Context) (cost, error) { return c.until(ctx, prompt, words) })
			}
			return []entrant{
				{"wireline", ours, "", start("wireline> ", c.wireline)},
				{"lftp", peer, "lftp", start("lftp :~> ", "lftp")},
				{"python3", peer, "python3", start(">>> ", "python3")},
			}, nil
		},
	}
}

// until starts a program on a terminal and ends it when it has said prompt.
func (c *course) until(ctx context.Context, prompt string, words []string) (cost, error) {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+c.dir, "XDG_CONFIG_HOME="+c.dir, "TERM=xterm")
	start := time.Now()
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		return cost{}, err
	}
	defer tty.Close()
	var said []byte
	p := make([]byte, 4096)
	for !bytes.Contains(said, []byte(prompt)) {
		n, err := tty.Read(p)
		if said = append(said, p[:n]...); err != nil {
			cmd.Process.Kill()
			cmd.Wait()
			return cost{}, fmt.Errorf("%s said %q and no prompt", words[0], said)
		}
	}
	took := time.Since(start)
	cmd.Process.Kill()
	cmd.Wait() // it tells that we killed it
	s := cmd.ProcessState
	return cost{wall: took, cpu: s.UserTime() + s.SystemTime(), rss: maxRSS(s), done: 1}, nil
}
