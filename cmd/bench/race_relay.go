package main

import "context"

// relayRace carries bytes from one server to another. ncat starts a second
// ncat for that, whose time does not count.
func relayRace() race {
	return race{
		number: 13, name: "relay", work: "%s from one TCP server to another",
		amount: amount{quick: gigabyte, full: 4 * gigabyte},
		goal:   goal{against: "socat -b1M", wall: 1},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.clients(job{}, []service{source(c.amount), sink},
				line{"wireline", []string{"wireline", "-c", "connect tcp 127.0.0.1 {1}; connect tcp 127.0.0.1 {2}; relay 1 2"}},
				typed("a Go loop", "limit relay {1} {2}"),
				typed("socat -b1M", "socat -b1048576 TCP:127.0.0.1:{1} TCP:127.0.0.1:{2}"),
				typed("socat", "socat TCP:127.0.0.1:{1} TCP:127.0.0.1:{2}"),
				line{"ncat", []string{"ncat", "127.0.0.1", "{1}", "-c", "ncat 127.0.0.1 {2}"}},
			), nil
		},
	}
}
