package repl

import (
	"context"
	"fmt"

	"wireline/protocols/verb"
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
	case r.flags.Remote, b.Save && r.io.out == r.sh.Out:
		return b.Name
	}
	return ""
}

// Saved is what became of a download.
type Saved struct {
	File    string  `json:"file"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

func (s Saved) Message() string {
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
	n, err := transfer.Save(ctx, b, path, transfer.Options{Overwrite: r.flags.Over})
	if err != nil {
		return err
	}
	s := Saved{path, n, r.sh.now().Sub(r.start).Seconds()}
	r.data = s
	if r.flags.JSON || r.flags.Quiet {
		return nil
	}
	return render.Show(r.io.err, r.io.err, r.options(), s)
}
