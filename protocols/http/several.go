package http

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

const (
	maxJobs  = 256
	held     = 64 << 10 // how much of a body is read before its turn has come
	maxReady = 4096     // requests that are made before they are due
	inLine   = 16       // requests on one connection that wait for their answers
	inBulk   = 64       // the same where no body waits for its turn
)

// A fetched response waits for its turn.
type fetched struct {
	r    *request
	sent web.Request // in a line
	res  *web.Response
	hops []Hop
	err  error
	done chan struct{} // closed when it is there; nil: of no use to Each
	given
}

// fetchAll fetches several URLs, some of them at a time. Their bodies come in
// the order of the URLs, each whole before the next.
func (s *Session) fetchAll(ctx context.Context, urls []string, a GetArgs) (*verb.Blob, error) {
	if a.Jobs < 0 || a.Jobs > maxJobs {
		return nil, fault.New(fault.Usage, "-j %d: from 1 to %d requests at a time", a.Jobs, maxJobs)
	}
	if a.Dry || a.As != "" {
		return nil, fault.New(fault.Usage, "one request at a time can be shown")
	}
	m := &several{s: s, args: a, urls: urls, all: make([]*fetched, len(urls)), logins: map[string]*web.Login{}}
	for i := range urls { // all of them are looked at before anything is sent
		r, err := m.request(i)
		if err != nil {
			return nil, err
		}
		if len(urls) <= maxReady {
			m.made = append(m.made, r)
		}
	}
	m.turned = sync.NewCond(&m.mu)
	m.ctx, m.cancel = context.WithCancelCause(ctx)
	m.jobs = min(max(a.Jobs, 1), len(urls))
	m.ahead = make(chan struct{}, 2*m.jobs*inLine)
	return &verb.Blob{Size: -1, ReadCloser: m}, nil
}

// start has the requests sent.
func (m *several) start() {
	m.started.Do(func() {
		context.AfterFunc(m.ctx, func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.turned.Broadcast()
		})
		for range m.jobs {
			m.work.Go(func() {
				if err := fault.Safely(m.fetch); err != nil {
					m.cancel(err)
				}
			})
		}
	})
}

// A several is the bodies of several responses, one after the other. The
// first that fails is told of at the end; the others come all the same.
type several struct {
	s    *Session
	args GetArgs
	urls []string
	made []*request // nil: they are made when they are due
	jobs int

	logins map[string]*web.Login
	do     func(*verb.Blob, error) // of Each; nil: in their order

	started sync.Once
	ctx     context.Context
	cancel  context.CancelCauseFunc
	work    sync.WaitGroup
	ahead   chan struct{} // one for each that is taken and not consumed

	mu     sync.Mutex
	turned *sync.Cond
	all    []*fetched // those that are taken and not consumed; nil otherwise
	next   int        // the first that nobody has taken
	latest *fetched   // whose head the session has; only for Each
	spare  []*fetched // of no use any more; only for Each

	turn int // the next to be consumed
	now  *verb.Blob
	err  error // the first
}

// request is the i-th.
func (m *several) request(i int) (*request, error) {
	r, err := m.s.requestFor("GET", m.urls[i], &m.args.Args, verb.Input{})
	if err != nil {
		return nil, err
	}
	if r.login != nil { // of one server all are asked for together
		key := web.Origin(r.url) + " " + r.url.User.String()
		if m.logins[key] == nil {
			m.logins[key] = r.login
		}
		r.login = m.logins[key]
	}
	return r, r.part(m.args)
}

// take adds a worker's next requests to those that it has: one, or some of one
// server in a row, which is that of the first, if there is one.
func (m *several) take(mine []*fetched, first *request, most int) []*fetched {
	for n := 0; n < most && m.room(first == nil); n++ {
		f := m.pick(first)
		if f == nil {
			if m.do == nil {
				<-m.ahead
			}
			break
		}
		mine = append(mine, f)
		if first == nil {
			first = f.r
		}
	}
	return mine
}

// window is how many requests of a worker may wait for their answers.
func (m *several) window() int {
	if m.do == nil {
		return inLine
	}
	return inBulk
}

// share is how many requests a worker may take at once: towards the end not so
// many that the others have none.
func (m *several) share() int {
	if m.do == nil {
		return inLine
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(1, min(inBulk, (len(m.all)-m.next)/m.jobs))
}

// room reports whether one more may be taken ahead of its turn.
func (m *several) room(wait bool) bool {
	if m.do != nil {
		return m.ctx.Err() == nil
	}
	select {
	case m.ahead <- struct{}{}:
		return true
	default:
	}
	if !wait {
		return false
	}
	select {
	case m.ahead <- struct{}{}:
		return true
	case <-m.ctx.Done():
		return false
	}
}

// pick is the next, which goes with the first of those before it, or nil.
func (m *several) pick(first *request) *fetched {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.next == len(m.all) {
		return nil
	}
	f := m.fetched()
	if m.made != nil {
		f.r, m.made[m.next] = m.made[m.next], nil
	} else {
		f.r, f.err = m.request(m.next)
	}
	if first != nil && (f.err != nil || !alike(first, f.r)) {
		if m.made != nil {
			m.made[m.next] = f.r
		}
		return nil
	}
	if m.do == nil {
		m.all[m.next] = f
	}
	m.next++
	m.turned.Broadcast()
	return f
}

// due is the next to be consumed, once it is taken.
func (m *several) due() *fetched {
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.all[m.turn] == nil && m.ctx.Err() == nil {
		m.turned.Wait()
	}
	f := m.all[m.turn]
	m.all[m.turn] = nil
	return f
}

// fetched is one to be filled in. Call it with mu held.
func (m *several) fetched() *fetched {
	last := len(m.spare) - 1
	if last < 0 {
		f := &fetched{}
		if m.do == nil {
			f.done = make(chan struct{})
		}
		return f
	}
	f := m.spare[last]
	m.spare = m.spare[:last]
	return f
}

// alike reports whether two requests may be sent in one line.
func alike(a, b *request) bool {
	return web.SameOrigin(a.url, b.url) && a.login == nil && b.login == nil && a.ways.Version == "" && a.ways.Retry == 0
}

// fetch is a worker.
func (m *several) fetch() error {
	most := 1 // until a connection has shown that it is kept
	for {
		mine := m.take(nil, nil, most)
		if len(mine) == 0 {
			return nil
		}
		if len(mine) > 1 {
			mine = m.row(mine)
		}
		most = m.share()
		for _, f := range mine {
			if f.err == nil {
				f.res, f.hops, f.err = m.s.travel(m.ctx, f.r)
			}
			if m.ready(f) != nil {
				return nil
			}
		}
	}
}

// row sends requests in one line, and more of those that may follow them as
// they are answered. It returns those that must be sent by themselves.
func (m *several) row(mine []*fetched) (rest []*fetched) {
	first, window := mine[0].r, m.window()
	var rs []*web.Request
	more := func(waiting int) []*web.Request {
		if len(mine) == waiting && waiting <= window/2 {
			mine = m.take(mine, first, min(window-waiting, m.share()))
		}
		rs = rs[:0]
		for _, f := range mine[waiting:] {
			f.sent = f.r.message()
			m.s.client.Jar.Give(&f.sent)
			rs = append(rs, &f.sent)
		}
		return rs
	}
	_, _ = m.s.client.Pipeline(m.ctx, more, func(_ int, res *web.Response) error {
		f := mine[0]
		mine = slices.Delete(mine, 0, 1) // so that there is room behind them
		m.s.client.Jar.Take(f.r.url, res)
		if f.r.how.Follow && redirects(res.Code) || res.Code == http.StatusProxyAuthRequired {
			rest = append(rest, f)
			if m.do == nil {
				return errOutOfLine // those behind it wait for it
			}
			_, err := io.Copy(io.Discard, res.Body)
			return err
		}
		f.res = res
		return m.ready(f)
	})
	return append(rest, mine...)
}

// errOutOfLine ends a line before a response that its place is not held for.
var errOutOfLine = errors.New("a redirect")

// ready hands over a response, and returns when its connection is free, or
// never will be.
func (m *several) ready(f *fetched) error {
	if m.do != nil {
		return m.give(f)
	}
	if f.err != nil {
		close(f.done)
		return nil
	}
	f.res.Body.Hold(held)
	free := f.res.Body.Done()
	close(f.done)
	select {
	case <-free:
		return nil
	case <-m.ctx.Done():
		return m.ctx.Err()
	}
}

// Next is the next body; nil after the last.
func (m *several) Next() (*verb.Blob, error) {
	m.start()
	if m.turn == len(m.all) {
		return nil, nil
	}
	f := m.due()
	if f == nil {
		return nil, web.Ended(m.ctx)
	}
	select {
	case <-f.done:
	case <-m.ctx.Done():
		return nil, web.Locate(web.Ended(m.ctx), f.r.url)
	}
	m.turn++
	<-m.ahead
	if f.res != nil {
		f.head = response(f.r, f.res, f.hops)
		m.s.last = &f.head
	}
	if f.err != nil {
		return nil, f.err
	}
	return f.of(m.ctx, m.s, f.res, f.r)
}

// View is the next body.
func (m *several) View() (*verb.Blob, error) {
	for {
		if m.now != nil {
			m.failed(m.now.Close())
			m.now = nil
		}
		b, err := m.Next()
		if b == nil && err == nil || m.ctx.Err() != nil {
			return nil, err
		}
		if m.failed(err); err == nil {
			m.now = b
			return b, nil
		}
	}
}

func (m *several) Read(p []byte) (int, error) {
	for {
		if m.now == nil {
			b, err := m.Next()
			if err == nil && b == nil {
				return 0, io.EOF
			}
			if err != nil {
				m.failed(err)
				if m.ctx.Err() != nil {
					return 0, err
				}
				continue
			}
			m.now = b
		}
		n, err := m.now.Read(p)
		if err != nil {
			cerr := m.now.Close()
			m.now = nil
			if err == io.EOF {
				err = cerr
			}
			m.failed(err)
		}
		if n > 0 {
			return n, nil
		}
	}
}

func (m *several) failed(err error) {
	if m.err == nil {
		m.err = err
	}
}

func (m *several) Close() error {
	m.cancel(nil)
	if m.now != nil {
		_ = m.now.Close()
		m.now = nil
	}
	m.work.Wait()
	return m.err
}
