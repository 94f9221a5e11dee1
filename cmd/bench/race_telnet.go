package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"time"

	"github.com/creack/pty"
)

// telnetRace takes text from a server of telnet.
func telnetRace() race {
	return race{
		number: 24, name: "telnet", work: "%s of text from a telnet server to the null device",
		amount: amount{quick: gigabyte / 4, full: gigabyte},
		goal:   goal{against: "telnet", wall: 0.5},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return append(
				c.clients(job{}, []service{lines(c.amount)}, typed("wireline", "wireline connect telnet 127.0.0.1 {1}")),
				c.clients(job{held: true, killed: true}, []service{lines(c.amount)}, typed("telnet", "telnet 127.0.0.1 {1}"))...), nil
		},
	}
}

// telnetRawRace takes the same as bare bytes: what telnet costs.
func telnetRawRace() race {
	return race{
		number: 24, name: "telnet-raw", work: "%s of text by telnet, against the same as bare bytes",
		amount: amount{quick: gigabyte, full: gigabyte},
		goal:   goal{against: "raw TCP", wall: 2},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			all := c.clients(job{pipe: true}, []service{lines(c.amount)},
				typed("wireline", "wireline connect telnet 127.0.0.1 {1}"),
				typed("raw TCP", "wireline connect tcp 127.0.0.1 {1}"),
				typed("a Go loop", "limit recv {1}"))
			all[1].role = peer
			return all, nil
		},
	}
}

// lines is a source of text.
func lines(n int64) service {
	text := bytes.Repeat([]byte("The quick brown fox jumps over the lazy dog, 0123456789 times a day.\r\n"), 8<<10)
	return func(c *net.TCPConn) (sent int64, err error) {
		for sent < n {
			m, err := c.Write(text[:min(n-sent, int64(len(text)))])
			if sent += int64(m); err != nil {
				return sent, err
			}
		}
		c.CloseWrite()
		c.SetReadDeadline(time.Now().Add(10 * time.Second))
		io.Copy(io.Discard, c)
		return sent, nil
	}
}

// telnetKeyRace is how long it takes from a key to its echo.
func telnetKeyRace() race {
	return race{
		number: 25, name: "telnet-key", work: "a key typed in a telnet session, until its echo is there, mean of %s",
		amount: amount{quick: 200, full: 2000, unit: "keys"},
		goal:   goal{time: time.Millisecond},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			key := func(words ...string) func(context.Context) (cost, error) {
				return func(ctx context.Context) (cost, error) { return c.keys(ctx, words) }
			}
			return []entrant{
				{"wireline", ours, "", key(c.wireline, "-c", "connect telnet 127.0.0.1 {1}; interact")},
				{"telnet", peer, "telnet", key("telnet", "127.0.0.1", "{1}")},
			}, nil
		},
	}
}

// keys types into a program on a terminal, whose server echoes. The cost is
// that of one key.
func (c *course) keys(ctx context.Context, words []string) (cost, error) {
	s, err := serve(func(c *net.TCPConn) (int64, error) {
		io.WriteString(c, "\xff\xfb\x01\xff\xfb\x03ready> ") // IAC WILL ECHO, IAC WILL SGA
		p := make([]byte, 4096)
		for {
			n, err := c.Read(p)
			if err != nil {
				return 0, nil
			}
			if p[0] == 0xff { // what it says of the options is not for the screen
				continue
			}
			c.Write(p[:n])
		}
	})
	if err != nil {
		return cost{}, err
	}
	words = replaced(words, []string{"{1}", s.port()})
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "HOME="+c.dir, "XDG_CONFIG_HOME="+c.dir, "TERM=xterm")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		s.l.Close()
		return cost{}, err
	}
	defer func() { cmd.Process.Kill(); cmd.Wait(); tty.Close(); s.wait() }()
	if err := shown(tty, "ready> "); err != nil {
		return cost{}, fmt.Errorf("%s: %w", words[0], err)
	}
	time.Sleep(100 * time.Millisecond) // the options come to rest
	var sum time.Duration
	for i := range c.amount {
		k := string('a' + rune(i%26))
		start := time.Now()
		if _, err := io.WriteString(tty, k); err != nil {
			return cost{}, err
		}
		if err := shown(tty, k); err != nil {
			return cost{}, fmt.Errorf("%s: %w", words[0], err)
		}
		sum += time.Since(start)
	}
	return cost{wall: sum / time.Duration(c.amount), done: 1}, nil
}

// shown reads up to the first read that has text in it.
func shown(tty *os.File, text string) error {
	var said []byte
	p := make([]byte, 4096)
	for !bytes.Contains(said, []byte(text)) {
		tty.SetReadDeadline(time.Now().Add(10 * time.Second))
		n, err := tty.Read(p)
		if said = append(said, p[:n]...); err != nil {
			return fmt.Errorf("%q is not shown, but %q", text, said)
		}
	}
	return nil
}
