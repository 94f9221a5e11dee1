package main

import (
	"bufio"
	"context"
	"net"
	"path/filepath"
	"strconv"
)

// menuRace shows a long menu. curl prints it as it comes.
func menuRace() race {
	return race{
		number: 23, name: "gopher-menu", work: "a menu of %s, printed",
		amount: amount{quick: 100_000, full: 100_000, unit: "items"},
		goal:   goal{wall: 1},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.clients(job{}, []service{menu(c.amount)},
				typed("wireline", "wireline gopher ls gopher://127.0.0.1:{1}/"),
				typed("curl", "curl -sS gopher://127.0.0.1:{1}/1/"),
			), nil
		},
	}
}

// gopherRace fetches a large file.
func gopherRace() race {
	return race{
		number: 23, name: "gopher-file", work: "%s from a gopher server into a file",
		amount: amount{quick: 256 * megabyte, full: gigabyte},
		goal:   goal{wall: 0.85, cpu: 0.8},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			to := filepath.Join(c.dir, "fetched")
			c.files = append(c.files, to)
			file := source(c.amount)
			return c.clients(job{}, []service{func(conn *net.TCPConn) (int64, error) {
				if _, err := question(conn); err != nil {
					return 0, err
				}
				return file(conn)
			}},
				line{"wireline", []string{"wireline", "gopher", "get", "gopher://127.0.0.1:{1}/9/f", "-o", to, "--overwrite", "-q"}},
				line{"curl", []string{"curl", "-sS", "-o", to, "gopher://127.0.0.1:{1}/9/f"}},
			), nil
		},
	}
}

// question is the line that a client of gopher asks with.
func question(c *net.TCPConn) (string, error) {
	var line []byte
	for {
		var one [1]byte
		if _, err := c.Read(one[:]); err != nil {
			return "", err
		}
		if line = append(line, one[0]); one[0] == '\n' {
			return string(line), nil
		}
	}
}

// menu is a service that shows a menu of n items, and counts them.
func menu(n int64) service {
	return func(c *net.TCPConn) (sent int64, err error) {
		if _, err := question(c); err != nil {
			return 0, err
		}
		here := "\t127.0.0.1\t" + strconv.Itoa(c.LocalAddr().(*net.TCPAddr).Port) + "\r\n"
		out := bufio.NewWriterSize(c, 256<<10)
		var b []byte
		for ; sent < n; sent++ {
			b = append(b[:0], "0An item with a name of usual length, number "...)
			b = strconv.AppendInt(b, sent, 10)
			b = append(b, "\t/files/"...)
			b = strconv.AppendInt(b, sent, 10)
			out.Write(append(append(b, ".txt"...), here...))
		}
		out.WriteString(".\r\n")
		if err := out.Flush(); err != nil {
			return sent, err
		}
		c.CloseWrite()
		c.Read(make([]byte, 1))
		return sent, nil
	}
}
