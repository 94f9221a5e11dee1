package wire

// A redactor replaces secrets in one direction of a connection by ***,
// however the bytes are cut into pieces. A byte that may turn out to belong
// to a secret is held back until that is known.
type redactor struct {
	secrets *secrets
	line    lineScan
	url     urlScan
	pend    []byte // seen, not shown
	mask    []bool // for each of them: must not be shown
	off     int64  // of pend[0]
	open    bool   // the last byte shown stood in a masked run
}

// feed takes the next bytes and returns what can be shown by now, and its
// offset in the stream. At the end everything can.
func (r *redactor) feed(p []byte, end bool) ([]byte, int64) {
	for _, b := range p {
		hide := r.line.step(b)
		r.pend = append(r.pend, b)
		r.mask = append(r.mask, hide)
		if from, ok := r.url.step(b, len(r.pend)); ok {
			for i := max(0, from); i < len(r.pend)-1; i++ {
				r.mask[i] = true
			}
		}
	}
	safe := len(r.pend)
	if n := r.url.held(); n > 0 {
		safe = max(0, safe-n)
	}
	if s := r.secrets.scan(r.pend, r.mask); s < safe {
		safe = s
	}
	if end {
		for i := safe; i < len(r.pend) && len(r.pend)-safe > 2; i++ {
			r.mask[i] = true
		}
		safe = len(r.pend)
		r.url = urlScan{}
	}
	shown, off := r.render(safe), r.off
	r.off += int64(safe)
	r.pend = append(r.pend[:0], r.pend[safe:]...)
	r.mask = append(r.mask[:0], r.mask[safe:]...)
	return shown, off
}

func (r *redactor) render(n int) []byte {
	shown := make([]byte, 0, n+3)
	for i, b := range r.pend[:n] {
		switch {
		case !r.mask[i]:
			shown = append(shown, b)
		case !r.open:
			shown = append(shown, "***"...)
		}
		r.open = r.mask[i]
	}
	return shown
}

// A urlScan finds the password of a URL: what stands between :// name : and @.
type urlScan struct {
	state int // how much of "://" was seen; 3: in the name; 4: in what may be a password
	n     int // bytes of it so far
}

const longestUserinfo = 512

// step looks at the next byte, which is the total-th of those not shown. When
// it ends a password, it returns where the password began.
func (u *urlScan) step(b byte, total int) (from int, found bool) {
	switch {
	case u.state < 3:
		switch {
		case b == "://"[u.state]:
			u.state++
		case b == ':':
			u.state = 1
		default:
			u.state = 0
		}
		return 0, false
	case b == '@' && u.state == 4:
		from, found = total-1-u.n, u.n > 0
	case b <= ' ' || b == '/' || b == '"' || b == '\'' || b == '<' || b == '>' || b == '?' || b == '#' || b == '@':
	case u.state == 3:
		if b == ':' {
			u.state, u.n = 4, 0
		}
		return 0, false
	case u.n < longestUserinfo:
		u.n++
		return 0, false
	}
	u.state, u.n = 0, 0
	return from, found
}

func (u *urlScan) held() int {
	if u.state == 4 {
		return u.n
	}
	return 0
}
