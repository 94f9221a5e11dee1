package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// udpInRace takes datagrams that come as quickly as one loop can send them,
// and writes them to a file. Who is slow loses some.
func udpInRace() race {
	return race{
		number: 14, name: "udp-in", work: "%s of 1400 bytes into a file",
		amount: amount{quick: 100_000, full: 1_000_000, unit: "datagrams"},
		goal:   goal{against: "nc", cpu: 0.9, done: 0.95},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			var all []entrant
			for _, l := range []line{
				{"wireline", []string{"wireline", "-c", "bind udp 127.0.0.1:{1}; interact"}},
				typed("nc", "nc.openbsd -u -l 127.0.0.1 {1}"),
				typed("socat", "socat -u -b65536 UDP-RECV:{1},bind=127.0.0.1 -"),
				typed("ncat", "ncat -u -l --recv-only 127.0.0.1 {1}"),
			} {
				e, words := c.entrant(l)
				e.heat = func(ctx context.Context) (cost, error) { return c.taker(ctx, words) }
				all = append(all, e)
			}
			return all, nil
		},
	}
}

// taker is one heat: the program is started, flooded, and ended when no more
// arrives in its file.
func (c *course) taker(ctx context.Context, words []string) (cost, error) {
	port, err := freePort()
	if err != nil {
		return cost{}, err
	}
	file := filepath.Join(c.dir, "datagrams")
	defer os.Remove(file)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := job{words: replaced(words, []string{"{1}", strconv.Itoa(port)}), out: file, killed: true}.start(ctx)
	if err != nil {
		return cost{}, err
	}
	start, end, got, err := c.flood(ctx, port, file)
	cancel()
	took, werr := r.wait()
	if err = errors.Join(err, werr); err != nil {
		return took, err
	}
	took.wall = end.Sub(start)
	took.done = float64(got) / float64(c.amount)
	return took, nil
}

// flood sends the datagrams. It tells when it began, when the last of those
// that were taken was in the file, and how many they are.
func (c *course) flood(ctx context.Context, port int, file string) (start, end time.Time, got int64, err error) {
	to, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return
	}
	defer to.Close()
	p := make([]byte, datagram)
	filler{}.Read(p)
	// Until the program is there, what is sent is refused.
	first, err := settled(ctx, file, func(n int64) bool {
		if n == 0 {
			to.Write(p)
		}
		return n > 0
	})
	if err != nil {
		return start, end, 0, fmt.Errorf("nothing was taken: %w", err)
	}
	start = time.Now()
	for range c.amount {
		to.Write(p)
	}
	end = time.Now()
	was := first
	last, err := settled(ctx, file, func(n int64) bool {
		if n > was {
			was, end = n, time.Now()
		}
		return time.Since(end) > 200*time.Millisecond
	})
	return start, end, (last - first) / datagram, err
}

// settled looks at the size of a file until f is content with it, and returns
// that.
func settled(ctx context.Context, file string, f func(int64) bool) (int64, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := os.Stat(file)
		if err != nil {
			return 0, err
		}
		if f(s.Size()) {
			return s.Size(), nil
		}
		select {
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// freePort is a port at which nobody takes datagrams.
func freePort() (int, error) {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return 0, err
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port, nil
}
