package telnet

import (
	"bytes"
	"regexp"
	"sync"
)

// asksSecret is how a server asks for what no trace may show.
var asksSecret = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(pass(word|code|phrase|wd)?|passwort|kennwort|contraseña|mot de passe|secret|\bPIN|\bOTP|token|verification code)\b[^\r\n]{0,40}[:?>]?[ *]*$`)
})

// tailMost is how much is kept of what came last.
const tailMost = 80

// keepTail keeps the end of what came, for asked.
func (s *Session) keepTail(data []byte) {
	if len(data) == 0 {
		return
	}
	if n := len(data) - tailMost; n > 0 {
		data = data[n:]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tail = append(s.tail, data...)
	if n := len(s.tail) - tailMost; n > 0 {
		s.tail = append(s.tail[:0], s.tail[n:]...)
	}
}

// asked reports whether the server has just asked for a secret.
func (s *Session) asked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return asksSecret().Match(s.tail)
}

// guard keeps text out of every trace if it is the answer to such a question
// (C08): it would show as it goes, and again if it is echoed.
func (s *Session) guard(text []byte) {
	if s.asked() {
		line, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
		s.dialer.Secret(string(bytes.TrimRight(line, "\r")))
		s.answered()
	}
}

// answered has what is sent next be the answer to another question.
func (s *Session) answered() {
	s.mu.Lock()
	s.tail = s.tail[:0]
	s.mu.Unlock()
}
