package files_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// A mirror has what the source has, and a second run has nothing to do.
// (FTP-13)
func TestMirror(t *testing.T) {
	for _, jobs := range []int{0, 4} {
		from := cloned{tree("a=1", "b=22", "d/e/f=333", "d/g=4", ".h=5")}
		to := tree("x/b=2", "x/old=9", "x/olddir/y=9")
		a := files.MirrorArgs{Jobs: jobs, Delete: true, DryRun: true}
		plan, err := done(t, files.Mirrored(t.Context(), from, to, "", "x", a, files.Options{}))
		want := "made x/d, made x/d/e, copied x/.h, copied x/a, copied x/b, copied x/d/e/f, copied x/d/g, removed x/old, removed x/olddir/y, removed x/olddir"
		would := strings.NewReplacer("made", "would make", "copied", "would copy", "removed", "would remove").Replace(want)
		if err != nil || sorted(plan) != sorted(would) {
			t.Errorf("%d: the plan is %s, %v", jobs, plan, err)
		}
		if to.all() != "x/b=2 x/old=9 x/olddir/y=9" {
			t.Errorf("%d: a dry run has changed it to %s", jobs, to.all())
		}
		a.DryRun = false
		did, err := done(t, files.Mirrored(t.Context(), from, to, "", "x", a, files.Options{}))
		if err != nil || sorted(did) != sorted(want) {
			t.Errorf("%d: it did %s, %v", jobs, did, err)
		}
		if got := to.all(); got != "x/.h=5 x/a=1 x/b=22 x/d/e/f=333 x/d/g=4" {
			t.Errorf("%d: it has %s", jobs, got)
		}
		if again, err := done(t, files.Mirrored(t.Context(), from, to, "", "x", a, files.Options{})); again != "" || err != nil {
			t.Errorf("%d: the second run did %s, %v", jobs, again, err)
		}
		if from.clones != 0 {
			t.Errorf("%d: %d clones are left", jobs, from.clones)
		}
		// What is made comes before what is in it, what is removed after.
		at := func(s string) int { return slices.Index(to.log, s) }
		if at("mkdir x/d") > at("store x/d/g") || at("rm x/olddir/y") > at("rmdir x/olddir") || at("rm x/old") < at("store x/a") {
			t.Errorf("%d: the order is %q", jobs, to.log)
		}
	}
}

func sorted(s string) string {
	list := strings.Split(s, ", ")
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func TestMirrorChooses(t *testing.T) {
	for _, c := range []struct {
		name string
		args files.MirrorArgs
		want string
	}{
		{"all", files.MirrorArgs{}, "copied a.txt, copied b.gz, copied d/c.txt, made d"},
		{"include", files.MirrorArgs{Include: []string{"*.gz"}}, "copied b.gz, made d"},
		{"exclude", files.MirrorArgs{Exclude: []string{"*.gz", "d/"}}, "copied a.txt"},
		{"exclude a path", files.MirrorArgs{Exclude: []string{"d/c.txt"}}, "copied a.txt, copied b.gz, made d"},
	} {
		did, err := done(t, files.Mirrored(t.Context(), tree("a.txt=1", "b.gz=2", "d/c.txt=3"), tree(), "", "", c.args, files.Options{}))
		if err != nil || sorted(did) != c.want {
			t.Errorf("%s: %s, %v", c.name, sorted(did), err)
		}
	}
	if _, err := done(t, files.Mirrored(t.Context(), tree("a=1"), tree(), "", "", files.MirrorArgs{Include: []string{"["}}, files.Options{})); fault.Of(err) != fault.BadArgument {
		t.Errorf("a bad pattern gives %v", err)
	}
	// What was excluded is not deleted either.
	to := tree("keep.bak=1", "gone=2")
	did, err := done(t, files.Mirrored(t.Context(), tree("a=1"), to, "", "", files.MirrorArgs{Delete: true, Exclude: []string{"*.bak"}}, files.Options{}))
	if err != nil || sorted(did) != "copied a, removed gone" {
		t.Errorf("%s, %v", did, err)
	}
}

func TestMirrorNewer(t *testing.T) {
	from, to := tree("same=1", "newer=1", "older=1", "size=1"), tree("same=1", "newer=1", "older=1", "size=22")
	from.times["newer"], from.times["older"] = day.Add(time.Hour), day.Add(-time.Hour)
	if did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Newer: true}, files.Options{})); did != "copied newer" || err != nil {
		t.Errorf("--newer: %s, %v", did, err)
	}
	if did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{}, files.Options{})); did != "copied size" || err != nil {
		t.Errorf("%s, %v", did, err)
	}
	// A listing that tells only minutes, or days, is no reason to copy.
	for _, coarse := range []time.Duration{time.Minute, 24 * time.Hour} {
		from, to := tree("a=1"), tree("a=1")
		from.times["a"], to.times["a"] = day, day.Truncate(coarse)
		if did, _ := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{}, files.Options{})); did != "" {
			t.Errorf("with times in steps of %v it did %s", coarse, did)
		}
	}
}

// Names that lead elsewhere, and links, are neither copied nor removed; what
// was left out makes the command fail. (D01, D05, F06, F07)
func TestMirrorHostile(t *testing.T) {
	from := tree("ok=1")
	for _, n := range []string{"../x", "/abs", "a/../../b", "..", ".", "", `C:\x`, `\\h\x`, "c:", strings.Repeat("x", 400), "nul\x00"} {
		from.names[""] = append(from.names[""], files.Entry{Name: n, Kind: files.File, Size: 1}, files.Entry{Name: n, Kind: files.Dir})
	}
	from.names[""] = append(from.names[""], files.Entry{Name: "link", Kind: files.Link, Target: "/etc"}, files.Entry{Name: "dev", Kind: files.Other})
	to := tree("extra=1")
	did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Delete: true}, files.Options{}))
	if fault.Of(err) != fault.WriteLocal || !strings.Contains(did, "copied ok") {
		t.Errorf("%s, %v", did, err)
	}
	if got := to.all(); got != "ok=1" {
		t.Errorf("it has %q", got)
	}
	for _, l := range append(from.log, to.log...) {
		if strings.Contains(l, "..") || strings.Contains(l, "abs") || strings.Contains(l, "link") || strings.Contains(l, `\`) {
			t.Errorf("it did %q", l)
		}
	}

	// A source that was not understood in whole deletes nothing.
	from, to = tree("a=1"), tree("b=1")
	from.refuses[""] = fault.New(fault.Partial, "1 of 2 lines not understood")
	did, err = done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Delete: true}, files.Options{}))
	if err == nil || to.all() != "a=1 b=1" {
		t.Errorf("%s, %v: %s", did, err, to.all())
	}
}

// Nothing is removed, not even elsewhere, when a part of the source could not be
// listed: what is missed may be there.
func TestMirrorDeletesNothing(t *testing.T) {
	for _, kind := range []*fault.Kind{fault.Partial, fault.Denied, fault.Refused} {
		for _, bad := range []string{"b", "d", "d/e"} {
			from, to := tree("a=1", "b/x=1", "d/e/y=1", "z/z=1"), tree("old=1", "z/old=1", "z/olddir/old=1")
			from.refuses[bad] = fault.New(kind, "not all of it")
			did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Delete: true}, files.Options{}))
			if fault.Of(err) == nil || strings.Contains(did, "removed") || !strings.Contains(did, "copied z/z") {
				t.Errorf("%v of %s: %s, %v", kind, bad, did, err)
			}
		}
	}
}

// What is excluded stays in a directory that is to be removed, and so does the
// directory.
func TestMirrorSpares(t *testing.T) {
	to := tree("d/x.bak=1", "d/y=2", "d/e/f.bak=3", "d/g/h=4", "d/keep/z=5", "d/keep/deep/z=6", "gone/z=7")
	did, err := done(t, files.Mirrored(t.Context(), tree("a=1"), to, "", "", files.MirrorArgs{Delete: true, Exclude: []string{"*.bak", "keep/"}}, files.Options{}))
	if want := "copied a, removed d/g, removed d/g/h, removed d/y, removed gone, removed gone/z"; err != nil || sorted(did) != want {
		t.Errorf("%s, %v; want %s", sorted(did), err, want)
	}
	if got, want := to.all(), "a=1 d/e/f.bak=3 d/keep/deep/z=6 d/keep/z=5 d/x.bak=1"; got != want {
		t.Errorf("it has %s, want %s", got, want)
	}
}

// What was to be removed and is gone already is no failure.
func TestMirrorGone(t *testing.T) {
	to := tree("old=1")
	to.refuses["old"] = fault.New(fault.NotFound, "no old")
	if did, err := done(t, files.Mirrored(t.Context(), tree("a=1"), to, "", "", files.MirrorArgs{Delete: true}, files.Options{})); err != nil {
		t.Errorf("%s, %v", did, err)
	}
}

// One failure does not stop the others, and is told at the end. (FTP-26)
func TestRunFails(t *testing.T) {
	for _, jobs := range []int{1, 3} {
		from, to := cloned{tree("a=1", "b=2", "c=3")}, tree()
		to.refuses["b"] = &fault.Error{Kind: fault.Denied, Code: "550", Text: "no"}
		did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Jobs: jobs}, files.Options{}))
		if sorted(did) != "copied a, copied c, failed b" || fault.Of(err) != fault.Denied || !strings.Contains(err.Error(), "1 of 3 failed") {
			t.Errorf("%d: %s, %v", jobs, did, err)
		}
	}
	// A full disk stops all.
	from, to := tree("a=1", "b=2", "c=3"), tree()
	to.refuses["a"] = &fault.Error{Kind: fault.Refused, Code: "452", Text: "no room"}
	if did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{}, files.Options{})); did != "failed a" || fault.Of(err) != fault.Refused {
		t.Errorf("%s, %v", did, err)
	}
	// So does a server that is gone, but not one that only a data connection
	// did not reach.
	for phase, want := range map[string]string{"connect": "failed a", "body": "failed a, copied b, copied c"} {
		from, to := tree("a=1", "b=2", "c=3"), tree()
		from.refuses["a"] = &fault.Error{Kind: fault.Connect, Phase: phase, Text: "refused"}
		if did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{}, files.Options{})); did != want || fault.Of(err) != fault.Connect {
			t.Errorf("%s: %s, %v", phase, did, err)
		}
	}
	// A server that allows few connections is used with those.
	few := cloned{tree()}
	few.most = 1
	for i := range 50 {
		few.files[fmt.Sprint("f", i)] = "x"
	}
	to = tree()
	if _, err := done(t, files.Mirrored(t.Context(), few, to, "", "", files.MirrorArgs{Jobs: 8}, files.Options{})); err != nil || len(to.files) != 50 {
		t.Errorf("%d files, %v", len(to.files), err)
	}
}

func TestRunEnds(t *testing.T) {
	from, to := cloned{tree()}, tree()
	for i := range 200 {
		from.files[fmt.Sprint("f", i)] = "x"
	}
	// Who looks at no more than one row leaves nothing behind.
	for range files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Jobs: 8}, files.Options{}) {
		break
	}
	if from.clones != 0 {
		t.Errorf("%d clones are left", from.clones)
	}
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	n := 0
	var last error
	for _, err := range files.Mirrored(ctx, from, tree(), "", "", files.MirrorArgs{Jobs: 8}, files.Options{}) {
		if n++; n == 3 {
			cancel(why)
		}
		last = err
	}
	if last != why || n > 20 {
		t.Errorf("after %d rows it ended with %v", n, last)
	}
}

// What an earlier try has left is gone on with.
func TestRunResumes(t *testing.T) {
	from, to := tree("a=hello world"), tree("a=hello")
	to.part["a"] = 5
	items := []files.Item{{Do: files.Copied, From: "a", To: "a", Entry: files.Entry{Kind: files.File, Size: 11}}}
	if _, err := done(t, files.Run(t.Context(), from, to, items, files.Options{Resume: true})); err != nil || to.files["a"] != "hello world" {
		t.Errorf("%q, %v", to.files["a"], err)
	}
	// A connection that was lost is no reason to give up.
	flaky := &once{tree("b=1"), 1}
	items[0] = files.Item{Do: files.Copied, From: "b", To: "b", Entry: files.Entry{Kind: files.File, Size: 1}}
	if _, err := done(t, files.Run(t.Context(), flaky, to, items, files.Options{Lost: 1})); err != nil || to.files["b"] != "1" {
		t.Errorf("%q, %v", to.files["b"], err)
	}
}

// A file that was there before is not gone on with where the connection was lost
// before any of ours was stored. (FTP-14)
func TestRunBeginsAgain(t *testing.T) {
	t.Parallel()
	for begun, want := range map[bool]string{false: "hello world", true: "HELLO world"} {
		from, to := tree("a=hello world"), tree("a=HELLO")
		to.part["a"], to.begun = 5, map[string]bool{"a": begun}
		items := []files.Item{{Do: files.Copied, From: "a", To: "a", Entry: files.Entry{Kind: files.File, Size: 11}}}
		flaky := &once{from, 1}
		if _, err := done(t, files.Run(t.Context(), flaky, to, items, files.Options{Lost: 1, Update: true})); err != nil || to.files["a"] != want {
			t.Errorf("begun %v: %q, %v", begun, to.files["a"], err)
		}
	}
}

// A watching is a Disk that notes what it is told.
type watching struct {
	files.Disk
	files, kept, calls int
}

func (w *watching) Plan(files int, _ int64) { w.files += files }
func (w *watching) Kept(files int)          { w.calls++; w.kept += files }
func (w *watching) Watch(string, int64, int64, func() int64) func(bool) {
	return func(bool) {}
}

// What is left as it is is told, so that a person sees why there is no row.
// (FTP-13)
func TestMirrorTellsKept(t *testing.T) {
	from, to := tree("a=1", "b=2", "d/c=3"), tree()
	for i, want := range []watching{{files: 3, calls: 1}, {kept: 3, calls: 1}} {
		w := &watching{}
		if _, err := done(t, files.Mirrored(files.WithDisk(t.Context(), w), from, to, "", "", files.MirrorArgs{}, files.Options{})); err != nil || *w != want {
			t.Errorf("time %d: it was told %+v, %v", i+1, *w, err)
		}
	}
	// The same for those that are looked at one by one.
	w := &watching{}
	items := []files.Item{{Do: files.Copied, From: "a", To: "a", Entry: files.Entry{Kind: files.File, Size: 1}}}
	did, err := done(t, files.Run(files.WithDisk(t.Context(), w), from, to, items, files.Options{Newer: true}))
	if want := (watching{kept: 1, calls: 1}); err != nil || did != "" || *w != want {
		t.Errorf("%s, %v: it was told %+v", did, err, *w)
	}
	// A plan with something in it says enough.
	w = &watching{}
	from.files["new"] = "x"
	if _, err := done(t, files.Mirrored(files.WithDisk(t.Context(), w), from, to, "", "", files.MirrorArgs{DryRun: true}, files.Options{})); err != nil || w.calls != 0 {
		t.Errorf("it was told %+v, %v", *w, err)
	}
}

// Nothing is removed if one directory of the source could not be listed, also not
// where another one had been compared before. (F06)
func TestMirrorCutLate(t *testing.T) {
	from, to := tree("a/x=1", "b/x=1"), tree("a/x=1", "a/old=1", "b/x=1", "b/old=1", "old=1")
	from.refuses["b"] = fault.New(fault.Denied, "no entry")
	did, err := done(t, files.Mirrored(t.Context(), from, to, "", "", files.MirrorArgs{Delete: true}, files.Options{}))
	if err == nil || to.all() != "a/old=1 a/x=1 b/old=1 b/x=1 old=1" {
		t.Errorf("%s, %v: there is %s", did, err, to.all())
	}
}

// A source without a bottom is given up. (L03)
func TestMirrorDeep(t *testing.T) {
	to := tree()
	_, err := done(t, files.Mirrored(t.Context(), well{tree()}, to, "", "", files.MirrorArgs{}, files.Options{}))
	if fault.Of(err) != fault.Limit || !strings.Contains(err.Error(), "directories deep") || len(to.log) > 200 {
		t.Errorf("%v, after %d steps", err, len(to.log))
	}
}

// A well has a directory in each directory.
type well struct{ *memory }

func (well) List(context.Context, string) verb.Stream[files.Entry] {
	return func(yield func(files.Entry, error) bool) { yield(files.Entry{Name: "d", Kind: files.Dir}, nil) }
}

// What has changed since it was listed is not put behind the part of what it
// was. (D10)
func TestRunResumesTheSame(t *testing.T) {
	for _, e := range []files.Entry{{Kind: files.File, Size: 10, Modified: day}, {Kind: files.File, Size: 11, Modified: day.Add(-time.Hour)}} {
		from, to := tree("a=hello world"), tree("a=HELLO")
		to.part["a"] = 5
		items := []files.Item{{Do: files.Copied, From: "a", To: "a", Entry: e}}
		if _, err := done(t, files.Run(t.Context(), from, to, items, files.Options{Resume: true})); fault.Of(err) != fault.ResumeMismatch || to.files["a"] != "HELLO" {
			t.Errorf("%+v: %v; there is %q", e, err, to.files["a"])
		}
	}
}
