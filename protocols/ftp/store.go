package ftp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// Put stores one file.
func (s *Session) Put(ctx context.Context, a files.PutArgs) (d files.Stored, err error) {
	defer func() {
		if a.File.ReadCloser != nil {
			a.File.Close()
		}
	}()
	to, err := s.destination(a)
	if err != nil {
		return d, err
	}
	if err := s.ready(ctx); err != nil {
		return d, err
	}
	u := upload{command: "STOR", to: to, r: a.File.ReadCloser, size: a.File.Size, text: a.Ascii, temp: a.Temp}
	if info, ok := a.File.ReadCloser.(interface{ Stat() (fs.FileInfo, error) }); ok {
		if fi, err := info.Stat(); err == nil && fi.Mode().IsRegular() {
			u.modified = fi.ModTime()
		}
	}
	if a.Resume && a.Ascii {
		return d, fault.New(fault.Usage, "-c goes on with a file as it is, and --ascii changes it")
	}
	if a.Resume {
		whole := files.Entry{Kind: files.File, Size: files.Size(a.File.Size), Modified: u.modified}
		if u.from, err = s.Partial(ctx, to, whole); err != nil {
			return d, err
		}
		before, err := skip(a.File.ReadCloser, u.from)
		if err != nil {
			return d, err
		}
		if err := s.compare(ctx, to, u.from, before); err != nil {
			return d, err
		}
	}
	n, err := s.store(ctx, u)
	return files.Stored{Done: files.Done{Did: files.Copied, Path: u.done(to), Bytes: n, From: files.Start(u.from), Time: u.modified}}, err
}

// destination is where put stores a file: the path given, in a directory if
// that ends in a slash, or the file's own name.
func (s *Session) destination(a files.PutArgs) (string, error) {
	name := a.File.Name
	if name == "-" {
		name = ""
	}
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	to := a.Remote
	switch {
	case a.File.ReadCloser == nil:
		return "", fault.New(fault.Usage, "there is no file to store")
	case to == "" && a.File.Name == "" || to == "" && a.File.Name == "-":
		return "", fault.New(fault.Usage, "standard input has no name; give the one it gets at the server")
	case to == "":
		to = name
	case strings.HasSuffix(to, "/") && name != ".":
		to += name
	}
	return s.remote("remote", to)
}

// Store writes a file. (files.Putter)
func (s *Session) Store(ctx context.Context, p string, b *verb.Blob, o files.Storing) error {
	defer b.Close()
	if err := s.ready(ctx); err != nil {
		return err
	}
	if _, err := s.remote("remote", p); err != nil {
		return err
	}
	whole := b.Size
	if whole >= 0 {
		whole += o.From
	}
	if r, ok := b.ReadCloser.(io.ReaderAt); ok && o.From > 0 {
		before, err := last(r, o.From)
		if err == nil {
			err = s.compare(ctx, p, o.From, before)
		}
		if err != nil {
			return err
		}
	}
	if o.From > 0 && b.Size == 0 {
		return b.Close()
	}
	_, err := s.store(ctx, upload{command: "STOR", to: p, r: b.ReadCloser, size: whole, from: o.From, temp: o.Temp, modified: o.Modified})
	if cerr := b.Close(); err == nil {
		err = cerr
	}
	return err
}

// An upload is a file to be sent.
type upload struct {
	command  string // STOR, APPE or STOU
	to       string // "" for STOU
	r        io.Reader
	size     int64 // of the whole, -1 when unknown
	from     int64
	text     bool
	temp     bool // under another name, until it is complete
	modified time.Time
	name     *string // gets the name that STOU gave
}

func (u upload) done(to string) string {
	if u.name != nil && *u.name != "" {
		return *u.name
	}
	return to
}

// store sends a file. Unless its last reply came, nobody knows whether the
// server has it.
func (s *Session) store(ctx context.Context, u upload) (n int64, err error) {
	same := unchanging(u.r)
	kind := "I"
	if u.text {
		kind, u.r = "A", newTextWriter(u.r, s.warn)
	}
	if err := s.setType(ctx, kind); err != nil {
		return 0, err
	}
	defer s.changed()
	to := u.to
	if u.temp && u.from == 0 {
		to = tempName(u.to)
	}
	s.begun = ""
	s.data.Store(nil)
	done := files.Watch(ctx, u.to, u.from, u.size, func() int64 { return u.from + s.sent() })
	err = s.call(ctx, func() error {
		s.prepare(with(u.command, to))
		src := &source{r: u.r}
		err := s.lib.StorFrom("-", src, uint64(u.from))
		return s.stored(err, src)
	})
	done(err == nil)
	s.ctl.instead, s.ctl.passive = "", nil
	s.act.stop()
	if d := s.data.Load(); d != nil {
		n = d.n
		if d.stop {
			s.resync(true)
		}
	}
	if err == nil && u.name != nil {
		if *u.name = uniqueName(s.ctl.opening); *u.name == "" {
			*u.name = uniqueName(s.ctl.reply)
		}
	}
	switch {
	case err != nil:
	case u.size >= 0 && !u.text && u.from+n != u.size:
		err = fault.New(fault.ReadLocal, "the file has changed while it was read: %d bytes, not %d", u.from+n, u.size)
	case !same():
		err = fault.New(fault.ReadLocal, "the file has changed while it was read, and the server may have some of each")
	}
	if err == nil && to != u.to {
		err = s.change(ctx, u.to, func() error { return s.lib.Rename(to, u.to) })
	}
	if err != nil {
		switch {
		case n == 0:
		case to == u.to:
			s.begun = to
		case s.ctl.broken == nil:
			s.clean(to)
		}
		return n, s.of(u.to, err)
	}
	if !u.modified.IsZero() && u.to != "" {
		return n, s.keepTime(ctx, u.to, u.modified)
	}
	return n, nil
}

// unchanging takes down what a file of ours is now; same reports whether it is
// that still. (D16)
func unchanging(r io.Reader) (same func() bool) {
	f, ok := r.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return func() bool { return true }
	}
	before, err := f.Stat()
	return func() bool {
		now, nerr := f.Stat()
		return err != nil || nerr != nil || !before.Mode().IsRegular() || now.Size() == before.Size() && now.ModTime().Equal(before.ModTime())
	}
}

// sent is how many bytes of an upload the server has been sent by now.
func (s *Session) sent() int64 {
	if d := s.data.Load(); d != nil && d.opened.Load() {
		return d.conn.Info().Out
	}
	return 0
}

// clean removes what an upload has left, also after an interrupt.
func (s *Session) clean(p string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	// It is no harm if it stays.
	_ = s.RemoveFile(ctx, p)
}

func tempName(p string) string {
	dir, name := path.Split(p)
	return dir + "." + name + ".part"
}

// A source notes whether it was the reader that failed.
type source struct {
	r   io.Reader
	err error
}

// File is for the wire, which moves the bytes of a file in its own way.
func (x *source) File() *os.File {
	f, _ := x.r.(*os.File)
	return f
}

func (x *source) Read(p []byte) (int, error) {
	n, err := x.r.Read(p)
	if err != nil && err != io.EOF {
		x.err = err
		if fault.Of(err) == fault.Internal {
			x.err = fault.New(fault.ReadLocal, "reading stopped: %w", err)
		}
		err = x.err
	}
	return n, err
}

// stored finds the error that tells the most: the server's refusal, or why
// our side stopped.
func (s *Session) stored(err error, src *source) error {
	if err == nil {
		return nil
	}
	d, r := s.data.Load(), s.ctl.reply
	var local *fs.PathError
	switch {
	case src.err != nil:
		return src.err
	case errors.As(err, &local):
		return fault.New(fault.ReadLocal, "reading stopped: %w", err)
	case d == nil: // it was not begun
		return err
	case d.stop:
		return d.err
	case s.ctl.broken == nil && r.Code == 250 && d.err == nil:
		return nil
	case s.ctl.broken == nil && r.Code/100 >= 4:
		f, ok := s.refusal(r).(*fault.Error)
		if ok && d.n > 0 {
			f.Phase = "body"
		}
		return f
	case d.err != nil:
		return d.err
	case s.ctl.broken != nil && d.end || s.ctl.broken != nil && d.n > 0:
		f := &fault.Error{Kind: fault.UnknownOutcome, At: s.target.String(), Phase: "closing", Err: s.ctl.broken,
			Text: fmt.Sprintf("%d bytes were sent, and the server did not say whether it has them: %v", d.n, s.ctl.broken),
			Hint: "size shows how much it has"}
		s.ctl.broken = f
		return f
	}
	return err
}

// AppendArgs are the arguments of append and put-unique.
type AppendArgs struct {
	File   verb.Input `arg:"local" help:"file to send; - is standard input" complete:"local"`
	Remote string     `arg:"remote?" help:"file at the server; the same name if left out" complete:"remote"`
	Ascii  bool       `flag:"ascii" help:"as text: our ends of lines become the server's"`
}

// Append adds to the end of a file (APPE).
func (s *Session) Append(ctx context.Context, a AppendArgs) (d files.Stored, err error) {
	if a.File.ReadCloser != nil {
		defer a.File.Close()
	}
	to, err := s.destination(files.PutArgs{File: a.File, Remote: a.Remote})
	if err != nil {
		return d, err
	}
	if err := s.ready(ctx); err != nil {
		return d, err
	}
	n, err := s.store(ctx, upload{command: "APPE", to: to, r: a.File.ReadCloser, size: a.File.Size, text: a.Ascii})
	return files.Stored{Done: files.Done{Did: "appended", Path: to, Bytes: n}}, err
}

// UniqueArgs are the arguments of put-unique.
type UniqueArgs struct {
	File  verb.Input `arg:"local" help:"file to send; - is standard input" complete:"local"`
	Ascii bool       `flag:"ascii" help:"as text: our ends of lines become the server's"`
}

// PutUnique stores a file under a name that the server makes up (STOU).
func (s *Session) PutUnique(ctx context.Context, a UniqueArgs) (d files.Stored, err error) {
	if a.File.ReadCloser == nil {
		return d, fault.New(fault.Usage, "there is no file to store")
	}
	defer a.File.Close()
	if err := s.ready(ctx); err != nil {
		return d, err
	}
	var name string
	n, err := s.store(ctx, upload{command: "STOU", r: a.File.ReadCloser, size: a.File.Size, text: a.Ascii, name: &name})
	return files.Stored{Done: files.Done{Did: files.Copied, Path: name, Bytes: n}}, err
}

// uniqueName finds the name in a reply to STOU: "FILE: name" in the one that
// opens the data connection (RFC 1123, section 4.1.2.9), or what else servers
// say in it or in the last one.
func uniqueName(r Reply) string {
	text := r.text()
	for _, mark := range []string{"FILE: ", "file: ", "name:", "as "} {
		if _, after, ok := strings.Cut(text, mark); ok {
			return strings.Trim(strings.TrimSuffix(strings.TrimSpace(after), "."), `"'()`)
		}
	}
	if q, err := strconv.QuotedPrefix(text[max(0, strings.IndexByte(text, '"')):]); err == nil {
		return strings.Trim(q, `"`)
	}
	return ""
}
