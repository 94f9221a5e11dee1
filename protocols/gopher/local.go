package gopher

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// isLocal reports whether a word means a file of this machine. No selector
// that a server gives is taken for one.
func isLocal(word string) bool {
	for _, begin := range []string{"file:", "./", "../", "~/"} {
		if strings.HasPrefix(word, begin) {
			return true
		}
	}
	return false
}

// localItem is a file of this machine: a menu if it is called gophermap or is
// a directory, and otherwise what its name says.
func localItem(ctx context.Context, word string) (Item, error) {
	name := word
	if rest, ok := strings.CutPrefix(word, "file:"); ok {
		var err error
		if name, err = url.PathUnescape(strings.TrimPrefix(rest, "//")); err != nil {
			return Item{}, &fault.Error{Kind: fault.BadArgument, At: word, Text: "not a valid URL: a % without two digits"}
		}
	}
	if err := protocols.OneLine("file", name); err != nil {
		return Item{}, err
	}
	if name == "" {
		return Item{}, fault.New(fault.BadArgument, "the URL has no path")
	}
	dir := strings.HasSuffix(name, "/") || name == "." || name == ".."
	if disk := files.DiskOf(ctx); disk != nil && !dir {
		e, err := disk.Stat(ctx, onDisk(name))
		dir = err == nil && e.Kind == files.Dir
	}
	if dir {
		name = path.Join(name, mapName)
	}
	return localAt(path.Clean(name), path.Dir(path.Clean(name))), nil
}

// mapName is what files with menus are called.
const mapName = "gophermap"

// localAt is the file at a path, in the hole below base.
func localAt(name, base string) Item {
	return Item{Type: localType(name), Name: path.Base(name), Selector: name, Local: true, Base: base}
}

func localType(name string) byte {
	switch strings.ToLower(path.Ext(name)) {
	case ".gophermap", ".gph":
		return '1'
	case "":
		if path.Base(name) == mapName {
			return '1'
		}
		return '0'
	case ".txt", ".md", ".log", ".csv", ".asc":
		return '0'
	case ".gif":
		return 'g'
	case ".jpg", ".jpeg", ".png", ".webp":
		return 'I'
	case ".html", ".htm":
		return 'h'
	}
	return '9'
}

// parseLocal reads a line of a menu that is a file: one without a tab is text,
// and an item without a host is a file beside the menu, or below the hole's
// root if its selector begins with a slash.
func parseLocal(line []byte, before byte, place Item) (Item, string) {
	line = bytes.TrimRight(line, "\r")
	if len(line) == 0 || bytes.IndexByte(line, '\t') < 0 {
		return Item{Type: 'i', Name: string(bytes.TrimPrefix(line, []byte("!")))}, ""
	}
	f := strings.SplitN(string(line[1:]), "\t", 4)
	if len(f) > 2 && f[2] != "" || line[0] == 'i' || line[0] == '3' {
		if len(f) == 3 {
			line = append(bytes.Clone(line), "\t70"...)
		}
		return parse(line, before)
	}
	it := Item{Type: line[0], Name: f[0], Selector: f[1], Local: true, Base: place.Base}
	if it.web() != "" {
		return parse(append([]byte{line[0]}, strings.Join([]string{f[0], f[1], "", ""}, "\t")...), before)
	}
	if strings.IndexByte(it.Selector, 0) >= 0 {
		return it, "a control character is in the selector"
	}
	dir := path.Dir(place.Selector)
	if it.Selector == "" {
		it.Selector = f[0]
	} else if it.Selector[0] == '/' {
		dir = it.Base
	}
	if it.Selector = path.Join(dir, it.Selector); it.Type == '1' && !strings.HasPrefix(path.Base(it.Selector), mapName) && localType(it.Selector) != '1' {
		it.Selector = path.Join(it.Selector, mapName)
	}
	return it, ""
}

// parseIn reads a line of the menu at place. A server that calls itself by the
// address that we have reached it at is the one of the menu.
func parseIn(place Item, line []byte, before byte) (Item, string) {
	if place.Local {
		return parseLocal(line, before, place)
	}
	it, broken := parse(line, before)
	if place.via != "" && it.Port > 0 && it.address() == place.via {
		it.Host, it.Port = place.Host, place.Port
	}
	return it, broken
}

// onDisk is a path that the user has typed as the disk takes it, which lets
// none lead out of its directory but one from the root.
func onDisk(name string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.ToSlash(filepath.Join(home, rest))
		}
	}
	if name == ".." || strings.HasPrefix(name, "../") {
		if abs, err := filepath.Abs(filepath.FromSlash(name)); err == nil {
			return filepath.ToSlash(abs)
		}
	}
	return name
}

// whole is a path from the root, or as it was where there is none.
func whole(name string) string {
	name = onDisk(name)
	if abs, err := filepath.Abs(filepath.FromSlash(name)); err == nil {
		return filepath.ToSlash(abs)
	}
	return name
}

// read opens the file that a local item is. A directory without a menu of its
// own has one made of its files.
func (it Item) read(ctx context.Context) (*verb.Blob, error) {
	disk := files.DiskOf(ctx)
	if disk == nil {
		return nil, fault.New(fault.Unsupported, "there is no local directory to read")
	}
	name := onDisk(it.Selector)
	b, err := disk.Fetch(ctx, files.At{Path: name}, 0)
	if fault.Of(err) == fault.NotFound && path.Base(name) == mapName {
		if text, lerr := listed(ctx, disk, path.Dir(name)); lerr == nil {
			return &verb.Blob{Name: mapName, Size: int64(len(text)), ReadCloser: io.NopCloser(strings.NewReader(text))}, nil
		}
	}
	return b, err
}

// listed is a menu of the files in a directory, those first that are
// directories.
func listed(ctx context.Context, disk files.Disk, dir string) (string, error) {
	var dirs, others []string
	for e, err := range disk.List(ctx, dir) {
		switch {
		case err != nil:
			return "", err
		case strings.HasPrefix(e.Name, ".") || strings.ContainsAny(e.Name, "\t\r\n"):
		case e.Kind == files.Dir:
			dirs = append(dirs, "1"+e.Name+"\t"+e.Name+"\n")
		case e.Kind == files.File:
			others = append(others, string(rune(localType(e.Name)))+e.Name+"\t"+e.Name+"\n")
		}
		if len(dirs)+len(others) > mostLines {
			return "", fault.New(fault.Limit, "%s has more than %d files", dir, mostLines)
		}
	}
	slices.Sort(dirs)
	slices.Sort(others)
	return strings.Join(append(dirs, others...), ""), nil
}

// fetchLocal gives a file as it is.
func (s *Session) fetchLocal(ctx context.Context, it Item, encoding string) (*verb.Blob, error) {
	b, err := it.read(ctx)
	if err != nil {
		return nil, err
	}
	b.Type = classOf(it.Type).media
	if !strings.HasPrefix(b.Type, "text/") {
		return b, nil
	}
	if encoding == latin1 || encoding == cp437 {
		b.ReadCloser = &decoder{ReadCloser: b.ReadCloser, encoding: encoding}
		b.Size, encoding = -1, utf
	}
	if encoding == "" || encoding == auto {
		begin := make([]byte, 4096)
		n, err := io.ReadFull(b, begin)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			b.Close()
			return nil, err
		}
		encoding = guess(begin[:n])
		b.ReadCloser = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(begin[:n]), b.ReadCloser), b.ReadCloser}
	}
	b.Type += "; charset=" + charsets[encoding]
	return b, nil
}
