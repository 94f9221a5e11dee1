package files

import (
	"context"
	"path"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// An At is an entry and where it is.
type At struct {
	Path string
	Entry
}

// Collected bounds how many entries are held at a time.
const Collected = 1_000_000

// Collect reads a listing to its end. What came before an error is returned
// with it.
func Collect(s verb.Stream[Entry]) ([]Entry, error) {
	var all []Entry
	for e, err := range s {
		if err != nil {
			return all, err
		}
		if len(all) == Collected {
			return all, fault.New(fault.Limit, "a listing has more than %d entries", Collected)
		}
		all = append(all, e)
	}
	return all, nil
}

// Glob are the entries that match a pattern with *, ? and [a-z] in any part
// of the path, sorted. Names that begin with a dot need a dot.
func Glob(ctx context.Context, l Lister, pattern string) ([]At, error) {
	return glob(ctx, l, pattern, Collected)
}

func glob(ctx context.Context, l Lister, pattern string, most int) ([]At, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not a pattern", pattern).WithHint("[ and ] belong together")
	}
	dirs := []string{""}
	if strings.HasPrefix(pattern, "/") {
		dirs = []string{"/"}
	}
	parts := strings.FieldsFunc(pattern, func(r rune) bool { return r == '/' })
	var found []At
	for i, part := range parts {
		found = nil
		last := i == len(parts)-1
		for _, dir := range dirs {
			if !Magic(part) && !last {
				found = append(found, At{Path: Join(dir, part), Entry: Entry{Kind: Dir}})
				continue
			}
			es, err := Collect(l.List(ctx, dir))
			if err != nil && fault.Of(err) != fault.Partial {
				return nil, err
			}
			for _, e := range es {
				if matches(part, e.Name) && (last || e.Kind != File) {
					found = append(found, At{Join(dir, e.Name), e})
				}
				if len(found) > most {
					return nil, fault.New(fault.Limit, "more than %d files match %s", most, cut(pattern))
				}
			}
		}
		dirs = dirs[:0]
		for _, f := range found {
			dirs = append(dirs, f.Path)
		}
	}
	if len(found) == 0 {
		return nil, fault.New(fault.NotFound, "nothing matches %s", pattern)
	}
	slices.SortFunc(found, func(a, b At) int { return strings.Compare(a.Path, b.Path) })
	return found, nil
}

func matches(pattern, name string) bool {
	if Safe(name) != nil || strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") {
		return false
	}
	if pattern == name { // it has a [ in it
		return true
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// deepest bounds how far down a walk goes, since links may lead in circles.
const deepest = 64

// Walk yields what is below dir, each directory before what is in it. Links
// are not followed. A directory that cannot be listed ends the walk. How much
// it yields has no bound, but what it holds meanwhile has one.
func Walk(ctx context.Context, l Lister, dir string) verb.Stream[At] {
	return func(yield func(At, error) bool) {
		w := &walker{ctx: ctx, l: l, yield: yield, most: Collected}
		w.walk(dir, 0)
	}
}

type walker struct {
	ctx   context.Context
	l     Lister
	yield func(At, error) bool
	held  int // entries of the directories that it is in
	most  int // that it may hold
}

func (w *walker) walk(dir string, depth int) bool {
	if depth > deepest {
		return w.yield(At{}, fault.New(fault.Limit, "%s is more than %d directories deep", cut(dir), deepest)) && false
	}
	es, err := Collect(w.l.List(w.ctx, dir))
	if w.held += len(es); w.held > w.most {
		return w.yield(At{}, fault.New(fault.Limit, "%s and the directories above it have more than %d entries", cut(dir), w.most)) && false
	}
	defer func() { w.held -= len(es) }()
	for _, e := range es {
		if bad := Safe(e.Name); bad != nil {
			if err == nil {
				err = bad
			}
			continue
		}
		at := At{Join(dir, e.Name), e}
		if !w.yield(at, nil) {
			return false
		}
		if e.Kind == Dir && !w.walk(at.Path, depth+1) {
			return false
		}
	}
	return err == nil || w.yield(At{}, err) && false
}
