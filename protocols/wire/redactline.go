package wire

import "bytes"

// A lineScan says of each byte of a direction whether the classic line
// protocols make it a secret: passwords, SASL exchanges, credentials in
// headers. Keywords are no secrets, so nothing need be held back for it.
type lineScan struct {
	client bool  // this is what a client says
	auth   *bool // a SASL exchange is under way; shared by both directions
	at     int   // bytes of this line so far
	head   [8]byte
	pos    [len(rules)]int8 // progress in each rule; -1: does not match
	word   [len(rules)]bool // within a word that stands for *
	muted  bool             // the rest of this line is secret
	fold   bool             // so is a continuation of it
	sasl   bool             // this line begins a SASL exchange
	tail   []byte           // the end of a muted line, for a literal
	lit    int64            // bytes of a literal still to come
}

// A rule is a way for a line to begin, after which a secret follows. A blank
// stands for one or more, a * for a word.
type rule struct {
	text   string
	client bool // only where a client speaks
	sasl   bool // begins a SASL exchange
	fold   bool // a header, which may go on in the next line
}

var rules = [...]rule{
	{text: "PASS ", client: true},
	{text: "ACCT ", client: true},
	{text: "ADAT ", client: true},
	{text: "APOP * ", client: true},
	{text: "AUTH * ", client: true, sasl: true},
	{text: "AUTHINFO PASS ", client: true},
	{text: "AUTHINFO GENERIC ", client: true},
	{text: "AUTHINFO SASL * ", client: true, sasl: true},
	{text: "* LOGIN ", client: true},
	{text: "* AUTHENTICATE * ", client: true, sasl: true},
	{text: "AUTHORIZATION:", fold: true},
	{text: "PROXY-AUTHORIZATION:", fold: true},
	{text: "COOKIE:", fold: true},
	{text: "SET-COOKIE:", fold: true},
}

// reset begins a new line.
func (l *lineScan) reset() {
	*l = lineScan{client: l.client, auth: l.auth, tail: l.tail[:0], fold: l.fold}
}

// step takes the next byte and reports whether it is secret.
func (l *lineScan) step(b byte) bool {
	if l.lit > 0 {
		l.lit--
		return true
	}
	if b == '\n' {
		l.endLine()
		return false
	}
	if l.at == 0 {
		l.muted = l.client && *l.auth || l.fold && (b == ' ' || b == '\t')
		l.fold = l.muted && l.fold
	}
	if l.at < len(l.head) {
		l.head[l.at] = b
	}
	l.at++
	if l.muted {
		l.keep(b)
		return b != '\r'
	}
	for i := range rules {
		l.match(i, b)
	}
	if !l.client && *l.auth && challenge(l.head[:min(l.at, len(l.head))]) {
		l.muted = true
	}
	return false
}

// match moves on in rule i with the byte b.
func (l *lineScan) match(i int, b byte) {
	r, p := &rules[i], l.pos[i]
	if p < 0 || r.client && !l.client {
		return
	}
	if l.word[i] {
		if b != ' ' {
			return
		}
		l.word[i] = false
		p++ // past the *, at the blank that must follow
	}
	switch want := r.text[p]; {
	case want == '*' && b != ' ' && b != '\r':
		l.word[i] = true
		l.pos[i] = p
		l.sasl = l.sasl || r.sasl && int(p) == len(r.text)-2
		return
	case want == upper(b):
		p++
	case b == ' ' && p > 0 && r.text[p-1] == ' ':
	default:
		l.pos[i] = -1
		return
	}
	l.pos[i] = p
	if int(p) == len(r.text) {
		l.muted, l.fold = true, r.fold
		l.pos[i] = -1
	}
}

func (l *lineScan) keep(b byte) {
	if l.tail = append(l.tail, b); len(l.tail) > 24 {
		l.tail = append(l.tail[:0], l.tail[len(l.tail)-16:]...)
	}
}

func (l *lineScan) endLine() {
	if l.sasl {
		*l.auth = true
	} else if !l.client && *l.auth && !challenge(l.head[:min(l.at, len(l.head))]) && !bytes.HasPrefix(l.head[:], []byte("* ")) {
		*l.auth = false
	}
	if n := literal(l.tail); l.muted && n > 0 && l.client {
		// The literal, and what follows it, belong to the same command.
		l.lit, l.tail = n, l.tail[:0]
		return
	}
	l.reset()
}

// challenge reports whether a server's line asks for the next step of SASL.
func challenge(head []byte) bool {
	return bytes.HasPrefix(head, []byte("334 ")) || bytes.HasPrefix(head, []byte("383 ")) || bytes.HasPrefix(head, []byte("+ "))
}

// literal returns n if a line ends with {n} or {n+} (RFC 9051, section 4.3).
func literal(tail []byte) int64 {
	s := bytes.TrimSuffix(tail, []byte("\r"))
	if !bytes.HasSuffix(s, []byte("}")) {
		return 0
	}
	i := bytes.LastIndexByte(s, '{')
	if i < 0 {
		return 0
	}
	var n int64
	for _, c := range bytes.TrimSuffix(s[i+1:len(s)-1], []byte("+")) {
		if c < '0' || c > '9' || n > 1<<32 {
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

func upper(b byte) byte {
	if 'a' <= b && b <= 'z' {
		return b - 32
	}
	return b
}
