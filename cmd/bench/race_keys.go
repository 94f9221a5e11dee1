package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/creack/pty"
)

// keyRace is how long a key takes to be seen: what 99 of 100 keys stay below.
func keyRace() race {
	return race{
		number: 25, name: "key", work: "from a key to its echo, for 99 of 100 of %s",
		amount: amount{quick: 300, full: 3000, unit: "keys"},
		goal:   goal{time: 2 * time.Millisecond},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.typists(func(s *seat, n int64) (time.Duration, error) {
				var took []time.Duration
				for i := range n {
					if i%60 == 0 { // a line that is not too long
						if _, err := s.until("\x15", "", 20*time.Millisecond); err != nil {
							return 0, err
						}
					}
					key := string(rune('a' + i%26))
					d, err := s.until(key, key, time.Second)
					if err != nil {
						return 0, err
					}
					took = append(took, d)
				}
				slices.Sort(took)
				return took[len(took)*99/100], nil
			}), nil
		},
	}
}

// lineRace is how long a line that does nothing takes, from Enter to the next
// prompt.
func lineRace() race {
	return race{
		number: 25, name: "line", work: "from Enter to the next prompt, mean of %s",
		amount: amount{quick: 200, full: 2000, unit: "lines"},
		goal:   goal{time: time.Millisecond},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.typists(func(s *seat, n int64) (time.Duration, error) {
				var sum time.Duration
				for range n {
					if _, err := s.until("1", "1", time.Second); err != nil {
						return 0, err
					}
					d, err := s.until("\r", "\n", time.Second)
					if err != nil {
						return 0, err
					}
					rest, err := s.until("", s.prompt, time.Second)
					if err != nil {
						return 0, err
					}
					sum += d + rest
				}
				return sum / time.Duration(n), nil
			}), nil
		},
	}
}

// tabRace is how long TAB takes in a folder of many files.
func tabRace() race {
	return race{
		number: 25, name: "tab", work: "TAB in a folder of %s",
		amount: amount{quick: 10_000, full: 10_000, unit: "names"},
		goal:   goal{time: 50 * time.Millisecond},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			dir := filepath.Join(c.dir, "names")
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return nil, err
			}
			c.ends = append(c.ends, func() { os.RemoveAll(dir) })
			for i := range c.amount {
				name := fmt.Sprintf("name-%06d", i)
				if i == c.amount/2 {
					name = "unlike"
				}
				if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
					return nil, err
				}
			}
			heat := func(s *seat, _ int64) (time.Duration, error) {
				command := "lls "
				if s.program == "lftp" {
					command = "put "
				}
				typed := command + dir + "/unl"
				if _, err := s.until(typed, "/unl", time.Second); err != nil {
					return 0, err
				}
				return s.until("\t", "ike", 5*time.Second)
			}
			return slices.DeleteFunc(c.typists(heat), func(e entrant) bool { return e.name == "python3" }), nil
		},
	}
}

// typists are the programs with a prompt.
func (c *course) typists(heat func(*seat, int64) (time.Duration, error)) []entrant {
	run := func(prompt string, words ...string) func(context.Context) (cost, error) {
		return func(ctx context.Context) (cost, error) {
			s, err := c.sit(ctx, prompt, words)
			if err != nil {
				return cost{}, err
			}
			took, err := heat(s, c.amount)
			s.leave()
			if err != nil {
				return cost{}, fmt.Errorf("%s: %w", words[0], err)
			}
			u := s.cmd.ProcessState
			return cost{wall: took, cpu: u.UserTime() + u.SystemTime(), rss: maxRSS(u), done: 1}, nil
		}
	}
	return []entrant{
		{"wireline", ours, "", run("wireline> ", c.wireline)},
		{"lftp", peer, "lftp", run("lftp :~> ", "lftp")},
		{"python3", peer, "python3", run(">>> ", "python3")},
	}
}

// A seat is a program on a terminal, at its prompt.
type seat struct {
	cmd     *exec.Cmd
	tty     *os.File
	program string
	prompt  string
	said    chan []byte
	ahead   []byte // said, and not looked at
}

func (c *course) sit(ctx context.Context, prompt string, words []string) (*seat, error) {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+c.dir, "XDG_CONFIG_HOME="+c.dir, "TERM=xterm")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 200})
	if err != nil {
		return nil, err
	}
	s := &seat{cmd: cmd, tty: tty, program: words[0], prompt: prompt, said: make(chan []byte, 1000)}
	go func() {
		defer close(s.said)
		for {
			p := make([]byte, 16<<10)
			n, err := tty.Read(p)
			s.said <- p[:n]
			if err != nil {
				return
			}
		}
	}()
	if _, err := s.until("", prompt, 10*time.Second); err != nil {
		s.leave()
		return nil, err
	}
	return s, nil
}

// until types keys and gives how long it takes until text is on the screen;
// for no text it waits so long, and takes in what is said.
func (s *seat) until(keys, text string, wait time.Duration) (time.Duration, error) {
	if keys != "" {
		s.drain()
	}
	start := time.Now()
	if _, err := s.tty.WriteString(keys); err != nil {
		return 0, err
	}
	end := time.NewTimer(wait)
	defer end.Stop()
	for {
		if i := bytes.Index(s.ahead, []byte(text)); text != "" && i >= 0 {
			took := time.Since(start)
			s.ahead = s.ahead[i+len(text):]
			return took, nil
		}
		select {
		case p, ok := <-s.said:
			if !ok {
				return 0, fmt.Errorf("it ended")
			}
			s.ahead = append(s.ahead, p...)
		case <-end.C:
			if text == "" {
				return time.Since(start), nil
			}
			return 0, fmt.Errorf("after %q there is no %q, but %q", keys, text, s.ahead)
		}
	}
}

// drain forgets what was said so far.
func (s *seat) drain() {
	s.ahead = nil
	for {
		select {
		case _, ok := <-s.said:
			if ok {
				continue
			}
		default:
		}
		return
	}
}

func (s *seat) leave() {
	s.cmd.Process.Kill()
	s.cmd.Wait() // it tells that we killed it
	s.tty.Close()
	for range s.said {
	}
}
