package gopher

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// MirrorArgs are the arguments of Mirror.
type MirrorArgs struct {
	Item   string        `arg:"item" help:"menu to begin with, . for the one shown last; it may be left out" complete:"remote"`
	Dir    string        `arg:"dir?" help:"local directory to copy into" complete:"local"`
	Depth  int           `flag:"depth" help:"how many menus deep; 3 if left out"`
	Below  bool          `flag:"below" help:"only what has a selector that begins with that of the menu"`
	Wait   time.Duration `flag:"wait" help:"pause between requests; what robots.txt says if left out"`
	Most   int           `flag:"most" help:"end after so many items; 10,000 if left out"`
	Update bool          `flag:"update" help:"fetch files again that are there"`
	Rude   bool          `flag:"no-robots" help:"do not ask for robots.txt, which says what robots may fetch"`
}

// What a mirror does unless it is told otherwise.
const (
	usualDepth  = 3
	deepest     = 64
	mostItems   = 10_000
	mostNames   = 16 << 20    // bytes of the names and selectors of all that is to be copied
	longestWait = time.Minute // that a server may ask for
)

// A mirror copies menus and files of one server to the disk, a level of menus
// after the other.
type mirror struct {
	MirrorArgs
	s      *Session
	disk   files.Disk
	start  Item
	plan   layout
	robots robots
	queue  []stop
	size   int  // bytes of the names and selectors that were ever in the queue
	asked  bool // something, so that there is a pause before the next
	failed int
	count  int
	first  error // of the failures
}

// A stop is an item that is still to be fetched.
type stop struct {
	Item
	path  string // of its file
	depth int    // menus above it
}

// Mirror copies a menu, and what can be reached from it at the same server,
// into a local directory. The menus are files called gophermap, which lead to
// the copies: gopher ./hole/gophermap shows them.
func (s *Session) Mirror(ctx context.Context, a MirrorArgs) (verb.Stream[files.Done], error) {
	if err := protocols.OneLine("dir", a.Dir); err != nil {
		return nil, err
	}
	if a.Dir == "" {
		a.Item, a.Dir = ".", a.Item
	}
	if isURL(a.Dir) {
		return nil, fault.New(fault.Usage, "missing DIR").WithHint("such as: mirror %s ./hole", a.Dir)
	}
	it, err := s.item(ctx, a.Item, View{})
	if err != nil {
		return nil, err
	}
	if it.Type == 0 {
		it.Type = '1'
	}
	switch {
	case it.Local:
		return nil, fault.New(fault.Usage, "%s is on this machine already", it.Selector)
	case it.kind() != asMenu:
		return nil, (&fault.Error{Kind: fault.Usage, At: it.URL(), Text: "the item is no menu but of type " + classOf(it.Type).word}).WithHint("get saves it")
	case a.Depth < 0 || a.Depth > deepest:
		return nil, fault.New(fault.BadArgument, "--depth %d is not between 1 and %d", a.Depth, deepest)
	}
	if a.Depth == 0 {
		a.Depth = usualDepth
	}
	if a.Most <= 0 {
		a.Most = mostItems
	}
	m := &mirror{MirrorArgs: a, s: s, disk: files.DiskOf(ctx), start: it}
	if m.disk == nil {
		return nil, fault.New(fault.Unsupported, "there is no local directory to copy into")
	}
	if err := m.learn(ctx); err != nil {
		return nil, err
	}
	m.plan = newLayout(onDisk(a.Dir), s.delimiter(it))
	return func(yield func(files.Done, error) bool) {
		defer s.silence()()
		if err := m.run(ctx, yield); err != nil {
			yield(files.Done{}, err)
		}
	}, nil
}

// silence keeps remarks about each of many files from the user.
func (s *Session) silence() (end func()) {
	s.silent = true
	return func() { s.silent = false }
}

// run fetches what is in the queue. It stops early where yield wants no more.
func (m *mirror) run(ctx context.Context, yield func(files.Done, error) bool) error {
	m.queue = []stop{{m.start, m.plan.menu(m.start, m.start), 0}}
	for len(m.queue) > 0 {
		next := m.queue[0]
		m.queue = m.queue[1:]
		if m.count++; m.count > m.Most {
			e := &fault.Error{Kind: fault.Limit, At: m.start.URL(), Text: "there are more items than --most allows"}
			return e.WithHint("--depth, --below and --most say how much is copied")
		}
		d := m.fetch(ctx, next)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if d.Did != files.Kept && !yield(d, nil) {
			return nil
		}
	}
	switch {
	case m.failed == 0:
		return nil
	case m.count == 1:
		return m.first
	}
	return fault.New(fault.Of(m.first), "%d of %d failed; the first: %w", m.failed, m.count, m.first)
}

// fetch copies one item.
func (m *mirror) fetch(ctx context.Context, x stop) files.Done {
	d := files.Done{Did: files.Copied, Path: x.path}
	menu := x.kind() == asMenu
	if !menu && !m.Update {
		if e, err := m.disk.Stat(ctx, x.path); err == nil && e.Kind == files.File {
			d.Did = files.Kept
			return d
		}
	}
	if rule, ok := m.robots.forbids(x.Selector); ok {
		return files.Done{Did: files.Skipped, Path: x.path, Why: "robots.txt says Disallow: " + rule}
	}
	err := m.pause(ctx)
	var b *verb.Blob
	if err == nil {
		if menu {
			b, err = m.list(ctx, x)
		} else {
			b, err = m.s.fetch(ctx, x.Item, Look{})
		}
	}
	if err == nil {
		err = m.disk.Store(ctx, x.path, b, files.Storing{Replace: menu || m.Update})
	}
	if err != nil {
		if m.failed++; m.first == nil {
			m.first = err
		}
		return files.Done{Did: files.Failed, Path: x.path, Why: err.Error()}
	}
	if e, err := m.disk.Stat(ctx, x.path); err == nil {
		d.Bytes = int64(e.Size)
	}
	return d
}

// pause waits as long as the user or the server wants between requests.
func (m *mirror) pause(ctx context.Context) error {
	wait := m.Wait
	if wait == 0 {
		wait = min(m.robots.delay, longestWait)
	}
	if asked := m.asked; !asked || wait <= 0 {
		m.asked = true
		return nil
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// mostMenu bounds a menu that is copied.
const mostMenu = 8 << 20

// list reads a menu, notes what is to be fetched of it, and gives the menu as
// it is to be kept: with links to the copies.
func (m *mirror) list(ctx context.Context, x stop) (*verb.Blob, error) {
	l, err := m.s.open(ctx, x.Item, Look{}, false)
	if err != nil {
		return nil, err
	}
	defer l.from.Close()
	var text strings.Builder
	before := byte(0)
	for {
		line, err := l.next()
		if err != nil || string(line) == "." {
			if err = l.over(err); err != nil {
				return nil, err
			}
			break
		}
		l.row(line)
		it, broken := parseIn(l.place, line, before)
		if numbered(it, broken) {
			before = it.Type
		}
		m.note(&text, x, it, broken)
		if m.size > mostNames {
			return nil, &fault.Error{Kind: fault.Limit, At: x.URL(), Text: "the selectors of what is to be copied take more than 16 MiB"}
		}
		if text.Len() > mostMenu {
			return nil, &fault.Error{Kind: fault.Limit, At: x.URL(), Text: "the menu is longer than 8 MiB"}
		}
	}
	return &verb.Blob{Name: mapName, Size: int64(text.Len()), ReadCloser: io.NopCloser(strings.NewReader(text.String()))}, nil
}

// note writes a line of the menu, which leads to the copy of the item if there
// will be one.
func (m *mirror) note(w *strings.Builder, x stop, it Item, broken string) {
	it.Secure = m.start.Secure
	switch {
	case broken != "":
		it = Item{Type: 'i', Name: it.Name}
		fallthrough
	case it.Type == 'i' || it.Type == '3':
		w.WriteString(string(rune(it.Type)) + oneField(it.Name) + "\t\tnull\t1\n")
		return
	}
	if path, ok := m.wanted(x, it); ok {
		w.WriteString(string(rune(it.Type)) + oneField(it.Name) + "\t" + relative(x.path, path) + "\n")
		return
	}
	w.WriteString(it.line() + "\n")
}

// line is an item as a line of a menu (RFC 1436, section 2), without its end.
func (it Item) line() string {
	host := it.Host
	if host == "" {
		host = "null"
	}
	return string(rune(it.Type)) + oneField(it.Name) + "\t" + it.Selector + "\t" + host + "\t" + strconv.Itoa(max(it.Port, 1))
}

func oneField(name string) string {
	return strings.NewReplacer("\t", " ", "\r", " ", "\n", " ").Replace(name)
}

// wanted is where the copy of an item is, or will be, if it is one to copy.
func (m *mirror) wanted(x stop, it Item) (path string, ok bool) {
	kind := it.kind()
	if kind != asMenu && kind != asText && kind != asBytes || !it.at(m.start) {
		return "", false
	}
	if path, ok := m.plan.known(it); ok {
		return path, true
	}
	if len(m.queue) > m.Most { // which ends it
		return "", false
	}
	if m.Below && !strings.HasPrefix(it.Selector, m.start.Selector) || kind == asMenu && x.depth+1 >= m.Depth {
		return "", false
	}
	if kind == asMenu {
		path = m.plan.menu(it, m.start)
	} else {
		path = m.plan.file(it)
	}
	m.queue = append(m.queue, stop{it, path, x.depth + 1})
	m.size += len(it.Name) + 2*len(it.Selector) + 2*len(path)
	return path, true
}

// learn asks the server how paths are made of its selectors, what robots may
// fetch, and how often. One that has nothing to say allows all.
func (m *mirror) learn(ctx context.Context) error {
	defer m.s.silence()()
	m.asked = true
	root := m.start.root()
	if _, err := m.s.capsOf(ctx, root); err != nil && !nothingSaid(ctx, err) {
		return err
	}
	if m.Rude {
		return nil
	}
	root.Type, root.Selector = '0', "robots.txt"
	text, err := m.s.small(ctx, root)
	if err == nil {
		m.robots = parseRobots(text)
	} else if !nothingSaid(ctx, err) {
		return err
	}
	return nil
}

// nothingSaid reports whether a server that has answered so has nothing to say.
func nothingSaid(ctx context.Context, err error) bool {
	var f *fault.Error
	return ctx.Err() == nil && errors.As(err, &f) && f.Kind != fault.Connect && f.Kind != fault.Resolve && f.Kind != fault.TLSCert
}
