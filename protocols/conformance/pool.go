package conformance

import (
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// A pool keeps the peers of conversations for those that follow. A sweep has
// thousands, and with a port for each the machine would run short of them. The
// zero pool keeps none.
type pool struct {
	on   bool
	mu   sync.Mutex
	free map[string][]*Peer // by the name of their scheme
}

// keep has the pool keep peers until the test ends.
func (p *pool) keep(t testing.TB) {
	p.on, p.free = true, map[string][]*Peer{}
	t.Cleanup(func() {
		for _, peers := range p.free {
			for _, peer := range peers {
				peer.Close()
			}
		}
		p.on, p.free = false, nil
	})
}

// serve is serve, with a peer that was kept if there is one.
func (p *pool) serve(t testing.TB, s wire.Scheme, ca string, handle func(*Peer, net.Conn)) *Peer {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	peers := p.free[s.Name]
	if len(peers) == 0 {
		return serve(t, s, ca, handle)
	}
	peer := peers[len(peers)-1]
	p.free[s.Name] = peers[:len(peers)-1]
	peer.mu.Lock()
	defer peer.mu.Unlock()
	peer.handle = handle
	return peer
}

// end ends the conversations of a peer, and keeps it if that can be.
func (p *pool) end(peer *Peer) {
	if !p.on || peer.Target.Net() != "tcp" || peer.rest() != nil {
		peer.Close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free[peer.Target.Scheme.Name] = append(p.free[peer.Target.Scheme.Name], peer)
}

// rest ends all conversations, those too whose connections have not been taken
// yet, and goes on listening. Connections are taken in their order: when one
// of its own has been, there are no others.
func (p *Peer) rest() error {
	p.mu.Lock()
	p.handle = nil
	for c := range p.conns {
		below(c).Close()
	}
	p.mu.Unlock()
	p.talks.Wait()
	c, err := net.DialTimeout("tcp", p.Target.Host, patience)
	if err != nil {
		return err
	}
	defer c.Close()
	c.(*net.TCPConn).SetLinger(0) // it leaves nothing behind
	own, limit := c.LocalAddr().String(), time.After(patience)
	for {
		select {
		case from := <-p.spare:
			if from == own {
				return nil
			}
		case <-limit:
			return errors.New("the peer takes no connections")
		}
	}
}
