package telnet

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// SendArgs say what to send and what to wait for afterwards.
type SendArgs struct {
	Text []string `arg:"text..." help:"what to send; several words are joined by a blank; without any, standard input" escapes:"yes"`
	Hex  bool     `flag:"hex" help:"the text is hexadecimal digits, blanks are free"`
	EOL  string   `flag:"eol" enum:"crlf,lf,none" help:"end the text with this"`
	After
	Stdin verb.Input
}

// After says what to receive once all has been sent.
type After struct {
	Recv      int            `flag:"recv" help:"then receive at most this many bytes"`
	RecvUntil string         `flag:"recv-until" help:"then receive until this text came" escapes:"yes"`
	RecvAll   bool           `flag:"recv-all" help:"then receive until the server closes"`
	RecvIdle  time.Duration  `flag:"recv-idle" help:"then receive until nothing came for this long"`
	HexOut    bool           `flag:"hex-out" help:"show what came in hexadecimal"`
	Timeout   *time.Duration `flag:"t,timeout" help:"limit for sending, and for each wait afterwards"`
}

// Send sends text in the server's character set, or bytes, and receives
// afterwards if a asks for it.
func (s *Session) Send(ctx context.Context, a SendArgs) (any, error) {
	if err := s.revive(ctx); err != nil {
		return nil, err
	}
	limited, cancel := talk.Within(ctx, a.Timeout, "-t")
	defer cancel()
	sent := &Sent{}
	switch {
	case len(a.Text) > 0:
		p, err := s.content(a.Text, a.Hex, a.EOL)
		if err != nil {
			return nil, err
		}
		s.guard(p)
		if sent.Bytes, err = s.write(limited, p, false); err != nil {
			return nil, err
		}
	case a.Stdin.ReadCloser != nil:
		var err error
		if sent, err = s.pour(limited, a.Stdin, a.EOL); err != nil {
			return nil, err
		}
	default:
		return nil, fault.New(fault.Usage, "nothing to send").WithHint("send TEXT, send --hex ff 0d, or put FILE")
	}
	if a.Recv == 0 && a.RecvUntil == "" && !a.RecvAll && a.RecvIdle == 0 {
		return sent, nil
	}
	res, err := s.Recv(ctx, RecvArgs{N: a.Recv, Until: a.RecvUntil, All: a.RecvAll, Idle: a.RecvIdle, Hex: a.HexOut, Timeout: a.Timeout})
	if r, ok := res.(*Received); ok {
		r.Sent = sent.Bytes
	}
	return res, err
}

func (s *Session) content(text []string, asHex bool, eol string) (p []byte, err error) {
	words := strings.Join(text, " ")
	if asHex {
		if p, err = digits(words); err != nil {
			return nil, err
		}
	} else if p, err = s.cs.encode([]byte(words)); err != nil {
		return nil, err
	}
	return append(p, eols[eol]...), nil
}

var eols = map[string]string{"crlf": "\r\n", "lf": "\n"}

// digits reads hexadecimal digits; blanks, colons and 0x do not matter.
func digits(text string) ([]byte, error) {
	r := strings.NewReplacer("0x", "", "0X", "", `\x`, "", ":", "", ",", "", " ", "", "\t", "")
	p, err := hex.DecodeString(r.Replace(text))
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not pairs of hexadecimal digits", talk.Quote([]byte(text), 40)).
			WithHint("such as: send --hex ff 0d")
	}
	return p, nil
}

// PutArgs are those of put.
type PutArgs struct {
	File verb.Input `arg:"file" help:"what to send; - is standard input" complete:"local"`
	EOL  string     `flag:"eol" enum:"crlf,lf,none" help:"end every line with this: crlf on a terminal of the network, none changes nothing; none unless said"`
}

// Put sends a file.
func (s *Session) Put(ctx context.Context, a PutArgs) (*Sent, error) {
	if err := s.revive(ctx); err != nil {
		a.File.Close()
		return nil, err
	}
	return s.pour(ctx, a.File, a.EOL)
}

// pour sends all of in, with the ends of its lines as eol says, and closes
// it.
func (s *Session) pour(ctx context.Context, in verb.Input, eol string) (*Sent, error) {
	defer in.Close()
	sent := &Sent{File: in.Name}
	lines := &liner{eol: eols[eol]}
	var partial []byte // of a character
	p := make([]byte, queueMost)
	for {
		n, err := in.Read(p)
		partial = lines.fix(partial, p[:n], err != nil)
		data, rest := s.cs.key(partial)
		partial = bytes.Clone(rest)
		m, werr := s.write(ctx, data, false)
		sent.Bytes += m
		switch {
		case werr != nil:
			return nil, werr
		case err == io.EOF:
			return sent, nil
		case err != nil:
			name := in.Name
			if name == "" {
				name = "standard input"
			}
			if fault.Of(err) != fault.Internal {
				return nil, err
			}
			return nil, fault.New(fault.ReadLocal, "cannot read %s: %w", name, err)
		}
	}
}

// A liner gives the lines of a text another end. "" leaves them as they are.
type liner struct {
	eol string
	cr  bool // a CR came and what it is to be depends on the next byte
}

// fix appends p to dst. A CR at the end waits for what follows, unless that
// is nothing, so that a CR LF is never sent in two pieces.
func (l *liner) fix(dst, p []byte, last bool) []byte {
	if l.eol == "" && len(p) > 0 {
		if l.cr {
			dst = append(dst, '\r')
		}
		dst = append(dst, p...)
		if l.cr = p[len(p)-1] == '\r'; l.cr {
			dst = dst[:len(dst)-1]
		}
		p = nil
	}
	for _, c := range p {
		if l.cr && c != '\n' {
			dst = append(dst, '\r')
		}
		l.cr = c == '\r'
		switch {
		case l.cr:
		case c == '\n':
			dst = append(dst, l.eol...)
		default:
			dst = append(dst, c)
		}
	}
	if last && l.cr {
		l.cr = false
		dst = append(dst, '\r')
	}
	return dst
}

// RawArgs are those of raw.
type RawArgs struct {
	Bytes []string `arg:"bytes..." help:"what to send; several words are joined by a blank" escapes:"yes"`
	Hex   bool     `flag:"hex" help:"hexadecimal digits, blanks are free"`
}

// Raw sends bytes as they are. What they make the server think of options is
// not known here.
func (s *Session) Raw(ctx context.Context, a RawArgs) (*Sent, error) {
	p := []byte(strings.Join(a.Bytes, " "))
	if len(p) == 0 {
		return nil, fault.New(fault.Usage, "nothing to send").WithHint(`such as: raw "\xff\xf6"`)
	}
	if a.Hex {
		var err error
		if p, err = digits(string(p)); err != nil {
			return nil, err
		}
	}
	if err := s.revive(ctx); err != nil {
		return nil, err
	}
	n, err := s.write(ctx, p, true)
	if err != nil {
		return nil, err
	}
	return &Sent{Bytes: n}, nil
}
