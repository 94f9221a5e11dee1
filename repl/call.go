package repl

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
	"wireline/repl/config"
	"wireline/repl/render"
	"wireline/repl/syntax"
	"wireline/repl/transfer"
)

// A run is a call that is being carried out.
type run struct {
	*call
	sh       *Shell
	io       streams
	flags    verb.Common
	then     verb.Following
	opts     wire.Options
	inv      *verb.Invocation
	wire     *wire.Dialer // of the session that is being made
	secrets  config.Secrets
	looking  sync.Mutex         // of keys, which several requests may want at once
	asked    *config.Credential // what the person was asked for
	recalled *config.Credential // what the keyring had
	dial     *verb.Invocation   // connect, when the call may have to connect first
	sess     *session
	made     bool   // the session was made on the way to the verb
	unbind   func() // of the wire from the command's context
	data     any    // the result, unless it is a stream or went to a file

	disk     *transfer.Disk
	streamed bool // the result has been shown, a row at a time
	start    time.Time
	in0      int64
	out0     int64
}

// perform carries out a call: it reads the flags, finds or makes the session,
// runs the verb and shows the result. Everything goes one way.
func (sh *Shell) perform(ctx context.Context, c *call, s streams) (err error) {
	r := &run{call: c, sh: sh, io: s, start: sh.now(), flags: sh.set.common, opts: sh.set.options, secrets: sh.set.secrets}
	if c.proto != nil {
		r.sess = c.sess
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := r.parse(ctx, r.words); err != nil {
		return r.complete(ctx, err)
	}
	if c.argv {
		sh.set.common.Color = r.flags.Color // for what the program says of it later, too
	}
	then, err := r.sequel()
	if err == nil {
		err = formed(&r.flags)
	}
	if err != nil {
		return r.complete(ctx, err)
	}
	if l := r.flags.Limit(); l > 0 {
		t := time.AfterFunc(l, func() {
			cancel(fault.New(fault.Timeout, "not done within %v, the limit that -t set", l))
		})
		defer t.Stop()
	}
	defer r.traced()()
	ctx, unlend := r.lend(ctx)
	defer unlend()
	if r.flags.Explain {
		sh.explainTo(s.err, c.proto, c.verb)
	}
	err = sh.crashed(r.work(ctx), r.sess)
	if commands, asked := r.away(ctx, err); asked {
		r.finish(nil)
		return r.lead(ctx, commands)
	}
	if err != nil {
		err = r.complete(ctx, err)
	}
	if r.sess != nil {
		sh.remote.forget(r.sess)
		r.sess.lost.Store(broken(err))
	}
	r.learn(err)
	r.finish(err)
	if err == nil && then != nil {
		return r.follow(ctx, then)
	}
	return err
}

// work runs the verb and shows its result. A session is the caller's alone
// until its result has been read to the end.
func (r *run) work(ctx context.Context) (err error) {
	defer fault.Catch(&err)
	if r.sess != nil {
		r.wire = r.sess.wire
	}
	if r.proto != nil && !r.opens && !r.offline() {
		if err := r.session(ctx); err != nil {
			if r.unbind != nil {
				r.unbind()
			}
			return err
		}
		if r.enter && !r.proto.Once {
			r.sh.enter(r.sess)
		}
		give, err := r.sess.await(ctx, r.io.front.begins)
		if err != nil {
			if r.unbind != nil {
				r.unbind()
			}
			return err
		}
		defer give()
		if r.unbind == nil {
			r.unbind = r.sess.wire.Bind(ctx)
		}
		defer func() { r.unbind() }()
		if !r.made {
			back, err := r.overlay()
			if err != nil {
				return err
			}
			defer back()
			r.in0, r.out0 = r.sess.wire.Counts()
		}
	}
	r.io.front.begins()
	res, err := r.do(ctx)
	if err != nil {
		return err
	}
	return r.show(ctx, res)
}

// parse reads the flags. Those of connect are understood by every verb that
// may have to connect first.
func (r *run) parse(ctx context.Context, words []string) (err error) {
	env := verb.Env{Open: r.sh.openInput, Create: r.sh.openOutput, Stdin: r.sh.stdin(r.io, r.argv)}
	if r.verb.Talks() {
		if env.Terminal, err = r.sh.terminal(ctx); err != nil {
			return err
		}
	}
	if r.argv {
		env.Unescape = syntax.Escape
	}
	sets := []any{&r.opts, &r.flags}
	if r.proto != nil {
		sets = append(sets, &r.secrets)
	}
	if r.opens && !r.proto.Once {
		sets = append(sets, &r.then)
	}
	if r.proto != nil && !r.opens {
		if v, ok := verb.Find(r.proto.Open, "connect"); ok && r.call.verb.Name != "connect" {
			if r.dial, err = v.Parse(env, nil); err != nil {
				return err
			}
			sets = append([]any{r.dial.Args()}, sets...)
		}
	}
	if r.inv, err = r.verb.Parse(env, words, sets...); err == nil && env.Terminal != nil {
		r.inv.Lend(newScreen(env.Terminal, r.flags.Raw))
	}
	return err
}

// adapt reads the flags again, with those in front that the user's
// configuration has for the target.
func (r *run) adapt(ctx context.Context, t wire.Target) error {
	words := r.sh.forHost(r.proto.Name, r.label, t, r.takes)
	if len(words) == 0 {
		return nil
	}
	r.opts, r.secrets = r.sh.set.options, r.sh.set.secrets
	return r.parse(ctx, append(words, r.words...))
}

// takes reports whether the line may have a flag.
func (r *run) takes(name string) bool {
	_, flags := r.verb.Params()
	flags = append(flags, verb.Flags(&r.opts)...)
	flags = append(flags, verb.Flags(&r.secrets)...)
	if r.dial != nil {
		flags = append(flags, verb.Flags(r.dial.Args())...)
	}
	return slices.ContainsFunc(flags, func(f verb.Param) bool { return f.Name == name })
}

func (r *run) do(ctx context.Context) (any, error) {
	ctx = context.WithValue(ctx, runKey{}, r)
	switch {
	case r.proto == nil:
		return r.inv.Do(ctx, r.sh)
	case !r.opens && r.offline():
		r.unaimed()
		return r.inv.Do(ctx, nil)
	case r.opens:
		return r.open(ctx)
	default:
		return r.inv.Do(ctx, r.sess.Session)
	}
}

type runKey struct{}

// running is the run that a verb is part of.
func running(ctx context.Context) *run { return ctx.Value(runKey{}).(*run) }

// show gives the result to whom it is for, while the wire is still bound to
// the command's context.
func (r *run) show(ctx context.Context, res any) error {
	if s, ok := res.(*session); ok {
		return r.showOpened(s)
	}
	if s, ok := res.(protocols.Session); ok && r.sess != nil {
		return r.showOpened(r.sh.adopt(s, r.sess))
	}
	if b, ok := res.(*verb.Blob); ok {
		if all, ok := b.ReadCloser.(series); ok && r.flags.Remote {
			defer b.Close()
			return r.saveAll(ctx, all)
		}
		if program := r.opener(b); program != "" {
			return r.openWith(ctx, b, program)
		}
		if name := r.file(b); name != "" {
			return r.save(ctx, b, name)
		}
	} else if r.written(res) {
		return r.save(ctx, r.rendered(res), r.flags.Output)
	}
	if r.flags.JSON && !render.IsStream(res) {
		data, err := render.Data(res)
		if err == nil && r.flags.Fields != "" {
			data, err = render.Pick(data, r.options().Fields)
		}
		r.data = data
		return err
	}
	if _, blob := res.(*verb.Blob); !blob && !render.IsStream(res) {
		r.data = res
	}
	o := r.options()
	if o.Raw && r.io.seen() && r.sh.prompts {
		defer r.sh.editor.Settle(ctx)
	}
	r.streamed = render.IsStream(res)
	msg := r.disk.Meter.Above(r.io.err)
	if r.flags.Quiet {
		msg = io.Discard
	}
	if r.flags.Quiet && !r.flags.JSON && render.Reports(res) {
		return render.Show(io.Discard, msg, o, res)
	}
	out, done := r.paged(ctx)
	if r.io.terminal {
		out = r.disk.Meter.Above(out)
	}
	return done(render.Show(out, msg, o, res))
}

func (r *run) options() render.Options {
	set := r.sh.set
	set.common = r.flags
	return set.render(r.io)
}

// envelope is the command as JSON tells of it.
func (r *run) envelope(err error) *render.Envelope {
	e := &render.Envelope{Cmd: r.verb.Name, OK: true}
	if r.proto != nil {
		e.Proto = r.proto.Name
	}
	total := r.sh.now().Sub(r.start)
	if s := r.sess; s != nil {
		e.Session = s.name()
		in, out := s.wire.Counts()
		e.Bytes = &render.Bytes{In: in - r.in0, Out: out - r.out0}
		e.Timing = &render.Timing{Timing: s.wire.Timing(), Total: total}
		if p, ok := s.Session.(protocols.Replier); ok && r.proto != nil {
			e.Code, e.Text = p.Reply()
		}
		if d, ok := s.Session.(protocols.Detailer); ok && r.proto != nil {
			e.Details = d.Details()
		}
		if c := s.wire.Last(); c != nil {
			i := c.Info()
			e.Peer, e.Local = i.Peer, i.Local
			if i.TLS != nil {
				e.TLS = i.TLS
			}
		}
	} else {
		e.Timing = &render.Timing{Total: total}
	}
	if err != nil {
		e.Fail(err)
	}
	return e
}

// complete adds to an error what only the shell knows: the verb, the target,
// and why the context ended.
func (r *run) complete(ctx context.Context, err error) error {
	if k := fault.Of(err); ctx.Err() != nil && (k == fault.Interrupt || k == fault.Timeout) {
		kept := fault.Hint(err)
		err = context.Cause(ctx)
		if f, ok := err.(*fault.Error); ok && f.Hint == "" {
			c := *f
			c.Hint, err = kept, &c // such as what there is by now, and how to go on
		}
	}
	var u *verb.UsageError
	if errors.As(err, &u) {
		return fault.New(fault.Of(err), "%w", err).WithHint("usage: %s", r.usage())
	}
	e := &fault.Error{Kind: fault.Of(err), Err: err}
	if f, ok := err.(*fault.Error); ok {
		c := *f
		e = &c
	}
	if e.Op == "" {
		e.Op = r.name
	}
	if e.At == "" && r.sess != nil && r.proto != nil {
		e.At = r.sess.name()
	}
	return e
}

func (r *run) usage() string {
	if r.opens {
		return r.name + " " + strings.Split(wants(*r.proto), ":")[0] + strings.TrimPrefix(r.verb.Usage(), r.verb.Name)
	}
	return r.verb.Usage()
}

// finish ends what the line began on its way and tells how it went.
func (r *run) finish(err error) {
	e := r.envelope(err)
	e.Data = r.data
	if r.proto != nil || !speechless(r.verb.Name) {
		r.sh.remember(e)
		r.sh.use(r.sess)
	}
	if r.flags.JSON && (err != nil || !r.streamed) {
		e.Write(r.io.out)
	}
	if r.flags.Time || r.sh.set.timing {
		render.Show(r.io.err, r.io.err, r.sh.set.render(streams{out: r.io.err}), e.Timing)
	}
	if r.made && r.sess != nil && (r.proto.Once || broken(err)) {
		r.sh.finish(context.Background(), r.sess, err == nil)
	}
}

// broken reports whether after err nobody knows what a connection will say
// next, so that it must not be used again.
func broken(err error) bool {
	switch fault.Of(err) {
	case fault.Timeout, fault.Interrupt, fault.Protocol, fault.Partial, fault.Empty, fault.Send, fault.Recv, fault.Limit, fault.Internal:
		return true
	}
	return false
}

// speechless reports whether a verb of the shell has no outcome of its own,
// so that assert and $last still mean the command before it.
func speechless(name string) bool {
	_, ok := verb.Find(scriptVerbs(), name)
	return ok && name != "expect" && name != "replay"
}

// formed is why the flags do not say one form for results.
func formed(f *verb.Common) error {
	forms := 0
	for _, on := range []bool{f.JSON, f.CSV, f.Row != ""} {
		if on {
			forms++
		}
	}
	if forms > 1 {
		return fault.New(fault.Usage, "one of --json, --csv and --template")
	}
	if _, err := syntax.Escape(f.Row); err != nil {
		return fault.New(fault.Usage, "--template: %w", err)
	}
	return nil
}
