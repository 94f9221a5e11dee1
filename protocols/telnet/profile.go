package telnet

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"wireline/protocols/fault"
)

// A profile is what we tell a server of ourselves, and what we agree to. By
// default that is the type of the terminal and its size, and no more.
type profile struct {
	term       string
	cols, rows int
	speed      string // "38400,38400"; "" refuses TSPEED
	display    string // "" refuses XDISPLOC
	env        []variable
	compress   bool // MCCP
	binary     bool // 8 bits, and no line ends of the network's
	tls        bool // START_TLS, when the server asks
	utf8       bool // for MTTS, and for CHARSET
	encoding   string

	may [2][256]choice // the user's word on an option of the server's, of ours
}

type choice byte

const (
	usual choice = iota
	allow
	forbid
)

// A variable is one that the server may see by NEW-ENVIRON (RFC 1572).
type variable struct{ name, value string }

// agreeHim reports whether the server may do what opt says.
func (p *profile) agreeHim(opt byte) bool {
	if c := p.may[0][opt]; c != usual {
		return c == allow
	}
	switch opt {
	case optBinary, optEcho, optSGA, optEOR, optCharset, optMSDP, optMSSP, optGMCP:
		return true
	case optMCCP2, optMCCP3:
		return p.compress
	}
	return false
}

// agreeUs reports whether we do what opt says if the server asks. LINEMODE,
// AUTHENTICATION, ENCRYPT and all that is not named are refused.
func (p *profile) agreeUs(opt byte) bool {
	if c := p.may[1][opt]; c != usual {
		return c == allow
	}
	switch opt {
	case optSGA, optTTYPE, optNAWS, optCharset:
		return true
	case optBinary: // a CR LF that is sent would then be two line ends
		return p.binary
	case optTSPEED:
		return p.speed != ""
	case optXDISPLOC:
		return p.display != ""
	case optEnviron:
		return len(p.env) > 0
	case optStartTLS:
		return p.tls
	}
	return false
}

// choose keeps the user's word on an option.
func (p *profile) choose(us bool, opt byte, on bool) {
	side, c := 0, forbid
	if us {
		side = 1
	}
	if on {
		c = allow
	}
	p.may[side][opt] = c
}

var (
	termName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9+./_-]{0,39}$`) }) // RFC 1091 after RFC 1010
	speedText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,9}(,[0-9]{1,9})?$`) })          // RFC 1079
	varName   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`) })
)

// newProfile reads the flags of connect. What could not be put on the wire as
// it is meant is refused here, before anything is sent.
func newProfile(a ConnectArgs, user string) (profile, error) {
	p := profile{compress: a.Compress, binary: a.Binary, cols: 80, rows: 24}
	if p.term = a.Term; p.term == "" {
		if p.term = os.Getenv("TERM"); !termName().MatchString(p.term) {
			p.term = "unknown"
		}
	}
	if !termName().MatchString(p.term) {
		return p, fault.New(fault.BadArgument, "--term %q is not the name of a terminal: letters, digits and + - . / _ only", p.term)
	}
	if a.TTY != nil && a.TTY.IsTerminal() {
		if c, r := a.TTY.Size(); c > 0 && r > 0 {
			p.cols, p.rows = c, r
		}
	}
	if a.Size != "" {
		c, r, _ := strings.Cut(a.Size, "x")
		cols, err1 := strconv.ParseUint(c, 10, 16)
		rows, err2 := strconv.ParseUint(r, 10, 16)
		if err1 != nil || err2 != nil {
			return p, fault.New(fault.BadArgument, "--winsize %q is not a size such as 80x24", a.Size)
		}
		p.cols, p.rows = int(cols), int(rows)
	}
	if p.speed = a.Speed; p.speed != "" {
		if !speedText().MatchString(p.speed) {
			return p, fault.New(fault.BadArgument, "--tspeed %q is not a speed such as 38400 or 38400,38400", p.speed)
		}
		if !strings.Contains(p.speed, ",") {
			p.speed += "," + p.speed
		}
	}
	for _, w := range a.Env {
		name, value, set := strings.Cut(w, "=")
		if !varName().MatchString(name) {
			return p, fault.New(fault.BadArgument, "--telnet-env %q is not NAME or NAME=VALUE", w)
		}
		if !set {
			value = os.Getenv(name)
			if name == "USER" {
				value = cmp.Or(user, value)
			}
		}
		if i := strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xFFFD }); i >= 0 {
			return p, fault.New(fault.BadArgument, "--telnet-env %s: byte %d of its value is not allowed here", name, i+1)
		}
		p.env = append(p.env, variable{name, value})
		if name == "DISPLAY" {
			p.display = value
		}
	}
	return p, nil
}

// types is what is answered to TTYPE SEND, one after the other: the type by
// its full name, which any login understands; a plainer one; then the bits of
// MTTS, with which the list ends.
func (p *profile) types() []string {
	full := strings.ToUpper(p.term)
	plain, _, _ := strings.Cut(full, "-")
	bits := 1 | 2 // ANSI, VT100
	if p.utf8 {
		bits |= 4
	}
	if strings.Contains(full, "256COLOR") || strings.Contains(full, "DIRECT") {
		bits |= 8
	}
	switch plain {
	case "UNKNOWN", "DUMB":
		return []string{full}
	}
	return []string{full, plain, fmt.Sprint("MTTS ", bits)}
}
