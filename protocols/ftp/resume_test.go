package ftp_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
	"wireline/repl/transfer"
)

// What the server has is gone on with only if it ends as our file does there:
// two files are never put together. (FTP-14, D10)
func TestPutResumesTheSame(t *testing.T) {
	t.Parallel()
	r, to, flags := dresses()[2].start(t, nil)
	big := noise(200 << 10)
	other := bytes.Clone(big[:100<<10])
	other[len(other)-1]++
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/big", big, 0o600); err != nil {
		t.Fatal(err)
	}
	c := must(t, to, flags...).withDisk(dir)
	for name, was := range map[string][]byte{"same": big[:100<<10], "short": big[:100], "other": other, "whole": big, "else": append(big[:len(big)-1:len(big)-1], 'x')} {
		for _, way := range []string{"put", "pipe", "mput"} {
			want := big
			if name == "other" || name == "else" {
				want = was
			}
			if err := os.WriteFile(r.Path("home/big"), was, 0o644); err != nil {
				t.Fatal(err)
			}
			var err error
			switch way {
			case "put":
				err = c.put("big", big, "-c")
			case "mput":
				_, err = c.run("mput", "big", "-c")
			default:
				env := verb.Env{Open: func(string) (verb.Input, error) {
					return verb.Input{Name: "-", Size: -1, ReadCloser: io.NopCloser(io.LimitReader(bytes.NewReader(big), 1<<30))}, nil
				}}
				_, err = c.runIn(t.Context(), env, "put", "-", "big", "-c")
			}
			kind := fault.Of(err)
			if (kind == fault.ResumeMismatch) != (name == "other" || name == "else") || err != nil && kind != fault.ResumeMismatch {
				t.Errorf("%s by %s: %v", name, way, err)
			}
			if got, err := os.ReadFile(r.Path("home/big")); !bytes.Equal(got, want) {
				t.Errorf("%s by %s: the server has %d bytes, not what is expected (%v)", name, way, len(got), err)
			}
			if got := c.ok("pwd"); !strings.HasSuffix(got, "home") {
				t.Errorf("then pwd gives %s", got)
			}
		}
	}
	if _, err := c.run("put", "x", "-c", "--ascii"); fault.Of(err) != fault.Usage {
		t.Errorf("-c of what is changed on its way: %v", err)
	}
}

// A server that lets nobody read what was stored is believed, and that is said.
func TestPutResumesUnread(t *testing.T) {
	t.Parallel()
	f := newFake(t, &fake{replies: map[string]string{"SIZE": "213 3", "RETR": "550 this is a drop box"}, last: "226 done", body: func(_ string, c net.Conn) { io.Copy(io.Discard, c) }})
	c := must(t, f.url(), "--tls", "off")
	if err := c.put("a", []byte("abcdef"), "-c"); err != nil {
		t.Error(err)
	}
	if got := f.said(); !strings.Contains(got, "REST 3\nSTOR a") {
		t.Errorf("the server was told\n%s", got)
	}
	if len(c.warns) != 1 || !strings.Contains(c.warns[0], "could not be compared") || !strings.Contains(c.warns[0], "drop box") {
		t.Errorf("it says %q", c.warns)
	}
}

// An upload whose connection was lost is gone on with where some of it went, and
// only there: what was there before is another file. (FTP-14, FTP-28)
func TestUploadBegun(t *testing.T) {
	t.Parallel()
	f := newFake(t, &fake{replies: map[string]string{"SIZE": "213 5"}, after: map[string]string{}, last: "226 done"})
	var stored bytes.Buffer
	f.body = func(line string, c net.Conn) {
		switch {
		case line == "RETR a":
			c.Write(stored.Bytes())
		case stored.Len() == 0:
			io.CopyN(&stored, c, 5)
			io.Copy(io.Discard, c)
			f.after[line] = "421 going down"
		default:
			io.Copy(&stored, c)
			delete(f.after, line)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/a", []byte("hello world"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := must(t, f.url(), "--tls", "off")
	c.disk = &transfer.Disk{Dir: dir}
	if got, err := c.run("mput", "a"); err != nil || stored.String() != "hello world" {
		t.Errorf("%s, %v; the server has %q, and heard\n%s", got, err, stored.String(), f.said())
	}
	if !strings.Contains(f.said(), "REST 5\nSTOR a") {
		t.Errorf("the server heard\n%s", f.said())
	}

	g := newFake(t, &fake{replies: map[string]string{"STOR": "421 going down"}})
	c = must(t, g.url(), "--tls", "off")
	if err := c.put("a", []byte("hello world")); fault.Of(err) != fault.Recv || c.sess.(files.Resumer).Begun("a") {
		t.Errorf("it ended with %v, and is said to have begun", err)
	}
}

// Where LIST tells minutes only, what a pattern has found is gone on with, too.
// (FTP-12, FTP-14, D10)
func TestResumeOfList(t *testing.T) {
	t.Parallel()
	r, to, flags := dresses()[9].start(t, nil)
	big := noise(1 << 20)
	at := time.Now().Add(-time.Hour).Truncate(time.Minute).Add(15 * time.Second)
	if err := errors.Join(os.WriteFile(r.Path("home/big"), big, 0o644), os.Chtimes(r.Path("home/big"), at, at)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := must(t, to, flags...).withDisk(dir)
	res, err := c.start(t.Context(), verb.Env{}, "get", "big")
	if err != nil {
		t.Fatal(err)
	}
	b := res.(*verb.Blob)
	b.ReadCloser = &short{b.ReadCloser, 300 << 10}
	if err := c.disk.Store(t.Context(), "big", b, noOptions); err == nil {
		t.Fatal("a broken transfer is none")
	}
	c.watch()
	c.ok("get", "-c", "b*")
	if said := c.said(); !strings.Contains(said, "REST ") {
		t.Error("it did not go on, but began again")
	}
	if got, err := os.ReadFile(dir + "/big"); !bytes.Equal(got, big) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// A file that is written to while it is sent is told of, also when its size
// stays what it was. (D16)
func TestSourceWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(text string, at int64) {
		if err := errors.Join(os.WriteFile(dir+"/a", []byte(text), 0o600), os.Chtimes(dir+"/a", time.Unix(at, 0), time.Unix(at, 0))); err != nil {
			t.Error(err)
		}
	}
	f := newFake(t, &fake{last: "226 done", body: func(_ string, c net.Conn) {
		write("hellO", 1700000001)
		io.Copy(io.Discard, c)
	}})
	c := must(t, f.url(), "--tls", "off").withDisk(dir)
	for _, words := range []string{"mput a", "put a"} {
		write("hello", 1700000000)
		env := verb.Env{Open: func(n string) (verb.Input, error) {
			f, err := os.Open(dir + "/" + n)
			return verb.Input{Name: n, Size: 5, ReadCloser: f}, err
		}}
		if _, err := c.runIn(t.Context(), env, strings.Fields(words)...); fault.Of(err) != fault.ReadLocal || !strings.Contains(err.Error(), "has changed") {
			t.Errorf("%s ended with %v", words, err)
		}
	}
}
