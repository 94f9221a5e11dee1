package repl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// open runs a verb that begins a session.
func (r *run) open(ctx context.Context) (any, error) {
	peer := protocols.Peer{Keys: r.keys, Refused: r.refused}
	peer.Target.Scheme = r.proto.Schemes[0]
	if r.verb.Name != "socket" && !r.aimless() {
		t, n, err := target(*r.proto, r.inv.Words, r.verb.Name != "connect")
		if err != nil {
			return nil, err
		}
		if err := r.adapt(ctx, t); err != nil {
			return nil, err
		}
		peer.Target, r.inv.Words = t, r.inv.Words[n:]
	}
	return r.begin(ctx, peer, r.inv, "")
}

// aimless reports whether the flags of connect say what to talk to, and no
// target does.
func (r *run) aimless() bool {
	a, ok := r.inv.Args().(interface{ Aimless() bool })
	return ok && a.Aimless() && len(r.inv.Words) == 0
}

// begin makes the wire, runs the opening verb on it and keeps the session.
func (r *run) begin(ctx context.Context, peer protocols.Peer, inv *verb.Invocation, key string) (*session, error) {
	if r.argv && carries(peer.Target.URL) {
		r.exposed()
	}
	peer.Dialer = r.sh.dialer(r.opts)
	r.wire = peer.Dialer
	var s *session
	peer.Moved = func() {
		if s != nil {
			s.note()
		}
	}
	release := peer.Dialer.Bind(ctx)
	if r.made {
		r.unbind = release // the verb goes on under the same binding, and its timing
	} else {
		defer release()
	}
	res, err := inv.Do(ctx, peer)
	if err != nil {
		peer.Dialer.Cut(err)
		return nil, err
	}
	opened, ok := res.(protocols.Session)
	if !ok {
		return nil, fault.New(fault.Internal, "%s gave a %T instead of a session", r.name, res)
	}
	s = &session{Session: opened, proto: *r.proto, target: peer.Target, wire: peer.Dialer, key: key, label: r.label}
	r.sess = s
	r.sh.add(s)
	return s, nil
}

// session finds the session of a verb, or makes it from the target among the
// words.
func (r *run) session(ctx context.Context) error {
	before, words := r.split()
	if len(words) > 0 {
		if url, ok := r.sh.inside(words[0]); ok {
			words = append([]string{url}, words[1:]...)
			r.inv.Words = append(slices.Clone(before), words...)
		}
	}
	named := len(words) > 0 && (r.enter || strings.HasPrefix(words[0], "@") || strings.Contains(words[0], "://"))
	if named && strings.HasPrefix(words[0], "@") {
		s, err := r.sh.named(words[0][1:])
		if err == nil && s.proto.Name != r.proto.Name {
			err = fault.New(fault.Usage, "%s speaks %s, not %s", words[0], s.proto.Name, r.proto.Name)
		}
		abstract := isPath(wire.Target{Scheme: r.proto.Schemes[0]}) // else @NAME is that of a socket
		switch {
		case err == nil:
			r.sess, r.inv.Words = s, append(before, words[1:]...)
			return nil
		case !abstract:
			return err
		case r.sess != nil:
			return nil
		}
	}
	if r.sess == nil && !named {
		r.sess = r.sh.of(r.proto.Name)
	}
	if r.sess != nil && (!named || r.call.sess != nil && !r.enter && !r.foreign(words[0])) {
		if err := r.inv.Check(); err == nil || len(words) == 0 || !looksLikeTarget(words[0]) {
			return nil
		}
	}
	if len(words) == 0 {
		return fault.New(fault.Usage, "no %s session is open", r.proto.Name).WithHint("connect %s HOST opens one; or name the target: %s HOST …", r.proto.Name, r.name)
	}
	t, n, err := target(*r.proto, words, false)
	if err != nil {
		return err
	}
	r.io.front.begins() // to connect may take long
	if err := r.adapt(ctx, t); err != nil {
		return err
	}
	var add []string
	if r.proto.Route != nil {
		_, add = r.proto.Route(t.URL)
	}
	r.inv.Words = append(before, r.arrange(add, words[n:])...)
	if err := r.inv.Check(); err != nil {
		return err
	}
	return r.reach(ctx, t, r.proto.Route != nil && len(add) == 0)
}

// arrange puts the path of a URL among the words that follow it: before them, or
// behind the file of ours that is to go there.
func (r *run) arrange(path, rest []string) []string {
	args, _ := r.verb.Params()
	ours := r.inv.Given("reverse") || len(args) > 1 && args[0].Name == "local" && !args[0].Rest
	if len(path) != 1 || len(rest) == 0 || !ours {
		return append(path, rest...)
	}
	dir := strings.HasSuffix(path[0], "/")
	if len(rest) == 2 && dir && !strings.HasPrefix(rest[1], "/") && !strings.HasPrefix(rest[1], "~") {
		return []string{rest[0], path[0] + rest[1]}
	}
	return append(rest[:len(rest):len(rest)], path...)
}

// split is the arguments before the one that may be a target, and the rest:
// the target comes first, unless the verb has an argument called url further
// on.
func (r *run) split() (before, rest []string) {
	args, _ := r.verb.Params()
	for i, p := range args {
		if p.Name == "url" && i <= len(r.inv.Words) {
			return slices.Clone(r.inv.Words[:i]), r.inv.Words[i:]
		}
	}
	return nil, r.inv.Words
}

// foreign reports whether a URL leads elsewhere than to the session that is
// current.
func (r *run) foreign(w string) bool {
	t, _, err := target(*r.proto, []string{w}, false)
	return err == nil && poolKey(*r.proto, t, r.opts) != poolKey(*r.proto, r.call.sess.target, r.opts)
}

// reach takes a session to t from the pool, or makes one. root is set when t is
// where a session begins, so that one which has gone elsewhere will not do.
func (r *run) reach(ctx context.Context, t wire.Target, root bool) error {
	key := poolKey(*r.proto, t, r.opts)
	if !r.proto.Once {
		for _, s := range r.sh.list() {
			if s.key == key && (!root || s.root != nil && *s.root == s.Where()) {
				r.sess = s
				return nil
			}
		}
	}
	r.made, r.sess = true, nil // whatever becomes of it is not the current one's
	s, err := r.begin(ctx, protocols.Peer{Target: t, Keys: r.keys, Refused: r.refused}, r.dial, key)
	if err == nil && root {
		at := s.Where()
		s.root = &at
	}
	return err
}

// poolKey tells apart what must not share a connection: another server, user,
// proxy or TLS policy.
func poolKey(p protocols.Protocol, t wire.Target, o wire.Options) string {
	user := ""
	if t.URL != nil && t.User != nil {
		user = t.User.String()
	}
	return fmt.Sprint(p.Name, " ", t.Scheme.Name, " ", user, " ", t.Address(), " ", fmt.Sprintf("%+v", o))
}
