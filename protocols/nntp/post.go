package nntp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// PostArgs are the arguments of Post.
type PostArgs struct {
	File verb.Input `arg:"file?" help:"article, or its text; - is standard input; an editor has a draft if left out" complete:"local"`
	Body string     `flag:"body" help:"text of the article, instead of a file"`
	Writing
}

// Posted is an article that the server has taken.
type Posted struct {
	ID     string   `json:"id"`
	Groups []string `json:"groups"`
	Text   string   `json:"text"` // the server's words
}

// Message says it. Many servers answer with the message-id.
func (p Posted) Message() string {
	if p.Text == "" || strings.Contains(p.Text, p.ID) {
		return "posted " + p.ID
	}
	return "posted " + p.ID + ": " + p.Text
}

// Post posts an article (RFC 3977, section 6.3.1). What its header lacks is
// made.
func (s *Session) Post(ctx context.Context, a PostArgs) (Posted, error) {
	switch {
	case a.Body != "" && a.File.Name != "":
		a.File.Close()
		return Posted{}, fault.New(fault.Usage, "--body is the text, and so is %s", a.File.Name)
	case a.Body != "":
		if a.File.ReadCloser != nil {
			a.File.Close() // nobody reads standard input
		}
		a.Text = true
		return s.post(ctx, []byte(a.Body), a.Writing)
	case a.File.ReadCloser == nil && files.EditorOf(ctx) != nil:
		return s.edit(ctx, a.Writing)
	}
	text, err := s.input(a.File)
	if err != nil {
		return Posted{}, err
	}
	return s.post(ctx, text, a.Writing)
}

// edit has the user write the article, beginning with a draft.
func (s *Session) edit(ctx context.Context, w Writing) (Posted, error) {
	draft, err := s.Draft(ctx, DraftArgs{w})
	if err != nil {
		return Posted{}, err
	}
	changed, done, err := files.EditorOf(ctx).Edit(ctx, draft)
	if err != nil {
		return Posted{}, err
	}
	if changed == nil {
		return Posted{}, fault.New(fault.Usage, "the draft was left as it was, and nothing was posted")
	}
	text, err := s.input(verb.Input{Name: draft.Name, ReadCloser: changed})
	if err != nil {
		return Posted{}, done(err)
	}
	// The draft has all that the flags say.
	p, err := s.post(ctx, text, Writing{})
	return p, done(err)
}

// post makes an article of a text and posts it.
func (s *Session) post(ctx context.Context, text []byte, w Writing) (Posted, error) {
	art, err := s.compose(ctx, text, w)
	if err != nil {
		return Posted{}, err
	}
	wire, err := art.wire(true)
	if err != nil {
		return Posted{}, err
	}
	if _, err := s.ask(ctx, "POST", sendPost); err != nil {
		return Posted{}, err
	}
	r, err := s.deliver(ctx, wire, art.id(), posted)
	if err != nil {
		return Posted{}, err
	}
	return Posted{art.id(), art.groups(), short(r.text)}, nil
}

// mostArticle bounds an article that is posted.
const mostArticle = 32 << 20

// input reads what is to be posted.
func (s *Session) input(in verb.Input) ([]byte, error) {
	if in.ReadCloser == nil {
		return nil, fault.New(fault.Usage, "missing FILE").
			WithHint("draft --followup 1234 > reply.txt makes one to be edited; < FILE and - do as well")
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, mostArticle+1))
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %w", in.Name, err)
	}
	if len(text) > mostArticle {
		return nil, fault.New(fault.TooLarge, "%s is longer than 32 MiB", in.Name)
	}
	return text, nil
}

// deliver sends an article and reads what the server says to it. When that
// does not come, nobody knows whether it was taken: it is never sent again.
func (s *Session) deliver(ctx context.Context, text []byte, id string, want int) (reply, error) {
	l := s.link
	defer l.watch(ctx)()
	out := bufio.NewWriterSize(l.out, room)
	err := stuff(out, text)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return reply{}, l.because(ctx, err)
	}
	// From here on the server may take it.
	if _, err = l.out.Write([]byte(".\r\n")); err == nil {
		err = l.flush()
	}
	var r reply
	if err == nil {
		r, err = l.answer()
	}
	if err != nil {
		err = l.because(ctx, err)
		e := &fault.Error{Kind: fault.UnknownOutcome, At: l.at, Phase: "closing", Err: err,
			Text: "the server did not say whether it has taken the article; it was not sent again"}
		return r, e.WithHint("stat %s tells whether it is there", id)
	}
	if r.code != want {
		return r, l.refusal(r)
	}
	return r, nil
}

// stuff writes text, whose lines end in CR LF, with a dot before each line
// that begins with one (RFC 3977, section 3.1.1).
func stuff(w *bufio.Writer, text []byte) error {
	for line := range bytes.Lines(text) {
		if line[0] == '.' {
			if err := w.WriteByte('.'); err != nil {
				return err
			}
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// mostLine is how long a line of an article may be, without its end (RFC
// 5536, section 2.2).
const mostLine = 998

// lines makes every end of a line CR LF, and sees to it that there is one at
// the end. NUL is refused, and so are lines that are too long.
func lines(text []byte) ([]byte, error) {
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, fault.New(fault.BadArgument, "the article has a NUL in it")
	}
	out := make([]byte, 0, len(text)+len(text)/32+2)
	n := 0
	for len(text) > 0 {
		end := bytes.IndexAny(text, "\r\n")
		line := text
		if end < 0 {
			text = nil
		} else {
			line = text[:end]
			if text[end] == '\r' && end+1 < len(text) && text[end+1] == '\n' {
				end++
			}
			text = text[end+1:]
		}
		if n++; len(line) > mostLine {
			return nil, fault.New(fault.BadArgument, "line %d of the article is longer than %d bytes", n, mostLine)
		}
		out = append(append(out, line...), '\r', '\n')
	}
	return out, nil
}

// IhaveArgs are the arguments of Ihave.
type IhaveArgs struct {
	File verb.Input `arg:"file?" help:"article, with a whole header; - is standard input" complete:"local"`
	ID   string     `flag:"id" help:"its message-id; the one of its header if left out"`
}

// Transferred is an article that the server has taken from another one.
type Transferred struct {
	ID   string `json:"id"`
	Text string `json:"text"` // the server's words
}

// Message says it.
func (x Transferred) Message() string { return "handed over " + x.ID + ": " + x.Text }

// Ihave offers an article as one server does to another (RFC 3977, section
// 6.3.2). It is sent as it is.
func (s *Session) Ihave(ctx context.Context, a IhaveArgs) (Transferred, error) {
	if err := protocols.OneLine("id", a.ID); err != nil {
		return Transferred{}, err
	}
	text, err := s.input(a.File)
	if err != nil {
		return Transferred{}, err
	}
	art := parseArticle(text)
	if a.ID == "" {
		a.ID = art.id()
	}
	if a.ID == "" {
		return Transferred{}, fault.New(fault.BadArgument, "the article has no Message-ID").WithHint("post posts an article that has none yet")
	}
	if err := checkID(a.ID); err != nil {
		return Transferred{}, err
	}
	wire, err := art.wire(false)
	if err != nil {
		return Transferred{}, err
	}
	if _, err := s.ask(ctx, "IHAVE "+a.ID, sendArticle); err != nil {
		var f *fault.Error
		if errors.As(err, &f) && f.Code == strconv.Itoa(unknownCommand) {
			f.Hint = "connect --feed keeps a server from taking us for a reader"
		}
		return Transferred{}, of(a.ID, err)
	}
	r, err := s.deliver(ctx, wire, a.ID, transferred)
	return Transferred{a.ID, short(r.text)}, of(a.ID, err)
}
