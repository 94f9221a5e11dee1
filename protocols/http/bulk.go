package http

import (
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

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

// A given response is one for Each, with all that giving it takes: memory that
// serves for another one when neither do nor the session has a use for it.
type given struct {
	head Response
	blob
	over bool // do has returned
}

// give is one body for Each.
func (m *several) give(f *fetched) error {
	if f.err != nil {
		m.do(nil, f.err)
		return m.ctx.Err()
	}
	m.mu.Lock() // for the session
	m.reuse(m.latest)
	m.latest = f
	f.head = response(f.r, f.res, f.hops)
	m.s.last = &f.head
	b, err := f.of(m.ctx, m.s, f.res, f.r)
	m.mu.Unlock()
	m.do(b, err)
	m.mu.Lock()
	if f.over = true; f != m.latest {
		m.reuse(f)
	}
	m.mu.Unlock()
	return m.ctx.Err()
}

// reuse has f serve for another URL. Call it with mu held.
func (m *several) reuse(f *fetched) {
	if f != nil && f.over {
		f.res.Free()
		*f = fetched{}
		m.spare = append(m.spare, f)
	}
}
