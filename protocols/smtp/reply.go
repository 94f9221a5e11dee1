package smtp

import (
	"strings"

	"wireline/protocols/command"
)

// A Reply is what the server answers to a command (RFC 5321, section 4.2).
type Reply struct {
	Code  int      `json:"code"`
	Lines []string `json:"lines"` // without the ends of lines; each has the code
}

// Raw is the reply as the server sent it, but for the ends of lines.
func (r Reply) Raw() []byte { return []byte(strings.Join(r.Lines, "\n") + "\n") }

// text is what the server says, without codes, on one line.
func (r Reply) text() string {
	if len(r.Lines) == 1 {
		return command.Short(strings.TrimSpace(rest(r.Lines[0])))
	}
	var all []string
	for _, l := range r.Lines {
		if t := strings.TrimSpace(rest(l)); t != "" {
			all = append(all, t)
		}
	}
	return command.Short(strings.Join(all, " "))
}

// words is text without the status code that Receipt has beside it.
func (r Reply) words() string {
	status := r.enhanced()
	if status == "" {
		return r.text()
	}
	if len(r.Lines) == 1 {
		return command.Short(strings.TrimSpace(rest(r.Lines[0])[len(status):]))
	}
	plain := Reply{Lines: make([]string, len(r.Lines))}
	for i, l := range r.Lines {
		plain.Lines[i] = "    " + strings.TrimPrefix(rest(l), status+" ")
	}
	return plain.text()
}

// rest is a line without the code.
func rest(line string) string { return line[min(len(line), 4):] }

// enhanced is the status code of RFC 3463 that begins the text, or "".
func (r Reply) enhanced() string {
	if len(r.Lines) == 0 {
		return ""
	}
	word, _, _ := strings.Cut(rest(r.Lines[0]), " ")
	class, more, _ := strings.Cut(word, ".")
	subject, detail, _ := strings.Cut(more, ".")
	if class != "2" && class != "4" && class != "5" || !digits(subject) || !digits(detail) {
		return ""
	}
	return word
}

// digits reports whether s is a number of at most three digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0 && len(s) < 4
}

// good reports whether the reply is of the 2xx kind.
func (r Reply) good() bool { return r.Code/100 == 2 }

// add takes the next line of a reply and reports whether it is the last. A
// line that cannot belong to it is not ok.
func (r *Reply) add(line string) (done, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	code := codeOf(line)
	if code == 0 || len(r.Lines) > 0 && code != r.Code || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return false, false
	}
	r.Code = code
	r.Lines = append(r.Lines, line)
	return len(line) == 3 || line[3] == ' ', true
}

// replyOf is the reply that lines are.
func replyOf(lines []string) (r Reply) {
	for _, l := range lines {
		r.add(l)
	}
	return r
}

// codeOf reads the three digits that begin a line; 0 is none.
func codeOf(line string) int {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '9' || line[2] < '0' || line[2] > '9' {
		return 0
	}
	return int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
}
