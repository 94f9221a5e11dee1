package ftp_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
	"wireline/protocols/verb"
	"wireline/repl/transfer"
)

// withDisk lends a client a directory of this machine.
func (c *client) withDisk(dir string) *client {
	c.disk = &transfer.Disk{Dir: dir}
	return c
}

// Several files at a time, by several connections, also where each data
// connection must resume the TLS session of its control connection. (FTP-04,
// FTP-12, FTP-26)
func TestMany(t *testing.T) {
	t.Parallel()
	for _, i := range []int{0, 3, 4} {
		t.Run(dresses()[i].name, func(t *testing.T) {
			all := map[string]string{"pub/other.txt": "x", "pub/d/deep/z": "z"}
			for i := range 40 {
				all[fmt.Sprintf("pub/%02d.gz", i)] = strings.Repeat("x", i*100)
			}
			r, to, flags := dresses()[i].start(t, all)
			dir := t.TempDir()
			c := must(t, to, flags...).withDisk(dir)
			out := c.ok("get", "pub/*.gz", "-j", "4")
			if n := strings.Count(out, "copied "); n != 40 {
				t.Errorf("%d were copied:\n%s", n, out)
			}
			for name, want := range all {
				got, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
				if strings.HasSuffix(name, ".gz") && (err != nil || string(got) != want) {
					t.Errorf("%s has %d bytes of %d: %v", name, len(got), len(want), err)
				}
			}
			// What is there is not replaced, and that is told at the end.
			out, err := c.run("get", "pub/0?.gz", "pub/other.txt")
			if fault.Of(err) != fault.WriteLocal || !strings.Contains(out, "copied other.txt") || !strings.Contains(err.Error(), "10 of 11 failed") {
				t.Errorf("%v after\n%s", err, out)
			}
			c.ok("get", "-r", "pub/d")
			if _, err := os.Stat(filepath.Join(dir, "d/deep/z")); err != nil {
				t.Error(err)
			}
			c.ok("mkdir", "up")
			c.ok("mput", "*.gz", "d", "-r", "-j", "4", "--to", "up")
			for name, want := range all {
				if got, err := os.ReadFile(r.Path("home/up/" + filepath.Base(name))); strings.HasSuffix(name, ".gz") && (err != nil || string(got) != want) {
					t.Errorf("the server's %s has %d bytes of %d: %v", name, len(got), len(want), err)
				}
			}
			if got := c.ok("find", "up", "--type", "dir"); got != "dir  up/d\ndir  up/d/deep\n" {
				t.Errorf("find gives %q", got)
			}
			c.ok("rm", "up/*.gz")
			if got := c.ok("ls", "up"); got != "dir  d\n" {
				t.Errorf("after rm there is %q", got)
			}
			if _, err := c.run("get", "pub/*.zip"); fault.Of(err) != fault.NotFound {
				t.Errorf("nothing matches gives %v", err)
			}
		})
	}
}

// A mirror's second run transfers nothing, in both directions. (FTP-13, FTP-18)
func TestMirror(t *testing.T) {
	t.Parallel()
	for _, i := range []int{2, 9} {
		t.Run(dresses()[i].name, func(t *testing.T) {
			r, to, flags := dresses()[i].start(t, map[string]string{"www/a": "1", "www/d/b": "22", "www/d/e/c": "333"})
			dir := t.TempDir()
			c := must(t, to, flags...).withDisk(dir)
			if out := c.ok("mirror", "www", "copy", "-j", "3"); strings.Count(out, "copied ") != 3 {
				t.Errorf("the first run did\n%s", out)
			}
			if out := c.ok("mirror", "www", "copy", "-j", "3"); out != "" {
				t.Errorf("the second run did\n%s", out)
			}
			if got, err := os.ReadFile(filepath.Join(dir, "copy/d/e/c")); string(got) != "333" {
				t.Errorf("%q, %v", got, err)
			}
			os.Remove(filepath.Join(dir, "copy/a"))
			os.WriteFile(filepath.Join(dir, "copy/new"), []byte("new"), 0o644)
			want := "made back\nmade back/d\nmade back/d/e\ncopied back/d/b\ncopied back/d/e/c\ncopied back/new\n"
			if out := c.ok("mirror", "-R", "copy", "back"); lines(out) != lines(want) {
				t.Errorf("the first run back did\n%s", out)
			}
			if out := c.ok("mirror", "-R", "copy", "back"); out != "" {
				t.Errorf("the second run back did\n%s", out)
			}
			if out := c.ok("mirror", "-R", "copy", "www", "--delete", "--dry-run"); lines(out) != lines("would copy www/new\nwould remove www/a\n") {
				t.Errorf("the dry run did\n%s", out)
			}
			if _, err := os.Stat(r.Path("home/www/a")); err != nil {
				t.Errorf("the dry run removed it: %v", err)
			}
			c.ok("mirror", "-R", "copy", "www", "--delete")
			if _, err := os.Stat(r.Path("home/www/a")); err == nil {
				t.Error("--delete left it")
			}
		})
	}
}

func lines(s string) string {
	all := map[string]bool{}
	for l := range strings.Lines(s) {
		all[l] = true
	}
	return fmt.Sprint(all)
}

// A transfer that was broken off goes on where it was, in both directions.
// (FTP-14, D10)
func TestResume(t *testing.T) {
	t.Parallel()
	r, _, flags := dresses()[2].start(t, nil)
	big := noise(6 << 20)
	if err := os.WriteFile(r.Path("home/big"), big, 0o644); err != nil {
		t.Fatal(err)
	}
	cable := newCable(t, r.Addr())
	dir := t.TempDir()
	c := must(t, "ftp://ann@"+cable.addr+"/", flags...).withDisk(dir)

	// The control connection is all that goes over the cable; the data
	// connection is broken by its reader.
	res, err := c.start(t.Context(), verb.Env{}, "get", "big")
	if err != nil {
		t.Fatal(err)
	}
	b := res.(*verb.Blob)
	b.ReadCloser = &short{b.ReadCloser, 2 << 20}
	if err := c.disk.Store(t.Context(), "big", b, noOptions); err == nil {
		t.Fatal("a broken transfer is none")
	}
	if _, err := os.Stat(filepath.Join(dir, "big")); err == nil {
		t.Error("a part is there under the name of the whole (D06)")
	}
	c.watch()
	c.ok("get", "-c", "big")
	if said := c.said(); !strings.Contains(said, "REST ") || strings.Contains(said, "REST 0") {
		t.Error("it did not go on, but began again")
	}
	if got, err := os.ReadFile(filepath.Join(dir, "big")); !bytes.Equal(got, big) {
		t.Errorf("%d bytes, %v", len(got), err)
	}

	// To the server.
	c.wire.SetTrace(nil)
	if err := os.WriteFile(r.Path("home/up"), big[:3<<20], 0o644); err != nil {
		t.Fatal(err)
	}
	if err := c.put("up", big, "-c"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(r.Path("home/up")); !bytes.Equal(got, big) {
		t.Errorf("the server has %d bytes, %v", len(got), err)
	}
	if err := c.put("up", big, "-c"); err != nil {
		t.Errorf("when nothing is missing: %v", err)
	}
	if err := c.put("up", big[:100], "-c"); fault.Of(err) != fault.ResumeMismatch {
		t.Errorf("when there is more than we have: %v", err)
	}
}

// short breaks after n bytes.
type short struct {
	io.ReadCloser
	n int
}

func (s *short) Read(p []byte) (int, error) {
	if s.n <= 0 {
		return 0, errors.New("the test breaks it off")
	}
	n, err := s.ReadCloser.Read(p[:min(len(p), s.n)])
	s.n -= n
	return n, err
}

// An upload that is broken off is not there under its name. (FTP-25)
func TestTemp(t *testing.T) {
	t.Parallel()
	r := lab.Start(t, lab.ProFTPD(nil))
	c := must(t, r.URL)
	env := verb.Env{Open: func(n string) (verb.Input, error) {
		return verb.Input{Name: n, Size: -1, ReadCloser: &short{io.NopCloser(bytes.NewReader(noise(1 << 20))), 500_000}}, nil
	}}
	if _, err := c.runIn(t.Context(), env, "put", "x", "final", "--temp"); err == nil {
		t.Fatal("a broken upload is none")
	}
	if got := c.ok("ls", "-a"); strings.Contains(got, "final") {
		t.Errorf("the server has %q", got)
	}
	if err := c.put("final", []byte("all"), "--temp"); err != nil {
		t.Fatal(err)
	}
	if got := c.ok("cat", "final"); got != "all" {
		t.Errorf("the server has %q", got)
	}
}

// A mirror to the server has files under their names only when they are whole,
// if that is asked for. (FTP-25)
func TestMirrorTemp(t *testing.T) {
	t.Parallel()
	f := newFake(t, &fake{replies: map[string]string{"RNFR": "350 to?", "RNTO": "250 done", "MKD": "257 made", "CWD": "550 no"}, last: "226 done"})
	f.body = func(line string, c net.Conn) {
		if strings.HasPrefix(line, "STOR") {
			io.Copy(io.Discard, c)
		}
	}
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(dir+"/"+name, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := must(t, f.url(), "--tls", "off").withDisk(dir)
	c.ok("mirror", "-R", ".", "www", "--temp")
	c.ok("mput", "a", "--to", "up", "--temp")
	for _, want := range []string{"STOR www/.a.part", "RNFR www/.a.part\nRNTO www/a", "RNFR www/.b.part\nRNTO www/b", "RNFR up/.a.part\nRNTO up/a"} {
		if said := f.said(); !strings.Contains(said, want) || strings.Contains(said, "STOR www/a") {
			t.Errorf("no %q; the server was told\n%s", want, said)
		}
	}
}

// A name with a [ in it is a name, where there is such a file. (FTP-12)
func TestNameLikePattern(t *testing.T) {
	t.Parallel()
	r, to, flags := dresses()[0].start(t, map[string]string{"a[1].txt": "one", "a1.txt": "no"})
	dir := t.TempDir()
	c := must(t, to, flags...).withDisk(dir)
	if out := c.ok("get", "a[1].txt"); lines(out) != lines("copied a1.txt\ncopied a[1].txt\n") {
		t.Errorf("it did\n%s", out)
	}
	os.Remove(dir + "/a1.txt")
	c.ok("mkdir", "up")
	c.ok("mput", "a[1].txt", "--to", "up")
	if got, err := os.ReadFile(r.Path("home/up/a[1].txt")); string(got) != "one" {
		t.Errorf("%q, %v", got, err)
	}
}
