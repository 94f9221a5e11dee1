package conformance

import (
	"fmt"
	"strconv"
	"strings"
)

// A simple command is the words of one command and where its input is from.
type simple struct {
	words []string
	stdin string // the name after <, or ""
}

// split reads a line as the shell does, as far as examples and transcripts
// need: quotes, escapes, operators and comments, but no variables. What is
// right of a | and the files of > are left out.
func split(line string) (cmds []simple, err error) {
	var cur simple
	end := func() {
		if len(cur.words) > 0 {
			cmds = append(cmds, cur)
		}
		cur = simple{}
	}
	file := "" // the operator whose file comes next
	for line = strings.TrimLeft(line, " \t"); line != ""; line = strings.TrimLeft(line, " \t") {
		if line[0] == '#' {
			break
		}
		var w string
		var quoted, bare bool
		w, line, quoted, bare, err = word(line)
		if err != nil {
			return nil, err
		}
		last := false // a ; ends the command, glued to its last word or not
		if bare && strings.HasSuffix(w, ";") {
			w, last = w[:len(w)-1], true
		}
		switch {
		case file == "<":
			cur.stdin, file = w, ""
		case file != "":
			file = ""
		case !quoted && (w == "<" || w == ">" || w == ">>" || w == "2>"):
			file = w
		case !quoted && w == "|":
			line = ""
		case !quoted && (w == "&&" || w == "||" || w == "&"):
			end()
		case w != "" || quoted:
			cur.words = append(cur.words, w)
		}
		if last {
			end()
		}
	}
	end()
	return cmds, nil
}

// word takes one word off line. Quoted pieces may be glued to bare ones; bare
// is set when the last was.
func word(line string) (w, rest string, quoted, bare bool, err error) {
	var b strings.Builder
	for line != "" && line[0] != ' ' && line[0] != '\t' {
		switch {
		case line[0] == '\'' && opens(b.String()):
			in, after, ok := strings.Cut(line[1:], "'")
			if !ok {
				return "", "", false, false, fmt.Errorf("a ' without its end: %s", line)
			}
			b.WriteString(in)
			line, quoted, bare = after, true, false
		case line[0] == '"' && opens(b.String()):
			in, after, err := double(line[1:])
			if err != nil {
				return "", "", false, false, err
			}
			b.WriteString(in)
			line, quoted, bare = after, true, false
		default:
			b.WriteByte(line[0])
			line, bare = line[1:], true
		}
	}
	return b.String(), line, quoted, bare, nil
}

// opens reports whether a quote after what is before begins a string: don't
// does not.
func opens(before string) bool {
	return before == "" || strings.ContainsAny(before[len(before)-1:], "=:@")
}

// double reads up to the closing double quote.
func double(s string) (in, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			return b.String(), s[i+1:], nil
		}
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'r':
			b.WriteByte('\r')
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '0':
			b.WriteByte(0)
		case 'x':
			if i+3 > len(s) {
				return "", "", fmt.Errorf("\\x wants two digits: %s", s)
			}
			n, err := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if err != nil {
				return "", "", fmt.Errorf("\\x wants two digits: %s", s)
			}
			b.WriteByte(byte(n))
			i += 2
		case 'u':
			digits, _, ok := strings.Cut(strings.TrimPrefix(s[i+1:], "{"), "}")
			n, err := strconv.ParseUint(digits, 16, 32)
			if !ok || err != nil {
				return "", "", fmt.Errorf("\\u wants {…}: %s", s)
			}
			b.WriteRune(rune(n))
			i += len(digits) + 2
		default:
			b.WriteByte(c)
		}
	}
	return "", "", fmt.Errorf("a \" without its end: %s", s)
}
