package repl

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/render"
	"wireline/repl/transfer"
)

// local runs a program of this machine, through the user's own shell.
func (sh *Shell) local(ctx context.Context, text string, in io.Reader, s streams) error {
	cmd := localShell(text)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, direct(s.out), direct(s.err)
	if in == nil && sh.In != nil {
		cmd.Stdin = sh.In
	}
	p := sh.program(cmd, s, true)
	if err := p.start(ctx); err != nil {
		return localError(text, err)
	}
	s.front.begins()
	return localError(text, p.wait())
}

// direct is w for another program: the terminal itself, where w leads there
// and a person watches. What comes above a prompt must not move the cursor.
func direct(w io.Writer) io.Writer {
	f, ok := w.(front)
	switch {
	case !ok:
		return w
	case f.watched():
		return f.f
	}
	return render.NewCleaner(f)
}

// pipe starts what stands right of |. The function it returns closes our end,
// waits, and gives the error of the pair.
func (sh *Shell) pipe(ctx context.Context, text string, s streams) (io.Writer, func(error) error, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, fault.New(fault.WriteLocal, "no pipe: %v", cause(err))
	}
	cmd := localShell(text)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = r, direct(s.out), direct(s.err)
	p := sh.program(cmd, s, false)
	if err := p.start(ctx); err != nil {
		r.Close()
		w.Close()
		return nil, nil, localError(text, err)
	}
	r.Close()
	return w, func(err error) error {
		w.Close()
		werr := localError(text, p.wait())
		switch {
		case err != nil && (fault.Of(err) == fault.Pipe || errors.Is(err, errPipe)):
			return werr // it had enough, as head has
		case err != nil:
			return err
		}
		return werr
	}, nil
}

func localShell(text string) *exec.Cmd {
	if runtime.GOOS == "windows" {
		return exec.Command("cmd", "/C", text)
	}
	name := os.Getenv("SHELL")
	if name == "" {
		name = "/bin/sh"
	}
	return exec.Command(name, "-c", text)
}

func localError(text string, err error) error {
	var e interface {
		error
		ExitCode() int
	}
	switch {
	case err == nil || fault.Of(err) == fault.Interrupt:
		return err
	case errors.As(err, &e):
		code := e.ExitCode()
		if code < 0 {
			code = fault.Interrupt.Exit
		}
		k := &fault.Kind{Exit: code, Name: "LOCAL", Short: "a local program failed"}
		return fault.New(k, "%s: %v", firstWord(text), e)
	default:
		return fault.New(fault.ReadLocal, "%s: %v", firstWord(text), cause(err))
	}
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0]
	}
	return s
}

// openInput is how verbs open the files that the user names.
func (sh *Shell) openInput(name string) (verb.Input, error) {
	if name == "-" {
		if sh.In == nil {
			return verb.Input{}, fault.New(fault.ReadLocal, "there is no standard input")
		}
		return verb.Input{Size: -1, ReadCloser: io.NopCloser(sh.In)}, nil
	}
	f, err := os.Open(sh.localPath(name))
	if err != nil {
		return verb.Input{}, fault.New(fault.ReadLocal, "cannot read %s: %v", name, cause(err))
	}
	in := verb.Input{Name: filepath.Base(name), Size: -1, ReadCloser: f}
	if fi, err := f.Stat(); err == nil {
		if fi.IsDir() {
			f.Close()
			return verb.Input{}, fault.New(fault.ReadLocal, "cannot read %s: it is a directory", name)
		}
		if fi.Mode().IsRegular() {
			in.Size = fi.Size()
		}
	}
	return in, nil
}

// openOutput is how verbs open the files that they add to.
func (sh *Shell) openOutput(name string) (verb.Output, error) {
	f, err := transfer.Create(sh.localPath(name), true, 0o600)
	if err != nil {
		return verb.Output{}, err
	}
	fi, err := f.Stat()
	return verb.Output{Name: name, New: err == nil && fi.Size() == 0, WriteCloser: f}, nil
}

func (sh *Shell) fileInput(name string) func() (verb.Input, bool) {
	return func() (verb.Input, bool) {
		in, err := sh.openInput(name)
		if err != nil {
			return verb.Input{Name: name, Size: -1, ReadCloser: io.NopCloser(unread{err})}, true
		}
		return in, true
	}
}

// unread is a file that could not be opened; who reads it is told why.
type unread struct{ error }

func (b unread) Read([]byte) (int, error) { return 0, b.error }

func textInput(text string) func() (verb.Input, bool) {
	return func() (verb.Input, bool) {
		return verb.Input{Size: int64(len(text)), ReadCloser: io.NopCloser(strings.NewReader(text))}, true
	}
}

// localPath is name with ~ for the home directory.
func (sh *Shell) localPath(name string) string { return homePath(name) }

func homePath(name string) string {
	if rest, ok := strings.CutPrefix(name, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return name
}

// cause is the innermost error, in plain words: what the system said, without
// the call and the path that the message names anyway.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var s *os.SyscallError
	if errors.As(err, &s) {
		return s.Err
	}
	return err
}
