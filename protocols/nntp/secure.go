package nntp

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// Secured is what STARTTLS has led to.
type Secured struct {
	TLS *wire.TLSInfo `json:"tls"`
}

// Message says it.
func (Secured) Message() string { return "the connection is under TLS" }

// StartTLS puts the connection under TLS (RFC 4642). What the server can is
// asked anew afterwards.
func (s *Session) StartTLS(ctx context.Context, _ None) (Secured, error) {
	if err := s.ready(ctx); err != nil {
		return Secured{}, err
	}
	l := s.link
	if l.user != "" {
		return Secured{}, fault.New(fault.Usage, "TLS begins before the login").WithHint("connect again with --tls require")
	}
	if l.compressed {
		return Secured{}, fault.New(fault.Usage, "TLS begins before the compression").WithHint("connect again with --tls require")
	}
	if err := l.quiet(); err != nil {
		return Secured{}, err
	}
	if err := l.conn.Upgrade(ctx, wire.NNTP, ""); err != nil {
		return Secured{}, l.fail(err)
	}
	l.sent, l.group, l.caps = "STARTTLS", "", nil
	if err := s.learn(ctx); err != nil {
		return Secured{}, err
	}
	i := l.conn.Info()
	return Secured{i.TLS}, s.restore(ctx, "")
}

// Compressed is what COMPRESS has led to.
type Compressed struct {
	Method string `json:"method"`
}

// Message says it.
func (c Compressed) Message() string { return "all is compressed with " + c.Method }

// Compress has all that is said from now on compressed (RFC 8054).
func (s *Session) Compress(ctx context.Context, _ None) (Compressed, error) {
	if err := s.ready(ctx); err != nil {
		return Compressed{}, err
	}
	return Compressed{"DEFLATE"}, s.compress(ctx)
}

func (s *Session) compress(ctx context.Context) error {
	l := s.link
	if l.compressed {
		return nil
	}
	if _, err := s.command(ctx, "COMPRESS DEFLATE", compressing); err != nil {
		return err
	}
	// What came behind the go-ahead is compressed already.
	begin, _ := l.in.Peek(l.in.Buffered())
	l.in.Reset(newInflater(io.MultiReader(bytes.NewReader(bytes.Clone(begin)), l.conn)))
	out, err := flate.NewWriter(l.conn, flate.DefaultCompression)
	if err != nil {
		return l.fail(fault.New(fault.Internal, "compression cannot begin: %w", err))
	}
	l.out, l.compressed = out, true
	return nil
}

// flush sends what a compressor has kept.
func (l *link) flush() error {
	if f, ok := l.out.(*flate.Writer); ok {
		return f.Flush()
	}
	return nil
}

// spoilt makes an error of ours of one of decompression.
func (l *link) spoilt(err error) error {
	if errors.Is(err, errCorrupt) {
		return &fault.Error{At: l.at, Phase: "body", Kind: fault.Encoding, Text: errCorrupt.Error(), Err: err}
	}
	return err
}
