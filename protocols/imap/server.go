package imap

import (
	"context"
	"fmt"
	"strings"

	"github.com/emersion/go-imap/v2"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// Caps is what the server can.
type Caps struct {
	Capabilities []string `json:"capabilities"`
	Mechanisms   []string `json:"mechanisms"` // to log in by
}

// Caps asks the server what it can.
func (s *Session) Caps(ctx context.Context, _ struct{}) (Caps, error) {
	s.capsFresh = false
	if err := s.capabilities(ctx); err != nil {
		return Caps{}, err
	}
	return Caps{Capabilities: append([]string{}, s.caps...), Mechanisms: append([]string{}, s.caps.after("AUTH=")...)}, nil
}

// A Property is one thing that a server says of itself.
type Property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// ID asks the server who it is (RFC 2971), and says nothing of us but the
// name.
func (s *Session) ID(ctx context.Context, _ struct{}) (verb.Stream[Property], error) {
	if err := s.need("tell who it is", "ID"); err != nil {
		return nil, err
	}
	var all []Property
	_, err := s.l.run(ctx, s.command("ID").atom(`("name" "wireline")`).end(), s.l.bounded(func(p []byte) error {
		name, _, _, rest := word(p)
		if name != "ID" {
			return nil
		}
		c := cursor{p: rest}
		v := c.value()
		if c.bad {
			return unread(p)
		}
		for i := 0; i+1 < len(v.of) && i < 200; i += 2 {
			all = append(all, Property{v.of[i].text, v.of[i+1].text})
		}
		return nil
	}))
	if err != nil {
		return nil, err
	}
	return rowsOf(all), nil
}

// A Namespace is where mailboxes of one kind are.
type Namespace struct {
	Kind      string `json:"kind"` // personal, other, shared
	Prefix    string `json:"prefix"`
	Delimiter string `json:"delimiter"`
}

// Namespace asks where mailboxes are (RFC 2342).
func (s *Session) Namespace(ctx context.Context, _ struct{}) (verb.Stream[Namespace], error) {
	if err := s.need("tell its namespaces", "NAMESPACE", "IMAP4rev2"); err != nil {
		return nil, err
	}
	var data *imap.NamespaceData
	err := s.l.lend(ctx, func() (err error) {
		data, err = s.lib.Namespace().Wait()
		return err
	}, "NAMESPACE")
	if err != nil {
		return nil, err
	}
	var all []Namespace
	for _, kind := range []struct {
		name string
		list []imap.NamespaceDescriptor
	}{{"personal", data.Personal}, {"other", data.Other}, {"shared", data.Shared}} {
		for _, d := range kind.list {
			n := Namespace{Kind: kind.name, Prefix: d.Prefix}
			if d.Delim != 0 {
				n.Delimiter = string(d.Delim)
			}
			all = append(all, n)
		}
	}
	return rowsOf(all), nil
}

// EnableArgs are the arguments of enable.
type EnableArgs struct {
	Extensions []string `arg:"extensions..." help:"such as CONDSTORE, QRESYNC or UTF8=ACCEPT"`
}

// Enabled is what the server has enabled.
type Enabled struct {
	Enabled []string `json:"enabled"`
}

// Enable has the server use extensions (RFC 5161).
func (s *Session) Enable(ctx context.Context, a EnableArgs) (Enabled, error) {
	if err := s.need("enable extensions", "ENABLE", "IMAP4rev2"); err != nil {
		return Enabled{}, err
	}
	if len(a.Extensions) == 0 {
		return Enabled{}, fault.New(fault.Usage, "no extension is named").WithHint("enable CONDSTORE")
	}
	c := s.command("ENABLE")
	for _, x := range a.Extensions {
		if err := protocols.OneLine("extensions", x); err != nil {
			return Enabled{}, err
		}
		if len(parseCaps(x)) != 1 || strings.ContainsRune(x, ' ') {
			return Enabled{}, fault.New(fault.BadArgument, "%q is no extension", x)
		}
		c.atom(strings.ToUpper(x))
	}
	e := Enabled{Enabled: []string{}}
	_, err := s.l.run(ctx, c.end(), s.l.bounded(func(p []byte) error {
		if name, _, _, rest := word(p); name == "ENABLED" {
			e.Enabled = append(e.Enabled, parseCaps(string(rest))...)
		}
		return nil
	}))
	if got := capabilities(e.Enabled); got.any("UTF8=ACCEPT", "IMAP4rev2") {
		s.utf8 = true
	}
	return e, err
}

// QuotaArgs are the arguments of quota.
type QuotaArgs struct {
	Action string   `arg:"action?" enum:"root,get,set" help:"root: those of a mailbox; get: those of a root; set: change them"`
	Name   string   `arg:"name?" help:"mailbox, or root for get and set" complete:"mailbox"`
	Limits []string `arg:"limits..." help:"with set: STORAGE=1024 (in KiB), MESSAGE=1000"`
}

// A Quota is how much of something is used and how much there is.
type Quota struct {
	Root     string `json:"root"`
	Resource string `json:"resource"` // STORAGE counts KiB
	Usage    int64  `json:"usage"`
	Limit    int64  `json:"limit"`
}

// Quota shows or sets quotas (RFC 9208).
func (s *Session) Quota(ctx context.Context, a QuotaArgs) (verb.Stream[Quota], error) {
	if err := oneLine("name", append(a.Limits, a.Name)...); err != nil {
		return nil, err
	}
	if err := s.need("tell quotas", "QUOTA"); err != nil {
		return nil, err
	}
	var c *command
	switch a.Action {
	case "", "root":
		name := a.Name
		if name == "" {
			name = "INBOX"
			if s.box != nil {
				name = s.box.name
			}
		}
		c = s.command("GETQUOTAROOT").mailbox(s, name)
	case "get":
		c = s.command("GETQUOTA").text("name", a.Name)
	case "set":
		limits, err := quotaLimits(a.Limits)
		if err != nil {
			return nil, err
		}
		c = s.command("SETQUOTA").text("name", a.Name).atom(limits)
	}
	var all []Quota
	_, err := s.l.run(ctx, c.end(), func(p []byte) error {
		name, _, _, rest := word(p)
		if name != "QUOTA" {
			return nil
		}
		cur := cursor{p: rest}
		root := cur.text()
		cur.take(' ')
		cur.list(func() {
			q := Quota{Root: root, Resource: strings.ToUpper(cur.text())}
			cur.take(' ')
			q.Usage = cur.number()
			cur.take(' ')
			if q.Limit = cur.number(); len(all) < 1000 {
				all = append(all, q)
			}
		})
		if cur.bad {
			return unread(p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return rowsOf(all), nil
}

// quotaLimits reads STORAGE=1024.
func quotaLimits(words []string) (string, error) {
	var list []string
	for _, w := range words {
		name, n, ok := strings.Cut(w, "=")
		var limit int64
		_, err := fmt.Sscanf(n, "%d", &limit)
		if !ok || err != nil || fmt.Sprint(limit) != n || limit < 0 || len(parseCaps(name)) != 1 || strings.ContainsRune(name, ' ') {
			return "", fault.New(fault.BadArgument, "%q is no limit such as STORAGE=1024", w)
		}
		list = append(list, strings.ToUpper(name)+" "+n)
	}
	return "(" + strings.Join(list, " ") + ")", nil
}
