package imap

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// ACLArgs are the arguments of acl.
type ACLArgs struct {
	Action  string `arg:"action" enum:"get,my,set,rm" help:"get: who may what; my: what I may; set: let somebody; rm: forget somebody"`
	Mailbox string `arg:"mailbox?" help:"mailbox; the one that is selected if left out" complete:"mailbox"`
	Who     string `arg:"who?" help:"with set and rm: a user, or anyone"`
	Rights  string `arg:"rights?" help:"with set: letters such as lrs; with + or - before them they are added or taken away" dash:"yes"`
}

// A Right is what somebody may do with a mailbox (RFC 4314).
type Right struct {
	Mailbox string `json:"mailbox"`
	Who     string `json:"who"`
	Rights  string `json:"rights"`
}

// ACL shows or sets who may do what with a mailbox.
func (s *Session) ACL(ctx context.Context, a ACLArgs) (verb.Stream[Right], error) {
	if err := s.need("tell who may do what", "ACL"); err != nil {
		return nil, err
	}
	for _, arg := range [][2]string{{"mailbox", a.Mailbox}, {"who", a.Who}, {"rights", a.Rights}} {
		if err := protocols.OneLine(arg[0], arg[1]); err != nil {
			return nil, err
		}
	}
	if a.Mailbox == "" && s.box != nil {
		a.Mailbox = s.box.name
	}
	if a.Mailbox == "" {
		a.Mailbox = "INBOX"
	}
	if _, odd := s.odd[a.Mailbox]; odd {
		return nil, fault.New(fault.Unsupported, "a mailbox whose name is not as the RFC has it cannot be named here")
	}
	if (a.Action == "set" || a.Action == "rm") && a.Who == "" || a.Action == "set" && a.Rights == "" {
		return nil, fault.New(fault.Usage, "acl %s wants a mailbox, a user and rights", a.Action).WithHint("acl set INBOX bob +lr; acl rm INBOX bob")
	}
	var all []Right
	err := s.aclCall(ctx, a, &all)
	if err != nil {
		return nil, namedBox(err, a.Mailbox)
	}
	return rowsOf(all), nil
}

func (s *Session) aclCall(ctx context.Context, a ACLArgs, all *[]Right) error {
	switch a.Action {
	case "rm":
		return s.do(ctx, s.command("DELETEACL").mailbox(s, a.Mailbox).text("who", a.Who))
	case "set":
		how, rights := imap.RightModificationReplace, a.Rights
		if rights[0] == '+' || rights[0] == '-' {
			how, rights = imap.RightModification(rights[0]), rights[1:]
		}
		return s.l.lend(ctx, func() error {
			return s.lib.SetACL(a.Mailbox, imap.RightsIdentifier(a.Who), how, imap.RightSet(rights)).Wait()
		})
	case "my":
		var data *imapclient.MyRightsData
		err := s.l.lend(ctx, func() (err error) {
			data, err = s.lib.MyRights(a.Mailbox).Wait()
			return err
		}, "MYRIGHTS")
		if err == nil {
			*all = append(*all, Right{a.Mailbox, s.user, data.Rights.String()})
		}
		return err
	}
	var data *imapclient.GetACLData
	err := s.l.lend(ctx, func() (err error) {
		data, err = s.lib.GetACL(a.Mailbox).Wait()
		return err
	}, "ACL")
	if err != nil {
		return err
	}
	for who, rights := range data.Rights {
		*all = append(*all, Right{a.Mailbox, string(who), rights.String()})
	}
	slices.SortFunc(*all, func(a, b Right) int { return strings.Compare(a.Who, b.Who) })
	return nil
}
