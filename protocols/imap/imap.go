// Package imap speaks IMAP4rev1 and IMAP4rev2 (RFC 3501, RFC 9051).
//
// The library go-imap keeps part of the session, behind a link that frames
// and bounds what the server says (link.go, reader.go); what may be large is
// read by the link itself.
package imap

import (
	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocol declares IMAP.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:  "imap",
		Short: "mailboxes at a server: read, search, sort, watch",
		Schemes: []wire.Scheme{
			{Name: "imap", Port: "143", Upgrade: wire.IMAP},
			{Name: "imaps", Port: "993", Security: wire.TLS},
			{Name: "imap+starttls", Port: "143", Security: wire.StartTLS, Upgrade: wire.IMAP},
			{Name: insecureScheme, Port: "143", Upgrade: wire.IMAP},
			{Name: unixScheme, Network: "unix"},
		},
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "connect, log in, and go to the mailbox of the URL",
			Long:    connecting,
			Example: []string{"connect imap localhost -u ann", "connect imaps://ann@mail.example.org/INBOX", "connect imap localhost --no-login", "connect imap-unix:/run/imap.sock", "connect imap --command 'ssh mail exec /usr/lib/dovecot/imap'"},
			Explain: []string{"Python: imaplib.IMAP4_SSL(host); m.login(user, password); imaplib.IMAP4_stream(command)"},
			Run:     verb.Call(connect),
		}},
		Verbs: verbs(),
		Once:  true,
		Route: route,
	}
}

// unixScheme is that of sockets of this machine, whose path is all there is.
const unixScheme = "imap-unix"

// insecureScheme does without TLS, also to another host. What it takes to send a
// password there is typed apart from it.
const insecureScheme = "imap+insecure"

const connecting = `To another host TLS is required: port 993 speaks it from the first byte, on
port 143 it is asked for (STARTTLS). imap+starttls:// asks this machine for it,
too. --tls off and imap+insecure:// do without, but then the password is not
sent unless --allow-cleartext says so as well. The strongest way
to log in that the server offers is taken.`

const messages = `Messages are named by their UIDs, which last: 4711, 1:5,9, 4000:*; or by
all, last 20, first 3, unseen, flagged and the like, or $ for what search has
found. With --seq the numbers are sequence numbers.`
