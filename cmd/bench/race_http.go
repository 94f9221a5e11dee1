package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// httpNullRace fetches a file and keeps nothing of it.
func httpNullRace() race {
	return race{
		number: 2, name: "http-null", work: "%s over HTTP to the null device",
		amount: amount{quick: gigabyte, full: 2 * gigabyte},
		goal:   goal{against: "curl", wall: 0.85, cpu: 0.7},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			s, err := c.bigFile(ctx)
			if err != nil {
				return nil, err
			}
			url := s.http + "big"
			return c.fetchers("",
				typed("wireline", "wireline http get "+url),
				typed("a Go loop", "limit get "+s.port+" /big"),
				typed("curl", "curl -so /dev/null "+url),
				typed("wget", "wget -qO /dev/null "+url),
				typed("wget2", "wget2 -qO /dev/null "+url),
				line{"lftp", []string{"lftp", "-c", "set xfer:clobber yes; get " + url + " -o /dev/null"}},
			), nil
		},
	}
}

// httpFileRace fetches a file into a new one.
func httpFileRace() race {
	return race{
		number: 3, name: "http-file", work: "%s over HTTP to a new file",
		amount: amount{quick: gigabyte, full: 2 * gigabyte},
		goal:   goal{against: "curl", wall: 0.75, cpu: 0.7},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			s, err := c.bigFile(ctx)
			if err != nil {
				return nil, err
			}
			url := s.http + "big"
			return c.fetchers("big",
				typed("wireline", "wireline http get -qO "+url),
				typed("curl", "curl -sO "+url),
				typed("wget2", "wget2 -q "+url),
				typed("aria2c", "aria2c -q --file-allocation=none "+url),
				line{"lftp", []string{"lftp", "-c", "get " + url}},
			), nil
		},
	}
}

// httpsRace fetches a file under TLS.
func httpsRace() race {
	return race{
		number: 4, name: "https-null", work: "%s over HTTPS to the null device",
		amount: amount{quick: gigabyte, full: 2 * gigabyte},
		goal:   goal{wall: 1, cpu: 1},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			s, err := c.bigFile(ctx)
			if err != nil {
				return nil, err
			}
			url := s.https + "big"
			return c.fetchers("",
				typed("wireline", "wireline http get -k "+url),
				typed("curl", "curl -k --http1.1 -so /dev/null "+url),
				typed("curl, HTTP/2", "curl -k --http2 -so /dev/null "+url),
			), nil
		},
	}
}

// bigFile is a site with one file of the amount.
func (c *course) bigFile(ctx context.Context) (*site, error) {
	file, err := c.file(c.amount)
	if err != nil {
		return nil, err
	}
	s, err := c.nginx(ctx)
	if err == nil {
		err = s.add(file, "big")
	}
	return s, err
}

// fetchers are entrants that fetch from a server that stays. Each runs in an
// empty directory and must leave there a file of the amount, if it has a name.
func (c *course) fetchers(file string, lines ...line) (all []entrant) {
	for _, l := range lines {
		e, words := c.entrant(l)
		e.heat = func(ctx context.Context) (cost, error) {
			return c.inDir(ctx, words, func(dir string) error {
				if file == "" {
					return nil
				}
				fi, err := os.Stat(filepath.Join(dir, file))
				if err == nil && fi.Size() != c.amount {
					err = fmt.Errorf("%d of %d bytes are in the file", fi.Size(), c.amount)
				}
				return err
			})
		}
		all = append(all, e)
	}
	return all
}

// inDir runs a program in an empty directory and then looks at what is there.
// A large file is removed at once; many small ones after the race, for a file
// system goes slow for those who make files where others have just gone.
func (c *course) inDir(ctx context.Context, words []string, look func(dir string) error) (took cost, err error) {
	dir, err := os.MkdirTemp(c.dir, "heat")
	if err != nil {
		return took, err
	}
	c.ends = append(c.ends, func() { os.RemoveAll(dir) })
	defer os.Remove(filepath.Join(dir, "big"))
	if took, err = (job{words: words, dir: dir}).run(ctx); err == nil {
		err = look(dir)
	}
	return took, err
}

// Files that are many and small.
const (
	smallFile = 4 << 10
	manyFiles = 2000
)

// httpManyRace fetches many small files into a directory.
func httpManyRace() race {
	r := manyRace(5, "http-many", "%s of 4 KB each over HTTP into a directory", func(s *site) (string, func(), error) { return s.http, func() {}, nil })
	r.goal = goal{wall: 0.6, cpu: 0.6}
	return r
}

// httpFarRace does so over a long way.
func httpFarRace() race {
	r := manyRace(6, "http-far", "%s of 4 KB each over HTTP with a round trip of 20 ms", func(s *site) (string, func(), error) {
		port, stop, err := delayed(s.port)
		return "http://127.0.0.1:" + port + "/", stop, err
	})
	r.goal = goal{wall: 0.5}
	return r
}

// manyRace fetches many files from where at says.
func manyRace(number int, name, work string, at func(*site) (base string, stop func(), err error)) race {
	return race{
		number: number, name: name, work: work, amount: amount{quick: manyFiles, full: manyFiles, unit: "files"},
		enter: func(ctx context.Context, c *course) ([]entrant, error) {
			s, err := c.nginx(ctx)
			if err != nil {
				return nil, err
			}
			base, stop, err := at(s)
			if err != nil {
				return nil, err
			}
			c.ends = append(c.ends, stop)
			urls, err := c.small(s, base)
			if err != nil {
				return nil, err
			}
			list := filepath.Join(c.dir, "urls")
			c.files = append(c.files, list)
			if err := os.WriteFile(list, []byte(strings.Join(urls, "\n")+"\n"), 0o644); err != nil {
				return nil, err
			}
			given := func(name, words string) line { return line{name, append(strings.Fields(words), urls...)} }
			return c.collectors(
				given("wireline", "wireline http get -qO -j 8"),
				given("curl -Z, 8", "curl -sZ --parallel-max 8 --remote-name-all"),
				given("curl -Z, 50", "curl -sZ --parallel-max 50 --remote-name-all"),
				given("curl -Z, 300", "curl -sZ --parallel-max 300 --remote-name-all"),
				typed("wget2", "wget2 -q --max-threads=16 -i "+list),
				typed("aria2c", "aria2c -q -j16 --file-allocation=none -i "+list),
			), nil
		},
	}
}

// small makes the files and tells their URLs.
func (c *course) small(s *site, base string) (urls []string, err error) {
	text := make([]byte, smallFile)
	filler{}.Read(text)
	for i := range c.amount {
		name := fmt.Sprintf("file%05d", i)
		if err := os.WriteFile(filepath.Join(s.root, name), text, 0o644); err != nil {
			return nil, err
		}
		urls = append(urls, base+name)
	}
	return urls, nil
}

// collectors are entrants that must leave the amount of small files.
func (c *course) collectors(lines ...line) (all []entrant) {
	for _, l := range lines {
		e, words := c.entrant(l)
		e.heat = func(ctx context.Context) (cost, error) {
			return c.inDir(ctx, words, func(dir string) error {
				found, err := os.ReadDir(dir)
				whole := int64(0)
				for _, f := range found {
					if fi, err := f.Info(); err == nil && fi.Size() == smallFile {
						whole++
					}
				}
				if err == nil && whole != c.amount {
					err = fmt.Errorf("%d of %d files came whole", whole, c.amount)
				}
				return err
			})
		}
		all = append(all, e)
	}
	return all
}
