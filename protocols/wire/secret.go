package wire

import (
	"encoding/base64"
	"slices"
	"strings"
	"sync"
)

// Secret keeps s out of every trace of d from now on, in whatever encoding
// and however it is cut into writes. The empty string is ignored.
func (d *Dialer) Secret(s string) {
	if s != "" {
		d.book().add(s)
	}
}

// book is the list of secrets, which a listener shares with its clients.
func (d *Dialer) book() *secrets {
	if d.up != nil {
		return d.up.book()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hidden == nil {
		d.hidden = &secrets{}
	}
	return d.hidden
}

// Hide is a line for people, such as what a server said, without the secrets of
// d.
func (d *Dialer) Hide(text string) string {
	if d.ShowSecrets || text == "" {
		return text
	}
	var none bool
	r := redactor{secrets: d.book(), line: lineScan{auth: &none}}
	b, _ := r.feed([]byte(text), true)
	return string(b)
}

type secrets struct {
	mu   sync.Mutex
	list []secret
}

type secret struct {
	raw   string
	fixed []string  // its forms in base64
	first [256]bool // the bytes that any form may begin with
}

func (b *secrets) add(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if slices.ContainsFunc(b.list, func(x secret) bool { return x.raw == s }) {
		return
	}
	x := secret{raw: s, fixed: base64Forms(s)}
	for _, c := range []byte{s[0], '%', '\\', "0123456789abcdef"[s[0]>>4], "0123456789ABCDEF"[s[0]>>4]} {
		x.first[c] = true
	}
	if s[0] == ' ' {
		x.first['+'] = true
	}
	for _, f := range x.fixed {
		x.first[f[0]] = true
	}
	b.list = append(b.list, x)
}

// base64Forms is how s may look within something encoded in base64, for each
// of the three places in a group where it may begin, in both alphabets.
func base64Forms(s string) (forms []string) {
	for shift := range 3 {
		e := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + s))
		from, to := (shift*8+5)/6, (shift+len(s))*8/6
		if f := e[from:to]; len(f) >= 4 {
			forms = append(forms, f)
			if u := strings.NewReplacer("+", "-", "/", "_").Replace(f); u != f {
				forms = append(forms, u)
			}
		}
	}
	return forms
}

// scan marks in mask what is secret in p, and returns the length of what is
// certain: behind it stands what may be the beginning of a secret.
func (b *secrets) scan(p []byte, mask []bool) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	sure := len(p)
	for i := range p {
		for k := range b.list {
			if !b.list[k].first[p[i]] {
				continue
			}
			n, more := b.list[k].match(p[i:])
			for j := i; j < i+n; j++ {
				mask[j] = true
			}
			if more {
				sure = min(sure, i)
			}
		}
	}
	return sure
}

// match returns how much of the beginning of p is a form of the secret, and
// whether p is too short to tell.
func (x *secret) match(p []byte) (n int, more bool) {
	for _, f := range x.fixed {
		switch {
		case len(p) >= len(f) && string(p[:len(f)]) == f:
			n = max(n, len(f))
		case len(p) < len(f) && f[:len(p)] == string(p):
			more = true
		}
	}
	for _, form := range [...]func([]byte, string) (int, bool){plainForm, hexForm} {
		k, m := form(p, x.raw)
		n, more = max(n, k), more || m
	}
	return n, more
}

// plainForm matches s itself, percent-encoded, or quoted with backslashes;
// each byte may be either. It follows all readings at once, so a secret full
// of backslashes costs no more than another.
func plainForm(p []byte, s string) (longest int, more bool) {
	ends := []int{0}
	for i := range len(s) {
		var next []int
		for _, n := range ends {
			if n == len(p) {
				more = true
				continue
			}
			c := p[n]
			if c == s[i] || c == '+' && s[i] == ' ' {
				next = append(next, n+1)
			}
			if c == '%' || c == '\\' {
				k, m := escaped(p[n:], s[i])
				more = more || m
				if k > 0 {
					next = append(next, n+k)
				}
			}
		}
		if len(next) == 0 {
			return 0, more
		}
		slices.Sort(next)
		ends = slices.Compact(next)
	}
	return slices.Max(ends), more
}

// escaped returns the length of an escape for want that p begins with.
func escaped(p []byte, want byte) (n int, more bool) {
	if p[0] == '%' {
		if len(p) < 3 {
			return 0, len(p) == 1 || nibble(p[1]) == int(want>>4)
		}
		if nibble(p[1]) == int(want>>4) && nibble(p[2]) == int(want&15) {
			return 3, false
		}
		return 0, false
	}
	if len(p) == 1 {
		return 0, true
	}
	if p[1] == 'u' && (len(p) < 3 || p[2] == '0') {
		if len(p) < 6 {
			return 0, true
		}
		if nibble(p[4]) == int(want>>4) && nibble(p[5]) == int(want&15) {
			return 6, false
		}
	}
	if p[1] == want {
		return 2, false
	}
	return 0, false
}

// hexForm matches s in hexadecimal, with or without blanks or colons.
func hexForm(p []byte, s string) (int, bool) {
	if len(s) < 2 {
		return 0, false
	}
	n := 0
	for i := range len(s) {
		if i > 0 && n < len(p) && (p[n] == ' ' || p[n] == ':') {
			n++
		}
		for _, want := range [2]byte{s[i] >> 4, s[i] & 15} {
			if n == len(p) {
				return 0, true
			}
			if nibble(p[n]) != int(want) {
				return 0, false
			}
			n++
		}
	}
	return n, false
}

func nibble(b byte) int {
	switch {
	case '0' <= b && b <= '9':
		return int(b - '0')
	case 'a' <= b && b <= 'f':
		return int(b-'a') + 10
	case 'A' <= b && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}
