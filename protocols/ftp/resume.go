package ftp

import (
	"bytes"
	"context"
	"io"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/files"
)

// overlap is how much of what the server has of a file is looked at before
// the rest is sent.
const overlap = 4 << 10

// Partial is how many bytes of a file the server has: none if what it has is
// older than the file, and so of another version. More than there are ends in an
// error. (files.Resumer)
func (s *Session) Partial(ctx context.Context, p string, whole files.Entry) (int64, error) {
	var e files.Entry
	err := s.twice(ctx, func() (err error) {
		if err = s.setType(ctx, "I"); err == nil {
			e, err = s.facts(ctx, p)
		}
		return err
	})
	switch {
	case s.ctl.broken != nil:
		return 0, err
	case err != nil || e.Size < 0 || e.Kind != files.File:
		return 0, nil
	case !e.Modified.IsZero() && e.Modified.Before(whole.Modified.Truncate(time.Second)):
		return 0, nil // it is of the file as it was before
	case whole.Size >= 0 && e.Size > whole.Size:
		f := fault.New(fault.ResumeMismatch, "the server has %d bytes, and there are only %d", e.Size, whole.Size)
		f.At = s.target.String()
		return 0, s.of(p, f.WithHint("without -c the file is replaced"))
	}
	return int64(e.Size), nil
}

// Begun reports whether the last upload was that of p, and was broken off in
// the middle. (files.Resumer)
func (s *Session) Begun(p string) bool { return p != "" && s.begun == p }

// skip leaves out the first n bytes, and gives the last of them.
func skip(r io.Reader, n int64) ([]byte, error) {
	if n == 0 {
		return nil, nil
	}
	at, can := r.(io.ReaderAt)
	if sk, ok := r.(io.Seeker); ok && can {
		if _, err := sk.Seek(n, io.SeekStart); err == nil {
			return last(at, n)
		}
	}
	before := make([]byte, min(n, overlap))
	m, err := io.CopyN(io.Discard, r, n-int64(len(before)))
	if err == nil {
		var k int
		k, err = io.ReadFull(r, before)
		m += int64(k)
	}
	if err != nil {
		return nil, tooShort(m, n)
	}
	return before, nil
}

// last are the bytes of a file that come before the one numbered n.
func last(r io.ReaderAt, n int64) ([]byte, error) {
	before := make([]byte, min(n, overlap))
	if k, err := r.ReadAt(before, n-int64(len(before))); k < len(before) {
		if err == io.EOF {
			return nil, tooShort(n-int64(len(before)-k), n)
		}
		return nil, fault.New(fault.ReadLocal, "reading stopped: %w", err)
	}
	return before, nil
}

func tooShort(there, want int64) error {
	return fault.New(fault.ReadLocal, "there are only %d bytes, and the server has %d", there, want)
}

// compare makes sure that what the server has of a file, which is its first
// from bytes, ends as our file does there. A server that does not let it be
// read is believed, and that is said. (D10)
func (s *Session) compare(ctx context.Context, p string, from int64, ours []byte) error {
	if from == 0 {
		return nil
	}
	x, err := s.open(ctx, request{command: "RETR " + p, about: p, from: from - int64(len(ours)), size: int64(len(ours))})
	if f, ok := err.(*fault.Error); ok && f.Code != "" && s.ctl.broken == nil {
		s.warn("what the server has of " + p + " could not be compared with our file: " + f.Code + " " + f.Text)
		return nil
	}
	if err != nil {
		return err
	}
	defer x.Close()
	theirs := make([]byte, len(ours))
	if _, err := io.ReadFull(x, theirs); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			err = fault.New(fault.Partial, "the server has fewer bytes than it says")
		}
		return err
	}
	if !bytes.Equal(theirs, ours) {
		f := fault.New(fault.ResumeMismatch, "what the server has is not the beginning of our file")
		f.At = s.target.String()
		return s.of(p, f.WithHint("without -c the file is replaced"))
	}
	return x.Close()
}
