package smtp

import (
	"fmt"
	"strings"

	"wireline/protocols/fault"
)

// prepare makes sure that the server can do what is asked, and that each
// letter can be sent as it is, before anything is said.
func (d *delivery) prepare(letters []*letter) error {
	s, a := d.s, d.a
	lack := func(ext, flag string) error {
		e := fault.New(fault.Unsupported, "the server does not offer %s, which %s needs", ext, flag)
		e.At = s.target.String()
		return e
	}
	d.pipelined = s.offers("PIPELINING") && !a.Serial
	d.chunked = a.Chunking || a.Binary
	switch {
	case d.chunked && !s.offers("CHUNKING"):
		return lack("CHUNKING", "--chunking")
	case a.Binary && !s.offers("BINARYMIME"):
		return lack("BINARYMIME", "--binary")
	case a.PRDR && !s.offers("PRDR"):
		return lack("PRDR", "--prdr")
	case a.RequireTLS && !s.offers("REQUIRETLS"):
		return lack("REQUIRETLS", "--requiretls")
	case (a.Return != "" || a.EnvID != "" || len(a.Notify) > 0 || a.ORcpt != "") && !s.offers("DSN"):
		return lack("DSN", "a report of delivery")
	case a.Count < 0:
		return fault.New(fault.BadArgument, "--count %d is less than nothing", a.Count)
	case a.Count > 1:
		for _, l := range letters {
			if l.whole == nil {
				return fault.New(fault.BadArgument, "a message larger than 1 MiB, or of unknown size, can be sent only once")
			}
		}
	}
	for _, n := range a.Notify {
		if n == "never" && len(a.Notify) > 1 {
			return fault.New(fault.BadArgument, "--notify never goes with no other")
		}
	}
	for _, l := range letters {
		if l.utf8 && !s.offers("SMTPUTF8") {
			e := fault.New(fault.Refused, "an address is not ASCII, and the server does not offer SMTPUTF8")
			e.At, e.Phase = s.target.String(), "mail"
			return e
		}
		l.mailLine, l.rcptLines = d.mailLine(l), make([]string, len(l.to))
		for i, to := range l.to {
			l.rcptLines[i] = d.rcptLine(to)
		}
	}
	return nil
}

// mailLine is the command that begins the transaction of a letter.
func (d *delivery) mailLine(l *letter) string {
	s, a := d.s, d.a
	var b strings.Builder
	fmt.Fprintf(&b, "MAIL FROM:<%s>", l.from)
	if s.offers("SIZE") && l.size != endless {
		fmt.Fprintf(&b, " SIZE=%d", l.size)
	}
	switch {
	case a.Binary:
		b.WriteString(" BODY=BINARYMIME")
	case l.eight && s.offers("8BITMIME"):
		b.WriteString(" BODY=8BITMIME")
	}
	if l.utf8 {
		b.WriteString(" SMTPUTF8")
	}
	if a.PRDR {
		b.WriteString(" PRDR")
	}
	if a.RequireTLS {
		b.WriteString(" REQUIRETLS")
	}
	if a.Return != "" {
		b.WriteString(" RET=" + strings.ToUpper(a.Return))
	}
	if a.EnvID != "" {
		b.WriteString(" ENVID=" + xtext(a.EnvID))
	}
	for _, p := range a.MailParam {
		b.WriteString(" " + p)
	}
	return b.String()
}

// rcptLine is the command that names a recipient.
func (d *delivery) rcptLine(to string) string {
	a := d.a
	line := "RCPT TO:<" + to + ">"
	if len(a.Notify) > 0 {
		line += " NOTIFY=" + strings.ToUpper(strings.Join(a.Notify, ","))
	}
	if a.ORcpt != "" {
		line += " ORCPT=rfc822;" + xtext(a.ORcpt)
	}
	for _, p := range a.RcptParam {
		line += " " + p
	}
	return line
}

// xtext spells what parameters cannot have in them as it is (RFC 3461,
// section 4).
func xtext(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c > ' ' && c < 0x7f && c != '+' && c != '=' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "+%02X", c)
		}
	}
	return b.String()
}
