package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// A stage is where a transcript is played: its peers listen there.
type stage struct {
	pool  *pool
	main  *Peer
	sides map[string]*Peer // peers beside it, by name

	end    context.CancelFunc // of stalls
	played chan struct{}      // a script has come to its end

	mu    sync.Mutex
	conns int // that the main peer has had
	errs  []error
}

// set has the peers of tr listen. "peer" plays to the first connection,
// "peer 2" to the second, and "peer data" listens on a port of its own, which
// is ${data} in the other scripts. The mishap befalls the peer of that name.
func (tr *transcript) set(t testing.TB, s wire.Scheme, ca string, from *pool, where string, m mishap) *stage {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	st := &stage{pool: from, sides: map[string]*Peer{}, end: end, played: make(chan struct{}, 1024)}
	vars := map[string]string{"password": password}
	play := func(name string, p *Peer, c net.Conn) {
		vars := maps.Clone(vars)
		vars["port"] = p.Target.Port()
		steps, err := parse(tr.files[name], vars)
		pl := &player{ctx: ctx, conn: c, config: p.config}
		if name == where {
			pl.mishap = m
		}
		if err == nil {
			err = pl.play(steps)
		}
		if err != nil {
			st.fail(fmt.Errorf("%s: %w", name, err))
		}
		st.played <- struct{}{}
	}
	for _, name := range tr.peers {
		side := strings.TrimPrefix(name, "peer ")
		if name != "peer" && strings.Trim(side, "0123456789") != "" {
			st.sides[side] = from.serve(t, wire.Scheme{}, ca, func(p *Peer, c net.Conn) { play(name, p, c) })
		}
	}
	for side, p := range st.sides {
		vars[side] = p.Target.Port()
	}
	st.main = from.serve(t, s, ca, func(p *Peer, c net.Conn) {
		name := st.next()
		if !slices.Contains(tr.peers, name) {
			st.fail(errors.New("one connection more than the transcript has peers"))
			return
		}
		play(name, p, c)
	})
	return st
}

// next is the section of the connection that comes now.
func (st *stage) next() string {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.conns++; st.conns == 1 {
		return "peer"
	}
	return fmt.Sprint("peer ", st.conns)
}

func (st *stage) fail(err error) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.errs = append(st.errs, err)
}

// wait waits until n scripts have come to their ends.
func (st *stage) wait(n int) {
	limit := time.After(patience)
	for i := range n {
		select {
		case <-st.played:
		case <-limit:
			st.fail(fmt.Errorf("of the %d scripts, %d were played to the end", n, i))
			return
		}
	}
}

// clear ends the peers, and tells what did not go as their scripts say.
func (st *stage) clear() []error {
	st.end()
	st.pool.end(st.main)
	for _, p := range st.sides {
		st.pool.end(p)
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	return st.errs
}

// neutral puts names for the ports, which differ each time.
func (st *stage) neutral(text string) string {
	for side, p := range st.sides {
		text = strings.ReplaceAll(text, p.Target.Port(), "${"+side+"}")
	}
	if port := st.main.Target.Port(); port != "" {
		text = strings.ReplaceAll(text, port, "${port}")
	}
	return text
}
