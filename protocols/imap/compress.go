package imap

import (
	"bufio"
	"bytes"
	"compress/flate"
	"context"
	"io"
	"sync"

	"wireline/protocols/fault"
)

// Compress has both sides compress what they send (RFC 4978).
func (s *Session) Compress(ctx context.Context, _ struct{}) (Compressed, error) {
	return Compressed{Compressed: true}, s.compress(ctx)
}

// Compressed tells that a connection is.
type Compressed struct {
	Compressed bool `json:"compressed"`
}

// Message says it.
func (Compressed) Message() string { return "what is sent is compressed from here on" }

func (s *Session) compress(ctx context.Context) error {
	if s.l.squeezed {
		return fault.New(fault.Usage, "the connection is compressed already")
	}
	if err := s.need("compress", "COMPRESS=DEFLATE"); err != nil {
		return err
	}
	if err := s.do(ctx, s.command("COMPRESS DEFLATE")); err != nil {
		return err
	}
	return s.l.squeeze()
}

// squeeze puts a compressor on the connection in either direction. What was
// read behind the OK is compressed already.
func (l *link) squeeze() error {
	rest, err := l.in.br.Peek(l.in.br.Buffered())
	if err != nil {
		return l.fail(err)
	}
	early := append([]byte(nil), rest...)
	w, err := flate.NewWriter(l.conn, flate.DefaultCompression)
	if err != nil {
		return l.fail(fault.New(fault.Internal, "no compressor: %v", err))
	}
	src := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), l.conn), 32<<10)
	l.in = newReader(inflating{flate.NewReader(src)}, l.in.most)
	l.out = &deflating{w: w}
	l.squeezed = true
	return nil
}

// deflating flushes each write, so that nothing the server waits for stays.
type deflating struct {
	mu sync.Mutex
	w  *flate.Writer
}

func (d *deflating) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, err := d.w.Write(p)
	if err == nil {
		err = d.w.Flush()
	}
	return n, err
}

// inflating makes the errors of a decompressor ones of ours.
type inflating struct{ io.Reader }

func (i inflating) Read(p []byte) (int, error) {
	n, err := i.Reader.Read(p)
	switch err.(type) {
	case flate.CorruptInputError, flate.InternalError:
		err = fault.New(fault.Encoding, "what the server sends is not compressed as it should be: %v", err)
	}
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return n, err
}
