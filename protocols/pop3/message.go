package pop3

import (
	"context"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// Cat shows a message, or a part of one.
func (s *Session) Cat(ctx context.Context, a mail.CatArgs) (*verb.Blob, error) {
	word, part, err := mail.SplitPart(a.Message)
	if err != nil {
		return nil, err
	}
	n, err := s.single(ctx, word)
	if err != nil {
		return nil, err
	}
	o, err := s.retr(ctx, n, -1)
	if err != nil {
		return nil, err
	}
	switch {
	case part != "":
		return s.part(o, part, a.Raw)
	case a.Raw:
		return &verb.Blob{Name: word + ".eml", Size: -1, Type: "message/rfc822", ReadCloser: o}, nil
	}
	r, w := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		err := fault.Safely(func() error { return mail.Show(w, o, mail.View{AllFields: a.All, HTML: a.HTML}) })
		o.Close()
		w.CloseWithError(err)
	}()
	return &verb.Blob{Size: -1, Type: "text/plain; charset=utf-8", ReadCloser: shown{r, done}}, nil
}

// RetrArgs are the arguments of retr.
type RetrArgs struct {
	Message string `arg:"message" help:"number of the message" complete:"remote"`
}

// Retr says RETR, and shows what comes, but for the dots that were put before
// others.
func (s *Session) Retr(ctx context.Context, a RetrArgs) (*verb.Blob, error) {
	return s.Cat(ctx, mail.CatArgs{Message: a.Message, Raw: true})
}

// shown is a message that is made readable as it comes.
type shown struct {
	*io.PipeReader
	done chan struct{}
}

var errGivenUp = fault.New(fault.Interrupt, "nobody reads on")

// Close ends the reading, and waits until it has ended.
func (s shown) Close() error {
	s.CloseWithError(errGivenUp)
	<-s.done
	return nil
}

// part is one part of a message, decoded unless raw is set.
func (s *Session) part(o *opened, number string, raw bool) (*verb.Blob, error) {
	e, err := mail.NewReader(o).Find(number)
	if err != nil {
		o.Close()
		if f, ok := err.(*fault.Error); ok && f.At == "" {
			f.At = s.at()
		}
		return nil, err
	}
	b := &verb.Blob{Name: e.Name, Size: -1, Type: e.Type}
	if b.Name == "" {
		b.Name = "part-" + number
	}
	data := e.Data()
	if raw {
		data = e.Raw()
	}
	b.ReadCloser = partOf{data, o}
	return b, nil
}

// partOf reads a part, and closes the message that it is in.
type partOf struct {
	io.Reader
	o *opened
}

func (p partOf) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if err != nil && err != io.EOF && fault.Of(err) == fault.Internal {
		err = &fault.Error{Kind: fault.Encoding, At: p.o.s.at(), Phase: "body", Err: err, Text: "the part cannot be decoded", Hint: "cat --raw shows it as it is"}
	}
	return n, err
}

func (p partOf) Close() error { return p.o.Close() }

// Save gives a message, or a part, to be written to a file.
func (s *Session) Save(ctx context.Context, a mail.SaveArgs) (*verb.Blob, error) {
	_, part, err := mail.SplitPart(a.Message)
	if err != nil {
		return nil, err
	}
	b, err := s.Cat(ctx, mail.CatArgs{Message: a.Message, Raw: part == ""})
	if err == nil {
		b.Save = true
	}
	return b, err
}

// Headers shows the header of a message.
func (s *Session) Headers(ctx context.Context, a mail.MessageArgs) (verb.Stream[mail.Field], error) {
	n, err := s.single(ctx, a.Message)
	if err != nil {
		return nil, err
	}
	lines := 0
	if !s.tops() {
		lines = -1
	}
	o, err := s.retr(ctx, n, lines)
	if err != nil {
		return nil, err
	}
	h, err := mail.ReadHeader(o)
	o.Close()
	switch {
	case o.err != nil:
		return nil, o.where(o.err)
	case err != nil:
		return nil, s.fault("body", err)
	}
	return rows(h.Fields()), nil
}

// tops reports whether the server knows TOP.
func (s *Session) tops() bool { return s.offers("TOP") || len(s.caps) == 0 }

// Parts lists the parts of a message.
func (s *Session) Parts(ctx context.Context, a mail.MessageArgs) (verb.Stream[mail.Part], error) {
	n, err := s.single(ctx, a.Message)
	if err != nil {
		return nil, err
	}
	o, err := s.retr(ctx, n, -1)
	if err != nil {
		return nil, err
	}
	return func(yield func(mail.Part, error) bool) {
		defer o.Close()
		for p, err := range mail.PartsOf(o) {
			if !yield(p, err) || err != nil {
				return
			}
		}
	}, nil
}
