package conformance

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// A parrot is a peer that has learned from transcripts which reply follows
// which line, and repeats it. With it a session can be opened without a
// script, and then it can be told to misbehave.
type parrot struct {
	greeting []byte
	replies  map[string][]byte // by line, and by the line's first word
	ctx      context.Context   // ends what would go on for ever
	acts     sync.WaitGroup

	mu    sync.Mutex
	mood  string // "" while it behaves
	conns map[net.Conn]bool
	heard bytes.Buffer
}

func newParrot(ctx context.Context, transcripts []*transcript) *parrot {
	p := &parrot{ctx: ctx, replies: map[string][]byte{}, conns: map[net.Conn]bool{}}
	for _, tr := range transcripts {
		p.learn(tr.main())
	}
	return p
}

func (p *parrot) learn(steps []step) {
	var line []byte // what the client said last
	began := false
	var reply []byte
	done := func() {
		switch {
		case !began:
			if p.greeting == nil {
				p.greeting = reply
			}
		case len(reply) > 0:
			tag, word := key(string(line))
			for _, k := range []string{string(line), word} {
				if _, known := p.replies[k]; !known && k != "" {
					p.replies[k] = untag(reply, tag)
				}
			}
		}
		reply = nil
	}
	for _, s := range steps {
		switch s.do {
		case say:
			reply = append(reply, s.data...)
		case hear, match:
			done()
			began, line = true, s.data
			if s.do == match {
				line = []byte(strings.TrimPrefix(s.line, "C~: "))
			}
		}
	}
	done()
}

// key is the word by which a line is known, and the tag before it, which
// IMAP has and which differs from line to line.
func key(line string) (tag, word string) {
	f := strings.Fields(line)
	if len(f) > 1 && strings.ContainsAny(f[0], "0123456789") {
		return f[0], strings.ToUpper(f[1])
	}
	if len(f) > 0 {
		return "", strings.ToUpper(f[0])
	}
	return "", ""
}

// untag puts ${tag} where a reply has the tag.
func untag(reply []byte, tag string) []byte {
	if tag == "" {
		return reply
	}
	return bytes.ReplaceAll(reply, []byte(tag+" "), []byte("${tag} "))
}

// reply is what follows a line, or nothing.
func (p *parrot) reply(line string) []byte {
	tag, word := key(line)
	r, ok := p.replies[line]
	if !ok {
		r = p.replies[word]
	}
	return bytes.ReplaceAll(r, []byte("${tag} "), []byte(tag+" "))
}

func (p *parrot) handle(c net.Conn) {
	p.mu.Lock()
	mood := p.mood
	p.conns[c] = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.conns, c)
	}()
	if mood != "" {
		p.act(c, mood)
	} else {
		c.Write(p.greeting)
	}
	in := bufio.NewReader(tap{c, p})
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		if p.talks() {
			c.Write(p.reply(line))
		}
	}
}

func (p *parrot) talks() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mood == ""
}

// turn has the parrot misbehave from now on, on every connection.
func (p *parrot) turn(mood string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mood = mood
	for c := range p.conns {
		p.acts.Go(func() { p.act(c, mood) })
	}
}

// act misbehaves on one connection.
func (p *parrot) act(c net.Conn, mood string) {
	pl := &player{ctx: p.ctx, conn: c}
	switch mood {
	case "hangs up":
		pl.closeWrite()
	case "resets":
		pl.reset()
	case "sends an endless line":
		pl.flood(bytes.Repeat([]byte("x"), 32<<10))
	case "sends endless lines":
		pl.flood(bytes.Repeat([]byte("2 x\r\n"), 8<<10))
	case "sends endless NULs":
		pl.flood(make([]byte, 32<<10))
	case "repeats itself":
		pl.flood(bytes.Repeat(append(slices.Clone(p.greeting), '\n'), 1+(32<<10)/(1+len(p.greeting))))
	case "is slow":
		for pl.sleep(100 * time.Millisecond) {
			if _, err := c.Write([]byte("2")); err != nil {
				return
			}
		}
	}
}

// settle waits until the parrot has heard all there was to hear, when clients
// have sent some bytes and closed.
func (p *parrot) settle(sent int64, stream bool) {
	for range 200 {
		p.mu.Lock()
		quiet := (sent == 0 || p.heard.Len() > 0) && (!stream || len(p.conns) == 0)
		p.mu.Unlock()
		if quiet {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// A tap keeps all that a client says.
type tap struct {
	net.Conn
	p *parrot
}

func (t tap) Read(b []byte) (int, error) {
	n, err := t.Conn.Read(b)
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	t.p.heard.Write(b[:n])
	return n, err
}

// words is all that clients have said.
func (p *parrot) words() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.heard.Bytes())
}
