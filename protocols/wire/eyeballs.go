package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// interleave orders addresses so that the families take turns, beginning with
// the family of the first (RFC 8305, section 4).
func interleave(addrs []netip.Addr) []netip.Addr {
	var same, other []netip.Addr
	for _, a := range addrs {
		if a.Is4() == addrs[0].Is4() {
			same = append(same, a)
		} else {
			other = append(other, a)
		}
	}
	all := make([]netip.Addr, 0, len(addrs))
	for len(same) > 0 || len(other) > 0 {
		if len(same) > 0 {
			all, same = append(all, same[0]), same[1:]
		}
		if len(other) > 0 {
			all, other = append(all, other[0]), other[1:]
		}
	}
	return all
}

type attempt struct {
	i    int
	conn net.Conn
	err  error
}

// race connects to the first of addrs that answers (RFC 8305): each has a
// head start of Limits.Delay over the next, and a failure lets the next begin
// at once. What was tried is left in Tries.
func (d *Dialer) race(ctx context.Context, network, at string, addrs []netip.Addr, port int) (net.Conn, error) {
	if len(addrs) == 1 {
		return d.alone(ctx, network, at, netip.AddrPortFrom(addrs[0], uint16(port)))
	}
	addrs = interleave(addrs)
	start := time.Now()
	tries := make([]Try, 0, len(addrs))
	defer func() { d.tried(tries, time.Since(start)) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan attempt)
	var errs []error
	pending := 0
	begin := func() {
		i := len(tries)
		a := netip.AddrPortFrom(addrs[i], uint16(port))
		tries = append(tries, Try{Addr: a, After: time.Since(start), Err: "given up, another address answered first"})
		errs = append(errs, nil)
		pending++
		go func() {
			c, err := d.connect(ctx, network, a)
			results <- attempt{i, c, err}
		}()
	}
	begin()
	var won net.Conn
	delay := d.InForce().Delay
	timer := time.NewTimer(max(delay, time.Millisecond))
	defer timer.Stop()
	for pending > 0 {
		select {
		case r := <-results:
			pending--
			tries[r.i].Took = time.Since(start) - tries[r.i].After
			switch {
			case r.err == nil && won == nil:
				won = r.conn
				tries[r.i].Err = ""
				cancel() // the others; they return at once
			case r.err == nil:
				r.conn.Close()
			case won == nil:
				errs[r.i] = r.err
				tries[r.i].Err = plain(r.err, r.err.Error())
				if ctx.Err() == nil && len(tries) < len(addrs) {
					begin()
					timer.Reset(max(delay, time.Millisecond))
				}
			}
		case <-timer.C:
			if won == nil && ctx.Err() == nil && len(tries) < len(addrs) {
				begin()
				timer.Reset(max(delay, time.Millisecond))
			}
		}
	}
	if won != nil {
		return won, nil
	}
	return nil, d.unconnected(ctx, at, tries, errs)
}

// alone is race for a single address, which needs no goroutine.
func (d *Dialer) alone(ctx context.Context, network, at string, a netip.AddrPort) (net.Conn, error) {
	start := time.Now()
	c, err := d.connect(ctx, network, a)
	t := Try{Addr: a, Took: time.Since(start)}
	if err != nil {
		t.Err = plain(err, err.Error())
	}
	tries := []Try{t}
	d.tried(tries, t.Took)
	if err != nil {
		return nil, d.unconnected(ctx, at, tries, []error{err})
	}
	return c, nil
}

func (d *Dialer) tried(tries []Try, took time.Duration) {
	d.mu.Lock()
	d.tries = tries
	d.mu.Unlock()
	d.phase(func(t *Timing) { t.Connect += took })
	if d.tracer() == nil {
		return
	}
	for _, t := range tries {
		text := t.Err
		if text == "" {
			text = "connected"
		}
		d.note(0, "try", fmt.Sprintf("%s: %s after %v", t.Addr, text, t.Took.Round(time.Microsecond)))
	}
}

// unconnected says why no address could be connected to.
func (d *Dialer) unconnected(ctx context.Context, at string, tries []Try, errs []error) error {
	cause := context.Cause(ctx)
	if cause != nil && !errors.Is(cause, errLimit) {
		return ended(cause, at, "connect")
	}
	f := &fault.Error{At: at, Phase: "connect", Kind: fault.Connect, Err: errors.Join(errs...)}
	if own := (*fault.Error)(nil); errors.As(errs[0], &own) && own.Kind != fault.Connect {
		own.At, own.Phase = at, "connect"
		return own
	}
	if cause != nil {
		f.Kind = fault.Timeout
		f.Text = fmt.Sprintf("not connected within %v", d.InForce().Connect)
		f.Hint = "the limit is --connect-timeout"
		if len(tries) == 1 {
			return f
		}
		for i := range tries {
			if tries[i].Err == "operation was canceled" || errs[i] == nil || errors.Is(errs[i], context.Canceled) {
				tries[i].Err = "no answer"
			}
		}
		f.Text += ": "
	} else if len(tries) == 1 {
		f.Text = tries[0].Err
		if errors.Is(errs[0], errPrivate) {
			return f
		}
		if a := tries[0].Addr.String(); a != at {
			f.Text += " by " + a
		}
		if refused(errs[0]) {
			f.Hint = "is something listening there?"
		}
		return f
	} else {
		f.Text = "no address answered: "
	}
	var list []string
	for _, t := range tries[:min(4, len(tries))] {
		list = append(list, t.Addr.String()+" "+t.Err)
	}
	f.Text += strings.Join(list, "; ")
	if n := len(tries) - 4; n > 0 {
		f.Text += fmt.Sprintf("; and %d more", n)
	}
	return f
}
