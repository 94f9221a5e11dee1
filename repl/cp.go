package repl

import (
	"context"
	"path"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

type CpArgs struct {
	From string   `arg:"from" help:"@SESSION:PATH, or a path here; or messages of the current session" complete:"session"`
	To   []string `arg:"to..." help:"the same; a directory if it ends in a slash; of messages, @SESSION:MAILBOX" complete:"session"`
}

// Cp copies a file from one session to another, or between a session and this
// machine, or messages from one session to another. The bytes go through us,
// unless one server can send files straight to the other.
func (sh *Shell) Cp(ctx context.Context, a CpArgs) (any, error) {
	r := running(ctx)
	words := append([]string{a.From}, a.To...)
	if from, ok := r.giver(words); ok {
		return sh.hand(ctx, from, words[:len(words)-1], words[len(words)-1])
	}
	if len(a.To) != 1 {
		return nil, fault.New(fault.Usage, "cp wants two places").WithHint("cp @1:/a.iso @2:/b.iso; cp last 20 @2:Archive")
	}
	return sh.copyFile(ctx, r, a.From, a.To[0])
}

func (sh *Shell) copyFile(ctx context.Context, r *run, fromWord, toWord string) (any, error) {
	if x, _, _ := strings.Cut(fromWord, ":"); crosses(fromWord) && strings.HasPrefix(toWord, x+":") {
		return nil, fault.New(fault.Usage, "both are in session %s; its own cp or mv may do it", x[1:])
	}
	from, source, release, err := sh.tree(ctx, r, fromWord)
	if err != nil {
		return nil, err
	}
	defer release()
	to, target, release, err := sh.tree(ctx, r, toWord)
	if err != nil {
		return nil, err
	}
	defer release()
	if target == "" || strings.HasSuffix(target, "/") {
		target += path.Base(source)
	}
	e, err := from.Stat(ctx, source)
	if err != nil {
		return nil, err
	}
	if e.Kind == files.Dir {
		return nil, fault.New(fault.Unsupported, "%s is a directory", fromWord).WithHint("mirror copies directories")
	}
	if x, ok := from.(files.Sender); ok && crosses(fromWord) && crosses(toWord) {
		err := x.Send(ctx, source, to, target)
		switch {
		case err == nil:
			return note(fromWord + " copied to " + toWord + ", straight from server to server"), nil
		case fault.Of(err) != fault.Unsupported:
			return nil, err
		}
		sh.tell("through this machine: " + err.Error())
	}
	b, err := from.Fetch(ctx, files.At{Path: source, Entry: e}, 0)
	if err != nil {
		return nil, err
	}
	if err := to.Store(ctx, target, b, files.Storing{Modified: e.Modified}); err != nil {
		return nil, err
	}
	return note(fromWord + " copied to " + toWord), nil
}

// tree is the place that one side of cp names, and the path there.
func (sh *Shell) tree(ctx context.Context, r *run, word string) (files.Tree, string, func(), error) {
	if !crosses(word) {
		return r.disk, word, func() {}, nil
	}
	name, p, _ := strings.Cut(word[1:], ":")
	s, err := sh.named(name)
	if err != nil {
		return nil, "", nil, err
	}
	t, ok := s.Session.(files.Tree)
	if !ok {
		return nil, "", nil, fault.New(fault.Unsupported, "%s keeps no files", sh.label(s))
	}
	give, err := s.hold(ctx)
	if err != nil {
		return nil, "", nil, err
	}
	unbind := s.wire.Bind(ctx)
	return t, p, func() { unbind(); give() }, nil
}

// crosses reports whether a word is @SESSION:PATH.
func crosses(w string) bool {
	return len(w) > 1 && w[0] == '@' && strings.Contains(w, ":")
}
