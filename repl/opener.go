package repl

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/transfer"
)

// setOpener notes the program that shows files of a kind: a media type, what
// stands before its slash, or the ending of a name. No program is none.
func (sh *Shell) setOpener(kind, program string) error {
	if kind == "" || strings.ContainsAny(kind, " \t") {
		return fault.New(fault.Usage, "open.%s names no kind of file", kind).WithHint("such as: set open.image feh, or open.application/pdf, or open.zip")
	}
	next := map[string]string{}
	for k, v := range sh.set.open {
		next[k] = v
	}
	if next[kind] = program; program == "" {
		delete(next, kind)
	}
	sh.set.open = next
	return nil
}

// ownSetting is the verb of the current session that sets what name is, for
// set encoding cp437 and the like.
func (sh *Shell) ownSetting(name string) (string, bool) {
	s := sh.here()
	if s == nil {
		return "", false
	}
	for _, set := range []any{&sh.set.common, &sh.set.options} {
		for _, f := range verb.Flags(set) {
			if f.Name == name {
				return "", false
			}
		}
	}
	v, ok := verb.Find(s.proto.Verbs, name)
	return v.Name, ok && v.Sets
}

// opener is the program that the user wants a file to be shown by which a
// number has led to; "" is none.
func (r *run) opener(b *verb.Blob) string {
	if !b.Save || !r.verb.Number || !r.io.seen() || r.flags.Output != "" || r.flags.Remote || r.flags.JSON {
		return ""
	}
	media, _, _ := strings.Cut(b.Type, ";")
	general, _, _ := strings.Cut(media, "/")
	ending := strings.TrimPrefix(filepath.Ext(b.Name), ".")
	for _, kind := range []string{media, ending, general} {
		if program := r.sh.set.open[kind]; program != "" && kind != "" {
			return program
		}
	}
	return ""
}

// openWith has a program show a file. The file is there until the shell ends,
// since many a program only tells another one to show it.
func (r *run) openWith(ctx context.Context, b *verb.Blob, program string) error {
	name, err := transfer.Base(b.Name)
	if err != nil {
		b.Close()
		return err
	}
	dir, err := os.MkdirTemp("", "wireline")
	if err != nil {
		b.Close()
		return fault.New(fault.WriteLocal, "there is no place for %s: %v", name, cause(err))
	}
	r.sh.mu.Lock()
	r.sh.viewed = append(r.sh.viewed, dir)
	r.sh.mu.Unlock()
	path := filepath.Join(dir, name)
	if err := r.store(ctx, b, path); err != nil {
		return err
	}
	return r.sh.local(ctx, program+" '"+strings.ReplaceAll(path, "'", `'\''`)+"'", nil, r.io)
}
