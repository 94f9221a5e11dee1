package conformance

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// A hole is an argument or a flag of a verb into which any text can be put.
type hole struct {
	p     protocols.Protocol
	verb  verb.Verb
	opens bool
	param verb.Param
	index int      // among the arguments
	words []string // the arguments of an example
}

func (h hole) String() string { return h.verb.Name + "." + h.param.Name }

// holes are all of them, but for those whose purpose is raw bytes.
func (s *suite) holes() (all []hole) {
	for _, v := range slices.Concat(s.p.Open, s.p.Verbs) {
		_, own := verb.Find(s.p.Verbs, v.Name)
		if !own && v.Name != "connect" {
			continue
		}
		c, err := example(s.p, v)
		if err != nil {
			continue
		}
		inv, err := c.parse(s.p, verb.Env{}, new(wire.Options))
		if err != nil {
			continue
		}
		args, flags := v.Params()
		for i, p := range slices.Concat(args, flags) {
			if textual(p) && !s.exempt(v.Name, p.Name) {
				all = append(all, hole{s.p, v, !own, p, i, inv.Words})
			}
		}
	}
	return all
}

// textual reports whether p is text of the user's own choice that is meant
// for the other side.
func textual(p verb.Param) bool {
	t := p.Type
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t.Kind() == reflect.String && len(p.Enum) == 0 && p.Complete != "local"
}

// fill runs the verb with text in the hole, on a new session.
func (h hole) fill(ctx context.Context, u *user, text string) error {
	var words []string
	if h.param.Flag {
		words = append([]string{"--" + h.param.Name + "=" + text, "--"}, h.words...)
	} else {
		words = append([]string{"--"}, h.words...)
		for len(words) <= h.index+1 {
			words = append(words, "x")
		}
		words[h.index+1] = text
	}
	c := command{opens: h.opens, verb: h.verb, words: words}
	if h.opens {
		return u.open(ctx, &c)
	}
	if err := u.open(ctx, nil); err != nil {
		return fmt.Errorf("%w: %w", errNotOpen, err)
	}
	return u.do(ctx, c, &screen{})
}

var errNotOpen = errors.New("no session to try it on")

// evils are texts that would be a line of their own, or end one.
var evils = []string{
	"x\rEVIL", "x\nEVIL", "x\r\nEVIL", "x\x00EVIL", "x%0d%0aEVIL", "x%0AEVIL", "x%00EVIL",
}

var evil = regexp.MustCompile(`[\r\n\x00]EVIL`)

// injection: no argument can put a second line on the wire, as it is or
// percent-encoded, and one that is refused is a bad argument. (I01)
func (s *suite) injection(t *testing.T) {
	holes := s.holes()
	each(len(holes), idle, func(i int) {
		hole := holes[i]
		t.Run(hole.String(), func(t *testing.T) {
			for _, text := range evils {
				s.inject(t, text, func(ctx context.Context, u *user) error { return hole.fill(ctx, u, text) })
			}
		})
	})
	t.Run("url", s.injectURL)
	t.Run("keys", func(t *testing.T) {
		for _, text := range evils[:4] {
			s.inject(t, "", func(ctx context.Context, u *user) error {
				u.keys = func(context.Context, wire.Target, string) (string, string, error) { return text, text, nil }
				return u.open(ctx, nil)
			})
		}
	})
}

// injectURL has the text in every part of a URL that is decoded.
func (s *suite) injectURL(t *testing.T) {
	if s.scheme.Network != "" && s.scheme.Network != "tcp" {
		return
	}
	for _, text := range evils[4:] {
		s.inject(t, "", func(ctx context.Context, u *user) error {
			ref, err := url.Parse("//" + text + ":" + text + "@" + u.to.Host + "/" + text + "?" + text)
			if err != nil {
				return err
			}
			ref.Scheme = u.to.URL.Scheme
			u.to.URL = ref
			if err := u.open(ctx, nil); err != nil || s.p.Route == nil {
				return err
			}
			name, words := s.p.Route(ref)
			v, ok := verb.Find(s.p.Verbs, name)
			if !ok {
				return nil
			}
			return u.do(ctx, command{verb: v, words: append([]string{"--"}, words...)}, &screen{})
		})
	}
}

// inject tries one text. Unless text is "" it must be refused as a bad
// argument where nothing of it was sent.
func (s *suite) inject(t *testing.T, text string, try func(context.Context, *user) error) {
	t.Helper()
	m := s.meet(t)
	var err error
	hold(t, hanging, fmt.Sprintf("%q", text), func() {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		err = try(ctx, m.user)
		m.close()
	})
	_, out := m.wire.Counts()
	m.parrot.settle(out, s.stream())
	m.over()
	heard := m.parrot.words()
	if evil.Match(heard) {
		t.Errorf("%q put a line of its own on the wire: %q", text, heard)
	}
	if err == nil || errors.Is(err, errNotOpen) || !strings.ContainsAny(text, "\r\n\x00") || bytes.Contains(heard, []byte("EVIL")) {
		return
	}
	if k := fault.Of(err); k != fault.BadArgument && k != fault.Timeout && k != fault.Interrupt && k != fault.Refused {
		t.Errorf("%q is refused as %s, not as BAD_ARGUMENT: %v", text, k.Name, err)
	}
}
