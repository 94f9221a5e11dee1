package ftp

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/jlaffaye/ftp"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/files"
	"wireline/protocols/wire"
)

// ConnectArgs are the flags of connect.
type ConnectArgs struct {
	User      string `flag:"u,user" help:"login name; anonymous if left out and the URL has none"`
	Account   string `flag:"acct" help:"account, where the server asks for one"`
	Active    bool   `flag:"active" help:"let the server make the data connections"`
	Ports     string `flag:"ports" help:"for active data connections, such as 50000-50100"`
	Announce  string `flag:"announce" help:"address to name in PORT and EPRT instead of our own"`
	TrustPasv bool   `flag:"trust-pasv" help:"connect to the address that PASV names, whatever it is"`
	NoEPSV    bool   `flag:"no-epsv" help:"use PASV and PORT only"`
	NoMLSD    bool   `flag:"no-mlsd" help:"list with LIST only"`
	Charset   string `flag:"charset" help:"character set of file names; a guess if left out"`
	ClearData bool   `flag:"ftp-clear-data" help:"go on with data connections in the clear if the server refuses TLS on them"`
	Retry     *int   `flag:"retry" help:"how often to try again what was lost, ever more slowly; if left out 3 times, and not at all to connect the first time"`
}

const anonymous = "anonymous"

// connect makes a session: TLS is tried first unless the user says otherwise.
func connect(p protocols.Peer, ctx context.Context, a ConnectArgs) (protocols.Session, error) {
	for _, arg := range []struct{ name, value string }{{"user", a.User}, {"acct", a.Account}, {"charset", a.Charset}, {"announce", a.Announce}} {
		if err := protocols.OneLine(arg.name, arg.value); err != nil {
			return nil, err
		}
	}
	if p.Dialer.Options.TLS == "" && p.Target.Scheme.Security == wire.Plain {
		p.Dialer.Options.TLS = "auto"
	}
	s := &Session{peer: p, wire: p.Dialer, target: p.Target, args: a}
	var err error
	if s.names, err = newNames(a.Charset); err != nil {
		return nil, err
	}
	if s.act, err = newActive(a); err != nil {
		return nil, err
	}
	if err := s.dial(ctx); err != nil {
		return nil, err
	}
	if err := s.keys(ctx); err != nil {
		s.ctl.fail(err)
		return nil, err
	}
	if err := s.enter(ctx); err != nil {
		s.ctl.fail(err)
		return nil, err
	}
	s.home = s.cwd
	if err := s.begin(ctx); err != nil {
		s.ctl.fail(err)
		return nil, err
	}
	return s, nil
}

// insistence is how often what was lost is tried again.
const insistence = 3

// retry is how often to try again: as the user has said, or else n.
func (s *Session) retry(n int) int {
	if s.args.Retry != nil {
		n = max(0, *s.args.Retry)
	}
	return n
}

// many are the options of a command that works on many files: one whose connection is lost
// is tried again, and with --retry whatever may go well later.
func (s *Session) many(o files.Options) files.Options {
	o.Retry, o.Lost = s.retry(0), s.retry(insistence)
	return o
}

// dial makes the control connection and reads the greeting, and tries again
// as often as the user has allowed.
func (s *Session) dial(ctx context.Context) error {
	return s.dialing(ctx, s.retry(0), func(k *fault.Kind) bool { return k.Retry || k == fault.Refused })
}

// dialing tries again up to most times after failures of some kinds.
func (s *Session) dialing(ctx context.Context, most int, again func(*fault.Kind) bool) error {
	wait := time.Second
	for try := 0; ; try++ {
		err := s.dialOnce(ctx)
		if err == nil || try >= most || ctx.Err() != nil || !again(fault.Of(err)) {
			return err
		}
		if s.wire.Warn != nil {
			s.wire.Warn(err.Error() + "; trying again in " + wait.String())
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		wait = min(2*wait, 30*time.Second)
	}
}

func (s *Session) dialOnce(ctx context.Context) error {
	conn, err := s.wire.Dial(ctx, s.target)
	if err != nil {
		return err
	}
	conn.SetLine(true)
	s.ctl = &control{Conn: conn, owner: s, names: s.names, account: s.args.Account, proxied: conn.Info().Proxy != ""}
	err = s.call(ctx, func() (err error) {
		s.lib, err = ftp.Dial(s.target.Address(), s.options()...)
		return err
	})
	if err != nil {
		if f, ok := err.(*fault.Error); ok && (f.Phase == "" || f.Phase == "command") {
			e := *f
			e.Phase, err = "greeting", &e
		}
		s.ctl.fail(err)
		return err
	}
	s.ctl.greeting = s.ctl.reply.Lines
	return nil
}

// options have the library take its connections from the wire. It is not told
// of TLS, which the wire does.
func (s *Session) options() []ftp.DialOption {
	first, c := true, s.ctl
	return []ftp.DialOption{
		ftp.DialWithDialFunc(func(_, addr string) (net.Conn, error) {
			if first {
				first = false
				return c, nil
			}
			return c.owner.dialData(addr)
		}),
		ftp.DialWithDisabledEPSV(s.args.NoEPSV && !s.args.Active),
		ftp.DialWithTrustPasvIP(s.args.TrustPasv),
		ftp.DialWithDisabledUTF8(true), // see enter
	}
}

// begin goes to the directory that the URL names. One that does not end in a
// slash may be a file for the verb to come, and then nothing is done.
func (s *Session) begin(ctx context.Context) error {
	dir := urlPath(s.target.URL)
	if dir == "" {
		return nil
	}
	dir, err := s.remote("url", dir)
	if err != nil {
		return err
	}
	_, err = s.chdir(ctx, dir)
	if f, ok := err.(*fault.Error); ok && f.Code != "" && s.ctl.broken == nil && !strings.HasSuffix(dir, "/") {
		return nil
	}
	return err
}

// ready is called before each verb: it makes sure that the control connection
// is at hand, with nothing left on it.
func (s *Session) ready(ctx context.Context) error {
	if s.busy {
		return fault.New(fault.Usage, "another transfer is not at its end yet")
	}
	if s.ctl.alive() {
		return nil
	}
	return s.again(ctx)
}

// redial is dial for a server that was there a moment ago, and may be again.
func (s *Session) redial(ctx context.Context) error {
	if s.args.Retry != nil {
		return s.dial(ctx)
	}
	return s.dialing(ctx, insistence, func(k *fault.Kind) bool { return k == fault.Connect })
}

// again makes a new control connection, in the same directory.
func (s *Session) again(ctx context.Context) error {
	cwd, kind := s.cwd, s.kind
	if err := s.redial(ctx); err != nil {
		return err
	}
	err := s.cleartext()
	if s.name == anonymous || s.name == "ftp" {
		err = nil
	}
	if err == nil {
		err = s.enter(ctx)
	}
	if err == nil && cwd != s.cwd {
		_, err = s.chdir(ctx, cwd)
	}
	if err == nil && kind != s.kind {
		err = s.setType(ctx, kind)
	}
	if err != nil {
		s.ctl.fail(err)
		return err
	}
	if s.wire.Warn != nil {
		s.wire.Warn("connected to " + strings.TrimSuffix(s.target.String(), ":21") + " again")
	}
	return nil
}
