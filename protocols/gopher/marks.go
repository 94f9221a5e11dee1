package gopher

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// MarkArgs are the arguments of Mark.
type MarkArgs struct {
	Item string `arg:"item?" help:"number, URL, selector or name; the menu itself if left out" complete:"remote"`
	Name string `flag:"name" help:"what to call it; the name that the menu gives it if left out"`
	File string `flag:"file" help:"gophermap to add it to; the one that marks shows if left out" complete:"local"`
}

// Marked is an item that has been added to a gophermap.
type Marked struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	File string `json:"file"`
}

// Message says it.
func (m Marked) Message() string { return "marked " + m.Name + " in " + m.File }

// marksFile is where marks are kept.
func marksFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fault.New(fault.ReadLocal, "there is no directory for settings: %w", err).WithHint("--file names a file")
	}
	return filepath.ToSlash(filepath.Join(dir, "wireline", "marks.gophermap")), nil
}

// Mark adds an item to a gophermap of the user's own, as other clients keep
// their bookmarks.
func (s *Session) Mark(ctx context.Context, a MarkArgs) (Marked, error) {
	for _, arg := range []struct{ name, text string }{{"name", a.Name}, {"file", a.File}} {
		if err := protocols.OneLine(arg.name, arg.text); err != nil {
			return Marked{}, err
		}
	}
	it, err := s.item(ctx, a.Item, View{})
	if err != nil {
		return Marked{}, err
	}
	if a.Name != "" {
		it.Name = a.Name
	} else if it.Name == "" {
		it.Name = strings.TrimPrefix(it.URL(), "gopher://")
	}
	if it.Type == 0 {
		it.Type = '0'
	}
	if it.Local {
		it.Selector = whole(it.Selector)
	}
	m := Marked{Name: decode(s.encoding, it.Name), URL: it.URL(), File: onDisk(a.File)}
	if m.File == "" {
		if m.File, err = marksFile(); err != nil {
			return m, err
		}
	}
	return m, add(ctx, m.File, it)
}

// mostMarks bounds a file of marks.
const mostMarks = 1 << 20

// add writes the file anew with a line more. It is never there in part.
func add(ctx context.Context, name string, it Item) error {
	disk := files.DiskOf(ctx)
	if disk == nil {
		return fault.New(fault.Unsupported, "there is no local directory to keep marks in")
	}
	var text []byte
	b, err := disk.Fetch(ctx, files.At{Path: name}, 0)
	if err == nil {
		text, err = io.ReadAll(io.LimitReader(b, mostMarks+1))
		b.Close()
	} else if fault.Of(err) == fault.NotFound {
		err = nil
	}
	if err != nil {
		return err
	}
	if len(text) > mostMarks {
		return fault.New(fault.TooLarge, "%s is longer than 1 MiB", name)
	}
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	line := it.line()
	if it.Local {
		line = string(rune(it.Type)) + oneField(it.Name) + "\t" + it.Selector
	}
	text = append(text, line+"\n"...)
	return disk.Store(ctx, name, &verb.Blob{Name: name, Size: int64(len(text)), ReadCloser: io.NopCloser(bytes.NewReader(text))}, files.Storing{Replace: true, Quiet: true})
}

// MarksArgs are the arguments of Marks.
type MarksArgs struct {
	File string `arg:"file?" help:"a gophermap; the one that mark adds to if left out" complete:"local"`
	Long bool   `flag:"l,long" help:"show the URL of every item"`
}

// Marks shows what has been marked, as a menu.
func (s *Session) Marks(ctx context.Context, a MarksArgs) (Rows, error) {
	name := onDisk(a.File)
	if err := protocols.OneLine("file", name); err != nil {
		return nil, err
	}
	if name == "" {
		var err error
		if name, err = marksFile(); err != nil {
			return nil, err
		}
	}
	it := localAt(name, "/")
	it.Type = '1'
	rows, err := s.list(ctx, it, Look{}, a.Long)
	if fault.Of(err) == fault.NotFound && a.File == "" {
		return nil, fault.New(fault.NotFound, "nothing has been marked yet").WithHint("mark 3 marks item 3, and mark this menu")
	}
	return rows, err
}

// Visited lists the places where the session was, the latest last.
func (s *Session) Visited(context.Context, None) (verb.Stream[Stop], error) {
	var all []Stop
	for _, it := range append(append([]Item{}, s.back...), s.here) {
		name := decode(s.encoding, it.Name)
		if it.Search != "" {
			name = decode(s.encoding, it.Search)
		}
		all = append(all, Stop{name, it.URL()})
	}
	return rows(all), nil
}
