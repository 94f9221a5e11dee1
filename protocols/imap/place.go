package imap

import (
	"net/url"
	"strconv"
	"strings"

	"wireline/protocols/fault"
)

// A place is what a URL names on a server (RFC 5092).
type place struct {
	user, mech string
	mailbox    string
	validity   uint32
	uid        string // a number; "" for none
	index      string // instead of it: a sequence number, as curl has it
	section    string
	partial    string
	search     string
}

// parsePlace reads imap://user;AUTH=mech@host/mailbox;UIDVALIDITY=n/;UID=n
// /;SECTION=x/;PARTIAL=a.n?search. The slash before a semicolon may be left
// out, and instead of UID it may say MAILINDEX, as to curl: the message of that
// sequence number.
func parsePlace(u *url.URL) (p place, err error) {
	if u == nil {
		return p, nil
	}
	if u.User != nil {
		p.user = u.User.Username()
		if i := strings.Index(strings.ToUpper(p.user), ";AUTH="); i >= 0 {
			p.user, p.mech = p.user[:i], p.user[i+len(";AUTH="):]
			if p.mech == "*" {
				p.mech = ""
			}
		}
	}
	path, params, _ := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), ";")
	if u.Scheme == unixScheme {
		path, params = "", "" // it is that of the socket
	}
	unescape := func(s string) string {
		t, e := url.PathUnescape(s)
		if e != nil && err == nil {
			err = fault.New(fault.BadArgument, "%q is not part of a URL", s)
		}
		return t
	}
	p.mailbox = unescape(strings.TrimSuffix(path, "/"))
	if params != "" {
		for param := range strings.SplitSeq(params, ";") {
			name, value, _ := strings.Cut(strings.TrimSuffix(param, "/"), "=")
			value = unescape(value)
			switch strings.ToUpper(name) {
			case "UIDVALIDITY":
				n, bad := strconv.ParseUint(value, 10, 32)
				if bad != nil {
					return p, fault.New(fault.BadArgument, "UIDVALIDITY=%q is not a number", value)
				}
				p.validity = uint32(n)
			case "UID", "MAILINDEX":
				if n, bad := strconv.ParseUint(value, 10, 32); bad != nil || n == 0 {
					return p, fault.New(fault.BadArgument, "%s=%q is not a number", strings.ToUpper(name), value)
				}
				p.uid, p.index = value, ""
				if strings.EqualFold(name, "MAILINDEX") {
					p.uid, p.index = "", value
				}
			case "SECTION":
				p.section = value
			case "PARTIAL":
				p.partial = value
			case "URLAUTH", "EXPIRE":
				return p, fault.New(fault.Unsupported, "URLs with %s are not built in", name)
			default:
				return p, fault.New(fault.BadArgument, "a URL of imap has no ;%.40s", name)
			}
		}
	}
	if u.RawQuery != "" {
		p.search = unescape(u.RawQuery)
	}
	return p, err
}

// check is an error if the mailbox is not the one that the URL means.
func (p place) check(b *selected) error {
	if p.validity != 0 && b.validity != p.validity {
		return &fault.Error{Kind: fault.Protocol, At: b.name, Text: "UIDVALIDITY changed: it is " + strconv.FormatUint(uint64(b.validity), 10) + " now, so the UIDs are other ones"}
	}
	return nil
}

// one reports whether it is one message.
func (p place) one() bool { return p.uid != "" || p.index != "" }

// message is the place as a word that names a message: 4711, 4711.2, or #3 for
// a sequence number.
func (p place) message() string {
	word := p.uid
	if p.index != "" {
		word = "#" + p.index
	}
	if p.section != "" {
		word += "." + p.section
	}
	if p.partial != "" {
		word += "<" + p.partial + ">"
	}
	return word
}

// route says what a URL means without a verb: the mailboxes, the messages of
// a mailbox, those that a search finds, or one message. connect goes to the
// mailbox.
func route(u *url.URL) (string, []string) {
	p, err := parsePlace(u)
	switch {
	case err != nil || p.mailbox == "":
		return "ls", nil
	case p.one():
		return "cat", []string{p.message()}
	case p.search != "":
		return "search", []string{rawKey + p.search}
	}
	return "ls", nil
}
