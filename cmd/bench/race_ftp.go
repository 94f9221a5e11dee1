package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// ftpGetRace fetches a file into a new one.
func ftpGetRace() race {
	return race{
		number: 7, name: "ftp-get", work: "%s over FTP to a new file",
		amount: amount{quick: gigabyte, full: 2 * gigabyte},
		goal:   goal{wall: 0.75, cpu: 0.75},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			file, err := c.file(c.amount)
			if err != nil {
				return nil, err
			}
			root, port, err := c.proftpd(ctx)
			if err == nil {
				err = os.Link(file, filepath.Join(root, "big"))
			}
			if err != nil {
				return nil, err
			}
			return c.fetchers("big",
				typed("wireline", "wireline ftp get --tls off -q ftp://ann:secret@127.0.0.1:"+port+"/big"),
				typed("curl", "curl -sO ftp://ann:secret@127.0.0.1:"+port+"/big"),
				typed("wget", "wget -q ftp://ann:secret@127.0.0.1:"+port+"/big"),
				lftp(port, "get big"),
			), nil
		},
	}
}

// ftpPutRace stores a file.
func ftpPutRace() race {
	return race{
		number: 8, name: "ftp-put", work: "%s over FTP to a server",
		amount: amount{quick: gigabyte, full: 2 * gigabyte},
		goal:   goal{wall: 1, cpu: 0.65},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			file, err := c.file(c.amount)
			if err != nil {
				return nil, err
			}
			root, port, err := c.proftpd(ctx)
			if err != nil {
				return nil, err
			}
			return c.storers(filepath.Join(root, "up"),
				line{"wireline", []string{"wireline", "ftp", "put", "--tls", "off", "-q", "ftp://ann:secret@127.0.0.1:" + port + "/", file, "up"}},
				line{"curl", []string{"curl", "-sT", file, "ftp://ann:secret@127.0.0.1:" + port + "/up"}},
				lftp(port, "put '"+file+"' -o up"),
			), nil
		},
	}
}

// storers are entrants that must leave a file of the amount at the server.
func (c *course) storers(file string, lines ...line) (all []entrant) {
	for _, l := range lines {
		e, words := c.entrant(l)
		e.heat = func(ctx context.Context) (cost, error) {
			return c.inDir(ctx, words, func(string) error {
				defer os.Remove(file)
				fi, err := os.Stat(file)
				if err == nil && fi.Size() != c.amount {
					err = fmt.Errorf("%d of %d bytes are at the server", fi.Size(), c.amount)
				}
				return err
			})
		}
		all = append(all, e)
	}
	return all
}

// ftpMirrorRace fetches a directory of many small files.
func ftpMirrorRace() race {
	return race{
		number: 9, name: "ftp-mirror", work: "%s of 4 KB each over FTP into a directory",
		amount: amount{quick: 5000, full: 5000, unit: "files"},
		goal:   goal{against: "lftp", wall: 0.5, cpu: 0.5},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			root, port, err := c.proftpd(ctx)
			if err != nil {
				return nil, err
			}
			urls, err := c.small(&site{root: root}, "ftp://ann:secret@127.0.0.1:"+port+"/")
			if err != nil {
				return nil, err
			}
			return c.collectors(
				typed("wireline", "wireline ftp mirror --tls off -q ftp://ann:secret@127.0.0.1:"+port+"/ . . -j 8"),
				lftp(port, "mirror -P8 . ."),
				line{"curl -Z", append(strings.Fields("curl -sZ --parallel-max 8 --remote-name-all"), urls...)},
				typed("wget -r", "wget -qrnH ftp://ann:secret@127.0.0.1:"+port+"/"),
			), nil
		},
	}
}

// ftpListRace shows a large directory.
func ftpListRace() race {
	return race{
		number: 9, name: "ftp-list", work: "a directory of %s listed over FTP",
		amount: amount{quick: 20_000, full: 20_000, unit: "files"},
		goal:   goal{against: "lftp cls", wall: 0.5, cpu: 0.5},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			root, port, err := c.proftpd(ctx)
			if err != nil {
				return nil, err
			}
			for i := range c.amount {
				if err := os.WriteFile(filepath.Join(root, fmt.Sprintf("file%05d", i)), nil, 0o644); err != nil {
					return nil, err
				}
			}
			return c.fetchers("",
				typed("wireline", "wireline ftp ls --tls off ftp://ann:secret@127.0.0.1:"+port+"/"),
				renamed("lftp cls", lftp(port, "cls -l --sort=name")),
				renamed("lftp ls", lftp(port, "ls")),
				typed("curl", "curl -s ftp://ann:secret@127.0.0.1:"+port+"/"),
			), nil
		},
	}
}

// lftp is a line of it.
func lftp(port, commands string) line {
	return line{"lftp", []string{"lftp", "-c", "set ftp:ssl-allow no; open -u ann,secret ftp://127.0.0.1:" + port + "; " + commands}}
}

func renamed(name string, l line) line {
	l.name = name
	return l
}
