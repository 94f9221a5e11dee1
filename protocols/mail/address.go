package mail

import (
	stdmail "net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"wireline/protocols/fault"
)

// An Address is whom a message is from, or for.
type Address struct {
	Name string // for people; may be ""
	Addr string // the mailbox, local@domain
}

// ParseAddress reads one address as people write it: a@x, <a@x> or Ann <a@x>.
// what is the argument's name, for errors.
func ParseAddress(what, s string) (Address, error) {
	if err := oneLine(what, s); err != nil {
		return Address{}, err
	}
	a, err := stdmail.ParseAddress(s)
	if err != nil {
		// A bare mailbox of the local host is one to SMTP, if not to RFC 5322.
		local := strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
		if !strings.ContainsAny(local, "@ \t<>,;:\"()[]\\") && local != "" && Mailbox(what, local) == nil {
			return Address{Addr: local}, nil
		}
		return Address{}, fault.New(fault.BadArgument, "%s: %q is no address", what, s).WithHint("such as ann@example.org or Ann <ann@example.org>")
	}
	addr, err := mailbox(what, a.Address)
	return Address{a.Name, addr}, err
}

// ParseAddresses reads addresses, of which each word may hold several with
// commas between them.
func ParseAddresses(what string, words []string) (all []Address, err error) {
	for _, w := range words {
		if err := oneLine(what, w); err != nil {
			return nil, err
		}
		if list, err := stdmail.ParseAddressList(w); err == nil {
			for _, a := range list {
				addr, err := mailbox(what, a.Address)
				if err != nil {
					return nil, err
				}
				all = append(all, Address{a.Name, addr})
			}
			continue
		}
		for one := range strings.SplitSeq(w, ",") {
			a, err := ParseAddress(what, strings.TrimSpace(one))
			if err != nil {
				return nil, err
			}
			all = append(all, a)
		}
	}
	return all, nil
}

// mailbox is an address as the library gives it, with the part before the @ in
// quotes again where it must be: without them "a@b"@c is the mailbox of
// somebody else. Of < and > not every server knows that quotes protect them.
func mailbox(what, addr string) (string, error) {
	at := max(0, strings.LastIndexByte(addr, '@'))
	local := addr[:at]
	if strings.ContainsAny(local, " \t()[]:;@\\,\"") || strings.Contains("."+local+".", "..") {
		addr = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(local) + `"` + addr[at:]
	}
	if strings.ContainsAny(local, "<>") {
		return "", fault.New(fault.BadArgument, "%s: %q is no address: it has a < or > in it", what, addr)
	}
	return addr, Mailbox(what, addr)
}

// Mailbox refuses what cannot stand between < and > in a command of SMTP
// without saying more than an address (RFC 5321, section 4.1.2). The empty
// string is the sender of bounces.
func Mailbox(what, s string) error {
	bad := func(why string) error {
		return fault.New(fault.BadArgument, "%s: %q is no address: %s", what, s, why)
	}
	if err := oneLine(what, s); err != nil {
		return err
	}
	switch {
	case len(s) > 320:
		return bad("it is longer than 320 bytes")
	case strings.HasPrefix(s, "-"):
		return bad("it begins with a dash")
	case !utf8.ValidString(s):
		return bad("it is not UTF-8")
	}
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c == 0x7f:
			return bad("it has a control character")
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case !quoted && (c == '<' || c == '>' || c == ' '):
			return bad("it has " + map[byte]string{'<': "a <", '>': "a >", ' ': "a blank"}[c] + " in it")
		}
	}
	if quoted {
		return bad("a quote is not ended")
	}
	return nil
}

// ASCII is the mailbox with its domain as punycode, and whether all of it is
// ASCII then. The part before the @ has no such form.
func ASCII(mailbox string) (string, bool) {
	at := strings.LastIndexByte(mailbox, '@')
	if !isASCII(mailbox[at+1:]) {
		if d, err := idna.Lookup.ToASCII(mailbox[at+1:]); err == nil {
			mailbox = mailbox[:at+1] + d
		}
	}
	return mailbox, isASCII(mailbox)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// String is the address as it stands in a header, ASCII but for a mailbox
// that is not.
func (a Address) String() string {
	addr, _ := ASCII(a.Addr)
	if a.Name == "" {
		return addr
	}
	const any = "<x@x>"
	name := (&stdmail.Address{Name: a.Name, Address: any[1 : len(any)-1]}).String()
	return strings.TrimSuffix(name, any) + "<" + addr + ">"
}

func oneLine(what, s string) error {
	if i := strings.IndexAny(s, "\r\n\x00"); i >= 0 {
		return fault.New(fault.BadArgument, "%s: byte %d is %s; a line break or NUL is not allowed here", what, i+1,
			map[byte]string{'\r': "CR", '\n': "LF", 0: "NUL"}[s[i]])
	}
	return nil
}
