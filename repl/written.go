package repl

import (
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/render"
)

// written reports whether a result that is no file goes into one all the same,
// since -o says so. What only tells that something was done does not.
func (r *run) written(res any) bool {
	_, message := res.(verb.Message)
	return res != nil && !message && !render.Reports(res) && r.flags.Output != "" && r.flags.Output != "-"
}

// rendered is a result as a file has it.
func (r *run) rendered(res any) *verb.Blob {
	out, in := io.Pipe()
	o := r.sh.set.render(streams{out: in})
	o.JSON, o.Raw = r.flags.JSON, true
	go func() {
		in.CloseWithError(fault.Safely(func() error { return render.Show(in, io.Discard, o, res) }))
	}()
	return &verb.Blob{Size: -1, ReadCloser: out}
}
