package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestJob(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, []byte("some words"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := job{words: []string{"cat"}, in: in, out: out}.run(t.Context())
	if got, _ := os.ReadFile(out); err != nil || string(got) != "some words" || c.wall <= 0 || c.done != 1 {
		t.Errorf("%q, %+v, %v", got, c, err)
	}
	if _, err := (job{words: []string{"sh", "-c", "echo why >&2; exit 3"}}).run(t.Context()); err == nil || !strings.Contains(err.Error(), "exit status 3: why") {
		t.Errorf("%v", err)
	}
	if _, err := (job{words: []string{"sh", "-c", "kill -9 $$"}, killed: true}).run(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := (job{words: []string{"cat"}, in: filepath.Join(dir, "none")}).run(t.Context()); err == nil {
		t.Error("a file that is not there was read")
	}
	// The pipe's reader takes all, or the writer would not end.
	if _, err := (job{words: []string{"head", "-c", "3000000", "/dev/zero"}, pipe: true}).run(t.Context()); err != nil {
		t.Error(err)
	}
}

// What a program takes is measured, and not what the bench does.
func TestJobCosts(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("memory is measured on Linux")
	}
	ballast := make([]byte, 64*megabyte)
	filler{}.Read(ballast)
	c, err := job{words: []string{"sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"}}.run(t.Context())
	if err != nil || c.rss < 100<<10 || c.rss > 32*megabyte || c.cpu <= 0 {
		t.Errorf("%+v, %v", c, err)
	}
	runtime.KeepAlive(ballast)
}

func TestFile(t *testing.T) {
	c := testCourse(t)
	name, err := c.file(100_000)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := os.Stat(name); err != nil || s.Size() != 100_000 {
		t.Errorf("%v, %v", s, err)
	}
	if again, err := c.file(100_000); err != nil || again != name || len(c.files) != 1 {
		t.Errorf("%s, %v", again, err)
	}
}
