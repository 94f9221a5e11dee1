package main

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// The same with Python's library, where it still has one.
const (
	pythonOver = `
import nntplib, sys
s = nntplib.NNTP("127.0.0.1", int(sys.argv[1]))
_, _, first, last, _ = s.group("g")
for number, o in s.over((first, last))[1]:
    print(number, o["subject"], o["from"], o["date"], o["message-id"], o["references"], o[":bytes"], o[":lines"], sep="\t")
s.quit()
`
	pythonGet = `
import nntplib, sys
s = nntplib.NNTP("127.0.0.1", int(sys.argv[1]))
_, _, first, last, _ = s.group("g")
with open(sys.argv[2], "wb") as f:
    for n in range(first, last + 1):
        f.write(b"From - x\n" + b"\n".join(s.article(n)[1].lines) + b"\n\n")
s.quit()
`
	pythonFiles = `
import nntplib, os, sys
s = nntplib.NNTP("127.0.0.1", int(sys.argv[1]))
_, _, first, last, _ = s.group("g")
os.mkdir(sys.argv[2])
for n in range(first, last + 1):
    with open("%s/%d" % (sys.argv[2], n), "wb") as f:
        f.write(b"\n".join(s.article(n)[1].lines) + b"\n")
s.quit()
`
)

// overRace lists all articles of a large group.
func overRace() race {
	return race{
		number: 21, name: "nntp-over", work: "the overview of %s, printed",
		amount: amount{quick: 200_000, full: 1_000_000, unit: "articles"},
		goal:   goal{against: "nntplib", wall: 0.03, cpu: 0.03},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.overviews(), nil
		},
	}
}

// overCopyRace is overRace against a program that only copies.
func overCopyRace() race {
	return race{
		number: 21, name: "nntp-copy", work: "the overview of %s, printed, against a mere copy",
		amount: amount{quick: 500_000, full: 1_000_000, unit: "articles"},
		goal:   goal{against: "a Go loop that copies", wall: 1.3},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			all := c.overviews()
			all = append(all[:1:1], all[2:]...)
			all[1].role = peer
			return all, nil
		},
	}
}

func (c *course) overviews() []entrant {
	s := newsServer{articles: c.amount, over: true}
	return c.clients(job{}, []service{s.serve},
		typed("wireline", "wireline nntp over nntp://127.0.0.1:{1}/g"),
		line{"nntplib", []string{"python3", "-c", pythonOver, "{1}"}},
		line{"a Go loop that copies", []string{"limit", "ask", "{1}", "GROUP g", "OVER 1-", "QUIT"}},
	)
}

// newsRace fetches all articles of a group into one file.
func newsRace() race {
	return race{
		number: 22, name: "nntp-get", work: "%s into one file",
		amount: amount{quick: 5000, full: 20_000, unit: "articles"},
		goal:   goal{against: "slrnpull", wall: 0.15, cpu: 0.2},
		enter:  func(_ context.Context, c *course) ([]entrant, error) { return c.articles(0, "--mbox") },
	}
}

// newsFilesRace fetches each article into a file of its own.
func newsFilesRace() race {
	return race{
		number: 22, name: "nntp-files", work: "%s into as many files",
		amount: amount{quick: 2000, full: 20_000, unit: "articles"},
		goal:   goal{against: "slrnpull", wall: 0.35},
		enter:  func(_ context.Context, c *course) ([]entrant, error) { return c.articles(0, "--to") },
	}
}

// newsFarRace is newsRace with a server that is far away.
func newsFarRace() race {
	return race{
		number: 22, name: "nntp-far", work: "%s into one file, 20 ms away",
		amount: amount{quick: 300, full: 20_000, unit: "articles"},
		goal:   goal{against: "nntplib", wall: 0.06},
		enter: func(_ context.Context, c *course) ([]entrant, error) {
			return c.articles(20*time.Millisecond, "--mbox")
		},
	}
}

// articles are who fetches all articles of a group. What an earlier heat has
// left is taken away before each.
func (c *course) articles(delay time.Duration, how string) ([]entrant, error) {
	dir := filepath.Join(c.dir, "news")
	s := newsServer{articles: c.amount, delay: delay}
	to := filepath.Join(dir, "articles")
	python := pythonGet
	if how == "--to" {
		python = pythonFiles
	}
	all := c.clients(job{}, []service{s.serve},
		line{"wireline", []string{"wireline", "nntp", "get", "nntp://127.0.0.1:{1}/g", "all", how, to, "--overwrite"}},
		line{"slrnpull", []string{"slrnpull", "-d", dir, "-h", "127.0.0.1:{1}", "--no-post", "--logfile", filepath.Join(dir, "log")}},
		line{"nntplib", []string{"python3", "-c", python, "{1}", to}},
	)
	for i := range all {
		heat := all[i].heat
		all[i].heat = func(ctx context.Context) (cost, error) {
			if err := spool(dir); err != nil {
				return cost{}, err
			}
			return heat(ctx)
		}
	}
	return all, nil
}

// spool makes an empty place for articles, with what slrnpull needs there.
func spool(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "out.going"), 0o777); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "slrnpull.conf"), []byte("g 0 0 0\n"), 0o666)
}
