package main

import (
	"context"
	"os"
	"path/filepath"
)

// hello is the least that a Go program does.
const hello = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, world\") }\n"

// startRace is how long it takes until a program has said its version.
func startRace() race {
	return race{
		number: 1, name: "start", work: "the version told, mean of %s",
		amount: amount{quick: 20, full: 200, unit: "starts"},
		goal:   goal{against: "hello world in Go", wall: 1.5},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			src, bin := filepath.Join(c.dir, "hello.go"), filepath.Join(c.dir, "hello")
			if err := os.WriteFile(src, []byte(hello), 0o666); err != nil {
				return nil, err
			}
			if err := compile(ctx, c.dir, bin, src); err != nil {
				return nil, err
			}
			start := func(words ...string) func(context.Context) (cost, error) {
				return repeat(c.amount, job{words: words}.run)
			}
			return []entrant{
				{"wireline --version", ours, "", start(c.wireline, "--version")},
				{"hello world in Go", peer, "", start(bin)},
				{"curl --version", peer, "curl", start("curl", "--version")},
				{"lftp --version", peer, "lftp", start("lftp", "--version")},
			}, nil
		},
	}
}
