package telnet

import (
	"bytes"
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/wire"
)

// A Session is a conversation over telnet. What comes is kept as data, with
// all commands taken out and answered, until a verb takes it.
type Session struct {
	conn   *wire.Conn
	dialer *wire.Dialer
	target wire.Target
	out    *outbox

	mu  sync.Mutex // of eng and cs, while interact reads and types at the same time
	eng engine
	cs  *charset // nil: UTF-8

	talk.Inbox
	spare   []byte // to be used as Buf again
	sent    int64  // bytes of data that were ever sent
	warned  bool   // that a subnegotiation was too long
	holding bool   // TLS has been agreed on and not begun
	zip     *inflater
	unzip   bool // zip is in use
	subs    subs
	log     *logFile

	seen      bool      // by a person, within interact
	alternate alternate // as the server has it, once seen

	tail     []byte                      // of what came, for guard
	calm     func()                      // ends keepAlive
	again    func(context.Context) error // makes the connection anew; nil: it stays lost
	synch    sync.Mutex                  // held between the IAC and the DM of a synch
	triggers []*Trigger
	heard    []byte // of the line that triggers look at
	hearing  plain
}

// Where is empty while both sides may speak.
func (s *Session) Where() string {
	if s.End != nil {
		return "(closed by server)"
	}
	return ""
}

// linger is how long Close waits: for what was said to be sent, and for the
// server to close too.
const linger = 300 * time.Millisecond

// Close closes the connection; telnet has no word for goodbye. To close at
// once could destroy what is still on its way.
func (s *Session) Close() error {
	err := s.hangUp()
	if e := s.stopLog(); err == nil {
		err = e
	}
	return err
}

func (s *Session) hangUp() error {
	if s.End == nil && !s.holding {
		late, cancel := context.WithTimeout(context.Background(), linger)
		err := s.out.await(late, s.out.empty)
		cancel()
		if err == nil && s.sent > 0 && s.conn.CloseWrite() == nil {
			s.conn.SetReadDeadline(time.Now().Add(linger))
			io.Copy(io.Discard, io.LimitReader(s.conn, 16*talk.Most))
		}
	}
	s.calm()
	err := s.conn.Close()
	s.out.stop(fault.New(fault.Send, "the session is closed"))
	s.zip.close()
	return err
}

// fill waits for one byte of data or more to come and keeps it. It answers
// what the server asks meanwhile. It fails with io.EOF when the server
// closed, and politely when ctx ends.
func (s *Session) fill(ctx context.Context) error {
	for had := len(s.Buf); len(s.Buf) == had; {
		if err := s.read(ctx); err != nil {
			return err
		}
	}
	return nil
}

// read takes what comes next, which may be no data.
func (s *Session) read(ctx context.Context) error {
	if s.End != nil {
		return s.End
	}
	if len(s.Buf) >= 2*talk.Most {
		return s.at(fault.New(fault.Limit, "%s came and were not taken", talk.Amount(int64(len(s.Buf)))).WithHint("recv takes them"))
	}
	if err := s.out.calm(); err != nil {
		return s.fail(err, ctx)
	}
	room := min(max(len(s.Buf), 4<<10), 256<<10)
	if s.Buf == nil {
		s.Buf, s.spare = s.spare[:0], nil
	}
	s.Buf = slices.Grow(s.Buf, room)
	p := s.Buf[len(s.Buf):cap(s.Buf)]
	var n int
	err := talk.Politely(ctx, s.conn.SetReadDeadline, func() (err error) {
		n, err = s.conn.Read(p)
		return err
	})
	if e := s.took(ctx, p[:n]); e != nil {
		return s.fail(e, ctx)
	}
	if err != nil {
		return s.fail(err, ctx)
	}
	return nil
}

// fail keeps err as the end unless it only says that ctx ended.
func (s *Session) fail(err error, ctx context.Context) error {
	if !talk.Over(err, ctx) {
		s.End = err
	}
	return err
}

// took takes bytes off the wire.
func (s *Session) took(ctx context.Context, p []byte) (err error) {
	for len(p) > 0 {
		if !s.unzip {
			if p, err = s.parse(ctx, p); err != nil {
				return err
			}
			continue
		}
		// p lies where data is appended, which grows by this.
		rest, err := s.zip.feed(bytes.Clone(p), func(p []byte) error {
			for len(p) > 0 {
				if p, err = s.parse(ctx, p); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil && err != io.EOF {
			return err
		}
		s.unzip = err == nil
		p = rest
	}
	return nil
}

// parse takes telnet: data is kept, commands are acted on. It returns what
// was not read because it may mean something else now.
func (s *Session) parse(ctx context.Context, p []byte) (rest []byte, err error) {
	s.mu.Lock()
	data, rest := s.eng.feed(p)
	events, replies := s.eng.events, s.eng.out
	s.eng.events, s.eng.out = nil, nil
	if s.cs != nil {
		data, rest = s.cs.decode(data), bytes.Clone(rest)
	}
	how := told
	for _, e := range events {
		if e.kind == deflateNow || e.kind == tlsFollows {
			how = e.kind
		}
	}
	for _, e := range events { // before the bytes of our answers are traced
		s.note(e)
	}
	if len(replies) > 0 || how != told {
		s.out.add(replies, true, how)
	}
	s.mu.Unlock()
	s.In += int64(len(data))
	s.append(data)
	s.keepTail(data)
	if s.seen {
		s.alternate.look(data)
	}
	if s.log != nil && len(data) > 0 {
		s.log.take(data)
	}
	if err := s.hear(data); err != nil {
		return nil, err
	}
	for _, e := range events {
		if err := s.act(ctx, e, rest); err != nil {
			return nil, err
		}
	}
	if len(replies) > 0 || len(s.triggers) > 0 {
		err = s.out.calm()
	}
	return rest, err
}

// append keeps data, which mostly is where it belongs already.
func (s *Session) append(data []byte) {
	n := len(s.Buf)
	if len(data) > 0 && cap(s.Buf) > n && &s.Buf[:n+1][n] == &data[0] {
		s.Buf = s.Buf[:n+len(data)]
		return
	}
	s.Buf = append(s.Buf, data...)
}

// gone is the error of a verb that wanted data when none will come.
func (s *Session) gone() error {
	if s.End != io.EOF {
		return s.End
	}
	if s.In == 0 {
		return s.at(fault.New(fault.Empty, "the server closed the connection without a word"))
	}
	return s.at(fault.New(fault.Recv, "the server has closed the connection after %s", talk.Amount(s.In)))
}

func (s *Session) at(e *fault.Error) error {
	e.At = s.target.String()
	return e
}
