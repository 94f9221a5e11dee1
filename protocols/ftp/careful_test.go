package ftp_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/repl/transfer"
)

const mlst = "211-can\r\n MLST type*;size*;modify*;\r\n211 end"

// I01: the name of a file of ours, and one that a server has listed, is one line
// at most, wherever it comes from.
func TestNamesAreLines(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\r\nDELE b", "a\nDELE b", "a\rDELE b", "a\x00b"} {
		f := newFake(t, &fake{replies: map[string]string{"FEAT": mlst, "MLST": "550 no"}, last: "226 done", body: send("")})
		c := must(t, f.url(), "--tls", "off")
		tree, ctx := c.sess.(files.Tree), t.Context()
		errs := map[string]error{"mkdir": tree.MakeDir(ctx, name), "rm": tree.RemoveFile(ctx, name), "rmdir": tree.RemoveDir(ctx, name)}
		_, errs["stat"] = tree.Stat(ctx, name)
		_, errs["list"] = files.Collect(tree.List(ctx, name))
		_, _ = tree.(files.Resumer).Partial(ctx, name, files.Entry{Size: 5})
		for what, err := range errs {
			if fault.Of(err) != fault.BadArgument {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
		if got := f.said(); strings.Contains(got, "DELE") || strings.Contains(got, "a") && strings.Contains(got, "MLST a") {
			t.Errorf("%q: the server was told\n%s", name, got)
		}
		if got := c.ok("pwd"); got != "/" {
			t.Errorf("then pwd gives %s", got)
		}
	}
}

// A server that has no such directory, or may not read it, and shows an empty
// listing by LIST, has nothing removed by mirror --delete.
func TestEmptyListing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		cwd, last string
		kind      *fault.Kind
	}{
		"not there":  {"550 Failed to change directory.", "226 Directory send OK.", fault.Denied},
		"unreadable": {"250 ok", "226 Transfer done (but failed to open directory).", fault.Denied},
		"empty":      {"250 ok", "226 Directory send OK.", nil},
	} {
		f := newFake(t, &fake{replies: map[string]string{"SYST": "215 UNIX", "CWD d": c.cwd}, last: c.last, body: send("")})
		s := must(t, f.url(), "--tls", "off")
		dir := t.TempDir()
		if err := os.WriteFile(dir+"/mine", []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.disk = &transfer.Disk{}
		_, err := s.run("mirror", "d", dir, "--delete")
		_, serr := os.Stat(dir + "/mine")
		if fault.Of(err) != c.kind || (serr == nil) != (c.kind != nil) {
			t.Errorf("%s: %v; our file: %v", name, err, serr)
		}
		if _, err := s.run("ls", "d"); fault.Of(err) != c.kind {
			t.Errorf("%s: ls says %v", name, err)
		}
		if got := s.ok("pwd"); got != "/" || c.kind == nil && !strings.Contains(f.said(), "CWD d\nCWD /") {
			t.Errorf("%s: pwd gives %s", name, got)
		}
	}
}

// FTP-12: a file that has become another one since is stored from its
// beginning, also where what the server has is shorter.
func TestOlderPart(t *testing.T) {
	t.Parallel()
	for modified, want := range map[string]string{"20200101000000": "", "29990101000000": "REST 3"} {
		facts := "type=file;size=3;modify=" + modified + "; a"
		f := newFake(t, &fake{replies: map[string]string{"FEAT": mlst, "MLST": "250-x\r\n " + facts + "\r\n250 end"}, last: "226 done", body: func(cmd string, c net.Conn) {
			if strings.HasPrefix(cmd, "MLSD") {
				io.WriteString(c, facts+"\r\n")
				return
			}
			if strings.HasPrefix(cmd, "RETR") {
				io.WriteString(c, "xxx")
				return
			}
			io.Copy(io.Discard, c)
		}})
		c := must(t, f.url(), "--tls", "off")
		dir := t.TempDir()
		if err := os.WriteFile(dir+"/a", bytes.Repeat([]byte("x"), 7), 0o600); err != nil {
			t.Fatal(err)
		}
		c.disk = &transfer.Disk{}
		if got, err := c.run("mput", dir+"/a", "--to", "d", "-c"); err != nil {
			t.Errorf("%s, %v", got, err)
		}
		if got := f.said(); strings.Contains(got, "REST") != (want != "") || !strings.Contains(got, want+"\nSTOR d/a") {
			t.Errorf("of %s the server was told\n%s", modified, got)
		}
	}
}

// FTP-15: where LIST tells the time in nobody knows which zone, a file that was
// found by a pattern comes in segments, too.
func TestSegmentsOfList(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("0123456789abcdef"), 20<<10)
	f := newFake(t, &fake{replies: map[string]string{"SYST": "215 UNIX", "SIZE": fmt.Sprint("213 ", len(text)), "MDTM": "213 20200102030405"}, last: "226 ok"})
	f.body = send(fmt.Sprintf("-rw-r--r-- 1 a a %d Jan  2  2020 a.bin\r\n", len(text)))
	f.part = func(from int, c net.Conn) { c.Write(text[from:]) }
	c := must(t, f.url(), "--tls", "off")
	dir := t.TempDir()
	c.disk = &transfer.Disk{Dir: dir}
	if got, err := c.run("get", "*.bin", "--segments", "2"); err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if got, _ := os.ReadFile(dir + "/a.bin"); !bytes.Equal(got, text) || !strings.Contains(f.said(), "REST") {
		t.Errorf("%d bytes came; the server was told\n%s", len(got), f.said())
	}
}

// FTP-15, D10: a file that has changed while its segments came is not put
// together.
func TestSegmentsOfChanged(t *testing.T) {
	t.Parallel()
	text := bytes.Repeat([]byte("0123456789abcdef"), 20<<10)
	f := newFake(t, &fake{replies: map[string]string{"SYST": "215 UNIX", "SIZE": fmt.Sprint("213 ", len(text)), "MDTM": "213 20200102030405"}, last: "226 ok"})
	f.body = send(fmt.Sprintf("-rw-r--r-- 1 a a %d Jan  2  2020 a.bin\r\n", len(text)))
	f.later = map[string]string{"MDTM": "213 20200102030406"} // behind the listing
	f.part = func(from int, c net.Conn) { c.Write(text[from:]) }
	c := must(t, f.url(), "--tls", "off").withDisk(t.TempDir())
	if got, err := c.run("get", "*.bin", "--segments", "2"); fault.Of(err) != fault.ResumeMismatch {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := c.disk.Stat(t.Context(), "a.bin"); fault.Of(err) != fault.NotFound {
		t.Errorf("it has its name: %v", err)
	}
}

// F06: lines of a listing that are not understood are counted and told; ls shows
// the others, and a mirror has not got all.
func TestUnreadLines(t *testing.T) {
	t.Parallel()
	good := "-rw-r--r-- 1 a a 2 Jan  2  2020 "
	f := newFake(t, &fake{replies: map[string]string{"SYST": "215 UNIX", "SIZE": "213 2", "MDTM": "213 20200102030405"}, last: "226 ok"})
	f.body = func(line string, c net.Conn) {
		if strings.HasPrefix(line, "RETR") {
			io.WriteString(c, "hi")
			return
		}
		io.WriteString(c, "total 7\r\n"+good+"a\r\nwhat is this\r\n"+good+"b\r\n"+good+"c\r\n?\r\n"+good+"d\r\n")
	}
	c := must(t, f.url(), "--tls", "off").withDisk(t.TempDir())
	if got := c.ok("ls"); strings.Count(got, "file 2 ") != 4 || len(c.warns) != 1 || !strings.HasPrefix(c.warns[0], "2 of 7 lines of the listing not understood") {
		t.Errorf("ls gives %q and says %q", got, c.warns)
	}
	for _, words := range []string{"mirror w m", "mirror w m2 --dry-run"} {
		if got, err := c.run(strings.Fields(words)...); fault.Of(err) != fault.Partial || strings.Count(got, "cop") != 4 {
			t.Errorf("%s did\n%s, %v", words, got, err)
		}
	}
}
