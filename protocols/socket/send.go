package socket

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// SendArgs say what to send and what to wait for afterwards.
type SendArgs struct {
	Text   []string   `arg:"text..." help:"what to send; several words are joined by a blank; without any, standard input" escapes:"yes"`
	Raw    string     `flag:"raw" help:"send this text as it is: no escapes are read in it"`
	Hex    bool       `flag:"hex" help:"the text is hexadecimal digits, blanks are free; an answer is shown so too"`
	Base64 bool       `flag:"base64" help:"the text is base64"`
	File   verb.Input `flag:"file" help:"send this file" complete:"local"`
	EOL    string     `flag:"eol" enum:"crlf,lf,none" help:"end the text with this"`
	Once   bool       `flag:"once" help:"one send(2): only as much as the kernel takes now"`
	OOB    bool       `flag:"oob" help:"as urgent data, as MSG_OOB does"`
	Pace
	After
	Stdin verb.Input
}

// Pace says how fast a file goes, and in which pieces.
type Pace struct {
	Rate   verb.Size `flag:"rate" help:"at most this many bytes a second"`
	Size   verb.Size `flag:"size" help:"bytes of one datagram; 1400 unless said"`
	NoHash bool      `flag:"no-hash" help:"do not compute the sha256, so that the kernel may move the bytes"`
}

// After says what to receive once all has been sent.
type After struct {
	Recv      int            `flag:"recv" help:"then receive at most this many bytes, or this many datagrams"`
	RecvUntil string         `flag:"recv-until" help:"then receive until this text came" escapes:"yes"`
	RecvAll   bool           `flag:"recv-all" help:"then receive until the peer closes"`
	RecvIdle  time.Duration  `flag:"recv-idle" help:"then receive until nothing came for this long"`
	HexOut    bool           `flag:"hex-out" help:"show what came in hexadecimal"`
	Timeout   *time.Duration `flag:"t,timeout" help:"limit for sending, and for each wait afterwards"`
}

func (a After) wanted() bool {
	return a.Recv > 0 || a.RecvUntil != "" || a.RecvAll || a.RecvIdle > 0
}

func (a After) args() RecvArgs {
	return RecvArgs{N: a.Recv, Until: a.RecvUntil, All: a.RecvAll, Idle: a.RecvIdle, Hex: a.HexOut, Timeout: a.Timeout}
}

// A talker is a session with a peer, whatever it is made of.
type talker interface {
	write(ctx context.Context, p []byte) (int64, error)
	once(p []byte) (int64, error)
	urgent(p []byte) (int64, error)
	pump(ctx context.Context, in verb.Input, a Pace) (*Sent, error)
	after(ctx context.Context, a After) (any, error)
}

// Send sends, and receives afterwards if a asks for it.
func (s *Stream) Send(ctx context.Context, a SendArgs) (any, error) { return send(ctx, s, a) }

func send(ctx context.Context, t talker, a SendArgs) (any, error) {
	text, from, err := a.content()
	if err != nil {
		return nil, err
	}
	ctx1, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	sent := &Sent{}
	switch {
	case from.ReadCloser != nil:
		sent, err = t.pump(ctx1, from, a.Pace)
		from.Close()
	case a.OOB:
		sent.Bytes, err = t.urgent(text)
	case a.Once:
		sent.Bytes, err = t.once(text)
	default:
		sent.Bytes, err = t.write(ctx1, text)
	}
	if err != nil {
		return nil, err
	}
	if !a.wanted() {
		return sent, nil
	}
	res, err := t.after(ctx, a.After)
	if err != nil {
		return nil, err
	}
	if r, ok := res.(*Received); ok {
		r.Sent = sent.Bytes
	}
	return res, nil
}

// content is what to send: some bytes, or an input to read them from.
func (a *SendArgs) content() (text []byte, from verb.Input, err error) {
	words := strings.Join(a.Text, " ")
	a.HexOut = a.HexOut || a.Hex
	switch {
	case a.Raw != "" && len(a.Text) > 0:
		return nil, from, fault.New(fault.Usage, "--raw takes one word").WithHint("quote it: send --raw 'two words'")
	case a.File.ReadCloser != nil && (a.Raw != "" || len(a.Text) > 0):
		return nil, from, fault.New(fault.Usage, "a text or a file, not both")
	case a.Hex && a.Base64:
		return nil, from, fault.New(fault.Usage, "--hex or --base64, not both")
	case a.Raw != "":
		text = []byte(a.Raw)
	case a.File.ReadCloser != nil:
		return nil, a.File, nil
	case len(a.Text) == 0 && a.Stdin.ReadCloser != nil:
		return nil, a.Stdin, nil
	case len(a.Text) == 0:
		return nil, from, fault.New(fault.Usage, "nothing to send").WithHint("send TEXT, send --hex 02 03, or send --file FILE")
	case a.Hex && a.wanted() && strings.ContainsFunc(words, unicode.IsControl):
		text = []byte(words) // text with a line end cannot be digits: --hex is for the answer
	case a.Hex:
		text, err = digits(words)
	case a.Base64:
		text, err = base64.StdEncoding.DecodeString(words)
		if err != nil {
			err = fault.New(fault.BadArgument, "%q is not base64", talk.Quote([]byte(words), 40))
		}
	default:
		text = []byte(words)
	}
	switch a.EOL {
	case "crlf":
		text = append(text, "\r\n"...)
	case "lf":
		text = append(text, '\n')
	}
	return text, from, err
}

// digits reads hexadecimal digits; blanks, colons and 0x between bytes do
// not matter.
func digits(s string) ([]byte, error) {
	r := strings.NewReplacer("0x", "", "0X", "", `\x`, "", ":", "", ",", "", " ", "", "\t", "")
	p, err := hex.DecodeString(r.Replace(s))
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not pairs of hexadecimal digits", talk.Quote([]byte(s), 40)).
			WithHint("such as: send --hex 02 45 31 38 03; to see an answer in hexadecimal use --hex-out")
	}
	return p, nil
}

// once does what one send(2) does: it sends only what the kernel takes now.
// TLS cannot send parts of what it began, so there all of p goes.
func (s *Stream) once(p []byte) (int64, error) {
	if s.conn.TLS() != nil {
		return s.write(context.Background(), p)
	}
	ctx, cancel := context.WithTimeout(context.Background(), talk.Moment)
	defer cancel()
	n, err := s.write(ctx, p)
	if n > 0 && fault.Of(err) == fault.Timeout {
		return n, nil
	}
	return n, err
}

func (s *Stream) urgent(p []byte) (int64, error) {
	if err := s.conn.SendOOB(p); err != nil {
		return 0, err
	}
	return int64(len(p)), nil
}

func (s *Stream) after(ctx context.Context, a After) (any, error) { return s.Recv(ctx, a.args()) }

// RawArgs are those of raw.
type RawArgs struct {
	Line string `arg:"line" help:"the line, without its end" escapes:"yes"`
	EOL  string `flag:"eol" enum:"crlf,lf,none" help:"how it ends: crlf unless said"`
}

// Raw sends a line.
func (s *Stream) Raw(ctx context.Context, a RawArgs) (any, error) { return raw(ctx, s, a) }

func raw(ctx context.Context, t talker, a RawArgs) (any, error) {
	var b bytes.Buffer
	b.WriteString(a.Line)
	switch a.EOL {
	case "", "crlf":
		b.WriteString("\r\n")
	case "lf":
		b.WriteByte('\n')
	}
	n, err := t.write(ctx, b.Bytes())
	if err != nil {
		return nil, err
	}
	return &Sent{Bytes: n}, nil
}
