package playground

import (
	"bufio"
	"fmt"
	"net"
	"strings"
)

const imapCaps = "IMAP4rev1 ID AUTH=PLAIN"

// greetIMAP is as much of an IMAP server (RFC 9051) as a look at its
// certificate and its capabilities takes.
func greetIMAP(_ *World, c net.Conn) {
	fmt.Fprintf(c, "* OK [CAPABILITY %s] wireline playground ready\r\n", imapCaps)
	in := bufio.NewScanner(c)
	in.Buffer(nil, 8<<10)
	for in.Scan() {
		words := strings.Fields(in.Text())
		if len(words) < 2 {
			fmt.Fprint(c, "* BAD a tag and a command are wanted\r\n")
			continue
		}
		tag, command := words[0], strings.ToUpper(words[1])
		switch command {
		case "CAPABILITY":
			fmt.Fprintf(c, "* CAPABILITY %s\r\n%s OK CAPABILITY completed\r\n", imapCaps, tag)
		case "NOOP":
			fmt.Fprintf(c, "%s OK NOOP completed\r\n", tag)
		case "ID":
			fmt.Fprintf(c, "* ID (\"name\" \"wireline playground\")\r\n%s OK ID completed\r\n", tag)
		case "LOGOUT":
			fmt.Fprintf(c, "* BYE wireline playground logging out\r\n%s OK LOGOUT completed\r\n", tag)
			return
		default:
			fmt.Fprintf(c, "%s BAD only CAPABILITY, ID, NOOP and LOGOUT are known here\r\n", tag)
		}
	}
}
