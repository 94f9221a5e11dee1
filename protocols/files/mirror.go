package files

import (
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// Mirrored makes dst in to like src in from: see MirrorArgs. It first lists
// both, and then does what is to be done. Of o only Retry and Lost count.
func Mirrored(ctx context.Context, from, to Tree, src, dst string, a MirrorArgs, o Options) verb.Stream[Done] {
	return func(yield func(Done, error) bool) {
		for _, p := range slices.Concat(a.Include, a.Exclude) {
			if _, err := path.Match(p, ""); err != nil {
				yield(Done{}, fault.New(fault.BadArgument, "%q is not a pattern", p))
				return
			}
		}
		m := &mirror{ctx: ctx, from: from, to: to, MirrorArgs: a}
		if err := m.dir(src, dst, "", 0, true); err != nil {
			yield(Done{}, err)
			return
		}
		if m.cut && len(m.removals) > 0 {
			m.removals = nil
			m.skip(dst, "nothing is removed, since not all of the source could be listed")
		}
		if !a.DryRun || len(m.items)+len(m.removals) == 0 {
			kept(ctx, m.same)
		}
		o := Options{Update: true, Jobs: a.Jobs, Resume: a.Resume, DryRun: a.DryRun, Temp: a.Temp, Retry: o.Retry, Lost: o.Lost}
		Run(ctx, from, to, append(m.items, m.removals...), o)(yield)
	}
}

// A mirror is a plan in the making.
type mirror struct {
	MirrorArgs
	ctx      context.Context
	from, to Tree
	items    []Item
	removals []Item
	same     int  // files that are there already
	cut      bool // not all of the source could be listed
}

func (m *mirror) add(it Item) { m.items = append(m.items, it) }

func (m *mirror) skip(to, why string) { m.add(Item{Do: Skipped, To: to, Why: why}) }

// lack notes what could not be listed, which is what the mirror fails with. (F06)
func (m *mirror) lack(dir string, err error) {
	m.add(Item{Do: Skipped, To: dir, Why: err.Error(), Err: err})
}

// dir plans for one directory; rel is its path below the mirrored one. there
// says that the other side may have it.
func (m *mirror) dir(src, dst, rel string, depth int, there bool) error {
	if depth > deepest {
		return fault.New(fault.Limit, "%s is more than %d directories deep", cut(src), deepest)
	}
	if err := cmp.Or(Counted(m.items), Counted(m.removals)); err != nil {
		return err
	}
	ours, err := Collect(m.from.List(m.ctx, src))
	m.cut = m.cut || err != nil
	switch {
	case err == nil:
	case fault.Of(err) == fault.Partial && m.ctx.Err() == nil:
		m.lack(src, err)
	case depth == 0:
		return err
	case m.ctx.Err() != nil:
		return context.Cause(m.ctx)
	default:
		m.lack(src, err)
		return nil
	}
	theirs := map[string]Entry{}
	if there {
		list, err := Collect(m.to.List(m.ctx, dst))
		switch k := fault.Of(err); {
		case err == nil, k == fault.Partial:
			for _, e := range list {
				theirs[e.Name] = e
			}
			there = len(list) > 0 || exists(m.ctx, m.to, dst)
		case k == fault.NotFound, k == fault.Denied, k == fault.Refused:
			there = false
		default:
			return err
		}
	}
	if !there && dst != "" && dst != "." && dst != "/" {
		m.add(Item{Do: Made, To: dst})
	}
	for _, e := range ours {
		if err := m.entry(e, theirs, src, dst, rel, depth); err != nil {
			return err
		}
	}
	if m.Delete && !m.cut {
		return m.remove(dst, rel, theirs)
	}
	return nil
}

func exists(ctx context.Context, t Tree, dir string) bool {
	_, err := t.Stat(ctx, dir)
	return err == nil || fault.Of(err) != fault.NotFound && fault.Of(err) != fault.Denied
}

func (m *mirror) entry(e Entry, theirs map[string]Entry, src, dst, rel string, depth int) error {
	if err := Safe(e.Name); err != nil {
		m.skip(Join(dst, "?"), err.Error())
		return nil
	}
	below := Join(rel, e.Name)
	if m.excluded(below, e.Kind) {
		delete(theirs, e.Name) // neither copied nor removed
		return nil
	}
	other, have := theirs[e.Name]
	delete(theirs, e.Name)
	from, to := Join(src, e.Name), Join(dst, e.Name)
	switch e.Kind {
	case Dir:
		if have && other.Kind != Dir {
			m.skip(to, "a directory would take the place of a "+other.Kind)
			return nil
		}
		return m.dir(from, to, below, depth+1, have)
	case File:
		switch {
		case have && other.Kind == Dir:
			m.skip(to, "a file would take the place of a directory")
		case !have, m.differs(e, other) && (e.Size != other.Size || m.differs(exact(m.ctx, m.from, from, e), other)):
			m.add(Item{Do: Copied, From: from, To: to, Entry: e})
		default:
			m.same++
		}
	}
	return nil // links and devices are left out
}

func (m *mirror) differs(e, other Entry) bool {
	if other.Kind != File {
		return true
	}
	if m.Newer {
		return newer(e, other)
	}
	return e.Size >= 0 && other.Size >= 0 && e.Size != other.Size || newer(e, other)
}

func (m *mirror) excluded(rel, kind string) bool {
	like := func(p string) bool {
		if strings.HasSuffix(p, "/") {
			if kind != Dir {
				return false
			}
			p = strings.TrimSuffix(p, "/")
		}
		whole, _ := path.Match(p, rel)
		base, _ := path.Match(p, path.Base(rel))
		return whole || base
	}
	return slices.ContainsFunc(m.Exclude, like) ||
		kind != Dir && len(m.Include) > 0 && !slices.ContainsFunc(m.Include, like)
}

// below plans to remove a directory and all that is in it, but for what is
// excluded and the directories that it is in.
func (m *mirror) below(dir, rel string, e Entry) ([]Item, error) {
	all := []Item{{Do: Removed, To: dir, Entry: e}}
	spared, within := map[string]bool{}, "" // a directory that is excluded
	for at, err := range Walk(m.ctx, m.to, dir) {
		switch {
		case err != nil:
			return nil, err
		case within != "" && strings.HasPrefix(at.Path, within), m.excluded(rel+at.Path[len(dir):], at.Kind):
			spared[dir] = true
			for p := at.Path; len(p) > len(dir); p = path.Dir(p) {
				spared[p] = true
			}
			if at.Kind == Dir && (within == "" || !strings.HasPrefix(at.Path, within)) {
				within = at.Path + "/"
			}
			continue
		}
		all = append(all, Item{Do: Removed, To: at.Path, Entry: at.Entry})
		if err := Counted(all); err != nil {
			return nil, err
		}
	}
	slices.Reverse(all)
	return slices.DeleteFunc(all, func(it Item) bool { return spared[it.To] }), nil
}

// remove plans to remove what the source does not have.
func (m *mirror) remove(dst, rel string, theirs map[string]Entry) error {
	var names []string
	for n := range theirs {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		e := theirs[n]
		if Safe(n) != nil || m.excluded(Join(rel, n), e.Kind) {
			continue
		}
		to := Join(dst, n)
		if e.Kind == Dir {
			all, err := m.below(to, Join(rel, n), e)
			if err != nil {
				return err
			}
			m.removals = append(m.removals, all...)
			continue
		}
		m.removals = append(m.removals, Item{Do: Removed, To: to, Entry: e})
	}
	return nil
}
