package main

import (
	"context"
	"fmt"
	"strconv"
)

// datagram is the size of one that fits into an Ethernet frame.
const datagram = 1400

// udpOutRace sends a file in datagrams.
func udpOutRace() race {
	return race{
		number: 14, name: "udp-out", work: "%s of 1400 bytes from a file",
		amount: amount{quick: 100_000, full: 1_000_000, unit: "datagrams"},
		goal:   goal{wall: 0.5},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.senders(datagram,
				typed("wireline", "wireline udp send 127.0.0.1 {1} --file {file} --no-hash --size 1400"),
				typed("a Go loop", "limit udp-send {1}"),
				typed("socat -b1400", "socat -u -b1400 - UDP:127.0.0.1:{1}"),
			)
		},
	}
}

// udpOut8kRace is udpOutRace with the size that ncat makes its datagrams.
func udpOut8kRace() race {
	return race{
		number: 14, name: "udp-out-8k", work: "%s of 8192 bytes from a file",
		amount: amount{quick: 50_000, full: 200_000, unit: "datagrams"},
		goal:   goal{against: "ncat", wall: 0.5},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.senders(8192,
				typed("wireline", "wireline udp send 127.0.0.1 {1} --file {file} --no-hash --size 8192"),
				typed("ncat", "ncat -u --send-only 127.0.0.1 {1}"),
				typed("socat", "socat -u -b8192 - UDP:127.0.0.1:{1}"),
			)
		},
	}
}

// senders send a file in datagrams of one size. A heat is over when the
// program has ended; the part of the datagrams that arrived is told.
func (c *course) senders(size int, lines ...line) (all []entrant, err error) {
	file, err := c.file(c.amount * int64(size))
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		e, words := c.entrant(l)
		e.heat = func(ctx context.Context) (cost, error) {
			d, err := drain()
			if err != nil {
				return cost{}, err
			}
			pairs := []string{"{1}", strconv.Itoa(d.port()), "{file}", file}
			took, err := job{words: replaced(words, pairs), in: file}.run(ctx)
			n, largest := d.close()
			switch {
			case err != nil:
				return took, err
			case largest != size:
				return took, fmt.Errorf("%s sends datagrams of %d bytes, not of %d", e.name, largest, size)
			}
			took.done = float64(n) / float64(c.amount)
			return took, nil
		}
		all = append(all, e)
	}
	return all, nil
}
