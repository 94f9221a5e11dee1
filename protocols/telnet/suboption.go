package telnet

import (
	"bytes"
	"strings"
)

// The first byte of a subnegotiation of TTYPE, TSPEED, XDISPLOC, NEW-ENVIRON.
const (
	subIS   = 0
	subSEND = 1
)

// NEW-ENVIRON (RFC 1572).
const (
	envVAR     = 0
	envVALUE   = 1
	envESC     = 2
	envUSERVAR = 3
)

// CHARSET (RFC 2066).
const (
	charsetREQUEST        = 1
	charsetACCEPTED       = 2
	charsetREJECTED       = 3
	charsetTTABLEIS       = 4
	charsetTTABLEREJECTED = 5
)

const startTLSFollows = 1

// subnegotiation acts on e.sub. What belongs to an option that is not in
// force is told and has no effect.
func (e *engine) subnegotiation() {
	opt, p := e.opt, e.sub
	e.sub = nil
	if e.long {
		return
	}
	e.note(false, cmdSB, opt, p)
	us, him := e.us[opt].on(), e.him[opt].on()
	send := len(p) > 0 && p[0] == subSEND
	switch {
	case opt == optTTYPE && us && send:
		types := e.types()
		e.saySub(opt, append([]byte{subIS}, types[min(e.asked, len(types)-1)]...))
		// The last is said twice, and then the list begins again (RFC 1091).
		if e.asked++; e.asked > len(types) {
			e.asked = 0
		}
	case opt == optTSPEED && us && send:
		e.saySub(opt, append([]byte{subIS}, e.speed...))
	case opt == optXDISPLOC && us && send:
		e.saySub(opt, append([]byte{subIS}, e.display...))
	case opt == optEnviron && us && send:
		e.saySub(opt, e.variables(p[1:]))
	case opt == optCharset && (us || him) && len(p) > 0:
		e.charsets(p)
	case opt == optStartTLS && us && len(p) == 1 && p[0] == startTLSFollows:
		e.event(tlsNow, opt)
		e.stop = true
	case opt == optMCCP2 && him:
		e.event(inflateNow, opt)
		e.stop = true
	}
}

// changed acts on an option that came into force or ended.
func (e *engine) changed(us bool, opt byte, on bool) {
	switch {
	case !on:
	case us && opt == optNAWS:
		e.saySize()
	case us && opt == optTTYPE:
		e.asked = 0
	case us && opt == optCharset && e.encoding != "":
		e.saySub(opt, append([]byte{charsetREQUEST, ';'}, e.encoding...))
	case us && opt == optStartTLS:
		e.saySub(opt, []byte{startTLSFollows})
		e.event(tlsFollows, opt)
		e.stop = true
	case !us && opt == optMCCP3:
		e.saySub(opt, nil)
		e.event(deflateNow, opt)
		e.stop = true
	case !us && opt == optGMCP:
		e.saySub(opt, []byte(`Core.Hello {"client":"wireline","version":"1"}`))
	}
}

// resize keeps the size of the window and tells it, if the server wants it.
func (e *engine) resize(cols, rows int) {
	if cols == e.cols && rows == e.rows {
		return
	}
	e.cols, e.rows = cols, rows
	if e.us[optNAWS].on() {
		e.saySize()
	}
}

// saySize sends the size of the window (RFC 1073).
func (e *engine) saySize() {
	c, r := uint16(min(e.cols, 0xffff)), uint16(min(e.rows, 0xffff))
	e.saySub(optNAWS, []byte{byte(c >> 8), byte(c), byte(r >> 8), byte(r)})
}

// variables answers NEW-ENVIRON SEND: those of ours that were asked for, or
// all if none was named.
func (e *engine) variables(asked []byte) []byte {
	out := []byte{subIS}
	give := func(kind byte, v variable) {
		out = append(out, kind)
		out = append(out, v.name...)
		out = append(out, envVALUE)
		out = append(out, v.value...)
	}
	if len(asked) == 0 {
		for _, v := range e.env {
			give(v.kind(), v)
		}
		return out
	}
	for len(asked) > 0 {
		kind := asked[0]
		asked = asked[1:]
		end := bytes.IndexFunc(asked, func(r rune) bool { return r == envVAR || r == envUSERVAR })
		if end < 0 {
			end = len(asked)
		}
		name := string(asked[:end])
		asked = asked[end:]
		for _, v := range e.env {
			if v.name == name || name == "" && v.kind() == kind {
				give(kind, v)
			}
		}
	}
	return out
}

// kind is VAR for the names that RFC 1572 knows, USERVAR for others.
func (v variable) kind() byte {
	switch v.name {
	case "USER", "JOB", "ACCT", "PRINTER", "SYSTEMTYPE", "DISPLAY":
		return envVAR
	}
	return envUSERVAR
}

// charsets answers a REQUEST for a character set, or takes the answer to
// ours. No translation tables are exchanged.
func (e *engine) charsets(p []byte) {
	switch p[0] {
	case charsetREQUEST:
		list := bytes.TrimPrefix(p[1:], []byte("[TTABLE]"))
		if len(p) > 1+len(list) && len(list) > 0 {
			list = list[1:] // its version
		}
		if name := e.pick(list); name != "" {
			e.saySub(optCharset, append([]byte{charsetACCEPTED}, name...))
			e.agree(name)
		} else {
			e.saySub(optCharset, []byte{charsetREJECTED})
		}
	case charsetACCEPTED:
		if e.us[optCharset].on() && strings.EqualFold(string(p[1:]), e.encoding) {
			e.agree(string(p[1:]))
		}
	case charsetTTABLEIS:
		e.saySub(optCharset, []byte{charsetTTABLEREJECTED})
	}
}

func (e *engine) agree(name string) {
	e.charset = name
	e.event(charsetIs, optCharset)
}

// pick is the character set of list that is ours; without a wish of the
// user's, UTF-8 or else the first that is known.
func (e *engine) pick(list []byte) string {
	if len(list) < 2 {
		return ""
	}
	first := ""
	for _, name := range strings.Split(string(list[1:]), string(list[:1])) {
		switch {
		case !knownCharset(name):
		case e.encoding != "" && sameCharset(name, e.encoding), e.encoding == "" && isUTF8(name):
			return name
		case first == "" && e.encoding == "":
			first = name
		}
	}
	return first
}
