package repl

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
	"wireline/repl/transfer"
)

// An editing has the user change a file with a program of theirs.
type editing struct{ r *run }

// Edit runs the user's editor on a copy that nobody else can read.
// (files.Editor)
func (e editing) Edit(ctx context.Context, b *verb.Blob) (*verb.Blob, func(error) error, error) {
	defer b.Close()
	name, err := transfer.Base(b.Name)
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "wireline-edit-")
	if err != nil {
		return nil, nil, fault.New(fault.WriteLocal, "no place for a copy: %v", cause(err))
	}
	copied := &transfer.Disk{Dir: dir}
	remove := func() { os.RemoveAll(dir) }
	own := *b
	own.Private = true
	if err := copied.Store(ctx, name, &own, files.Storing{}); err != nil {
		remove()
		return nil, nil, err
	}
	path := filepath.Join(dir, name)
	before, err := transfer.Sum(path)
	if err == nil {
		err = e.r.sh.local(ctx, editorLine(path), nil, e.r.io)
	}
	after := before
	if err == nil {
		after, err = transfer.Sum(path)
	}
	if err != nil || after == before {
		remove()
		return nil, nil, err
	}
	changed, err := copied.Fetch(ctx, files.At{Path: name}, 0)
	done := func(err error) error {
		if err == nil {
			remove()
			return nil
		}
		return fault.New(fault.Of(err), "%w; the changed text is kept in %s", err, path)
	}
	return changed, done, err
}

// editorLine is the command line that edits a file, for the user's shell.
func editorLine(path string) string {
	editor := os.Getenv("VISUAL")
	if editor == "" {
		editor = os.Getenv("EDITOR")
	}
	if runtime.GOOS == "windows" {
		if editor == "" {
			editor = "notepad"
		}
		return editor + ` "` + path + `"`
	}
	if editor == "" {
		editor = "vi"
	}
	return editor + " '" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
