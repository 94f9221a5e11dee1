package http

import (
	"fmt"
	"io"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// unsent is a request that is shown instead of being sent. Secrets are left
// out.
func (s *Session) unsent(r *request) (*verb.Blob, error) {
	m := r.message()
	if who := r.login.Plan(); who != "" && !r.typed["authorization"] {
		m.Fields.Set("Authorization", who)
	}
	s.client.Jar.Give(&m)
	if r.how.As == "" {
		head := strings.ReplaceAll(discreet(m.Head()), "\n", "\r\n")
		body := io.NopCloser(strings.NewReader(""))
		if !r.body.empty() {
			body = r.body.open()
		}
		p := &print{parts: []part{{headType, strings.NewReader(head)}, {"", body}}, body: body}
		return &verb.Blob{Size: -1, ReadCloser: p}, nil
	}
	text, err := r.body.text()
	if err != nil {
		return nil, err
	}
	c := copied{m: &m, body: text, has: !r.body.empty()}
	if !c.has && r.body.once != nil {
		return nil, fault.New(fault.Unsupported, "a body that is piped in cannot be copied into a command")
	}
	made := map[string]func() string{"curl": c.curl, "python": c.python, "go": c.golang}[r.how.As]()
	return &verb.Blob{Size: int64(len(made)), Type: "text/plain", ReadCloser: io.NopCloser(strings.NewReader(made))}, nil
}

// maxCopied is the longest body that is put into a command.
const maxCopied = 1 << 20

// text is a body as text.
func (p *payload) text() (string, error) {
	if p.empty() {
		return "", nil
	}
	from := p.open()
	defer from.Close()
	b, err := io.ReadAll(io.LimitReader(from, maxCopied+1))
	if err != nil {
		return "", err
	}
	if len(b) > maxCopied {
		return "", fault.New(fault.TooLarge, "a body of more than %d bytes does not fit into a command", maxCopied)
	}
	return string(b), nil
}

// shellQuote is s as one word of a POSIX shell.
func shellQuote(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@%+,") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// pythonQuote is s as a literal of Python.
func pythonQuote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c == '\n':
			b.WriteString(`\n`)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + `"`
}
