package ftp_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// A file in segments is the file, also when it was stopped in between and gone
// on with by another kind of get; and two versions are never put together.
// (FTP-15, D08, D10)
func TestSegments(t *testing.T) {
	t.Parallel()
	for _, i := range []int{0, 3} {
		t.Run(dresses()[i].name, func(t *testing.T) {
			text := string(noise(3 << 20))
			r, to, flags := dresses()[i].start(t, map[string]string{"big.iso": text, "small": "few bytes"})
			dir := t.TempDir()
			c := must(t, to, flags...).withDisk(dir)
			has := func(name, want string) {
				t.Helper()
				if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
					t.Errorf("%s has %d bytes, which are not the %d that it should: %v", name, len(got), len(want), err)
				}
				if left, _ := filepath.Glob(dir + "/.*"); len(left) > 0 {
					t.Errorf("there is left: %q", left)
				}
				os.Remove(filepath.Join(dir, name))
			}
			c.ok("get", "big.iso", "--segments", "4")
			has("big.iso", text)
			c.ok("get", "small", "--segments", "4")
			has("small", "few bytes")

			for _, resume := range [][]string{{"--segments", "4", "-c"}, {"-c"}, {"--segments", "2", "-c"}, {"--segments", "3"}, {"--newer"}} {
				c.interrupted(t, dir)
				c.ok(append([]string{"get", "big.iso"}, resume...)...)
				has("big.iso", text)
			}

			c.interrupted(t, dir)
			other := strings.ToUpper(text)
			if err := os.WriteFile(r.Path("home/big.iso"), []byte(other), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(r.Path("home/big.iso"), time.Time{}, time.Now().Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
			c.ok("get", "big.iso", "--segments", "4", "-c")
			has("big.iso", other)
			if _, err := c.run("get", "big.iso", "--segments", "100"); fault.Of(err) != fault.BadArgument {
				t.Errorf("100 segments: %v", err)
			}
		})
	}
}

// interrupted has four segments of big.iso begun and stopped.
func (c *client) interrupted(t *testing.T, dir string) {
	t.Helper()
	disk := c.disk
	defer func() { c.disk = disk }()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	c.disk = &stopping{Disk: disk, stop: func() { cancel(fault.New(fault.Interrupt, "interrupted")) }}
	_, err := c.runIn(ctx, verb.Env{}, "get", "big.iso", "--segments", "4")
	if fault.Of(err) != fault.Interrupt || !strings.Contains(fault.Hint(err), "-c goes on with it") {
		t.Errorf("interrupted: %v, hint %q", err, fault.Hint(err))
	}
	if _, err := os.Stat(filepath.Join(dir, "big.iso")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not whole has its name: %v", err)
	}
	if state, err := os.ReadFile(filepath.Join(dir, ".big.iso.part.state")); err != nil || !strings.Contains(string(state), `"segments"`) {
		t.Errorf("the state is %s, %v", state, err)
	}
}

// A stopping is a disk that has enough of it once something has come.
type stopping struct {
	files.Disk
	stop func()
}

func (s *stopping) Segmented(p string) bool { return s.Disk.(files.Segmenter).Segmented(p) }

func (s *stopping) Segments(p string, whole files.Entry, n int, resume bool, o files.Storing) (files.Segments, error) {
	x, err := s.Disk.(files.Segmenter).Segments(p, whole, n, resume, o)
	if err != nil {
		return nil, err
	}
	return &half{Segments: x, stop: s.stop}, nil
}

type half struct {
	files.Segments
	came atomic.Int64
	stop func()
}

func (h *half) Store(ctx context.Context, s files.Segment, b *verb.Blob) error {
	part := *b
	part.ReadCloser = &counted{b.ReadCloser, h}
	return h.Segments.Store(ctx, s, &part)
}

type counted struct {
	io.ReadCloser
	h *half
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p[:min(len(p), 32<<10)])
	if c.h.came.Add(int64(n)) > 1<<20 {
		c.h.stop()
	}
	return n, err
}
