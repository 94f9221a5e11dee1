package files

import (
	"context"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// An Editor has the user change a text with a program of theirs.
type Editor interface {
	// Edit reads b to its end and closes it. changed is nil if it was left as
	// it was. done is called with how storing it ended, and returns that: what
	// could not be stored is kept, and the error says where.
	Edit(ctx context.Context, b *verb.Blob) (changed *verb.Blob, done func(error) error, err error)
}

// EditArgs are the arguments of edit.
type EditArgs struct {
	Path string `arg:"remote" help:"file; a new one if it is not there" complete:"remote"`
}

// Edit declares edit. It needs an Editor.
func Edit[S any](f func(S, context.Context, EditArgs) (Changed, error)) verb.Verb {
	return verb.Verb{
		Name: "edit", Short: "change a file with your editor", Danger: true,
		Long:    "The editor is what VISUAL or EDITOR names, or vi. The file is stored only if\nit was changed here and not there meanwhile.",
		Example: []string{"edit motd.txt"}, Run: verb.Call(f),
	}
}

type editorKey struct{}

// WithEditor lends an Editor to the verbs of a command.
func WithEditor(ctx context.Context, e Editor) context.Context {
	return context.WithValue(ctx, editorKey{}, e)
}

// EditorOf is the Editor that a command may use; nil if there is none.
func EditorOf(ctx context.Context) Editor {
	e, _ := ctx.Value(editorKey{}).(Editor)
	return e
}

// Edited changes a file of t: see Edit.
func Edited(ctx context.Context, t Tree, p string) (c Changed, err error) {
	e := EditorOf(ctx)
	if e == nil {
		return c, fault.New(fault.Unsupported, "there is no editor").WithHint("get and put do without")
	}
	c.Paths = []string{p}
	before, err := t.Stat(ctx, p)
	fresh := fault.Of(err) == fault.NotFound
	if err != nil && !fresh {
		return c, err
	}
	b := &verb.Blob{Name: p, ReadCloser: nothing{}}
	if !fresh {
		if b, err = t.Fetch(ctx, At{p, before}, 0); err != nil {
			return c, err
		}
	}
	changed, done, err := e.Edit(ctx, b)
	if err != nil {
		return c, err
	}
	if changed == nil {
		c.Did = "left as it was:"
		return c, nil
	}
	defer changed.Close()
	now, err := t.Stat(ctx, p)
	switch {
	case fresh && fault.Of(err) == fault.NotFound:
	case err != nil:
		return c, done(err)
	case fresh || now.Size != before.Size || !now.Modified.Equal(before.Modified):
		return c, done(fault.New(fault.ResumeMismatch, "%s was changed there meanwhile", p))
	}
	if err := done(t.Store(ctx, p, changed, Storing{Replace: true})); err != nil {
		return c, err
	}
	c.Did = "changed"
	return c, nil
}

// nothing is the body of a file that is not there yet.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error             { return nil }
