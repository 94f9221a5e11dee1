// Package fault names the ways in which a command can fail, and gives each
// its exit status.
package fault

import "slices"

// A Kind is a class of failure. Kinds are compared by identity, so
// errors.Is(err, fault.Timeout) works on any error made with one.
type Kind struct {
	Exit  int    // process exit status
	Name  string // stable, upper case: "TIMEOUT"
	Short string // one line for help and the man page
	Retry bool   // the same command may well succeed later
}

func (k *Kind) Error() string { return k.Name }

// The kinds, by exit status. Where curl has a number for a meaning it is used.
var (
	Assert         = &Kind{1, "ASSERT", "an assert, expect or replay did not hold", false}
	Usage          = &Kind{2, "USAGE", "unknown command or option, or script syntax; nothing was run", false}
	BadArgument    = &Kind{3, "BAD_ARGUMENT", "malformed URL or address, or a control character; refused before connecting", false}
	Unsupported    = &Kind{4, "UNSUPPORTED", "not built in, or the server lacks the extension that was demanded", false}
	ResolveProxy   = &Kind{5, "RESOLVE_PROXY", "the proxy's name was not resolved", true}
	Resolve        = &Kind{6, "RESOLVE", "the host's name was not resolved", true}
	Connect        = &Kind{7, "CONNECT", "no address could be connected to", true}
	Protocol       = &Kind{8, "PROTOCOL", "a reply was not understood, or out of order", false}
	Denied         = &Kind{9, "DENIED", "the server refuses the directory, mailbox or group", false}
	Partial        = &Kind{18, "PARTIAL", "less came than was announced, or the end mark is missing", true}
	Refused        = &Kind{22, "SERVER_SAID_NO", "the server answered with a refusal", false}
	WriteLocal     = &Kind{23, "WRITE_LOCAL", "a local file could not be written, exists, or has an unsafe name", false}
	ReadLocal      = &Kind{26, "READ_LOCAL", "a local file could not be read", false}
	Timeout        = &Kind{28, "TIMEOUT", "a time limit ran out", true}
	TLSHandshake   = &Kind{35, "TLS_HANDSHAKE", "TLS could not be agreed on", false}
	ResumeMismatch = &Kind{36, "RESUME_MISMATCH", "the remote file changed since the part was fetched", false}
	Redirect       = &Kind{47, "REDIRECT", "too many redirects, or to a scheme that is not followed", false}
	Empty          = &Kind{52, "EMPTY", "the connection was closed without a byte", true}
	Send           = &Kind{55, "SEND", "writing to the connection failed", true}
	Recv           = &Kind{56, "RECV", "reading from the connection failed", true}
	TLSCert        = &Kind{60, "TLS_CERT", "the server's certificate was not accepted", false}
	Encoding       = &Kind{61, "ENCODING", "a content coding could not be decoded", false}
	TooLarge       = &Kind{63, "TOO_LARGE", "larger than the limit that was asked for", false}
	TLSRequired    = &Kind{64, "TLS_REQUIRED", "TLS was required and not to be had, or the upgrade was tampered with", false}
	Login          = &Kind{67, "LOGIN", "the credentials were refused", false}
	UnknownOutcome = &Kind{75, "UNKNOWN_OUTCOME", "it may have been done; look before trying again", false}
	NotFound       = &Kind{78, "NOT_FOUND", "no such file, message, article or selector", false}
	Proxy          = &Kind{97, "PROXY", "the proxy refused or failed", true}
	Limit          = &Kind{100, "LIMIT", "the server exceeded a built-in limit", false}
	Internal       = &Kind{125, "INTERNAL", "a fault of wireline itself", false}
	Hangup         = &Kind{129, "HUP", "the terminal went away", false}
	Interrupt      = &Kind{130, "INT", "interrupted", false}
	Pipe           = &Kind{141, "PIPE", "whoever read the output stopped reading", false}
	Terminate      = &Kind{143, "TERM", "terminated", false}
)

// Kinds lists every kind in the order of its exit status.
func Kinds() []*Kind {
	return slices.Clone([]*Kind{
		Assert, Usage, BadArgument, Unsupported, ResolveProxy, Resolve, Connect,
		Protocol, Denied, Partial, Refused, WriteLocal, ReadLocal, Timeout,
		TLSHandshake, ResumeMismatch, Redirect, Empty, Send, Recv, TLSCert,
		Encoding, TooLarge, TLSRequired, Login, UnknownOutcome, NotFound, Proxy,
		Limit, Internal, Hangup, Interrupt, Pipe, Terminate,
	})
}
