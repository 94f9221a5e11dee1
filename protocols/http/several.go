package http

import (
	"context"
	"errors"
	"io"
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
	res  *web.Response
	hops []Hop
	err  error
	done chan struct{} // closed when it is there; nil: of no use to Each
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

// Each gives each body, or why it did not come, to do as it comes. Several
// goroutines call do; each waits until it has read and closed the body. The
// error is why ctx ended.
func (m *several) Each(do func(*verb.Blob, error)) error {
	m.do = do
	m.start()
	m.work.Wait()
	if m.ctx.Err() != nil {
		return web.Ended(m.ctx)
	}
	return nil
}

// give is one body for Each.
func (m *several) give(f *fetched) error {
	if f.err != nil {
		m.do(nil, f.err)
		return m.ctx.Err()
	}
	m.mu.Lock() // for the session
	m.s.last = response(f.r, f.res, f.hops)
	b, err := m.s.blob(m.ctx, f.res, f.r)
	m.mu.Unlock()
	m.do(b, err)
	return m.ctx.Err()
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

// take gives a worker its next requests: one, or some of one server in a row,
// which is that of the first, if there is one.
func (m *several) take(first *fetched, most int) (mine []*fetched) {
	for len(mine) < most && m.room(first == nil) {
		f := m.pick(first)
		if f == nil {
			if m.do == nil {
				<-m.ahead
			}
			break
		}
		mine = append(mine, f)
		if first == nil {
			first = f
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
func (m *several) pick(first *fetched) *fetched {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.next == len(m.all) {
		return nil
	}
	f := &fetched{}
	if m.do == nil {
		f.done = make(chan struct{})
	}
	if m.made != nil {
		f.r, m.made[m.next] = m.made[m.next], nil
	} else {
		f.r, f.err = m.request(m.next)
	}
	if first != nil && (f.err != nil || !alike(first.r, f.r)) {
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

// alike reports whether two requests may be sent in one line.
func alike(a, b *request) bool {
	return web.SameOrigin(a.url, b.url) && a.login == nil && b.login == nil && a.ways.Version == "" && a.ways.Retry == 0
}

// fetch is a worker.
func (m *several) fetch() error {
	most := 1 // until a connection has shown that it is kept
	for {
		mine := m.take(nil, most)
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
	next, window := mine, m.window()
	more := func(waiting int) (rs []*web.Request) {
		if next == nil && waiting <= window/2 {
			next = m.take(mine[0], min(window-waiting, m.share()))
			mine = append(mine, next...)
		}
		for _, f := range next {
			message := f.r.message()
			m.s.client.Jar.Give(&message)
			rs = append(rs, &message)
		}
		next = nil
		return rs
	}
	n, _ := m.s.client.Pipeline(m.ctx, more, func(i int, res *web.Response) error {
		f := mine[i]
		m.s.client.Jar.Take(f.r.url, res)
		if f.r.how.Follow && redirects(res.Code) {
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
	return append(rest, mine[n:]...)
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
	close(f.done)
	select {
	case <-f.res.Body.Done():
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
		m.s.last = response(f.r, f.res, f.hops)
	}
	if f.err != nil {
		return nil, f.err
	}
	return m.s.blob(m.ctx, f.res, f.r)
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
