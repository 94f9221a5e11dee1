package mail

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"wireline/protocols/fault"
)

// pieces writes text in pieces of whole lines, as the adapters do, and then
// fails if err is set.
type pieces struct {
	text string
	err  error
}

func (p pieces) WriteTo(w io.Writer) (int64, error) {
	for line := range strings.Lines(p.text) {
		if _, err := w.Write([]byte(line)); err != nil {
			return 0, err
		}
	}
	return 0, p.err
}

const message1 = "Return-Path: <ann@x.example>\r\nSubject: one\r\n\r\nFrom here\r\n>From there\r\nFromage\r\n.\r\n"

// POP-07: an mbox that others can read, and take back what was quoted.
func TestMbox(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.mbox")
	for i, m := range []pieces{{message1, nil}, {"no header\r\n\r\nno last line", nil}} {
		d, err := OpenMbox(path)
		if err != nil {
			t.Fatal(err)
		}
		d.(*mbox).now = func() time.Time { return time.Unix(0, 0) }
		if err := d.Keep(m); err != nil {
			t.Fatal(i, err)
		}
		if err := d.Keep(pieces{message1, errors.New("cut")}); err == nil {
			t.Error("no error for a message that was cut")
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil {
			t.Error(err)
		}
	}
	want := "From ann@x.example Thu Jan  1 00:00:00 1970\nReturn-Path: <ann@x.example>\nSubject: one\n\n>From here\n>>From there\nFromage\n.\n\n" +
		"From MAILER-DAEMON Thu Jan  1 00:00:00 1970\nno header\n\nno last line\n\n"
	if got, _ := os.ReadFile(path); string(got) != want {
		t.Errorf("%q", got)
	}
	if fi, _ := os.Stat(path); fi.Mode().Perm() != 0o600 {
		t.Error(fi.Mode())
	}
}

// D11: a message is in new only when it is safe.
func TestMaildir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "in")
	d, err := OpenMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	list := func(sub string) []string {
		names, _ := filepath.Glob(filepath.Join(dir, sub, "*"))
		return names
	}
	for range 3 {
		if err := d.Keep(pieces{message1, nil}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Keep(pieces{message1, errors.New("cut")}); err == nil {
		t.Error("no error for a message that was cut")
	}
	if len(list("new")) != 0 || len(list("tmp")) != 3 {
		t.Errorf("before Sync: %q %q", list("new"), list("tmp"))
	}
	if err := d.Sync(); err != nil {
		t.Fatal(err)
	}
	d.Keep(pieces{message1, nil})
	d.Close()
	names := list("new")
	if len(names) != 3 || len(list("tmp")) != 0 {
		t.Fatalf("after Close: %q %q", names, list("tmp"))
	}
	if got, _ := os.ReadFile(names[0]); string(got) != strings.ReplaceAll(message1, "\r\n", "\n") {
		t.Errorf("%q", got)
	}
}

// D12: what cannot be written.
func TestUnwritten(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "no", "x"), t.TempDir() + "/.."} {
		if _, err := OpenMbox(path); fault.Of(err) != fault.WriteLocal {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := OpenMaildir(filepath.Join(path, "y", "z")); fault.Of(err) != fault.WriteLocal {
			t.Errorf("%s: %v", path, err)
		}
	}
	if f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		defer f.Close()
		m := &mbox{path: "full", f: f, now: time.Now}
		if err := m.Keep(pieces{message1, nil}); fault.Of(err) != fault.WriteLocal || !strings.Contains(err.Error(), "no space") {
			t.Error(err)
		}
	}
}

func TestSeen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.uidl")
	for _, who := range []string{"ann@h:110", "bob@h:110"} {
		s, err := OpenSeen(path, who)
		if err != nil || s.Has("a") {
			t.Fatal(err, s.Has("a"))
		}
		s.Add("a")
		s.Add("b")
		if err := s.Save(func(uid string) bool { return uid == "a" || who == "bob@h:110" }); err != nil {
			t.Fatal(err)
		}
	}
	s, err := OpenSeen(path, "ann@h:110")
	if err != nil || !s.Has("a") || s.Has("b") {
		t.Errorf("%v, %v", s, err)
	}
	if s, _ := OpenSeen(path, "bob@h:110"); !s.Has("b") {
		t.Errorf("%v", s)
	}
}

// Lines are whole, or not, and the file is the same.
func TestLines(t *testing.T) {
	text := "From a\r\nb\nc\rd\r\r\ne\r"
	for n := 1; n < len(text); n++ {
		l := &lf{begins: true}
		r := iotest.OneByteReader(strings.NewReader(text))
		buf := make([]byte, n)
		for {
			k, err := io.ReadFull(r, buf)
			l.add(buf[:k])
			if err != nil {
				break
			}
		}
		if want := "From a\nb\nc\rd\r\ne"; !bytes.Equal(l.out, []byte(want)) || !l.cr {
			t.Errorf("in pieces of %d: %q", n, l.out)
		}
	}
}

// A message of which more is known has it in its name and its time.
func TestMaildirAbout(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "box")
	d, err := OpenMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1_600_000_000, 0)
	for _, k := range []known{
		{pieces{message1, nil}, About{UID: 7, Flags: []string{`\Seen`, "work", `\flagged`}, Received: at}},
		{pieces{message1, nil}, About{UID: 8}},
	} {
		if err := d.Keep(k); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		t.Fatal(err)
	}
	read, err := filepath.Glob(filepath.Join(dir, "cur", "*,U=7"+infoMark()+"2,FS"))
	if err != nil || len(read) != 1 {
		t.Fatalf("%v, %v", read, err)
	}
	if fi, err := os.Stat(read[0]); err != nil || !fi.ModTime().Equal(at) {
		t.Errorf("%v, %v", fi, err)
	}
	if unread, err := filepath.Glob(filepath.Join(dir, "new", "*,U=8")); err != nil || len(unread) != 1 {
		t.Errorf("%v, %v", unread, err)
	}
}

type known struct {
	pieces
	about About
}

func (k known) About() About { return k.about }

// Flags follow the server's, in files that are still where they were put.
func TestRelabel(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "box")
	for _, name := range []string{"new/1.M1P1Q1.host,U=1", "new/2.M1P1Q1.host,U=2", "cur/3.M1P1Q1.host,U=3" + infoMark() + "2,S", "cur/4.M1P1Q1.host" + infoMark() + "2,S", "new/5.M1P1Q1.host,U=x"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := Relabel(dir, map[uint32][]string{1: {`\Seen`}, 2: nil, 3: nil, 9: {`\Seen`}})
	if err != nil || n != 2 {
		t.Errorf("%d, %v", n, err)
	}
	for _, name := range []string{"cur/1.M1P1Q1.host,U=1" + infoMark() + "2,S", "new/2.M1P1Q1.host,U=2", "cur/3.M1P1Q1.host,U=3" + infoMark() + "2,", "cur/4.M1P1Q1.host" + infoMark() + "2,S", "new/5.M1P1Q1.host,U=x"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// D06: a message begins on a line of its own, whatever a file ends in that
// somebody else has written, or did not write to its end.
func TestMboxAfterHalf(t *testing.T) {
	for before, between := range map[string]string{"": "", "From a\n\nhalf": "\n\n", "From a\n\nwhole\n": "\n", "From a\n\nwhole\n\n": "", "\n": ""} {
		path := filepath.Join(t.TempDir(), "in.mbox")
		if err := os.WriteFile(path, []byte(before), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := OpenMbox(path)
		if err != nil {
			t.Fatal(err)
		}
		d.(*mbox).now = func() time.Time { return time.Unix(0, 0) }
		if err := d.Keep(pieces{message1, errors.New("cut")}); err == nil {
			t.Error("no error")
		}
		if got, _ := os.ReadFile(path); string(got) != before {
			t.Errorf("%q became %q though nothing was kept", before, got)
		}
		if err := errors.Join(d.Keep(pieces{"\r\nhi\r\n", nil}), d.Keep(pieces{"\r\nho\r\n", nil}), d.Sync(), d.Close()); err != nil {
			t.Error(err)
		}
		const from = "From MAILER-DAEMON Thu Jan  1 00:00:00 1970\n\n"
		if got, _ := os.ReadFile(path); string(got) != before+between+from+"hi\n\n"+from+"ho\n\n" {
			t.Errorf("%q became %q", before, got)
		}
	}
}

// Two at a time do not write over each other.
func TestMboxTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "in.mbox")
	a, err := OpenMbox(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := OpenMbox(path)
	if err == nil {
		err = errors.Join(a.Keep(pieces{"\r\nfrom a\r\n", nil}), b.Keep(pieces{"\r\nfrom b\r\n", nil}), b.Close())
		got, _ := os.ReadFile(path)
		t.Fatalf("%q, %v", got, err)
	}
	if fault.Of(err) != fault.WriteLocal {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if b, err = OpenMbox(path); err != nil {
		t.Fatal(err)
	}
	b.Close()
}

// What another program has put into a Maildir is not ours to remove, though it
// names UIDs as we do.
func TestPruneOnlyOurs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "box")
	d, err := OpenMaildir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(d.Keep(noted{pieces{message1, nil}, 5}), d.Sync(), d.Close()); err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(dir, "cur", "1700000000.12_1.host,U=5"+infoMark()+"2,S")
	if err := os.WriteFile(theirs, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := Prune(dir, func(uid uint32) bool { return uid == 5 })
	if err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Error(err)
	}
}

// noted is a message whose UID is known.
type noted struct {
	pieces
	uid uint32
}

func (n noted) About() About { return About{UID: n.uid} }
