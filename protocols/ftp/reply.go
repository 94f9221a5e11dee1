package ftp

import (
	"strconv"
	"strings"
)

// A Reply is what the server answers to a command (RFC 959, section 4.2).
type Reply struct {
	Code  int      `json:"code"`
	Lines []string `json:"lines"` // without the ends of lines; the first has the code
}

// Raw is the reply as the server sent it.
func (r Reply) Raw() []byte { return []byte(strings.Join(r.Lines, "\n") + "\n") }

// text is the last line without the code: what a person is told.
func (r Reply) text() string {
	if len(r.Lines) == 0 {
		return ""
	}
	last := r.Lines[len(r.Lines)-1]
	if len(last) >= 3 && last[:3] == strconv.Itoa(r.Code) {
		last = last[3:]
	}
	return strings.TrimSpace(last)
}

// inner are the lines between the first and the last.
func (r Reply) inner() []string {
	if len(r.Lines) < 3 {
		return nil
	}
	return r.Lines[1 : len(r.Lines)-1]
}

// good reports whether the reply is of the 2xx kind.
func (r Reply) good() bool { return r.Code/100 == 2 }

// codeOf reads the three digits that begin a line; 0 is none.
func codeOf(line string) int {
	if len(line) < 3 {
		return 0
	}
	n := 0
	for _, c := range line[:3] {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	if n < 100 || n > 699 {
		return 0
	}
	return n
}

// add takes the next line of a reply and reports whether it is the last. A
// line that cannot begin a reply is not ok.
func (r *Reply) add(line string) (done, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	code := codeOf(line)
	if len(r.Lines) == 0 {
		if code == 0 || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
			return false, false
		}
		r.Code = code
		r.Lines = append(r.Lines, line)
		return len(line) == 3 || line[3] == ' ', true
	}
	r.Lines = append(r.Lines, line)
	return code == r.Code && (len(line) == 3 || line[3] == ' '), true
}
