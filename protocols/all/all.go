// Package all is the list of protocols.
package all

import (
	"wireline/protocols"
	"wireline/protocols/finger"
	"wireline/protocols/ftp"
	"wireline/protocols/gemini"
	"wireline/protocols/gopher"
	"wireline/protocols/http"
	"wireline/protocols/imap"
	"wireline/protocols/nntp"
	"wireline/protocols/pop3"
	"wireline/protocols/smtp"
	"wireline/protocols/socket"
	"wireline/protocols/telnet"
	"wireline/protocols/xmlrpc"
)

// Protocols is every protocol there is, in the order of help.
func Protocols() []protocols.Protocol {
	all := append(socket.Protocols(),
		http.Protocol(),
		xmlrpc.Protocol(),
		ftp.Protocol(),
		telnet.Protocol(),
		pop3.Protocol(),
		imap.Protocol(),
		nntp.Protocol(),
		gopher.Protocol(),
		gemini.Protocol(),
		finger.Protocol(),
	)
	return append(all, smtp.Protocols()...)
}
