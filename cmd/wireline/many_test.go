//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A thousand idle sessions in one shell take less than 64 MiB, and all that
// they had is given back.
func TestThousandSessions(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(io.Discard, c)
			}()
		}
	}()
	const many = 1000
	host, port, _ := net.SplitHostPort(l.Addr().String())
	look := "!grep VmHWM /proc/$PPID/status; ls /proc/$PPID/fd | wc -l\n"
	script := look + strings.Repeat(fmt.Sprintf("connect tcp %s %s\n", host, port), many) + "sessions\n" + look + strings.Repeat("close\n", many) + "sessions\n" + look
	path := filepath.Join(t.TempDir(), "many.wl")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	o := wirelineEnv(t, []string{"SHELL=/bin/sh"}, "", "-f", path)
	if o.exit != 0 {
		t.Fatalf("exit %d: %s", o.exit, o.err[max(0, len(o.err)-1000):])
	}
	seen := regexp.MustCompile(`VmHWM:\s*(\d+) kB\n(\d+)\n`).FindAllStringSubmatch(o.out, -1)
	if rows := strings.Count(o.out, "\ttcp\t"); len(seen) != 3 || rows != many {
		t.Fatalf("%d sessions, %q", rows, seen)
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	limit := 64 << 10
	if b, ok := debug.ReadBuildInfo(); ok && slices.Contains(b.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		limit *= 8 // the detector's own
	}
	if kb := number(seen[1][1]); kb > limit {
		t.Errorf("%d sessions take %d MiB", many, kb>>10)
	}
	if before, after := number(seen[0][2]), number(seen[2][2]); after > before+4 {
		t.Errorf("%d descriptors are open before and %d after", before, after)
	}
}
