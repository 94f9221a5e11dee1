package repl

import (
	"context"
	"os"

	"wireline/protocols/fault"
	"wireline/repl/render"
	"wireline/repl/transfer"
)

type RecordArgs struct {
	File string `arg:"file?" help:"where to write; off ends it; with none it is told what is recorded" complete:"local"`
	Over bool   `flag:"force" help:"begin an existing file anew"`
}

// Record writes down what is said on all connections from now on, without
// secrets, for replay and serve.
func (sh *Shell) Record(_ context.Context, a RecordArgs) (any, error) {
	switch a.File {
	case "":
		if f := sh.trace.recording; f != nil {
			return note("recording into " + f.Name()), nil
		}
		return note("nothing is recorded"), nil
	case "off":
		return nil, sh.trace.endRecord()
	}
	return nil, sh.trace.beginRecord(sh.localPath(a.File), a.Over)
}

func (t *tracer) beginRecord(path string, over bool) error {
	if fi, err := os.Stat(path); err == nil && fi.Mode().IsRegular() && fi.Size() > 0 && !over {
		return fault.New(fault.WriteLocal, "%s exists", path).WithHint("--force begins it anew")
	}
	f, err := transfer.Create(path, false, 0o600)
	if err != nil {
		return err
	}
	t.endRecord()
	t.mu.Lock()
	t.recording, t.record = f, render.Trace(f, "jsonl", render.Options{})
	t.mu.Unlock()
	t.attachAll()
	return nil
}

func (t *tracer) endRecord() error {
	t.mu.Lock()
	f := t.recording
	t.recording, t.record = nil, nil
	t.mu.Unlock()
	if f == nil {
		return nil
	}
	t.attachAll()
	if err := f.Close(); err != nil {
		return fault.New(fault.WriteLocal, "cannot write %s: %v", f.Name(), cause(err))
	}
	return nil
}
