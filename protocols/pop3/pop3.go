// Package pop3 reads mail by POP3 (RFC 1939).
package pop3

import (
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocol declares POP3.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:  "pop3",
		Short: "read mail that a server keeps until it is fetched",
		Schemes: []wire.Scheme{
			{Name: "pop3", Port: "110", Upgrade: wire.POP3},
			{Name: "pop3s", Port: "995", Security: wire.TLS},
			{Name: "pop", Port: "110", Upgrade: wire.POP3},
			{Name: "pops", Port: "995", Security: wire.TLS},
		},
		Open: []verb.Verb{{
			Name:  "connect",
			Short: "connect and log in",
			Long: "With --tls auto the connection changes to TLS if the server can, with\n" +
				"--tls require it must. A password does not go over a connection that others\ncan read.",
			Example: []string{"connect pop3 localhost -u ann", "connect pop3s://ann@localhost", "connect pop3 localhost --no-login"},
			Explain: []string{"connect(2), read +OK, STLS, USER, PASS, STAT", "Python: p = poplib.POP3(host, port); p.user(name); p.pass_(password)"},
			Run:     verb.Call(connect),
		}},
		Verbs: append(append(reading(), removing()...), others()...),
		Route: route,
	}
}

// route gives pop3://host/3 a meaning.
func route(u *url.URL) (string, []string) {
	if n := strings.Trim(u.Path, "/"); n != "" {
		return "cat", []string{n}
	}
	return "ls", nil
}

func reading() []verb.Verb {
	return []verb.Verb{
		{
			Name: "ls", Short: "list the messages",
			Long:    "With PIPELINING, all headers of 500 messages come in one round trip.",
			Example: []string{"ls", "ls last 20", "ls --larger 1M", "pop3 ls pop3s://ann@localhost/"},
			Explain: []string{"LIST, UIDL, TOP n 0"},
			Run:     verb.Call((*Session).Ls),
		},
		mail.Cat((*Session).Cat).Explained("RETR n", "Python: p.retr(n)"),
		mail.Headers((*Session).Headers).Explained("TOP n 0", "Python: p.top(n, 0)"),
		mail.Parts((*Session).Parts).Explained("RETR n", "Python: p.retr(n)"),
		mail.Save((*Session).Save).Explained("RETR n", "Python: p.retr(n)"),
		{
			Name: "get", Short: "fetch messages into a file, an mbox or a Maildir",
			Long: "One message goes to a file of its own, byte for byte. With --mbox several are\nadded to a file, with --maildir to a directory; --new leaves out those that\nwere fetched there before, by what is noted beside it.\n" +
				"With --delete a message is deleted once it is safe on the disk.",
			Example: []string{"get 3", "get all --mbox in.mbox --new", "get 1:20 --maildir in --smaller 1M", "pop3 get pop3s://ann@localhost/ all --new --mbox in.mbox"},
			Explain: []string{"RETR", "Python: p.retr(n)"},
			Run:     verb.Call((*Session).Get),
		},
		{
			Name: "search", Short: "list the messages whose headers have some text",
			Example: []string{"search from:ann subject:report", "search invoice since:2026-01-01"},
			Explain: []string{"TOP n 0 of each message"},
			Run:     verb.Call((*Session).Search),
		},
		{
			Name: "watch", Short: "tell of messages that come",
			Long:    "What a session of POP3 shows does not change: it logs in again each time. In\nbetween there is no connection, and others can get at the mailbox.",
			Example: []string{"watch", "watch --every 5m", "pop3 watch pop3s://ann@localhost/ --count 1 -t 600"},
			Explain: []string{"QUIT, and again USER, PASS, UIDL, TOP n 0"},
			Run:     verb.Call((*Session).Watch),
		},
	}
}

func removing() []verb.Verb {
	return []verb.Verb{
		{
			Name: "rm", Aliases: []string{"dele"}, Short: "have messages deleted when the session is closed", Danger: true,
			Long:    "close deletes them, abort and undelete do not.",
			Example: []string{"rm 3", "rm 1:2", "rm $"},
			Explain: []string{"DELE", "Python: p.dele(n)"},
			Run:     verb.Call((*Session).Rm),
		},
		{
			Name: "undelete", Aliases: []string{"rset"}, Short: "keep all that rm would have deleted",
			Example: []string{"undelete"}, Explain: []string{"RSET", "Python: p.rset()"},
			Run: verb.Call((*Session).Undelete),
		},
	}
}

func others() []verb.Verb {
	return []verb.Verb{
		{
			Name: "login", Short: "log in",
			Long:    "The strongest way that the server offers is taken, or that of --mech: user,\napop, rpop, or a SASL mechanism: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-1,\nSCRAM-SHA-256 and their -PLUS forms, OAUTHBEARER and XOAUTH2, whose password\nis the token, EXTERNAL, ANONYMOUS.",
			Example: []string{"login -u ann", "login -u ann --mech apop"},
			Explain: []string{"USER and PASS, APOP, AUTH", "Python: p.user(name); p.pass_(password); p.apop(name, secret)"},
			Run:     verb.Call((*Session).Login),
		},
		{Name: "caps", Aliases: []string{"capa"}, Short: "list what the server can", Example: []string{"caps"}, Explain: []string{"CAPA", "Python: p.capa()"}, Run: verb.Call((*Session).Caps)},
		{Name: "starttls", Aliases: []string{"stls"}, Short: "change to TLS, before the login", Example: []string{"starttls"}, Explain: []string{"STLS", "Python: p.stls()"}, Run: verb.Call((*Session).Stls)},
		{Name: "stat", Short: "count the messages and their bytes", Example: []string{"stat"}, Explain: []string{"Python: p.stat()"}, Run: verb.Call((*Session).Stat)},
		{Name: "list", Short: "list numbers and sizes", Example: []string{"list", "list 3"}, Explain: []string{"Python: p.list(n)"}, Run: verb.Call((*Session).List)},
		{Name: "uidl", Short: "list numbers and the names that stay the same", Example: []string{"uidl", "uidl 3"}, Explain: []string{"Python: p.uidl(n)"}, Run: verb.Call((*Session).Uidl)},
		{Name: "retr", Short: "show a message as it came", Example: []string{"retr 3", "retr 3 > m.eml"}, Explain: []string{"Python: p.retr(n)"}, Run: verb.Call((*Session).Retr)},
		{Name: "top", Short: "show a header and the first lines", Example: []string{"top 3", "top 3 10"}, Explain: []string{"Python: p.top(n, lines)"}, Run: verb.Call((*Session).Top)},
		{Name: "noop", Short: "have the server answer", Example: []string{"noop"}, Explain: []string{"Python: p.noop()"}, Run: verb.Call((*Session).Noop)},
		{Name: "utf8", Short: "have the server give UTF-8 as it is", Example: []string{"utf8"}, Explain: []string{"Python: p.utf8()"}, Run: verb.Call((*Session).Utf8)},
		{Name: "lang", Short: "list the languages of the server's replies, or take one", Example: []string{"lang", "lang de"}, Explain: []string{"LANG (RFC 6856)"}, Run: verb.Call((*Session).Lang)},
		{
			Name: "raw", Short: "say a line as it is typed",
			Long:    "Replies to LIST, UIDL and LANG without an argument, to RETR, TOP and CAPA are\nread up to their dot; --multi does so for a command that is not known here.",
			Example: []string{"raw NOOP", `raw "TOP 3 0"`}, Explain: []string{"Python: p._shortcmd(line)"},
			Run: verb.Call((*Session).Raw),
		},
	}
}
