package docs

import "wireline/protocols/fault"

// remedies are the usual cause of each kind of failure, and what mends it.
func remedies() map[*fault.Kind]string {
	return map[*fault.Kind]string{
		fault.Assert:         "The server did not do what the script expects. The message has the value that was found; echo $last shows all that is known of the last command.",
		fault.Usage:          "The line is misspelt, a word is missing, or there is no session for it. help COMMAND shows how it is typed; text with blanks or operators needs quotes.",
		fault.BadArgument:    "A URL, an address or a name is malformed, or holds a line break or NUL that would have put a second command on the wire. Nothing was sent.",
		fault.Unsupported:    "The protocol has no such command, the server does not offer the extension, or this system lacks what it takes. caps shows what a server offers.",
		fault.ResolveProxy:   "The name in --proxy, or in a variable such as ALL_PROXY, is wrong, or the name service does not answer.",
		fault.Resolve:        "The host's name is misspelt, or the name service does not answer; the message tells which. resolve NAME asks again.",
		fault.Connect:        "Nothing listens at that port, or a firewall is in between. The message lists the addresses that were tried, each with its own cause.",
		fault.Protocol:       "The server said something that its protocol does not allow there; often it is a server of another protocol, or TLS is expected. --trace line shows what was said.",
		fault.Denied:         "The user may not go there, or it does not exist and the server does not tell. ls shows what there is.",
		fault.Partial:        "The connection broke on the way, or the server counted wrong. What came is kept as FILE.part; -c goes on with it.",
		fault.Refused:        "The request was understood and refused; the message has the server's code and words. For codes that begin with 4 in SMTP, and with 5 in HTTP, trying later may help.",
		fault.WriteLocal:     "The disk is full, the file is there already (--overwrite replaces it), the directory may not be written, or the name that the server gave is not safe to use (-o FILE gives another).",
		fault.ReadLocal:      "A file does not exist or may not be read, or a file of the configuration is malformed or readable by others; the message has its name and line.",
		fault.Timeout:        "The message names the phase and the limit. -t sets that of a command, set limits lists those on servers.",
		fault.TLSHandshake:   "There is no TLS at that port, or no version or cipher that both sides take. --tls off, --tls-min or another port may be meant.",
		fault.ResumeMismatch: "An earlier try left a part of another version. Without -c the file is fetched anew.",
		fault.Redirect:       "The server leads in a circle, or from https to http. --max-redirects sets how many are followed.",
		fault.Empty:          "The server hung up at once: it may be overloaded, refuse this address, or expect TLS.",
		fault.Send:           "The connection broke while something was sent.",
		fault.Recv:           "The connection broke while something was awaited; the message tells how many bytes came before.",
		fault.TLSCert:        "The certificate has expired, is for another name, or nobody who is trusted signed it; the message tells which. --ca FILE trusts a certificate, -k any, for one command.",
		fault.Encoding:       "What came was damaged on its way, or grows beyond reason when unpacked.",
		fault.TooLarge:       "It is larger than --max-filesize allows.",
		fault.TLSRequired:    "TLS was demanded, or a password would have gone over the wire in clear; --tls off allows that where it is meant. Bytes that came in front of the handshake may be an attack.",
		fault.Login:          "The name or the password is wrong, or the server wants another way of logging in.",
		fault.UnknownOutcome: "The connection broke after all was sent and before the server answered: the message may have been delivered, the file stored. Look there before it is tried again.",
		fault.NotFound:       "It is not there, or no longer. ls shows what is.",
		fault.Proxy:          "The proxy refused, wants a name and a password, or does not reach the target.",
		fault.Limit:          "A line, a reply or a listing went beyond what a server needs, so that it could fill the memory. set limits shows the limits, and changes them.",
		fault.Internal:       "Please report it, with the file that the message names.",
		fault.Hangup:         "The terminal or the connection to it was closed.",
		fault.Interrupt:      "^C, or SIGINT.",
		fault.Pipe:           "A program behind | ended before it had read all, as head does; often that is what was wanted.",
		fault.Terminate:      "SIGTERM, or kill.",
	}
}
