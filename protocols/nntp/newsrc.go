package nntp

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// A newsrc is the file in which readers of news note what has been read: a
// line "group: 1-10,12" for each group, with ! instead of : for one that is
// not subscribed to. Lines of another form are kept as they are.
type newsrc struct {
	file  string
	lines []newsLine
	index map[string]int // of the lines, by group
}

type newsLine struct {
	group      string // "" for a line of another form
	subscribed bool
	read       []span // in order, apart from each other
	text       string // of a line of another form
}

// mostNewsrc bounds the file.
const mostNewsrc = 16 << 20

// readNewsrc reads the file, which need not exist yet.
func readNewsrc(ctx context.Context, name string) (*newsrc, error) {
	n := &newsrc{file: home(name)}
	return n, n.read(ctx)
}

// read takes what the file has now.
func (n *newsrc) read(ctx context.Context) error {
	disk := files.DiskOf(ctx)
	if disk == nil {
		return fault.New(fault.Unsupported, "there is no local directory to keep marks in")
	}
	b, err := disk.Fetch(ctx, files.At{Path: n.file}, 0)
	if fault.Of(err) == fault.NotFound {
		n.parse("")
		return nil
	}
	if err != nil {
		return err
	}
	defer b.Close()
	text, err := io.ReadAll(io.LimitReader(b, mostNewsrc+1))
	if err == nil && len(text) > mostNewsrc {
		err = fault.New(fault.ReadLocal, "%s is longer than 16 MiB", n.file)
	}
	if err != nil {
		return err
	}
	n.parse(string(text))
	return nil
}

func (n *newsrc) parse(text string) {
	n.lines, n.index = nil, map[string]int{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		n.lines = append(n.lines, parseNewsLine(line))
		if g := n.lines[len(n.lines)-1].group; g != "" {
			n.index[g] = len(n.lines) - 1
		}
	}
}

func parseNewsLine(line string) newsLine {
	i := strings.IndexAny(line, ":! \t")
	if i < 1 || line[i] != ':' && line[i] != '!' {
		return newsLine{text: line}
	}
	x := newsLine{group: line[:i], subscribed: line[i] == ':'}
	for part := range strings.SplitSeq(strings.ReplaceAll(line[i+1:], " ", ""), ",") {
		if part == "" {
			continue
		}
		spans, err := parseSpans(part)
		if err != nil || spans[0].to == last {
			return newsLine{text: line}
		}
		x.read = append(x.read, spans[0])
	}
	x.read = joined(x.read)
	return x
}

// joined are spans in order, with those that touch made one.
func joined(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var all []span
	for _, x := range spans {
		if k := len(all); k > 0 && x.from <= all[k-1].to+1 {
			all[k-1].to = max(all[k-1].to, x.to)
		} else {
			all = append(all, x)
		}
	}
	return all
}

// text is the file.
func (n *newsrc) text() []byte {
	var b bytes.Buffer
	for _, x := range n.lines {
		if x.group == "" {
			b.WriteString(x.text + "\n")
			continue
		}
		b.WriteString(x.group + map[bool]string{true: ":", false: "!"}[x.subscribed])
		for i, r := range x.read {
			b.WriteString(map[bool]string{true: " ", false: ","}[i == 0] + r.String())
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// line is that of a group, which is added if it is new.
func (n *newsrc) line(group string) *newsLine {
	i, ok := n.index[group]
	if !ok {
		i = len(n.lines)
		n.lines = append(n.lines, newsLine{group: group})
		n.index[group] = i
	}
	return &n.lines[i]
}

func (n *newsrc) subscribed(group string) bool {
	i, ok := n.index[group]
	return ok && n.lines[i].subscribed
}

func (n *newsrc) of(group string) []span {
	if i, ok := n.index[group]; ok {
		return n.lines[i].read
	}
	return nil
}

// unseen are the numbers of a group that have not been read.
func (n *newsrc) unseen(g *Group) (all []span) {
	from := g.Low
	for _, x := range n.of(g.Name) {
		if x.from > g.High {
			break
		}
		if x.from > from {
			all = append(all, span{from, x.from - 1})
		}
		from = max(from, x.to+1)
	}
	if from <= g.High {
		all = append(all, span{from, g.High})
	}
	return all
}

// unread is how many articles of a group have not been read, at most.
func (n *newsrc) unread(g *Group) (count int64) {
	for _, x := range n.unseen(g) {
		count += x.to - x.from + 1
	}
	return max(0, min(count, g.Count))
}

// minus is all without the numbers in some.
func minus(all, some []span) (rest []span) {
	for _, x := range all {
		from := x.from
		for _, y := range joined(slices.Clone(some)) {
			if y.to < from || y.from > x.to {
				continue
			}
			if y.from > from {
				rest = append(rest, span{from, y.from - 1})
			}
			from = max(from, y.to+1)
		}
		if from <= x.to {
			rest = append(rest, span{from, x.to})
		}
	}
	return rest
}

// change changes the line of a group. The file is read before, since another
// reader of news may have written it, and replaced: there is always one that is
// whole.
func (n *newsrc) change(ctx context.Context, group string, do func(x *newsLine)) error {
	if err := n.read(ctx); err != nil {
		return err
	}
	do(n.line(group))
	text := n.text()
	disk := files.DiskOf(ctx)
	return disk.Store(ctx, n.file, &verb.Blob{Name: n.file, Size: int64(len(text)), ReadCloser: io.NopCloser(bytes.NewReader(text))}, files.Storing{Replace: true, Quiet: true})
}

// mark notes articles as read, if marks are kept. That it could not is no
// fault of the command that has read them.
func (s *Session) mark(ctx context.Context, group string, spans []span) {
	if s.news == nil {
		return
	}
	err := s.news.change(ctx, group, func(x *newsLine) { x.read = joined(append(x.read, spans...)) })
	if err != nil && s.wire.Warn != nil {
		s.wire.Warn("the marks were not kept: " + err.Error())
	}
}

// markRead notes the article that a word means as read.
func (s *Session) markRead(ctx context.Context, word string) {
	group, arg, err := one(word)
	if s.news == nil || err != nil || isID(arg) {
		return
	}
	if group == "" && s.group != nil {
		group = s.group.Name
	}
	n := s.current
	if arg != "" {
		n, _ = number(arg)
	}
	if group != "" && n > 0 {
		s.mark(ctx, group, []span{{n, n}})
	}
}

// Marked is what has been noted in the file of marks.
type Marked struct {
	Group string `json:"group"`
	Did   string `json:"did"`
	New   int64  `json:"new"` // articles not read
}

// Message says it.
func (m Marked) Message() string { return fmt.Sprintf("%s: %s, %d new", m.Group, m.Did, m.New) }

// MarkArgs are the arguments of Mark.
type MarkArgs struct {
	What   []string `arg:"what..." help:"articles, such as 5, 1-100, all; before them another group; the current article if left out" complete:"group"`
	Unread bool     `flag:"unread" help:"as not read"`
}

// Mark notes articles as read.
func (s *Session) Mark(ctx context.Context, a MarkArgs) (Marked, error) {
	c, err := chosen(a.What)
	if err != nil {
		return Marked{}, err
	}
	if s.news == nil {
		return Marked{}, unkept()
	}
	g, spans, err := s.reach(ctx, c)
	if err != nil {
		return Marked{}, err
	}
	if len(c.sets) == 0 && c.group == "" && s.current > 0 {
		spans = []span{{s.current, s.current}}
	}
	if len(spans) == 0 {
		return Marked{}, fault.New(fault.Usage, "no articles were named").WithHint("all marks the whole group")
	}
	did := "read"
	err = s.news.change(ctx, g.Name, func(x *newsLine) {
		if a.Unread {
			x.read, did = minus(x.read, spans), "unread"
		} else {
			x.read = joined(append(x.read, spans...))
		}
	})
	return Marked{g.Name, did, s.news.unread(g)}, err
}

func unkept() error {
	return fault.New(fault.Usage, "nobody keeps what has been read").WithHint("connect with --newsrc FILE")
}

// SubscribeArgs are the arguments of Subscribe and Unsubscribe.
type SubscribeArgs struct {
	Group string `arg:"group?" help:"name of a group; the current one if left out" complete:"group"`
}

// Subscribe notes that a group is subscribed to.
func (s *Session) Subscribe(ctx context.Context, a SubscribeArgs) (Marked, error) {
	return s.subscribe(ctx, a.Group, true)
}

// Unsubscribe notes that it is not.
func (s *Session) Unsubscribe(ctx context.Context, a SubscribeArgs) (Marked, error) {
	return s.subscribe(ctx, a.Group, false)
}

func (s *Session) subscribe(ctx context.Context, name string, on bool) (Marked, error) {
	words := []string{}
	if name != "" {
		words = append(words, name)
	}
	c, err := chosen(words)
	if err != nil {
		return Marked{}, err
	}
	if s.news == nil {
		return Marked{}, unkept()
	}
	g, _, err := s.reach(ctx, c)
	if err != nil {
		return Marked{}, err
	}
	did := map[bool]string{true: "subscribed", false: "unsubscribed"}[on]
	err = s.news.change(ctx, g.Name, func(x *newsLine) { x.subscribed = on })
	return Marked{g.Name, did, s.news.unread(g)}, err
}
