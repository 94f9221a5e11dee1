package wire

import (
	"crypto/tls"
	"sync"
)

// ticketCache keeps several sessions of a server, since a ticket of TLS 1.3
// is meant to be used once and data connections come several at a time.
type ticketCache struct {
	mu  sync.Mutex
	all map[string][]*tls.ClientSessionState
}

const maxTickets = 8

// tickets are the sessions of d's own: another dialer has another policy.
func (d *Dialer) tickets() tls.ClientSessionCache {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sessions == nil {
		d.sessions = &ticketCache{all: map[string][]*tls.ClientSessionState{}}
	}
	return d.sessions
}

func (t *ticketCache) Get(key string) (*tls.ClientSessionState, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := t.all[key]
	if len(list) == 0 {
		return nil, false
	}
	newest := list[len(list)-1]
	if len(list) > 1 {
		t.all[key] = list[:len(list)-1]
	}
	return newest, true
}

func (t *ticketCache) Put(key string, s *tls.ClientSessionState) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s == nil {
		delete(t.all, key)
		return
	}
	list := append(t.all[key], s)
	t.all[key] = list[max(0, len(list)-maxTickets):]
}
