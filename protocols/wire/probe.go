package wire

import (
	"context"
	"errors"
	"io"
	"net/url"
	"syscall"
	"time"

	"wireline/protocols/fault"
)

// Probe tells whether a port is "open", "closed" or "filtered", which is to
// say that nobody answered within wait. A datagram port that says nothing is
// "open|filtered": there is no telling. Where banner is positive, that many
// bytes at most of what an open port says by itself are returned, within wait.
// An error is one of the host or of the user, such as a name that is not known.
func (d *Dialer) Probe(ctx context.Context, network, host string, port int, wait time.Duration, banner int) (state string, said []byte, err error) {
	one := d.Child()
	one.Options.ConnectTime, one.Options.IdleTime = wait, wait
	one.Options.ProxyHeader = ""
	one.Grace = time.Millisecond
	defer one.Bind(ctx)()
	c, err := one.Dial(ctx, Target{URL: &url.URL{Host: joinPort(host, port)}, Scheme: Scheme{Name: network, Network: network}})
	switch {
	case err == nil:
	case refused(err):
		return "closed", nil, nil
	case fault.Of(err) == fault.Timeout && ctx.Err() == nil, errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH),
		errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return "filtered", nil, nil
	default:
		return "", nil, err
	}
	defer c.Close()
	if !c.packets() && banner <= 0 {
		return "open", nil, nil
	}
	if c.packets() {
		if _, err := c.Write([]byte("\r\n")); err != nil {
			return "", nil, err
		}
		banner = max(banner, 1)
	}
	said = make([]byte, banner)
	n, err := c.Read(said)
	switch {
	case ctx.Err() != nil:
		return "", nil, ended(context.Cause(ctx), c.where(), "")
	case !c.packets():
		return "open", said[:n], nil // whatever became of it then
	case err == nil || errors.Is(err, io.EOF):
		return "open", said[:n], nil
	case refused(err):
		return "closed", nil, nil
	}
	return "open|filtered", nil, nil
}
