package imap

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"wireline/protocols/fault"
)

// mbox is the messages one after the other as RFC 4155 has it, with a > before
// each line that would be taken for the beginning of the next, and ends of
// lines as here.
func (s *Session) mbox(ctx context.Context, all set, seen bool) io.ReadCloser {
	out, in := io.Pipe()
	m := &mboxing{PipeReader: out, done: make(chan struct{})}
	go func() {
		defer close(m.done)
		m.err = fault.Safely(func() error { return s.writeMbox(ctx, in, all, seen) })
		in.CloseWithError(m.err)
	}()
	return m
}

type mboxing struct {
	*io.PipeReader
	done chan struct{}
	err  error
}

func (m *mboxing) Close() error {
	_ = m.PipeReader.Close()
	<-m.done
	if m.err == io.ErrClosedPipe {
		return nil
	}
	return m.err
}

func (s *Session) writeMbox(ctx context.Context, w io.Writer, all set, seen bool) error {
	there, err := s.there(ctx, all)
	if err != nil {
		return err
	}
	n := 0
	h := &haul{s: s, section: ref{}.peek("", seen), keep: func(in *incoming) error {
		n++
		return writeFrom(w, in)
	}}
	if err := h.run(ctx, s.pagesOf(which{set: there, known: true}, haulPage, haulPage)); err != nil {
		return err
	}
	if n == 0 {
		return &fault.Error{Kind: fault.NotFound, At: s.box.name, Text: "there are no such messages"}
	}
	return nil
}

func writeFrom(w io.Writer, b io.Reader) error {
	in, out := bufio.NewReaderSize(b, 64<<10), bufio.NewWriterSize(w, 64<<10)
	fmt.Fprintf(out, "From wireline %s\n", time.Now().UTC().Format("Mon Jan _2 15:04:05 2006"))
	begins := true
	for {
		line, err := in.ReadSlice('\n')
		if begins && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			out.WriteByte('>')
		}
		begins = bytes.HasSuffix(line, []byte("\n"))
		if bytes.HasSuffix(line, []byte("\r\n")) {
			line = append(line[:len(line)-2], '\n')
		}
		out.Write(line)
		if err != nil && err != bufio.ErrBufferFull {
			if err != io.EOF {
				return err
			}
			if !begins {
				out.WriteByte('\n')
			}
			out.WriteByte('\n')
			return out.Flush()
		}
	}
}
