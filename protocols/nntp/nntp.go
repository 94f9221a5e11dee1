// Package nntp reads and posts news (RFC 3977), with TLS (RFC 4642), logins
// (RFC 4643) and compression (RFC 8054), on a connection of its own. What
// articles are made of is read by package mail.
package nntp

import (
	"slices"

	"wireline/protocols"
	"wireline/protocols/verb"
)

// Protocol declares NNTP.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "nntp",
		Short:   "news: groups and their articles",
		Schemes: schemes,
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "connect to a news server",
			Long:    "A login is made when the server asks for one, or at once with -u or a name in\nthe URL. --newsrc FILE keeps what has been read, as other readers of news do.",
			Example: []string{"connect nntp localhost", "connect nntps://ann@localhost/", "connect nntp localhost --tls require --newsrc ~/.newsrc"},
			Explain: []string{"connect(2), read the greeting, CAPABILITIES, MODE READER", `Python: s = nntplib.NNTP("localhost")`},
			Run:     verb.Call(connect),
		}},
		Verbs: slices.Concat(browsing(), reading(), looking(), writing(), keeping(), others()),
		Route: route,
	}
}
