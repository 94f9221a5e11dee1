package conformance

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A step is one line of a peer's script.
type step struct {
	do   action
	data []byte         // of say and hear
	like *regexp.Regexp // of match
	line string         // as it is written
}

type action int

const (
	say      action = iota // S: and its like: the peer sends data
	hear                   // C: and its like: the client sends data
	match                  // C~: the client sends a line like this
	leave                  // C: close, the client sends no more
	hangup                 // S: close
	shutdown               // S: shutdown, the peer sends no more, and listens on
	reset                  // S: reset
	secure                 // S: tls, the peer takes part in a handshake
)

// parse reads a script in the notation of the RFCs. vars stand for ${name}.
//
//	S: 220 ready            the peer sends a line, which ends in CRLF
//	C: QUIT                 the client sends a line, which ends in CRLF
//	C~: EHLO \S+            … that is like this regular expression
//	S-raw: "HELLO\n"        bytes, as a string of Go; so with C-raw
//	S-hex: 02 45 31         bytes, in hexadecimal; so with C-hex
//	S: close                the peer closes; so with C: close
//	S: shutdown             the peer sends no more, and listens on
//	S: reset                the connection is reset
//	S: tls                  TLS begins, the peer being the server
//
// Blank lines and those that begin with # say nothing.
func parse(text string, vars map[string]string) ([]step, error) {
	var steps []step
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		for name, value := range vars {
			line = strings.ReplaceAll(line, "${"+name+"}", value)
		}
		who, what, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("neither S: nor C:, %q", line)
		}
		st, err := one(who, strings.TrimPrefix(what, " "))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		st.line = line
		steps = append(steps, st)
	}
	return steps, nil
}

func one(who, what string) (step, error) {
	switch who + ": " + what {
	case "S: close":
		return step{do: hangup}, nil
	case "S: shutdown":
		return step{do: shutdown}, nil
	case "S: reset":
		return step{do: reset}, nil
	case "S: tls":
		return step{do: secure}, nil
	case "C: close":
		return step{do: leave}, nil
	}
	do := hear
	if strings.HasPrefix(who, "S") {
		do = say
	}
	var data []byte
	var err error
	switch who {
	case "S", "C":
		data = []byte(what + "\r\n")
	case "C~":
		like, err := regexp.Compile("^(?:" + what + ")$")
		return step{do: match, like: like}, err
	case "S-raw", "C-raw":
		var s string
		s, err = strconv.Unquote(strings.TrimSpace(what))
		data = []byte(s)
	case "S-hex", "C-hex":
		data, err = hex.DecodeString(strings.Join(strings.Fields(what), ""))
	default:
		err = fmt.Errorf("%s is not one of S, C, C~, S-raw, C-raw, S-hex, C-hex", who)
	}
	return step{do: do, data: data}, err
}

// said is how many bytes the peer says.
func said(steps []step) int {
	n := 0
	for _, s := range steps {
		if s.do == say {
			n += len(s.data)
		}
	}
	return n
}
