package telnet

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// most is how much waits in memory for a recv; beyond that the server is held
// back.
const most = 1 << 20

// A Session is a conversation over telnet. What comes is kept as data, with
// all commands taken out and answered, until a verb takes it.
type Session struct {
	conn   *wire.Conn
	dialer *wire.Dialer
	target wire.Target
	user   string // of the target
	out    *outbox

	mu  sync.Mutex // of eng and cs, while interact reads and types at the same time
	eng engine
	cs  *charset // nil: UTF-8

	buf     []byte // came and was not taken
	spare   []byte // to be used as buf again
	in      int64  // bytes of data that ever came
	sent    int64  // bytes of data that were ever sent
	end     error  // why nothing more comes; io.EOF when the server closed
	told    bool   // Idle has told of the end
	warned  bool   // that a subnegotiation was too long
	holding bool   // TLS has been agreed on and not begun
	zip     *inflater
	unzip   bool // zip is in use
	subs    subs
	log     *logFile
}

// Where is empty while both sides may speak.
func (s *Session) Where() string {
	if s.end != nil {
		return "(closed by server)"
	}
	return ""
}

// Close closes the connection; telnet has no word for goodbye. What was said
// before has been sent by then, or a moment has passed.
func (s *Session) Close() error {
	late, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if s.end == nil && !s.holding {
		s.out.await(late, s.out.empty)
	}
	err := s.conn.Close()
	s.out.stop(fault.New(fault.Send, "the session is closed"))
	s.zip.close()
	if e := s.stopLog(); err == nil {
		err = e
	}
	return err
}

// Keep says nothing, by IAC NOP, so that no one thinks the line is dead.
func (s *Session) Keep(ctx context.Context) error {
	return s.say(ctx, []byte{cmdIAC, cmdNOP}, event{sent: true, cmd: cmdNOP})
}

// Take gives what came and was not taken.
func (s *Session) Take() []byte {
	p := s.buf
	s.buf = nil
	return p
}

// drop takes n bytes off the front.
func (s *Session) drop(n int) {
	s.buf = s.buf[n:]
	if len(s.buf) == 0 {
		s.buf = nil
	}
}

// fill waits for one byte of data or more to come and keeps it. It answers
// what the server asks meanwhile. It fails with io.EOF when the server
// closed, and politely when ctx ends.
func (s *Session) fill(ctx context.Context) error {
	for had := len(s.buf); len(s.buf) == had; {
		if err := s.read(ctx); err != nil {
			return err
		}
	}
	return nil
}

// read takes what comes next, which may be no data.
func (s *Session) read(ctx context.Context) error {
	if s.end != nil {
		return s.end
	}
	if err := s.out.calm(); err != nil {
		return s.fail(err, ctx)
	}
	room := min(max(len(s.buf), 4<<10), 256<<10)
	if s.buf == nil {
		s.buf, s.spare = s.spare[:0], nil
	}
	s.buf = slices.Grow(s.buf, room)
	p := s.buf[len(s.buf):cap(s.buf)]
	var n int
	err := politely(ctx, s.conn.SetReadDeadline, func() (err error) {
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
	if !over(err, ctx) {
		s.end = err
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
		rest, err := s.zip.feed(p, func(p []byte) error {
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
		data = s.cs.decode(data)
	}
	how := told
	for _, e := range events {
		if e.kind == deflateNow || e.kind == tlsFollows {
			how = e.kind
		}
	}
	if len(replies) > 0 || how != told {
		s.out.add(replies, true, how)
	}
	s.mu.Unlock()
	s.in += int64(len(data))
	s.append(data)
	if s.log != nil && len(data) > 0 {
		s.log.take(data)
	}
	for _, e := range events {
		if err := s.act(ctx, e, rest); err != nil {
			return nil, err
		}
	}
	if len(replies) > 0 {
		err = s.out.calm()
	}
	return rest, err
}

// append keeps data, which mostly is where it belongs already.
func (s *Session) append(data []byte) {
	n := len(s.buf)
	if len(data) > 0 && cap(s.buf) > n && &s.buf[:n+1][n] == &data[0] {
		s.buf = s.buf[:n+len(data)]
		return
	}
	s.buf = append(s.buf, data...)
}

// write sends data and waits until it was sent. While the server does not
// read, because it writes, what it writes is taken.
func (s *Session) write(ctx context.Context, data []byte, cooked bool) (n int64, err error) {
	for s.holding {
		if err := s.read(ctx); err != nil {
			return 0, err
		}
	}
	for len(data) > 0 {
		piece := data[:min(len(data), queueMost)]
		if err := s.pump(ctx, s.out.hasRoom); err != nil {
			return n, s.unsent(ctx, err, n)
		}
		if err := s.queue(ctx, piece, cooked); err != nil {
			return n, s.unsent(ctx, err, n)
		}
		data, n = data[len(piece):], n+int64(len(piece))
	}
	if err := s.pump(ctx, s.out.empty); err != nil {
		return n, s.unsent(ctx, err, n-int64(s.out.waiting()))
	}
	return n, nil
}

// queue puts data into the outbox, as telnet has it unless it is cooked. It
// waits for room, and while TLS is about to begin.
func (s *Session) queue(ctx context.Context, data []byte, cooked bool) error {
	for {
		if err := s.out.await(ctx, func() bool { return s.out.hasRoom() && !s.out.holds() }); err != nil {
			return err
		}
		s.mu.Lock()
		if ok, _ := s.out.check(s.out.holds); ok {
			s.mu.Unlock()
			continue
		}
		s.sent += int64(len(data))
		if !cooked {
			data = s.eng.encode(make([]byte, 0, len(data)+len(data)/16+16), data)
		}
		s.out.add(data, false, told)
		s.mu.Unlock()
		return nil
	}
}

// pump waits until done holds of the outbox. When that takes long, it reads.
func (s *Session) pump(ctx context.Context, done func() bool) error {
	for {
		quick, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		err := s.out.await(quick, done)
		cancel()
		switch {
		case err == nil:
			return nil
		case s.out.failed() != nil:
			return s.out.failed()
		case ctx.Err() != nil:
			return ended(ctx)
		case s.end != nil, len(s.buf) >= most:
			return s.out.await(ctx, done)
		}
		ok, moved := s.out.check(done)
		if ok {
			return nil
		}
		turn, cancel := context.WithCancel(ctx)
		go func() {
			select {
			case <-moved:
				cancel()
			case <-turn.Done():
			}
		}()
		s.read(turn) // its error, if it lasts, is kept in end
		cancel()
	}
}

// unsent is the error of a write of which the server took only n bytes.
func (s *Session) unsent(ctx context.Context, err error, n int64) error {
	if ctx.Err() == nil {
		return err
	}
	return s.at(&fault.Error{Kind: fault.Of(err), Err: err, Text: "the server does not read: " + amount(max(0, n)) + " sent"})
}

// say sends a command as it is and keeps it for the trace.
func (s *Session) say(ctx context.Context, p []byte, e event) error {
	s.note(e)
	_, err := s.write(ctx, p, true)
	return err
}

// flush sends what the engine has to say by itself.
func (s *Session) flush() {
	s.mu.Lock()
	events, p := s.eng.events, s.eng.out
	s.eng.events, s.eng.out = nil, nil
	s.out.add(p, false, told)
	s.mu.Unlock()
	for _, e := range events {
		s.note(e)
	}
}

// gone is the error of a verb that wanted data when none will come.
func (s *Session) gone() error {
	if s.end != io.EOF {
		return s.end
	}
	if s.in == 0 {
		return s.at(fault.New(fault.Empty, "the server closed the connection without a word"))
	}
	return s.at(fault.New(fault.Recv, "the server has closed the connection after %s", amount(s.in)))
}

func (s *Session) at(e *fault.Error) error {
	e.At = s.target.String()
	return e
}

var _ protocols.Keeper = (*Session)(nil)
