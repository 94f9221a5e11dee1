package ftp_test

import (
	"os"
	"strings"
	"testing"

	"wireline/protocols/fault"
)

// Of several files those that are there are fetched, or stored; what is not is
// told, and what the command fails with. (FTP-12, FTP-26)
func TestManyMissing(t *testing.T) {
	t.Parallel()
	for _, i := range []int{0, 9} {
		r, to, flags := dresses()[i].start(t, map[string]string{"a": "1", "b": "2", "d/c": "3"})
		dir := t.TempDir()
		c := must(t, to, flags...).withDisk(dir)
		out, err := c.run("get", "a", "nosuch", "b", "-c")
		if fault.Of(err) != fault.NotFound || !strings.Contains(out, "copied a") || !strings.Contains(out, "copied b") || !strings.Contains(out, "failed nosuch") || !strings.Contains(err.Error(), "1 of 3 failed") {
			t.Errorf("%v after\n%s", err, out)
		}
		if _, err := c.run("get", "nosuch", "-c"); fault.Of(err) != fault.NotFound {
			t.Errorf("one alone: %v", err)
		}
		// The names that follow a URL of a one-shot command are in its directory.
		c.ok("cd", "d")
		if out := c.ok("get", c.ok("pwd")+"/", "c"); out != "copied c\n" {
			t.Errorf("it did\n%s", out)
		}
		c.ok("cd", "..")
		for _, words := range [][]string{{"mput", "no"}, {"mput", "no*"}} {
			if out, err := c.run(words...); fault.Of(err) != fault.ReadLocal || out != "" {
				t.Errorf("%v: %q, %v", words, out, err)
			}
		}
		c.ok("mkdir", "up")
		out, err = c.run("mput", "no", "a", "x*", "b", "--to", "up")
		if fault.Of(err) != fault.ReadLocal || !strings.Contains(out, "copied up/a") || !strings.Contains(out, "copied up/b") || strings.Count(out, "failed ") != 2 {
			t.Errorf("%v after\n%s", err, out)
		}
		if got, err := os.ReadFile(r.Path("home/up/b")); string(got) != "2" {
			t.Errorf("the server has %q, %v", got, err)
		}
	}
}
