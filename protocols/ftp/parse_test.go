package ftp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"wireline/protocols/files"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// show is an entry on a line.
func show(it item, ok bool) string {
	if !ok {
		return "?"
	}
	when := ""
	if !it.Modified.IsZero() {
		when = it.Modified.UTC().Format("2006-01-02T15:04:05.999")
	}
	s := fmt.Sprintf("%s %s %s %s %s:%s %q", it.Kind, it.Perm, it.Size, when, it.Owner, it.Group, it.Name)
	if it.Target != "" {
		s += fmt.Sprintf(" -> %q", it.Target)
	}
	if it.self {
		s += " self"
	}
	return s
}

// Three styles of servers and two of old give the same columns. (FTP-09)
func TestListing(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		// ls -l
		{"drwxr-xr-x   2 ann  staff     4096 Jan  2 15:04 pub", `dir rwxr-xr-x  2026-01-02T15:04:00 ann:staff "pub"`},
		{"-rw-r--r--   1 ann  staff     1234 Jan 12  2025 a b.txt", `file rw-r--r-- 1234 2025-01-12T00:00:00 ann:staff "a b.txt"`},
		{"-rw-r--r--+  1 1000 1000         0 Dec 31 23:59 acl", `file rw-r--r-- 0 2025-12-31T23:59:00 1000:1000 "acl"`},
		{"-rw-r--r--   1 ann  staff     1234 Jan 12  2025  two blanks ", `file rw-r--r-- 1234 2025-01-12T00:00:00 ann:staff " two blanks "`},
		{"lrwxrwxrwx   1 ann  staff        7 Feb 28 10:00 here -> the -> re", `link rwxrwxrwx  2026-02-28T10:00:00 ann:staff "here" -> "the -> re"`},
		{"-rw-r--r--   1 ann           1234 Jan 12  2025 nogroup", `file rw-r--r-- 1234 2025-01-12T00:00:00 ann: "nogroup"`},
		{"-rw-r--r--   1 ann staff 99999999999 2026-01-02 15:04 iso", `file rw-r--r-- 99999999999 2026-01-02T15:04:00 ann:staff "iso"`},
		{"-rw-r--r-- 1 ann staff 5 2026-01-02 15:04:05.000000000 +0100 full iso", `file rw-r--r-- 5 2026-01-02T14:04:05 ann:staff "full iso"`},
		{"crw-rw----   1 root tty       4,  64 Jan  2 15:04 ttyS0", `other rw-rw----  2026-01-02T15:04:00 root:tty "ttyS0"`},
		{"-rw-r--r--   1 ann  staff     1234 2 Jan 15:04 dayfirst", `file rw-r--r-- 1234 2026-01-02T15:04:00 ann:staff "dayfirst"`},
		{"-rwsr-sr-t   1 ann  staff     1234 Feb 29 2024 leap", `file rwsr-sr-t 1234 2024-02-29T00:00:00 ann:staff "leap"`},
		{"-rw-r--r--   1 ann  staff     1234 Mar  2 11:00 tomorrow", `file rw-r--r-- 1234 2026-03-02T11:00:00 ann:staff "tomorrow"`},
		{"-rw-r--r--   1 ann  staff     1234 Mar  3 11:00 lastyear", `file rw-r--r-- 1234 2025-03-03T11:00:00 ann:staff "lastyear"`},
		{"drwxr-xr-x   2 ann  staff     4096 Jan  2 15:04 .", `dir rwxr-xr-x  2026-01-02T15:04:00 ann:staff "." self`},
		{"drwxr-xr-x   2 ann  staff     4096 Jan  2 15:04 ../../etc", `dir rwxr-xr-x  2026-01-02T15:04:00 ann:staff "../../etc"`},
		// DOS
		{"01-29-26  03:04PM       <DIR>          pub", `dir   2026-01-29T15:04:00 : "pub"`},
		{"01-29-2026  12:04AM              1,234 a b.txt", `file  1234 2026-01-29T00:04:00 : "a b.txt"`},
		{"2026-01-29  15:04                 1234 iso.txt", `file  1234 2026-01-29T15:04:00 : "iso.txt"`},
		{"01-29-26  03:04PM       <JUNCTION>     c [d:\\x]", `link   2026-01-29T15:04:00 : "c" -> "d:\\x"`},
		// EPLF
		{"+i8388621.48594,m825718503,r,s280,\tdjb.html", `file  280 1996-03-01T22:15:03 : "djb.html"`},
		{"+i8388621.50690,m824255907,/,\t514", `dir   1996-02-13T23:58:27 : "514"`},
		{"+r,up644,s1,\tmode", `file rw-r--r-- 1  : "mode"`},
		// Facts in a LIST
		{"type=file;size=5; odd", `file  5  : "odd"`},
	} {
		it, skip, ok := (&parser{now: now}).parse(c.line)
		if got := show(it, ok); got != c.want || skip != it.self {
			t.Errorf("%q\n is %s\nwant %s", c.line, got, c.want)
		}
	}
}

// What is not an entry is not made one, and is counted. (F02, F06)
func TestNoListing(t *testing.T) {
	for _, line := range []string{
		"no entry", "-rw-r--r--", "-rw-r--r-- 1 ann staff", "-rw-r--r-- 1 ann staff x Jan 2 15:04 a",
		"-rw-r--r-- 1 ann staff 5 Jan 32 15:04 a", "-rw-r--r-- 1 ann staff 5 Jan 2 15:04", "-rw-r--r-- 1 ann staff -5 Jan 2 15:04 a",
		"01-29-26  03:04PM  x  a", "99-29-26  03:04PM  5  a", "+", "+\t", "+s-1,\ta", "+m99999999999999,\ta", "\x00", "type=file;size=x; a", "size; a",
	} {
		if it, skip, ok := (&parser{now: now}).parse(line); ok && !skip {
			t.Errorf("%q is taken for %s", line, show(it, ok))
		}
	}
	for _, line := range []string{"", "total 12", "total 1.5K"} {
		if _, skip, ok := (&parser{now: now}).parse(line); !ok || !skip {
			t.Errorf("%q is not left out", line)
		}
	}
}

func TestMLSx(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"type=file;size=12;modify=20260102030405; a.txt", `file  12 2026-01-02T03:04:05 : "a.txt"`},
		{"Type=FILE;Size=12;Modify=20260102030405.123; a b", `file  12 2026-01-02T03:04:05.123 : "a b"`},
		{"type=dir;perm=flcdmpe;modify=20260102030405;UNIX.mode=0755;UNIX.owner=1;UNIX.ownername=ann;UNIX.groupname=staff; d", `dir rwxr-xr-x  2026-01-02T03:04:05 ann:staff "d"`},
		{"type=file;perm=adfr; x", `file adfr   : "x"`},
		{"type=OS.unix=slink:/etc;modify=20260102030405; l", `link   2026-01-02T03:04:05 : "l" -> "/etc"`},
		{"type=OS.unix=symlink; l", `link    : "l"`},
		{"type=OS.unix=chr-4/64; tty", `other    : "tty"`},
		{"type=cdir; /pub", `dir    : "/pub" self`},
		{"type=pdir; ..", `dir    : ".." self`},
		{" no facts", `file    : "no facts"`},
		{"modify=19100102030405;type=file; a", `file   1910-01-02T03:04:05 : "a"`},
		{"modify=191000102030405;type=file; y2k", `file   2000-01-02T03:04:05 : "y2k"`},
		{"type=file;size=-1; a", "?"}, {"type=file;size=99999999999999999999; a", "?"}, {"type=file;modify=x; a", "?"},
		{"type=file", "?"}, {"type=file;", "?"}, {"type=file; ", "?"}, {"type=file a", "?"}, {"", "?"}, {"type; a", "?"},
	} {
		it, ok := parseMLSx(c.line)
		if got := show(it, ok); got != c.want {
			t.Errorf("%q\n is %s\nwant %s", c.line, got, c.want)
		}
	}
}

// The corpus of malformed replies, as far as it concerns addresses. (F02)
func TestPASV(t *testing.T) {
	for text, want := range map[string]string{
		"Entering Passive Mode (127,0,0,1,4,1).": "127,0,0,1,4,1",
		"Entering Passive Mode 127,0,0,1,4,1":    "127,0,0,1,4,1",
		"=127,0,0,1,4,1":                         "127,0,0,1,4,1",
		"(127, 0, 0, 1, 4, 1)":                   "127,0,0,1,4,1",
		"port 99 (10,0,0,1,255,255)":             "10,0,0,1,255,255",
		")(":                                     "", ")Entering(": "", "(": "", "": "", "(1,2,3,4,5)": "", "(1,2,3,4,5,256)": "",
		"(1,2,3,4,5,)": "", "(,,,,,)": "", "(1,2,3,4,-5,6)": "", "(a,b,c,d,e,f)": "", "(1,2,3,4,5,99999999999999999999)": "",
		"(300,2,3,4,5,6)": "",
	} {
		a, ok := parsePASV(text)
		if got := a.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q is %s, %v", text, got, ok)
		}
	}
}

func TestPWD(t *testing.T) {
	for text, want := range map[string]string{
		`"/"`: "/", `"/a ""b"" c" is here`: `/a "b" c`, `"/a"b"`: "/a", `"/a" "b"`: "/a",
		`"`: "", `""`: "", ``: "", `/a`: "", `"/a`: "", `"/a""`: "", `current directory is "/x".`: "/x",
	} {
		if got, ok := parsePWD(text); got != want || ok != (want != "") {
			t.Errorf("%s is %q, %v", text, got, ok)
		}
	}
}

func TestReplies(t *testing.T) {
	read := func(text string) (r Reply, whole bool) {
		for line := range strings.Lines(text) {
			done, ok := r.add(line)
			if !ok {
				return Reply{}, false
			}
			if done {
				return r, true
			}
		}
		return r, false
	}
	for text, want := range map[string]string{
		"220 ready\r\n":      "ready",
		"220\r\n":            "",
		"220-a\r\n220 b\r\n": "b",
		"220-a\r\n 220 no\r\n221 no\r\n220 b\r\n": "b",
		"220-a\r\n220-b\r\n220\r\n":               "",
		"230-230 x\r\n230 y\n":                    "y",
	} {
		if r, ok := read(text); !ok || r.text() != want {
			t.Errorf("%q is %q, %v", text, r.text(), ok)
		}
	}
	for _, text := range []string{"", "\r\n", "22\r\n", "2200 x\r\n", "abc x\r\n", "099 x\r\n", "999 x\r\n", "220-a\r\n", "220x\r\n"} {
		if r, ok := read(text); ok {
			t.Errorf("%q is taken for %+v", text, r)
		}
	}
}

func TestUniqueName(t *testing.T) {
	for text, want := range map[string]string{
		"226 FILE: a.1": "a.1",
		"226 Transfer complete (unique file name:a.1).":  "a.1",
		"226 Transfer complete (unique file name: a.1).": "a.1",
		`226 Transfer complete. Stored as "a.1".`:        "a.1",
		"226 done":         "",
		`226 "a.1" stored`: "a.1",
		`226 Transfer complete, "a.1" is the unique name.`: "a.1",
	} {
		if got := uniqueName(Reply{Code: 226, Lines: []string{text}}); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// Names in a character set of old are read and sent. (FTP-22)
func TestNames(t *testing.T) {
	latin, err := newNames("latin1")
	if err != nil {
		t.Fatal(err)
	}
	if got := latin.decode([]byte("caf\xe9 \xff\xff")); got != "café ÿ" {
		t.Errorf("latin1 is %q", got)
	}
	if got, err := latin.encode("RETR café ÿ"); err != nil || string(got) != "RETR caf\xe9 \xff\xff" {
		t.Errorf("latin1 is sent as %q, %v", got, err)
	}
	if _, err := latin.encode("RETR €"); err == nil {
		t.Error("a character that is not in latin1 is sent")
	}
	guess, _ := newNames("")
	if got, _ := guess.encode("RETR café"); string(got) != "RETR café" {
		t.Errorf("before a hint it is sent as %q", got)
	}
	if got := guess.decode([]byte("caf\xe9")); got != "café" {
		t.Errorf("what is not UTF-8 is %q", got)
	}
	if got, _ := guess.encode("RETR café"); string(got) != "RETR caf\xe9" {
		t.Errorf("after a hint it is sent as %q", got)
	}
	if got := guess.decode([]byte("é")); got != "é" {
		t.Errorf("UTF-8 is %q", got)
	}
	utf8, _ := newNames("utf-8")
	if got := utf8.decode([]byte("caf\xe9")); got != "caf\xe9" {
		t.Errorf("with utf-8 asked for it is %q", got)
	}
	if _, err := newNames("no such thing"); err == nil {
		t.Error("any name is a character set")
	}
}

// ASCII mode turns lines round, in whatever pieces they come. (FTP-11, D17)
func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "a": "a", "a\r\n": "a\n", "\r\n\r\n": "\n\n", "a\rb\r\n": "a\rb\n", "\r": "\r", "\r\r\n": "\r\n", "a\nb": "a\nb",
	} {
		for _, size := range []int{1, 2, 3, 4096} {
			r := newTextReader(io.NopCloser(iotest.OneByteReader(strings.NewReader(in))), nil)
			var out bytes.Buffer
			if _, err := io.CopyBuffer(&out, struct{ io.Reader }{r}, make([]byte, size)); err != nil || out.String() != want {
				t.Errorf("%q read by %d is %q, %v", in, size, out.String(), err)
			}
		}
	}
	for in, want := range map[string]string{"": "", "a": "a", "a\n": "a\r\n", "\n\n": "\r\n\r\n", "a\r\nb\n": "a\r\nb\r\n", "\r": "\r"} {
		for _, size := range []int{1, 2, 3, 4096} {
			var out bytes.Buffer
			w := newTextWriter(strings.NewReader(in), nil)
			if _, err := io.CopyBuffer(&out, struct{ io.Reader }{w}, make([]byte, size)); err != nil || out.String() != want {
				t.Errorf("%q sent by %d is %q, %v", in, size, out.String(), err)
			}
		}
	}
	warned := ""
	io.Copy(io.Discard, newTextReader(io.NopCloser(strings.NewReader("a\x00b")), func(s string) { warned = s }))
	if warned == "" {
		t.Error("a NUL in a text passes without a word")
	}
}

func FuzzListing(f *testing.F) {
	for _, s := range []string{"-rw-r--r--   1 ann  staff     1234 Jan 12  2025 a b.txt", "01-29-26  03:04PM       <DIR>          pub", "+i8388621.48594,m825718503,r,s280,\tdjb.html", "type=file;size=5; odd", "total 5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		p := &parser{now: now}
		for range 2 { // the second time by the form that fitted
			it, skip, ok := p.parse(line)
			check(t, it, ok && !skip)
		}
		it, ok := parseMLSx(line)
		check(t, it, ok)
	})
}

// check holds what every entry keeps to.
func check(t *testing.T, it item, ok bool) {
	if !ok {
		return
	}
	if it.Name == "" || it.Size < files.Unknown || it.Kind == "" || it.Kind != files.File && it.Kind != files.Other && it.Size >= 0 && it.Kind == files.Dir {
		t.Errorf("%+v", it)
	}
	if _, err := json.Marshal(it.Entry); err != nil {
		t.Error(err)
	}
}

func FuzzReply(f *testing.F) {
	f.Add("220-a\r\n220 b\r\n", "(127,0,0,1,4,1)", `"/a ""b"" c"`)
	f.Fuzz(func(t *testing.T, reply, pasv, pwd string) {
		var r Reply
		for line := range strings.Lines(reply) {
			if done, ok := r.add(line); done || !ok {
				break
			}
		}
		r.text()
		parseFeatures(r)
		uniqueName(r)
		if a, ok := parsePASV(pasv); ok {
			if again, ok := parsePASV(string(a.reply())[4:]); !ok || again != a {
				t.Errorf("%v becomes %v", a, again)
			}
		}
		if dir, ok := parsePWD(pwd); ok && dir == "" {
			t.Error("an empty directory")
		}
	})
}
