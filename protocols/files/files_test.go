package files_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// once fails a few times, as a connection does that is lost.
type once struct {
	*memory
	left int
}

func (o *once) Fetch(ctx context.Context, f files.At, from int64) (*verb.Blob, error) {
	if o.left--; o.left >= 0 {
		return nil, fault.New(fault.Recv, "reset")
	}
	return o.memory.Fetch(ctx, f, from)
}

func TestMode(t *testing.T) {
	for bits, want := range map[uint32]string{0o644: "rw-r--r--", 0o755: "rwxr-xr-x", 0: "---------", 0o4755: "rwsr-xr-x", 0o2640: "rw-r-S---", 0o1777: "rwxrwxrwt", 0o7000: "--S--S--T"} {
		if got := files.Mode(bits); got != want {
			t.Errorf("%o is %s, want %s", bits, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for _, s := range []files.Size{files.Unknown, 0, 5, 1 << 40} {
		b, err := json.Marshal(s)
		var back files.Size
		if err != nil || json.Unmarshal(b, &back) != nil || back != s {
			t.Errorf("%d is %s, and comes back as %d", s, b, back)
		}
	}
	if files.Unknown.String() != "" || files.Size(0).String() != "0" {
		t.Error("an unknown size looks like one")
	}
}

func TestJoin(t *testing.T) {
	for _, c := range [][3]string{{"", "a", "a"}, {".", "a", "a"}, {"d", "a", "d/a"}, {"/", "a", "/a"}, {"d/", "a", "d/a"}, {"d", "/a", "/a"}, {"d", "", "d"}} {
		if got := files.Join(c[0], c[1]); got != c[2] {
			t.Errorf("%q and %q are %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

// (D01)
func TestSafe(t *testing.T) {
	for _, n := range []string{"a", ".hidden", "..a", "a b", "-rf", "é", "ab:c", strings.Repeat("x", 255)} {
		if err := files.Safe(n); err != nil {
			t.Errorf("%q: %v", n, err)
		}
	}
	for _, n := range []string{"", ".", "..", "../x", "/abs", "a/b", `a\b`, "c:x", "x\x00y", strings.Repeat("x", 256)} {
		if err := files.Safe(n); fault.Of(err) != fault.WriteLocal {
			t.Errorf("%q: %v", n, err)
		}
	}
}

// (FTP-12)
func TestGlob(t *testing.T) {
	m := tree("a.gz=1", "b.gz=2", "c.txt=3", ".d.gz=4", "x/e.gz=5", "y/e.gz=6", "y/z/f.gz=7")
	m.names[""] = []files.Entry{{Name: "../evil.gz", Kind: files.File}}
	for pattern, want := range map[string]string{
		"*.gz": "a.gz b.gz", "?.gz": "a.gz b.gz", "[a]*": "a.gz", ".*.gz": ".d.gz", "*/e.gz": "x/e.gz y/e.gz", "y/*": "y/e.gz y/z", "y/z/*": "y/z/f.gz", "*/*/*": "y/z/f.gz",
	} {
		found, err := files.Glob(t.Context(), m, pattern)
		var names []string
		for _, f := range found {
			names = append(names, f.Path)
		}
		if got := strings.Join(names, " "); got != want || err != nil {
			t.Errorf("%s: %s, %v", pattern, got, err)
		}
	}
	for pattern, kind := range map[string]*fault.Kind{"*.zip": fault.NotFound, "[": fault.BadArgument} {
		if _, err := files.Glob(t.Context(), m, pattern); fault.Of(err) != kind {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

func TestWalk(t *testing.T) {
	m := tree("a=1", "d/b=2", "d/e/c=3")
	m.names["d"] = []files.Entry{{Name: "..", Kind: files.Dir}, {Name: "l", Kind: files.Link}}
	var names []string
	var last error
	for at, err := range files.Walk(t.Context(), m, "") {
		if err != nil {
			last = err
			break
		}
		names = append(names, at.Path)
	}
	if got := strings.Join(names, " "); got != "a d d/b d/e d/e/c d/l" || fault.Of(last) != fault.WriteLocal {
		t.Errorf("%s, %v", got, last)
	}
	// A directory that is in itself ends some time.
	deep := &circle{tree()}
	for _, err := range files.Walk(t.Context(), deep, "") {
		last = err
	}
	if fault.Of(last) != fault.Limit {
		t.Errorf("a circle ends with %v", last)
	}
}

// A circle has itself in every directory.
type circle struct{ *memory }

func (c *circle) List(context.Context, string) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) { yield(files.Entry{Name: "d", Kind: files.Dir}, nil) }
}

func TestSorted(t *testing.T) {
	list := func(n int) verb.Stream[files.Entry] {
		return func(yield func(files.Entry, error) bool) {
			for i := range n {
				name := string(rune('a' + (n-i)%26))
				if !yield(files.Entry{Name: name, Size: files.Size(i), Modified: day.AddDate(0, 0, i)}, nil) {
					return
				}
			}
			yield(files.Entry{Name: ".h"}, nil)
			yield(files.Entry{}, fault.New(fault.Recv, "the end"))
		}
	}
	for by, want := range map[string]string{"": "bcde", "name": "bcde", "size": "bcde", "time": "bcde", "none": "edcb"} {
		var got string
		var last error
		for e, err := range files.Sorted(list(4), by, false) {
			got += e.Name
			last = err
		}
		if got != want || fault.Of(last) != fault.Recv {
			t.Errorf("%s: %s, %v", by, got, last)
		}
	}
	var all string
	for e := range files.Sorted(list(2), "", true) {
		all += e.Name
	}
	if all != ".hbc" {
		t.Errorf("with hidden ones it is %s", all)
	}
	n := 0
	for e := range files.Sorted(list(20_000), "", false) {
		if n++; n == 1 && e.Name != "g" {
			t.Errorf("the first of many is %s, and they were sorted", e.Name)
		}
	}
	if n != 20_001 {
		t.Errorf("of 20,000 there are %d", n-1)
	}
}

// D10: a file that has changed since it was listed is not put behind what came of
// it before.
func TestChangedSinceListed(t *testing.T) {
	from, to := tree("a=new version"), tree()
	to.part["a"] = 3
	it := files.Item{Do: files.Copied, From: "a", To: "a", Entry: files.Entry{Name: "a", Kind: files.File, Size: 13, Modified: day.Add(-time.Hour)}}
	did, err := done(t, files.Run(t.Context(), from, to, []files.Item{it}, files.Options{Resume: true}))
	if fault.Of(err) != fault.ResumeMismatch || to.all() != "" {
		t.Errorf("%s, %v: %s", did, err, to.all())
	}
}
