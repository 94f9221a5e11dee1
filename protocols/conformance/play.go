package conformance

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// Play is a Peer that plays a script to every connection, in the notation of
// transcripts: "S: 220 ready", "C: QUIT". What goes otherwise fails t.
func Play(t testing.TB, s wire.Scheme, script string) *Peer {
	t.Helper()
	return serve(t, s, trusted(t), func(p *Peer, c net.Conn) {
		steps, err := parse(script, map[string]string{"port": p.Target.Port(), "password": password})
		pl := &player{ctx: t.Context(), conn: c, config: p.config}
		if err == nil {
			err = pl.play(steps)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// patience is how long a peer waits for the client's next words.
const patience = 20 * time.Second

// A mishap is what befalls a peer while it plays its script. The zero mishap
// is none.
type mishap struct {
	kind  string  // fin, rst, stall, flood, repeat, bytes or slow; of the user's own side: write or short
	after int     // how many bytes the peer has said before; or how many calls there were
	under *faulty // what lies under the user's connections; nil: nothing
	calm  int     // how many times as long as usual everything may take; 0 is once
}

// times is d, or as much longer as there is time for calm.
func (m mishap) times(d time.Duration) time.Duration { return d * time.Duration(max(1, m.calm)) }

func (m mishap) String() string {
	if m.ours() {
		return fmt.Sprintf("%s after call %d", m.kind, m.after)
	}
	return fmt.Sprintf("%s after byte %d", m.kind, m.after)
}

// endless reports whether the peer goes on until the client leaves.
func (m mishap) endless() bool { return m.kind == "flood" || m.kind == "repeat" }

// ours reports whether it befalls the user's own side.
func (m mishap) ours() bool { return m.kind == "write" || m.kind == "short" }

// errMishap ends a script at its mishap.
var errMishap = errors.New("mishap")

// flooding bounds what an endless line or reply comes to.
const flooding = 64 << 20

// A player says and hears the steps of a script on one connection.
type player struct {
	ctx    context.Context // ends a stall
	conn   net.Conn
	config *tls.Config
	in     *bufio.Reader
	mishap mishap
	said   int
}

// play goes through the steps. Unless the script says how the conversation
// ends, the client must end it, without another word.
func (p *player) play(steps []step) error {
	p.in = bufio.NewReader(p.conn)
	for i, s := range steps {
		p.conn.SetReadDeadline(time.Now().Add(patience))
		if err := p.step(s); err != nil {
			if s.do == say && gone(err) && !hears(steps[i:]) {
				return nil // nothing is left that it should have said
			}
			if errors.Is(err, errMishap) {
				p.listen()
			}
			return err
		}
		if s.do == hangup || s.do == reset {
			return nil
		}
	}
	return p.step(step{do: leave, line: "C: close"})
}

// gone reports whether err is that of saying something to a client that has
// left, or after the test has ended.
func gone(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, net.ErrClosed)
}

// hears reports whether the client is to say something.
func hears(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { return s.do == hear || s.do == match || s.do == secure })
}

func (p *player) step(s step) error {
	switch s.do {
	case say:
		return p.say(s.data)
	case hear:
		return p.hear(s)
	case match:
		got, err := p.in.ReadString('\n')
		if err != nil || !s.like.MatchString(strings.TrimSuffix(got, "\r\n")) {
			return heard(got, err, s)
		}
	case leave:
		if _, ok := p.conn.(*packets); ok {
			return nil // nobody can see who leaves
		}
		got, err := io.ReadAll(io.LimitReader(p.in, 4096))
		if err != nil || len(got) > 0 {
			return heard(string(got), err, s)
		}
	case hangup:
		p.fin()
	case shutdown:
		return p.closeWrite()
	case reset:
		p.reset()
	case secure:
		t := tls.Server(p.conn, p.config)
		p.conn, p.in = t, bufio.NewReader(t)
		return t.HandshakeContext(p.ctx)
	}
	return nil
}

func (p *player) hear(s step) error {
	if pc, ok := p.conn.(*packets); ok {
		got := make([]byte, 64<<10)
		n, err := pc.Read(got)
		if err != nil || !bytes.Equal(got[:n], s.data) {
			return heard(string(got[:n]), err, s)
		}
		return nil
	}
	var got []byte
	var err error
	if bytes.HasSuffix(s.data, []byte("\n")) && bytes.Count(s.data, []byte("\n")) == 1 {
		got, err = p.in.ReadBytes('\n')
	} else {
		got = make([]byte, len(s.data))
		var n int
		n, err = io.ReadFull(p.in, got)
		got = got[:n]
	}
	if err != nil || !bytes.Equal(got, s.data) {
		return heard(string(got), err, s)
	}
	return nil
}

// heard tells that the client said something else than it should have.
func heard(got string, err error, want step) error {
	switch {
	case errors.Is(err, net.ErrClosed) && got == "":
		return fmt.Errorf("the test ended while the peer was waiting for more; the script says %s; it may end before, with S: close", want.line)
	case errors.Is(err, io.EOF) && got == "":
		return fmt.Errorf("the client closed the connection; the script says %s", want.line)
	case err != nil:
		return fmt.Errorf("the peer heard %q and then %v; the script says %s", got, err, want.line)
	}
	return fmt.Errorf("the peer heard %q; the script says %s", got, want.line)
}

// say sends data, or as much of it as the mishap allows.
func (p *player) say(data []byte) error {
	switch left := p.mishap.after - p.said; {
	case p.mishap.kind == "bytes", p.mishap.kind == "slow":
		for i := range data {
			if _, err := p.conn.Write(data[i : i+1]); err != nil {
				return err
			}
			if p.mishap.kind == "slow" && !p.sleep(100*time.Millisecond) {
				return errMishap
			}
		}
		return nil
	case p.mishap.kind != "" && left < len(data):
		p.conn.Write(data[:left])
		p.happen(data)
		return errMishap
	}
	p.said += len(data)
	_, err := p.conn.Write(data)
	return err
}

func (p *player) happen(data []byte) {
	switch p.mishap.kind {
	case "fin":
		p.closeWrite()
	case "rst":
		p.reset()
	case "stall":
		<-p.ctx.Done()
	case "flood":
		p.flood(bytes.Repeat([]byte("x"), 32<<10))
	case "repeat":
		p.flood(bytes.Repeat(data, 1+(32<<10)/len(data)))
	}
}

// flood says the same until nobody listens any more.
func (p *player) flood(data []byte) {
	p.conn.SetWriteDeadline(time.Now().Add(patience))
	for n := 0; n < flooding && p.ctx.Err() == nil; n += len(data) {
		if _, err := p.conn.Write(data); err != nil {
			return
		}
	}
}

func (p *player) sleep(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-p.ctx.Done():
		return false
	}
}

// listen waits until the client leaves, so that closing with bytes unread
// does not turn the end into a reset.
func (p *player) listen() {
	c := below(p.conn)
	c.SetReadDeadline(time.Now().Add(patience))
	io.Copy(io.Discard, c)
}

// fin closes as a server does that is done: first its own half.
func (p *player) fin() {
	if t, ok := p.conn.(*tls.Conn); ok {
		t.CloseWrite()
	}
	p.closeWrite()
	p.listen()
}

// closeWrite ends the stream in the client's direction. TLS gets no word of
// it, as when a server dies.
func (p *player) closeWrite() error {
	if c, ok := below(p.conn).(interface{ CloseWrite() error }); ok {
		return c.CloseWrite()
	}
	return nil
}

func (p *player) reset() {
	c := below(p.conn)
	if c, ok := c.(interface{ SetLinger(int) error }); ok {
		c.SetLinger(0)
	}
	c.Close()
}
