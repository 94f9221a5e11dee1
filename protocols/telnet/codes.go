package telnet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// Commands follow an IAC: RFC 854, with those of RFC 885 (EOR) and RFC 1184
// (EOF, SUSP, ABORT).
const (
	cmdEOF   = 236
	cmdSUSP  = 237
	cmdABORT = 238
	cmdEOR   = 239
	cmdSE    = 240
	cmdNOP   = 241
	cmdDM    = 242
	cmdBRK   = 243
	cmdIP    = 244
	cmdAO    = 245
	cmdAYT   = 246
	cmdEC    = 247
	cmdEL    = 248
	cmdGA    = 249
	cmdSB    = 250
	cmdWILL  = 251
	cmdWONT  = 252
	cmdDO    = 253
	cmdDONT  = 254
	cmdIAC   = 255
)

var commandNames = map[byte]string{
	cmdEOF: "EOF", cmdSUSP: "SUSP", cmdABORT: "ABORT", cmdEOR: "EOR", cmdSE: "SE", cmdNOP: "NOP", cmdDM: "DM",
	cmdBRK: "BRK", cmdIP: "IP", cmdAO: "AO", cmdAYT: "AYT", cmdEC: "EC", cmdEL: "EL", cmdGA: "GA", cmdSB: "SB",
	cmdWILL: "WILL", cmdWONT: "WONT", cmdDO: "DO", cmdDONT: "DONT", cmdIAC: "IAC",
}

// The options that mean something here; optionNames has the rest.
const (
	optBinary   = 0
	optEcho     = 1
	optSGA      = 3
	optTM       = 6
	optTTYPE    = 24
	optEOR      = 25
	optNAWS     = 31
	optTSPEED   = 32
	optXDISPLOC = 35
	optEnviron  = 39
	optCharset  = 42
	optStartTLS = 46
	optMSDP     = 69
	optMSSP     = 70
	optMCCP2    = 86
	optMCCP3    = 87
	optGMCP     = 201
)

// The names of options are those of the registry at IANA, without "TELNET".
var optionNames = map[byte]string{
	0: "BINARY", 1: "ECHO", 2: "RCP", 3: "SGA", 4: "NAMS", 5: "STATUS", 6: "TM", 7: "RCTE", 8: "NAOL", 9: "NAOP",
	10: "NAOCRD", 11: "NAOHTS", 12: "NAOHTD", 13: "NAOFFD", 14: "NAOVTS", 15: "NAOVTD", 16: "NAOLFD", 17: "XASCII",
	18: "LOGOUT", 19: "BM", 20: "DET", 21: "SUPDUP", 22: "SUPDUP-OUTPUT", 23: "SNDLOC", 24: "TTYPE", 25: "EOR",
	26: "TUID", 27: "OUTMRK", 28: "TTYLOC", 29: "3270-REGIME", 30: "X.3-PAD", 31: "NAWS", 32: "TSPEED", 33: "LFLOW",
	34: "LINEMODE", 35: "XDISPLOC", 36: "OLD-ENVIRON", 37: "AUTHENTICATION", 38: "ENCRYPT", 39: "NEW-ENVIRON",
	40: "TN3270E", 41: "XAUTH", 42: "CHARSET", 43: "RSP", 44: "COM-PORT", 45: "SLE", 46: "START_TLS", 47: "KERMIT",
	48: "SEND-URL", 49: "FORWARD_X", 69: "MSDP", 70: "MSSP", 85: "MCCP1", 86: "MCCP2", 87: "MCCP3", 90: "MSP",
	91: "MXP", 93: "ZMP", 102: "AARDWOLF", 138: "PRAGMA-LOGON", 139: "SSPI-LOGON", 140: "PRAGMA-HEARTBEAT",
	200: "ATCP", 201: "GMCP", 255: "EXOPL",
}

func optionName(o byte) string {
	if n, ok := optionNames[o]; ok {
		return n
	}
	return strconv.Itoa(int(o))
}

// option reads the name or the number of an option.
func option(s string) (byte, error) {
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		return byte(n), nil
	}
	want := strings.NewReplacer("_", "-", "TELNET-", "").Replace(strings.ToUpper(s))
	var names []string
	for o, n := range optionNames {
		if strings.ReplaceAll(n, "_", "-") == want {
			return o, nil
		}
		names = append(names, strings.ToLower(n))
	}
	switch want {
	case "TERMINAL-TYPE", "MTTS":
		return optTTYPE, nil
	case "WINDOW-SIZE":
		return optNAWS, nil
	case "SUPPRESS-GO-AHEAD":
		return optSGA, nil
	case "ENVIRON":
		return optEnviron, nil
	case "COMPRESS2":
		return optMCCP2, nil
	case "STARTTLS":
		return optStartTLS, nil
	}
	e := fault.New(fault.BadArgument, "%q is not an option of telnet", s).WithHint("a name such as naws, or a number from 0 to 255")
	slices.Sort(names)
	if near := verb.Nearest(strings.ToLower(s), names); near != "" {
		e.Hint = "did you mean " + near + "?"
	}
	return 0, e
}

// command reads the name of a command that stands alone.
func command(s string) (byte, error) {
	want := strings.ToUpper(s)
	switch want {
	case "BREAK":
		want = "BRK"
	case "SYNCH":
		want = "DM"
	}
	for c, n := range commandNames {
		if n == want && (c < cmdSB) && c != cmdSE {
			return c, nil
		}
	}
	return 0, fault.New(fault.BadArgument, "%q is not a command of telnet", s).
		WithHint("one of ayt, ip, ao, brk, ec, el, nop, dm, ga, eor, eof, susp, abort")
}

// words is a command as people write it: "IAC DO NAWS".
func words(cmd, opt byte, sub []byte) string {
	name := commandNames[cmd]
	if name == "" {
		name = strconv.Itoa(int(cmd))
	}
	switch {
	case cmd == cmdSB:
		return "IAC SB " + optionName(opt) + subWords(opt, sub) + " IAC SE"
	case cmd >= cmdWILL && cmd <= cmdDONT:
		return "IAC " + name + " " + optionName(opt)
	}
	return "IAC " + name
}

// subWords is the content of a subnegotiation, its first byte named where
// that is a word.
func subWords(opt byte, p []byte) string {
	if len(p) == 0 {
		return ""
	}
	var verbs []string
	switch opt {
	case optTTYPE, optTSPEED, optXDISPLOC:
		verbs = []string{"IS", "SEND"}
	case optEnviron:
		verbs = []string{"IS", "SEND", "INFO"}
	case optCharset:
		verbs = []string{"", "REQUEST", "ACCEPTED", "REJECTED", "TTABLE-IS", "TTABLE-REJECTED", "TTABLE-ACK", "TTABLE-NAK"}
	case optStartTLS:
		verbs = []string{"", "FOLLOWS"}
	case optNAWS:
		if len(p) == 4 {
			return fmt.Sprintf(" %d %d", int(p[0])<<8|int(p[1]), int(p[2])<<8|int(p[3]))
		}
	}
	if int(p[0]) < len(verbs) && verbs[p[0]] != "" {
		out := " " + verbs[p[0]]
		if len(p) > 1 {
			out += " " + talk.Quote(p[1:], 60)
		}
		return out
	}
	return " " + talk.Quote(p, 60)
}
