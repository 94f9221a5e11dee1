package telnet

import (
	"compress/zlib"
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

const (
	queueMost = 64 << 10        // bytes that may wait for a server that does not read
	patience  = 5 * time.Second // how long replies may
)

// An outbox sends what a session says, in order, and never keeps the one who
// reads from reading: a goroutine writes while there is something to write.
type outbox struct {
	conn io.Writer

	mu      sync.Mutex
	queue   []byte
	spare   []byte // the queue before, to be used again
	marks   []mark
	replies int  // how much of queue the user did not ask for, at most
	busy    bool // a goroutine writes
	held    bool // nothing more is to be sent before TLS
	zip     *zlib.Writer
	zipped  *counter
	plain   int64 // bytes that went into zip
	err     error
	moved   chan struct{} // closed at the next change
}

// A mark is a place in the queue after which sending changes.
type mark struct {
	at  int
	how kind // deflateNow, tlsFollows, maskBegins or maskEnds
}

// counter counts what is written to w.
type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

func newOutbox(w io.Writer) *outbox { return &outbox{conn: w, moved: make(chan struct{})} }

// add queues p, and the change that follows it, if any. It does not wait.
func (o *outbox) add(p []byte, reply bool, how kind) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue = append(o.queue, p...)
	if reply {
		o.replies += len(p)
	}
	if how != told {
		o.marks = append(o.marks, mark{len(o.queue), how})
	}
	o.kick()
}

// kick sees to it that what may be sent is being sent; the caller holds mu.
func (o *outbox) kick() {
	if !o.busy && o.ready() {
		o.busy = true
		go o.drain()
	}
}

func (o *outbox) ready() bool {
	return o.err == nil && !o.held && len(o.queue)+len(o.marks) > 0
}

// drain writes until there is nothing to write.
func (o *outbox) drain() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.ready() {
		p := o.queue
		if len(o.marks) > 0 && o.marks[0].at <= len(p) {
			p = p[:o.marks[0].at]
		}
		if len(p) > 0 {
			o.write(p)
			continue
		}
		switch o.marks[0].how {
		case deflateNow:
			o.zipped = &counter{w: o.conn}
			o.zip = zlib.NewWriter(o.zipped)
		case tlsFollows:
			o.held = true
		case maskBegins, maskEnds:
			if m, ok := o.conn.(interface{ Mask(bool) }); ok {
				m.Mask(o.marks[0].how == maskBegins)
			}
		}
		o.marks = o.marks[1:]
	}
	o.busy = false
	o.change()
}

// write sends p, the front of the queue, while others may add to it.
func (o *outbox) write(p []byte) {
	rest := o.queue[len(p):]
	o.queue = append(o.spare[:0], rest...)
	o.spare = nil
	for i := range o.marks {
		o.marks[i].at -= len(p)
	}
	o.mu.Unlock()
	var err error
	if o.zip != nil {
		if _, err = o.zip.Write(p); err == nil {
			err = o.zip.Flush()
		}
	} else {
		_, err = o.conn.Write(p)
	}
	o.mu.Lock()
	o.spare = p[:0]
	if o.zip != nil {
		o.plain += int64(len(p))
	}
	if err != nil {
		o.err = err
	}
	if len(o.queue) == 0 {
		o.replies = 0
	}
	o.change()
}

// change tells those who wait; the caller holds mu.
func (o *outbox) change() {
	close(o.moved)
	o.moved = make(chan struct{})
}

// await waits until done holds, which is called with mu held, or what is
// queued cannot be sent.
func (o *outbox) await(ctx context.Context, done func() bool) error {
	for {
		o.mu.Lock()
		ok, err, moved := done(), o.err, o.moved
		o.mu.Unlock()
		switch {
		case ok:
			return nil
		case err != nil:
			return err
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return talk.Ended(ctx)
		}
	}
}

func (o *outbox) hasRoom() bool { return len(o.queue) < queueMost }

// holds reports whether TLS is about to begin.
func (o *outbox) holds() bool {
	return o.held || slices.ContainsFunc(o.marks, func(m mark) bool { return m.how == tlsFollows })
}

func (o *outbox) empty() bool { return len(o.queue) == 0 && !o.busy }

// failed is why nothing can be sent any more.
func (o *outbox) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// waiting is how many bytes have not been given to the connection.
func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.queue)
}

// check reports whether done holds, and if not, what is closed when that may
// change.
func (o *outbox) check(done func() bool) (ok bool, moved <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return done(), o.moved
}

// calm waits until a server that asks much has taken our replies. One that
// does not read them loses the session.
func (o *outbox) calm() error {
	o.mu.Lock()
	over, held := o.replies > queueMost, o.holds()
	o.mu.Unlock()
	if over && held {
		return fault.New(fault.Protocol, "the server agreed to TLS and does not begin it")
	}
	if !over {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := o.await(ctx, func() bool { return o.replies <= queueMost })
	if ctx.Err() != nil {
		return fault.New(fault.Limit, "the server asks and does not read the answers: over %s of them wait", talk.Amount(queueMost))
	}
	return err
}

// hold waits until what stands before the mark of TLS was sent.
func (o *outbox) hold() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := o.await(ctx, func() bool { return o.held && !o.busy })
	if ctx.Err() != nil {
		return fault.New(fault.Protocol, "the server asks for TLS and does not read")
	}
	return err
}

// release goes on sending after TLS; what was queued for the wire in the
// clear by the engine is dropped, and it was nothing else's.
func (o *outbox) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue, o.marks, o.replies, o.held = nil, nil, 0, false
	o.change()
}

// stop ends all sending and waits for the goroutine, whose write the caller
// has made fail.
func (o *outbox) stop(err error) {
	o.mu.Lock()
	if o.err == nil {
		o.err = err
	}
	o.mu.Unlock()
	o.await(context.Background(), func() bool { return !o.busy })
}

// spared is how many bytes MCCP3 has saved.
func (o *outbox) spared() int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.zip == nil || o.busy {
		return 0
	}
	return o.plain - o.zipped.n
}
