package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
	"wireline/repl/line"
	"wireline/repl/render"
	"wireline/repl/transfer"
)

// file is where a Blob is to be kept; "" is nowhere: it is shown.
func (r *run) file(b *verb.Blob) string {
	switch {
	case r.flags.Output == "-":
		return ""
	case r.flags.Output != "":
		return r.flags.Output
	case r.flags.Remote, b.Save && r.toUser():
		return b.Name
	}
	return ""
}

// toUser reports whether the result goes where all results go: it was neither
// redirected nor piped.
func (r *run) toUser() bool {
	f, ok := r.io.out.(front)
	return r.io.out == r.sh.Out || ok && io.Writer(f.f) == r.sh.Out
}

// Saved is what became of a download.
type Saved struct {
	File    string  `json:"file"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
	Kept    bool    `json:"kept,omitempty"` // it was there already
}

func (s Saved) Message() string {
	if s.Kept {
		return fmt.Sprintf("%s: %d bytes, there already", s.File, s.Bytes)
	}
	return fmt.Sprintf("%s: %d bytes in %.1f s", s.File, s.Bytes, s.Seconds)
}

// save keeps a Blob under a name.
func (r *run) save(ctx context.Context, b *verb.Blob, name string) error {
	path := r.sh.localPath(name)
	if r.flags.Output == "" {
		safe, err := transfer.Base(name)
		if err != nil {
			b.Close()
			return err
		}
		path = safe
	}
	if fi, err := os.Stat(path); err == nil && r.flags.Output != "" && !fi.Mode().IsRegular() && !fi.IsDir() {
		return feed(b, path)
	}
	if r.there(ctx, b, path) {
		return r.told(Saved{File: path, Bytes: b.Size, Kept: true})
	}
	b, err := r.again(ctx, b, path)
	if err != nil {
		return err
	}
	return r.store(ctx, b, path)
}

// there reports whether -c finds that b is there already, whole: a file of its
// size and date. It is closed then.
func (r *run) there(ctx context.Context, b *verb.Blob, path string) bool {
	if !r.flags.Resume || r.flags.Over || b.Size < 0 || b.From != 0 || b.Modified.IsZero() {
		return false
	}
	e, err := r.disk.Stat(ctx, path)
	if err != nil || e.Kind != files.File || int64(e.Size) != b.Size || !e.Modified.Truncate(time.Second).Equal(b.Modified.Truncate(time.Second)) {
		return false
	}
	return b.Close() == nil
}

// told shows what became of a download, unless it is shown otherwise.
func (r *run) told(s Saved) error {
	r.data = s
	if r.flags.JSON || r.flags.Quiet {
		return nil
	}
	return render.Show(r.io.err, r.io.err, r.options(), s)
}

// feed writes a Blob to a device or a named pipe, which the user has named.
func feed(b *verb.Blob, path string) error {
	defer b.Close()
	f, err := transfer.Create(path, false, 0)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, b)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = fault.New(fault.WriteLocal, "cannot write %s: %w", path, pe.Err)
	}
	if cerr := b.Close(); err == nil {
		err = cerr
	}
	return err
}

// A renewable body can be fetched from a byte on, if it is still the same.
type renewable interface {
	Validator() string
	Offset() int64
	Total() int64
	Again(ctx context.Context, from int64) (*verb.Blob, error)
}

// again goes on with what an earlier try has left of b, if -c asks for that
// and it is of the same version.
func (r *run) again(ctx context.Context, b *verb.Blob, path string) (*verb.Blob, error) {
	body, ok := b.ReadCloser.(renewable)
	if !ok {
		return b, nil
	}
	b.Tag = body.Validator()
	if !r.flags.Resume || body.Offset() != 0 {
		return b, nil
	}
	from, err := r.disk.PartialOf(path, body.Total(), b.Tag)
	if err != nil || from == 0 {
		return b, err
	}
	rest, err := body.Again(ctx, from)
	if fault.Of(err) == fault.ResumeMismatch {
		return b, nil
	}
	b.Close()
	if err != nil {
		return nil, err
	}
	rest.From, rest.Tag = from, b.Tag
	return rest, nil
}

func (r *run) store(ctx context.Context, b *verb.Blob, path string) error {
	from := b.From
	if from > 0 && !r.disk.Begun(path) {
		from = 0 // the user wants the end of the file only
	}
	if err := r.disk.Store(ctx, path, b, files.Storing{From: from}); err != nil {
		return err
	}
	s := Saved{File: path, Seconds: r.sh.now().Sub(r.start).Seconds()}
	if e, err := r.disk.Stat(ctx, path); err == nil {
		s.Bytes = int64(e.Size)
	}
	return r.told(s)
}

// lend gives the verb the disk that it may store files on, with a meter if a
// person watches, and the user's editor.
func (r *run) lend(ctx context.Context) (context.Context, func()) {
	r.disk = &transfer.Disk{Overwrite: r.flags.Over, Rate: int64(r.flags.Rate), As: r.flags.Output}
	if r.flags.Output != "" && r.flags.Output != "-" {
		r.disk.As = r.sh.localPath(r.flags.Output)
	}
	if f, ok := fileOf(r.io.err); ok && line.IsTerminal(f) && r.io.front.watched() && !r.flags.Quiet && !r.flags.JSON {
		columns, _ := line.Size(f)
		r.disk.Meter = transfer.NewMeter(progress{r.io.err}, columns)
		ctx = verb.WithMeter(ctx, r.disk.Meter)
	}
	return files.WithEditor(files.WithDisk(ctx, r.disk), editing{r}), r.disk.Meter.Close
}
