package socket

import (
	"bytes"
	"context"
	"io"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

// Keys that mean something while the user talks.
const (
	keyStop      = 0x03 // ^C
	keyEnd       = 0x04 // ^D
	keyBackspace = 0x08
	keyKill      = 0x15 // ^U
	keyEscape    = 0x1d // ^]
	keyESC       = 0x1b
	keyDelete    = 0x7f
)

// face connects a person at a terminal with p until ^].
func face(ctx context.Context, p party, a InteractArgs) (*Talked, error) {
	tty := a.TTY
	if err := tty.Raw(true); err != nil {
		return nil, err
	}
	defer tty.Raw(false)
	screen := &screen{w: tty}
	io.WriteString(screen, "^] goes back to the prompt\n")

	ctx, cancel := context.WithCancel(ctx)
	t := &Talked{}
	heard := make(chan error, 1)
	go func() {
		heard <- fault.Safely(func() error { t.In = listen(ctx, p, tty.Out()); return nil })
	}()
	k := &keys{party: p, screen: screen, eol: map[string]string{"": "\n", "lf": "\n", "crlf": "\r\n", "none": ""}[a.EOL], char: a.Char}
	err := k.talk(ctx, tty)
	cancel()
	if herr := <-heard; herr != nil {
		err = herr
	}
	t.Out = k.sent
	io.WriteString(screen, "\n")
	if err != nil {
		return nil, err
	}
	return t, nil
}

// listen shows what p says until ctx ends, and tells when p has ended.
func listen(ctx context.Context, p party, w io.Writer) (n int64) {
	for {
		m, _ := w.Write(p.Take())
		n += int64(m)
		if ctx.Err() != nil {
			return n
		}
		switch err := p.fill(ctx); {
		case err == nil || ctx.Err() != nil:
		case p.over() == nil:
			io.WriteString(w, "\n["+err.Error()+"]\n")
		case p.over() == io.EOF:
			io.WriteString(w, "\n[the peer has closed its side; ^] goes back]\n")
			return n
		default:
			io.WriteString(w, "\n["+err.Error()+"; ^] goes back]\n")
			return n
		}
	}
}

// A screen is a terminal in raw mode, where a line feed needs its return.
type screen struct {
	w    io.Writer
	last byte
}

func (s *screen) Write(p []byte) (int, error) {
	var b bytes.Buffer
	for _, c := range p {
		if c == '\n' && s.last != '\r' {
			b.WriteByte('\r')
		}
		b.WriteByte(c)
		s.last = c
	}
	if _, err := s.w.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// keys makes lines of what is typed, as a terminal's driver would: it echoes,
// rubs out, and sends at Enter.
type keys struct {
	party
	screen *screen
	eol    string
	char   bool
	line   []byte
	skip   bool // within the sequence of an arrow key or its like
	sent   int64
}

// talk reads keys until the user goes back.
func (k *keys) talk(ctx context.Context, tty io.Reader) error {
	p := make([]byte, 4096)
	for {
		n, err := tty.Read(p)
		for _, c := range p[:n] {
			if c == keyEscape || c == keyStop && !k.char {
				return nil
			}
			if err := k.key(ctx, c); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return talk.Ended(ctx)
		}
	}
}

func (k *keys) key(ctx context.Context, c byte) error {
	if k.char {
		if c == '\r' && k.eol != "" {
			return k.send(ctx, k.eol)
		}
		return k.send(ctx, string(c))
	}
	if k.skip {
		k.skip = c == '[' || c == 'O' || c >= '0' && c <= '9' || c == ';'
		return nil
	}
	switch c {
	case '\r', '\n':
		k.echo("\n")
		line := string(k.line) + k.eol
		k.line = nil
		return k.send(ctx, line)
	case keyBackspace, keyDelete:
		k.rub(1)
	case keyKill:
		k.rub(utf8.RuneCount(k.line))
	case keyEnd:
		if len(k.line) == 0 {
			k.echo("[nothing more to say; ^] goes back]\n")
			if err := k.hush(); err != nil && fault.Of(err) != fault.Unsupported {
				return err
			}
			return nil
		}
		line := string(k.line)
		k.line = nil
		return k.send(ctx, line)
	case keyESC:
		k.skip = true
	default:
		k.line = append(k.line, c)
		k.echo(string(c))
	}
	return nil
}

func (k *keys) echo(s string) { io.WriteString(k.screen.w, s2crlf(s)) }

func s2crlf(s string) string {
	return string(bytes.ReplaceAll([]byte(s), []byte("\n"), []byte("\r\n")))
}

// rub takes the last n characters back.
func (k *keys) rub(n int) {
	for ; n > 0 && len(k.line) > 0; n-- {
		_, size := utf8.DecodeLastRune(k.line)
		k.line = k.line[:len(k.line)-size]
		k.echo("\b \b")
	}
}

func (k *keys) send(ctx context.Context, text string) error {
	n, err := k.say(ctx, []byte(text))
	k.sent += n
	return err
}
