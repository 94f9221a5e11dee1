package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// A course is where races are run.
type course struct {
	dir      string // for what does not stay
	wireline string // the program
	self     string // this program, which can also be a limit
	amount   int64  // of the race that is being run
	files    []string
	ends     []func() // what is to be stopped after the race
}

// build makes a release of wireline, unless there is one.
func (c *course) build(ctx context.Context) (err error) {
	if c.self, err = os.Executable(); err != nil {
		return err
	}
	if c.wireline != "" {
		c.wireline, err = exec.LookPath(c.wireline)
		if err == nil {
			c.wireline, err = filepath.Abs(c.wireline)
		}
		return err
	}
	c.wireline = filepath.Join(c.dir, "wireline")
	return compile(ctx, "", c.wireline, "wireline/cmd/wireline")
}

// compile builds a package in dir as a release is built.
func compile(ctx context.Context, dir, to, pkg string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", to, pkg)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// file is a file of n bytes that are not zero.
func (c *course) file(n int64) (string, error) {
	name := filepath.Join(c.dir, fmt.Sprintf("%d bytes", n))
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	c.files = append(c.files, name)
	f, err := os.Create(name)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, io.LimitReader(filler{}, n))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return name, err
}

// clear ends the servers of a race and removes its files.
func (c *course) clear() {
	for _, end := range c.ends {
		end()
	}
	c.ends = nil
	for _, name := range c.files {
		os.Remove(name)
	}
	c.files = nil
}

// filler gives bytes without end.
type filler struct{}

func (filler) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a' + byte(i%23)
	}
	return len(p), nil
}
