package telnet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"syscall"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// InteractArgs are those of interact.
type InteractArgs struct {
	TTY    verb.Terminal
	Safe   bool           `flag:"safe" help:"let only text, colours and movements reach the terminal"`
	Char   bool           `flag:"char" help:"send each key at once, whatever was agreed on"`
	Line   bool           `flag:"line" help:"send line by line, whatever was agreed on"`
	EOL    string         `flag:"eol" enum:"crlf,lf,none" help:"what ends a line: crlf unless said, cr under BINARY and in petscii"`
	Linger *time.Duration `flag:"linger" help:"after the end of an input that is no terminal, go on until nothing came for this long; 2 seconds unless said"`
}

// Talked tells how much went each way.
type Talked struct {
	In  int64 `json:"in"`
	Out int64 `json:"out"`
}

// Message tells it in one line.
func (t *Talked) Message() string {
	return talk.Amount(t.In) + " received, " + talk.Amount(t.Out) + " sent"
}

// Interact connects the user with the server until ^], or until the server
// closes.
func (s *Session) Interact(ctx context.Context, a InteractArgs) (*Talked, error) {
	if a.TTY == nil {
		return nil, fault.New(fault.Usage, "interact needs a terminal, or standard input and output")
	}
	if a.Char && a.Line {
		return nil, fault.New(fault.Usage, "--char or --line, not both")
	}
	if err := s.revive(ctx); err != nil {
		return nil, err
	}
	if s.End != nil && len(s.Buf) == 0 {
		return nil, s.gone()
	}
	s.mu.Lock()
	in, out := s.In-int64(len(s.Buf)), s.sent
	s.mu.Unlock()
	var err error
	if a.TTY.IsTerminal() {
		err = s.face(ctx, a)
	} else {
		err = s.pass(ctx, a)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Talked{s.In - int64(len(s.Buf)) - in, s.sent - out}, nil
}

// eol is what a line that the user types ends with.
func (s *Session) eol(named string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case named != "":
		return eols[named]
	case s.eng.us[optBinary].on(), s.encodingName() == "petscii":
		return "\r"
	}
	return "\r\n"
}

// face is interact with a person at a terminal.
func (s *Session) face(ctx context.Context, a InteractArgs) error {
	tty := a.TTY
	if err := tty.Raw(true); err != nil {
		return err
	}
	screen := &screen{tty: tty, s: s}
	if a.Safe {
		screen.safe = &safe{}
	}
	k := &keyboard{s: s, screen: screen, eol: a.EOL, char: a.Char, line: a.Line}
	screen.own("[^] goes back to the prompt]\r\n")
	if !s.seen {
		s.seen = true
		s.alternate.look(s.Buf)
	} else {
		s.reappear(screen, tty)
	}
	strokes, done := make(chan stroke), make(chan struct{})
	defer close(done)
	go typing(tty, strokes, done)
	err := k.meet(ctx, tty, strokes)
	for err != nil && ctx.Err() == nil && s.lost() {
		screen.own(screen.alternate.tidy())
		if err = k.comeBack(ctx, strokes); err != nil {
			break
		}
		err = k.meet(ctx, tty, strokes)
	}
	if err == errLeft {
		err = nil
	}
	screen.own(screen.alternate.tidy())
	if err == errClosed {
		screen.own("[" + s.gone().Error() + "]\r\n")
		err = nil
	}
	if e := tty.Raw(false); err == nil {
		err = e
	}
	return err
}

// What ends a talk.
var (
	errClosed = errors.New("closed") // by the server
	errLeft   = errors.New("left")   // by the user, while there was no connection
)

// window tells the server the size of the terminal, if that changed.
func (s *Session) window(tty verb.Terminal) {
	if c, r := tty.Size(); c > 0 && r > 0 {
		s.mu.Lock()
		s.eng.resize(c, r)
		s.mu.Unlock()
		s.flush()
	}
}

// reappear shows a program again that had the whole screen when the user left
// it. One that draws does so anew when the size of its window changes.
func (s *Session) reappear(w *screen, tty verb.Terminal) {
	cols, rows := tty.Size()
	if !s.alternate.on || w.safe != nil || cols <= 0 || rows <= 1 {
		return
	}
	w.own(toAlternate)
	w.alternate.on = true
	s.mu.Lock()
	s.eng.resize(cols, rows-1)
	s.mu.Unlock()
}

// listen shows what the server says until ctx ends or the server closes.
func (s *Session) listen(ctx context.Context, w io.Writer) error {
	for {
		if len(s.Buf) > 0 {
			if _, err := w.Write(s.Buf); err != nil {
				return err
			}
			s.spare, s.Buf = s.Buf[:0], nil
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := s.fill(ctx); err != nil && s.End != nil && len(s.Buf) == 0 {
			return err
		}
	}
}

// A screen is a terminal in raw mode that several write to.
type screen struct {
	tty  io.Writer
	s    *Session
	safe *safe
	mu   sync.Mutex
	last byte

	alternate alternate // of the terminal
}

// Write shows what the server says. Line by line, a line feed may come
// without its return; a program that draws means it so.
func (w *screen) Write(p []byte) (int, error) {
	w.s.mu.Lock()
	char, _ := w.s.eng.mode()
	w.s.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	out := p
	if w.safe != nil {
		out = w.safe.filter(p)
	}
	if !char {
		out = w.returns(out)
	}
	w.alternate.look(out)
	if _, err := w.tty.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (w *screen) returns(p []byte) []byte {
	out := make([]byte, 0, len(p)+16)
	for _, c := range p {
		if c == '\n' && w.last != '\r' {
			out = append(out, '\r')
		}
		out = append(out, c)
		w.last = c
	}
	return out
}

// own shows what we say ourselves.
func (w *screen) own(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	io.WriteString(w.tty, text)
}

// pass is interact with files or pipes: the input goes to the server as text,
// what comes goes to the output. Telnet has no end of input that a login
// would survive, so the connection stays open for what still comes.
func (s *Session) pass(ctx context.Context, a InteractArgs) error {
	linger := 2 * time.Second
	if a.Linger != nil {
		linger = *a.Linger
	}
	typing, typed := context.WithCancelCause(ctx)
	defer typed(nil)
	go func() { typed(s.upload(typing, a.TTY.In(), s.eol(a.EOL))) }()
	s.spare = make([]byte, 0, stride)
	wire.Widen(a.TTY.Out())
	for {
		if len(s.Buf) > 0 {
			if _, err := a.TTY.Out().Write(s.Buf); err != nil {
				if errors.Is(err, syscall.EPIPE) {
					return fault.New(fault.Pipe, "whoever read the output stopped reading")
				}
				return fault.New(fault.WriteLocal, "cannot write the output: %w", err)
			}
			s.spare, s.Buf = s.Buf[:0], nil
		}
		turn, cancel := typing, context.CancelFunc(func() {})
		over := typing.Err() != nil
		if over {
			if err := context.Cause(typing); err != errAllSent && ctx.Err() == nil {
				return err
			}
			turn, cancel = context.WithTimeout(ctx, linger)
		}
		err := s.fill(turn)
		cancel()
		switch {
		case err == nil:
		case s.End == io.EOF:
			return nil
		case s.End != nil:
			return s.End
		case ctx.Err() != nil:
			return talk.Ended(ctx)
		case over:
			return nil
		}
	}
}

// errAllSent says that the input has been sent to its end.
var errAllSent = errors.New("all sent")

// upload sends what r gives, and returns errAllSent at its end.
func (s *Session) upload(ctx context.Context, r io.Reader, eol string) error {
	lines := &liner{eol: eol}
	var partial []byte
	p := make([]byte, 32<<10)
	for {
		n, err := r.Read(p)
		partial = lines.fix(partial, p[:n], err != nil)
		if e := s.key(ctx, &partial); e != nil {
			return e
		}
		if err == io.EOF {
			return errAllSent
		}
		if err != nil {
			return fault.New(fault.ReadLocal, "cannot read standard input: %w", err)
		}
	}
}

// key queues what was typed, in the server's character set. What is not whole
// yet stays in text.
func (s *Session) key(ctx context.Context, text *[]byte) error {
	s.mu.Lock()
	p, rest := s.cs.key(*text)
	s.mu.Unlock()
	p = append([]byte(nil), p...)
	*text = append((*text)[:0], rest...)
	if len(p) == 0 {
		return nil
	}
	if s.asked() { // the keys of a password, of which a trace must not know
		s.out.add(nil, false, maskBegins)
		defer s.out.add(nil, false, maskEnds)
		if bytes.ContainsAny(p, "\r\n") {
			s.answered()
		}
	}
	return s.queue(ctx, p, false)
}
