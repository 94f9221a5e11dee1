//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// what a job shows is what the line would have shown without &, above
// the prompt or, once fg waits for it, where it stands; and what it gets is
// kept.
func TestJobShows(t *testing.T) {
	addr, client := peer(t)
	p := sit(t, "demo")
	p.sees("wireline> ")
	p.types("connect tcp " + addr + "\r")
	c := client()
	p.sees("[1] tcp " + addr + "> ")
	p.types("connect ftp @ftp\r")
	p.sees("[2] ftp ann@ftp:2121:/> ")
	p.types("ls pub &\r")
	p.sees("job 1: ls pub\r\n")
	table := p.sees("job 1 done")
	p.types("@1 recv 1 > /dev/null; ls pub &\r")
	p.sees("job 2: ")
	p.types("fg\r")
	p.sees("job 2: ")
	if _, err := c.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	table += p.sees("job 2 done")
	for _, row := range []string{"TYPE  SIZE     MTIME", "file  14 "} {
		if strings.Count(table, row) != 2 || strings.Contains(table, "\t") {
			t.Errorf("%q has no %q twice", table, row)
		}
	}
	p.types("connect pop3 @mail-pop3\r")
	p.sees("[3] pop3 ann@mail:1110 (2)> ")
	p.types("get 2 &\r")
	p.sees("2.eml: ")
	p.sees("job 3 done")
	if _, err := os.Stat(filepath.Join(p.cmd.Dir, "2.eml")); err != nil {
		t.Error(err)
	}
	p.leaves()
}
