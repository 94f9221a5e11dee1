// Package all is the list of protocols.
package all

import (
	"wireline/protocols"
	"wireline/protocols/finger"
	"wireline/protocols/gopher"
	"wireline/protocols/http"
	"wireline/protocols/socket"
	"wireline/protocols/telnet"
)

// Protocols is every protocol there is, in the order of help.
func Protocols() []protocols.Protocol {
	return append(socket.Protocols(),
		http.Protocol(),
		telnet.Protocol(),
		gopher.Protocol(),
		finger.Protocol(),
	)
}
