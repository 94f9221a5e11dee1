package main

import "context"

const gigabyte = 1 << 30

// tcpOutRace sends a file over a connection.
func tcpOutRace() race {
	return race{
		number: 10, name: "tcp-out", work: "%s from a file to a TCP server",
		amount: amount{quick: gigabyte, full: 2 * gigabyte},
		goal:   goal{wall: 1, cpu: 0.9},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			file, err := c.file(c.amount)
			if err != nil {
				return nil, err
			}
			return c.clients(job{in: file}, []service{sink},
				typed("wireline", "wireline connect tcp 127.0.0.1 {1}"),
				typed("a Go loop", "limit send {1}"),
				typed("nc", "nc.openbsd -N 127.0.0.1 {1}"),
				typed("socat -b1M", "socat -u -b1048576 - TCP:127.0.0.1:{1}"),
				typed("ncat", "ncat --send-only 127.0.0.1 {1}"),
			), nil
		},
	}
}

// tcpNullRace takes all that a server sends and keeps nothing.
func tcpNullRace() race {
	return race{
		number: 11, name: "tcp-null", work: "%s from a TCP server to the null device",
		amount: amount{quick: gigabyte, full: 4 * gigabyte},
		goal:   goal{wall: 0.8, cpu: 0.7},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.clients(job{}, []service{source(c.amount)}, receivers()...), nil
		},
	}
}

// tcpPipeRace hands what a server sends on to another program.
func tcpPipeRace() race {
	return race{
		number: 12, name: "tcp-pipe", work: "%s from a TCP server into a pipe",
		amount: amount{quick: gigabyte, full: 4 * gigabyte},
		goal:   goal{wall: 0.4, cpu: 0.3},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.clients(job{pipe: true}, []service{source(c.amount)}, receivers()...), nil
		},
	}
}

// receivers write to standard output what a server sends.
func receivers() []line {
	return []line{
		typed("wireline", "wireline connect tcp 127.0.0.1 {1}"),
		typed("a Go loop", "limit recv {1}"),
		typed("nc", "nc.openbsd -d 127.0.0.1 {1}"),
		typed("socat -b1M", "socat -u -b1048576 TCP:127.0.0.1:{1} -"),
		typed("ncat", "ncat --recv-only 127.0.0.1 {1}"),
	}
}
