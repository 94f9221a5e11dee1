package render

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"wireline/protocols/fault"
)

// An output is where results go. It tells its own failures from those of
// where they come from.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil {
		err = local(err)
		o.err = err
	}
	return n, err
}

// take copies r to the end, by the kernel where it can: r may know how to
// write itself to a file, or the file how to read from it.
func (o *output) take(r io.Reader) error {
	if _, ok := o.w.(*os.File); !ok {
		_, err := io.Copy(o, r)
		return err
	}
	_, err := io.Copy(o.w, r)
	var e *fault.Error
	var path *fs.PathError
	if errors.As(err, &e) {
		return err
	}
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ENOSPC) || errors.As(err, &path) {
		return local(err)
	}
	return err
}

// local is the fault of a failed write to our own output. That the user has
// ended the command is none.
func local(err error) error {
	if k := fault.Of(err); k == fault.Interrupt || k == fault.Timeout {
		return err
	}
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return &fault.Error{Kind: fault.Pipe, Phase: "output", Text: "whoever read the output stopped reading", Err: err}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return &fault.Error{Kind: fault.WriteLocal, Phase: "output", Text: "cannot write the output: " + err.Error(), Err: err}
}
