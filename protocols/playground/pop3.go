package playground

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// A pop3 is one conversation in POP3 (RFC 1939).
type pop3 struct {
	w     *World
	c     net.Conn
	in    *bufio.Reader
	out   *bufio.Writer
	stamp string

	name     string // the user, before his password
	user     string // who has logged in
	box      *mailbox
	messages []*message
	gone     map[uint32]bool // by UID
}

func servePOP3(w *World, c net.Conn) {
	p := &pop3{w: w, c: c, in: bufio.NewReader(c), out: bufio.NewWriter(c)}
	p.stamp = fmt.Sprintf("<%d@playground.test>", time.Now().UnixNano())
	p.say("+OK wireline playground ready " + p.stamp)
	for {
		if p.in.Buffered() == 0 && p.out.Flush() != nil {
			return
		}
		line, err := p.in.ReadString('\n')
		if err != nil || len(line) > 8<<10 {
			return
		}
		word, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if p.command(strings.ToUpper(word), rest) {
			_ = p.out.Flush()
			return
		}
	}
}

func (p *pop3) say(line string) { p.out.WriteString(line + "\r\n") }

// lines says a reply of several lines.
func (p *pop3) lines(text []byte) {
	p.say("+OK")
	for line := range bytes.Lines(text) {
		if line[0] == '.' {
			p.out.WriteByte('.')
		}
		p.out.Write(line)
	}
	if len(text) > 0 && text[len(text)-1] != '\n' {
		p.say("")
	}
	p.say(".")
}

// command obeys one command, and reports whether it was the last.
func (p *pop3) command(word, rest string) (end bool) {
	switch word {
	case "CAPA":
		p.lines([]byte("TOP\r\nUIDL\r\nUSER\r\nSASL PLAIN\r\nRESP-CODES\r\nPIPELINING\r\nUTF8\r\nSTLS\r\nIMPLEMENTATION wireline playground\r\n"))
	case "QUIT":
		if p.box != nil {
			p.box.remove(p.gone)
		}
		p.say("+OK bye")
		return true
	case "NOOP", "UTF8":
		p.say("+OK")
	default:
		if p.box == nil {
			return p.before(word, rest)
		}
		p.inside(word, rest)
	}
	return false
}

// before are the commands before the login.
func (p *pop3) before(word, rest string) (end bool) {
	switch word {
	case "STLS":
		if _, ok := p.c.(*tls.Conn); ok {
			p.say("-ERR there is TLS already")
			return false
		}
		p.say("+OK begin")
		if p.out.Flush() != nil || p.in.Buffered() > 0 {
			return true
		}
		p.c = tls.Server(p.c, p.w.identity.config(nil))
		p.in, p.out = bufio.NewReader(p.c), bufio.NewWriter(p.c)
	case "USER":
		p.name = rest
		p.say("+OK now the password")
	case "PASS":
		p.enter(p.name, rest == p.w.users[p.name])
	case "APOP":
		name, digest, _ := strings.Cut(rest, " ")
		sum := md5.Sum([]byte(p.stamp + p.w.users[name]))
		p.enter(name, digest == hex.EncodeToString(sum[:]))
	case "AUTH":
		return p.auth(rest)
	default:
		p.say("-ERR who are you?")
	}
	return false
}

// auth is a login by SASL PLAIN.
func (p *pop3) auth(rest string) (end bool) {
	mech, first, given := strings.Cut(rest, " ")
	if !strings.EqualFold(mech, "PLAIN") {
		p.say("-ERR PLAIN is the only mechanism")
		return false
	}
	if !given {
		p.say("+ ")
		if p.out.Flush() != nil {
			return true
		}
		line, err := p.in.ReadString('\n')
		if err != nil {
			return true
		}
		first = strings.TrimRight(line, "\r\n")
	}
	data, err := base64.StdEncoding.DecodeString(first)
	parts := strings.Split(string(data), "\x00")
	if err != nil || len(parts) != 3 {
		p.say("-ERR cancelled")
		return false
	}
	p.enter(parts[1], parts[2] == p.w.users[parts[1]])
	return false
}

func (p *pop3) enter(name string, right bool) {
	if p.w.users[name] == "" || !right {
		p.say("-ERR [AUTH] no such user, or another password")
		return
	}
	p.user, p.box, p.gone = name, p.w.mail.box(name, inbox), map[uint32]bool{}
	p.messages = p.box.list()
	p.say(fmt.Sprintf("+OK %d messages", len(p.messages)))
}

// inside are the commands after the login.
func (p *pop3) inside(word, rest string) {
	args := strings.Fields(rest)
	switch {
	case word == "STAT":
		n, size := 0, 0
		for _, m := range p.messages {
			if !p.gone[m.uid] {
				n, size = n+1, size+len(m.data)
			}
		}
		p.say(fmt.Sprintf("+OK %d %d", n, size))
		return
	case word == "RSET":
		clear(p.gone)
		p.say("+OK")
		return
	case (word == "LIST" || word == "UIDL") && len(args) == 0:
		var b bytes.Buffer
		for i, m := range p.messages {
			if !p.gone[m.uid] {
				b.WriteString(p.about(word, i) + "\r\n")
			}
		}
		p.lines(b.Bytes())
		return
	case len(args) == 0:
		p.say("-ERR unknown command, or no message named")
		return
	}
	i, err := strconv.Atoi(args[0])
	if i--; err != nil || i < 0 || i >= len(p.messages) || p.gone[p.messages[i].uid] {
		p.say("-ERR no such message")
		return
	}
	switch m := p.messages[i]; word {
	case "LIST", "UIDL":
		p.say("+OK " + p.about(word, i))
	case "RETR":
		p.lines(m.data)
	case "TOP":
		n := 0
		if len(args) > 1 {
			n, _ = strconv.Atoi(args[1])
		}
		p.lines(top(m.data, n))
	case "DELE":
		p.gone[m.uid] = true
		p.say("+OK")
	default:
		p.say("-ERR unknown command")
	}
}

// about is a line of LIST or UIDL.
func (p *pop3) about(word string, i int) string {
	m := p.messages[i]
	if word == "LIST" {
		return fmt.Sprintf("%d %d", i+1, len(m.data))
	}
	return fmt.Sprintf("%d %d.%d", i+1, p.box.validity, m.uid)
}

// top is the header and n lines of the body.
func top(data []byte, n int) []byte {
	head := bytes.Index(data, []byte("\r\n\r\n"))
	if head < 0 {
		return data
	}
	end := head + 4
	for ; n > 0 && end < len(data); n-- {
		i := bytes.IndexByte(data[end:], '\n')
		if i < 0 {
			return data
		}
		end += i + 1
	}
	return data[:end]
}
