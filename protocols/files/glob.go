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
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// deepest bounds how far down a walk goes, since links may lead in circles.
const deepest = 64

// Walk yields what is below dir, each directory before what is in it. Links
// are not followed. A directory that cannot be listed ends the walk.
func Walk(ctx context.Context, l Lister, dir string) verb.Stream[At] {
	return func(yield func(At, error) bool) { walk(ctx, l, dir, 0, yield) }
}

func walk(ctx context.Context, l Lister, dir string, depth int, yield func(At, error) bool) bool {
	if depth > deepest {
		return yield(At{}, fault.New(fault.Limit, "%s is more than %d directories deep", cut(dir), deepest))
	}
	es, err := Collect(l.List(ctx, dir))
	for _, e := range es {
		if bad := Safe(e.Name); bad != nil {
			if err == nil {
				err = bad
			}
			continue
		}
		at := At{Join(dir, e.Name), e}
		if !yield(at, nil) {
			return false
		}
		if e.Kind == Dir && !walk(ctx, l, at.Path, depth+1, yield) {
			return false
		}
	}
	return err == nil || yield(At{}, err) && false
}
