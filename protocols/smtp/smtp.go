// Package smtp sends mail by SMTP (RFC 5321) and LMTP (RFC 2033): whole
// messages, or step by step as who looks after a server of mail tests it.
package smtp

import (
	"net/url"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocols declares SMTP and LMTP, which has the same verbs.
func Protocols() []protocols.Protocol {
	return []protocols.Protocol{
		{
			Name:  "smtp",
			Short: "send mail",
			Schemes: []wire.Scheme{
				{Name: "smtp", Port: "25", Upgrade: wire.SMTP},
				{Name: "smtps", Port: "465", Security: wire.TLS},
				{Name: "submission", Port: "587", Security: wire.StartTLS, Upgrade: wire.SMTP},
				{Name: "submissions", Port: "465", Security: wire.TLS},
			},
			Open: []verb.Verb{{
				Name:  "connect",
				Short: "connect, say hello, and log in if there is a name",
				Long: "With --tls auto the connection changes to TLS if the server can, with\n" +
					"--tls require or the scheme submission it must. A password does not go over\na connection that others can read.",
				Example: []string{"connect smtp localhost 587 --tls require -u ann", "connect smtps://ann@localhost", "connect smtp example.org --mx"},
				Explain: []string{"connect(2), read 220, EHLO, STARTTLS, EHLO, AUTH", "Python: s = smtplib.SMTP(host, port); s.starttls(); s.login(user, password)"},
				Run:     verb.Call(connect),
			}},
			Verbs: verbs("smtp"),
			Route: route,
		},
		{
			Name:  "lmtp",
			Short: "deliver mail to mailboxes",
			Schemes: []wire.Scheme{
				{Name: "lmtp", Port: "24", Upgrade: wire.LMTP},
				{Name: "lmtp-unix", Network: "unix"},
			},
			Open: []verb.Verb{{
				Name:    "connect",
				Short:   "connect and say hello",
				Example: []string{"connect lmtp localhost 24", "connect lmtp-unix:/run/dovecot/lmtp"},
				Explain: []string{"Python: smtplib.LMTP(host, port)"},
				Run:     verb.Call(connectLMTP),
			}},
			Verbs: verbs("lmtp"),
			Route: route,
		},
	}
}

// route: a URL names a server and nothing on it.
func route(*url.URL) (string, []string) { return "connect", nil }

func verbs(name string) []verb.Verb {
	all := append(sending(name), stepping()...)
	hello := verb.Verb{
		Name: "ehlo", Short: "say EHLO", Example: []string{"ehlo", "ehlo client.example.org"},
		Explain: []string{"Python: s.ehlo(name)"}, Run: verb.Call((*Session).Ehlo),
	}
	if name == "lmtp" {
		hello.Name, hello.Short, hello.Example = "lhlo", "say LHLO", []string{"lhlo client.example.org"}
		return append(all, hello)
	}
	return append(all, hello, verb.Verb{
		Name: "helo", Short: "say HELO, after which the server offers no extensions", Example: []string{"helo client.example.org"},
		Explain: []string{"Python: s.helo(name)"}, Run: verb.Call((*Session).Helo),
	})
}

func sending(name string) []verb.Verb {
	return []verb.Verb{
		{
			Name:  "send",
			Short: "send a message: a file, or one that is made",
			Long: "A file is a whole message (RFC 5322). Without -f and -t its header says who\n" +
				"sent it and who gets it; Bcc is taken out. When the server refuses one of\n" +
				"several recipients nothing is sent, unless --partial says so.\n" +
				"Text that is made is in UTF-8, and encoded where it must be.",
			Example: []string{
				`send -f a@localhost -t b@localhost --subject "Hi" --body "How are you?"`,
				"send msg.eml -t b@localhost",
				"send -f a@localhost -t b@localhost --subject Report --body @m.txt --attach r.pdf",
				name + ` send ` + name + `://localhost:2525 -f a@localhost -t b@localhost -t c@localhost --subject Hi --body "…" --json`,
				"send msg.eml -f a@localhost -t b@localhost --quit-after rcpt",
				"send < msg.eml",
			},
			Explain: []string{"MAIL FROM, RCPT TO, DATA, the message, a dot", "Python: s.send_message(msg), s.sendmail(from_addr, to_addrs, msg)"},
			Run:     verb.Call((*Session).Send),
		},
		{
			Name: "login", Short: "log in",
			Long:    "The strongest mechanism that the server offers is taken, or the one of --mech:\nPLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1, SCRAM-SHA-256 and their -PLUS forms,\nOAUTHBEARER and XOAUTH2, whose password is the token, EXTERNAL, ANONYMOUS.",
			Example: []string{"login -u ann", "login -u ann --mech SCRAM-SHA-256"},
			Explain: []string{"AUTH (RFC 4954)", "Python: s.login(user, password)"},
			Run:     verb.Call((*Session).Login),
		},
		{
			Name: "caps", Short: "list what the server offers",
			Example: []string{"caps", "caps --before-tls"},
			Explain: []string{"the answer to EHLO", "Python: s.esmtp_features, s.has_extn(name)"},
			Run:     verb.Call((*Session).Caps),
		},
		{
			Name: "mx", Short: "list the hosts that take mail for a domain",
			Example: []string{"mx example.org"}, Explain: []string{"dig MX example.org"},
			Run: verb.Call((*Session).MX),
		},
	}
}

// stepping are the commands of SMTP as verbs. Their replies are results, also
// where they are refusals: assert tells what was wanted.
func stepping() []verb.Verb {
	return []verb.Verb{
		{
			Name: "mail", Short: "say MAIL FROM: begin a transaction",
			Example: []string{"mail from:<a@localhost>", "mail from:<a@localhost> SIZE=1000 BODY=8BITMIME", "mail from:<>"},
			Explain: []string{`Python: s.mail("a@localhost")`}, Run: verb.Call((*Session).Mail),
		},
		{
			Name: "rcpt", Short: "say RCPT TO: name a recipient",
			Example: []string{"rcpt to:<b@localhost>", "rcpt b@localhost NOTIFY=NEVER"},
			Explain: []string{`Python: s.rcpt("b@localhost")`}, Run: verb.Call((*Session).Rcpt),
		},
		{
			Name: "data", Short: "say DATA, and the message",
			Long:    "Ends of lines become CR LF, and a dot that begins a line is doubled.",
			Example: []string{"data msg.eml", "data < msg.eml"},
			Explain: []string{"Python: s.data(msg)"}, Run: verb.Call((*Session).Data),
		},
		{
			Name: "bdat", Short: "say BDAT, and a chunk of the message",
			Example: []string{"bdat part1", "bdat part2 --last"}, Explain: []string{"BDAT (RFC 3030)"}, Run: verb.Call((*Session).Bdat),
		},
		{Name: "rset", Short: "say RSET: end a transaction without mail", Example: []string{"rset"}, Explain: []string{"Python: s.rset()"}, Run: verb.Call((*Session).Rset)},
		{Name: "noop", Short: "say NOOP: have the server answer", Example: []string{"noop"}, Explain: []string{"Python: s.noop()"}, Run: verb.Call((*Session).Noop)},
		{Name: "vrfy", Short: "say VRFY: ask whether there is a user", Example: []string{"vrfy ann"}, Explain: []string{`Python: s.verify("ann")`}, Run: verb.Call((*Session).Vrfy)},
		{Name: "expn", Short: "say EXPN: ask who is on a list", Example: []string{"expn staff"}, Explain: []string{`Python: s.expn("staff")`}, Run: verb.Call((*Session).Expn)},
		{Name: "etrn", Short: "say ETRN: have the server deliver what it holds for a domain", Example: []string{"etrn example.org"}, Explain: []string{"ETRN (RFC 1985)", "Python: s.docmd(\"ETRN\", \"example.org\")"}, Run: verb.Call((*Session).Etrn)},
		{
			Name: "auth", Short: "say AUTH: log in by a mechanism",
			Example: []string{"auth PLAIN -u ann"}, Explain: []string{"Python: s.auth(mechanism, authobject)"}, Run: verb.Call((*Session).Auth),
		},
		{Name: "starttls", Short: "say STARTTLS: change to TLS", Example: []string{"starttls"}, Explain: []string{"Python: s.starttls()"}, Run: verb.Call((*Session).Starttls)},
		{Name: "xclient", Short: "say XCLIENT: have the server take us for another client", Example: []string{"xclient ADDR=192.0.2.1 NAME=client.example.org"}, Explain: []string{"XCLIENT (Postfix)"}, Run: verb.Call((*Session).Xclient)},
		{Name: "srvhelp", Short: "say HELP: what the server says of itself", Example: []string{"srvhelp", "srvhelp MAIL"}, Explain: []string{"Python: s.help()"}, Run: verb.Call((*Session).Help)},
		{
			Name: "raw", Short: "say a line as it is typed",
			Example: []string{"raw NOOP", `raw "MAIL FROM:<a@localhost> SIZE=1"`},
			Explain: []string{"Python: s.docmd(line)"}, Run: verb.Call((*Session).Raw),
		},
	}
}
