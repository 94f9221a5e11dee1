package http

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

const (
	segmentSize = 1 << 20
	maxSegments = 16 // at a time; so many more may wait for their turn
	segmentTry  = 3  // how often one is asked for when its connection breaks
)

// getSegments fetches r by several ranges at a time, if the server has ranges
// and can tell one version from another; else as a whole.
func (s *Session) getSegments(ctx context.Context, r *request, n int) (*verb.Blob, error) {
	if n > maxSegments {
		return nil, fault.New(fault.Usage, "--segments %d: at most %d at a time", n, maxSegments)
	}
	if r.from > 0 || r.fields.Has("Range") || r.how.Dry || r.how.As != "" {
		return nil, fault.New(fault.Usage, "--segments is for a whole file")
	}
	first := *r
	first.fields = append(web.Fields{}, r.fields...)
	first.fields.Del("Accept-Encoding")
	first.fields.Set("Range", segmentRange(0))
	res, err := s.perform(ctx, &first)
	if err != nil {
		return nil, err
	}
	from, total, ok := contentRange(res)
	switch {
	case res.Code != http.StatusPartialContent && res.Code != http.StatusRequestedRangeNotSatisfiable:
		return s.blob(ctx, res, &first)
	case res.Code != http.StatusPartialContent, !ok || from != 0 || total < 0 || validator(res) == "" || res.Fields.Has("Content-Encoding"):
		if err := res.Drain(); err != nil {
			return nil, err
		}
		return s.fetch(ctx, r)
	}
	first.segments = n
	return s.blob(ctx, res, &first)
}

func segmentRange(i int64) string {
	return fmt.Sprintf("bytes=%d-%d", i*segmentSize, (i+1)*segmentSize-1)
}

// A segments is a body whose pieces are fetched on several connections. They
// are given in their order.
type segments struct {
	s      *Session
	r      *request
	first  *web.Response
	tag    string // of the version
	total  int64
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup
	slots  chan *segment // in their order
	now    *segment
	left   []byte // of now
	spare  chan []byte
	err    error
}

// A segment is one piece: bytes, once done is closed.
type segment struct {
	from, to int64
	bytes    []byte
	err      error
	done     chan struct{}
}

// segmented is the whole body of which res is the first piece.
func (s *Session) segmented(ctx context.Context, res *web.Response, r *request) *segments {
	_, total, _ := contentRange(res)
	m := &segments{s: s, r: r, first: res, tag: validator(res), total: total, slots: make(chan *segment, r.segments), spare: make(chan []byte, 2*r.segments+2)}
	m.ctx, m.cancel = context.WithCancel(ctx)
	queue := make(chan *segment, r.segments)
	m.work.Go(func() {
		defer close(m.slots)
		defer close(queue)
		for i := int64(0); i*segmentSize < total; i++ {
			g := &segment{from: i * segmentSize, to: min((i+1)*segmentSize, total), done: make(chan struct{})}
			select {
			case m.slots <- g: // waits while enough are ahead of their turn
			case <-m.ctx.Done():
				return
			}
			if i == 0 {
				m.work.Go(func() { m.fill(g, res) })
				continue
			}
			select {
			case queue <- g:
			case <-m.ctx.Done():
				return
			}
		}
	})
	for range r.segments {
		m.work.Go(func() {
			for g := range queue {
				m.fetch(g)
			}
		})
	}
	return m
}

// fetch asks for a segment, and asks again if its connection breaks.
func (m *segments) fetch(g *segment) {
	defer close(g.done)
	for n := 1; ; n++ {
		r := *m.r
		r.fields = append(web.Fields{}, m.r.fields...)
		r.fields.Set("Range", segmentRange(g.from/segmentSize))
		r.fields.Set("If-Range", m.tag)
		err := fault.Safely(func() error {
			res, _, err := m.s.travel(m.ctx, &r)
			if err != nil {
				return err
			}
			return m.take(g, res)
		})
		if g.err = err; err == nil || n == segmentTry || !fault.Of(err).Retry || m.ctx.Err() != nil {
			return
		}
		if sleep(m.ctx, m.s.backoff(n)) != nil {
			return
		}
	}
}

// fill takes the first segment, whose response is there already.
func (m *segments) fill(g *segment, res *web.Response) {
	g.err = fault.Safely(func() error { return m.take(g, res) })
	close(g.done)
}

// take reads a segment, which must be of the same version as the others.
func (m *segments) take(g *segment, res *web.Response) error {
	defer res.Body.Close()
	from, total, ok := contentRange(res)
	if res.Code != http.StatusPartialContent || !ok || from != g.from || total != m.total || another(res, m.tag) {
		if err := m.r.verdict(res); err != nil {
			return err
		}
		return web.Locate(fault.New(fault.ResumeMismatch, "it has changed while it was fetched"), m.r.url)
	}
	room := m.room()[:g.to-g.from]
	if _, err := io.ReadFull(res.Body, room); err != nil {
		m.spare <- room
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return web.Locate(fault.New(fault.Partial, "a part of it is shorter than announced"), m.r.url)
		}
		return err
	}
	g.bytes = room
	_, err := io.CopyN(io.Discard, res.Body, 1) // its end frees the connection
	if err == nil {
		return web.Locate(fault.New(fault.Protocol, "a part of it is longer than announced"), m.r.url)
	}
	if err == io.EOF {
		err = nil
	}
	return err
}

func (m *segments) room() []byte {
	select {
	case b := <-m.spare:
		return b[:segmentSize]
	default:
		return make([]byte, segmentSize)
	}
}

func (m *segments) Read(p []byte) (int, error) {
	if err := m.next(); err != nil {
		return 0, err
	}
	n := copy(p, m.left)
	m.left = m.left[n:]
	return n, nil
}

// WriteTo writes whole segments.
func (m *segments) WriteTo(w io.Writer) (total int64, err error) {
	for {
		if err := m.next(); err == io.EOF {
			return total, nil
		} else if err != nil {
			return total, err
		}
		n, err := w.Write(m.left)
		total += int64(n)
		if m.left = m.left[n:]; err != nil {
			return total, err
		}
	}
}

// next waits until there are bytes.
func (m *segments) next() error {
	for m.err == nil && len(m.left) == 0 {
		if m.now != nil {
			m.spare <- m.now.bytes
			m.now = nil
		}
		g, more := <-m.slots
		if !more {
			if m.err = io.EOF; m.ctx.Err() != nil {
				m.err = web.Locate(web.Ended(m.ctx), m.r.url)
			}
			break
		}
		select {
		case <-g.done:
			m.now, m.left, m.err = g, g.bytes, g.err
		case <-m.ctx.Done():
			m.err = web.Locate(web.Ended(m.ctx), m.r.url)
		}
	}
	return m.err
}

func (m *segments) Close() error {
	m.cancel()
	for range m.slots { // whoever waits for room may go on
	}
	m.work.Wait()
	return m.first.Body.Close()
}
