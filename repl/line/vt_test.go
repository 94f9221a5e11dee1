package line

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// vt is a small model of a terminal's screen: enough to see what a user of
// the line editor would see. Rows that scroll off the top are kept.
type vt struct {
	cols, rows int
	cells      [][]string // all rows ever, "" behind a wide character
	top        int        // the first row on the screen
	row, col   int        // row counts from the first ever
	wrap       bool       // the last column is full; the next character wraps
	bells      int
	paste      bool
	bad        []string // sequences it does not know
	rest       string
}

func newVT(cols, rows int) *vt { return &vt{cols: cols, rows: rows, cells: [][]string{nil}} }

func (v *vt) Write(p []byte) (int, error) {
	s := v.rest + string(p)
	for s != "" {
		if !utf8.FullRuneInString(s) {
			break
		}
		if s[0] == 0x1B {
			n := v.escape(s)
			if n == 0 {
				break
			}
			s = s[n:]
			continue
		}
		g, _, w, _ := uniseg.FirstGraphemeClusterInString(s, -1)
		if s[0] < 0x20 {
			g = s[:1]
		}
		v.put(g, w)
		s = s[len(g):]
	}
	v.rest = s
	return len(p), nil
}

func (v *vt) put(g string, w int) {
	switch g {
	case "\a":
		v.bells++
	case "\r":
		v.col, v.wrap = 0, false
	case "\b":
		v.col, v.wrap = max(0, v.col-1), false
	case "\n":
		v.down()
		v.wrap = false
	case "\t":
		v.put(" ", 1)
	default:
		if v.wrap || v.col+w > v.cols {
			v.col, v.wrap = 0, false
			v.down()
		}
		r := v.cells[v.row]
		for len(r) < v.col+w {
			r = append(r, " ")
		}
		r[v.col] = g
		if w == 2 {
			r[v.col+1] = ""
		}
		v.cells[v.row] = r
		if v.col += w; v.col >= v.cols {
			v.col, v.wrap = v.cols-1, true
		}
	}
}

func (v *vt) down() {
	if v.row++; v.row == len(v.cells) {
		v.cells = append(v.cells, nil)
	}
	v.top = max(v.top, v.row-v.rows+1)
}

func (v *vt) escape(s string) int {
	if len(s) < 2 {
		return 0
	}
	if s[1] != '[' {
		if s[1] != '>' && s[1] != '\\' {
			v.bad = append(v.bad, s[:2])
		}
		return 2
	}
	i := strings.IndexFunc(s[2:], func(r rune) bool { return r >= '@' && r <= '~' })
	if i < 0 {
		return 0
	}
	params, final := s[2:2+i], s[2+i]
	n, err := strconv.Atoi(params)
	if err != nil {
		n = 1
	}
	switch final {
	case 'm', 'n':
	case 'h', 'l':
		if params == "?2004" {
			v.paste = final == 'h'
		}
	case 'A':
		v.row, v.wrap = max(v.top, v.row-n), false
	case 'C':
		v.col = min(v.cols-1, v.col+n)
	case 'H':
		v.row, v.col, v.wrap = v.top, 0, false
	case 'K', 'J':
		if params == "2" {
			v.row, v.col = v.top, 0
		}
		v.cells[v.row] = v.cells[v.row][:min(len(v.cells[v.row]), v.col)]
		if final == 'J' {
			v.cells = v.cells[:v.row+1]
		}
	default:
		v.bad = append(v.bad, s[:3+i])
	}
	return 3 + i
}

// text is what is to be seen, the cursor a vertical bar.
func (v *vt) text() string {
	var b strings.Builder
	for i, r := range v.cells {
		line := append([]string(nil), r...)
		if i == v.row {
			for len(line) <= v.col {
				line = append(line, " ")
			}
			mark := "|"
			if v.wrap {
				mark = "¦"
			}
			line[v.col] = mark + line[v.col]
		}
		b.WriteString(strings.TrimRight(strings.Join(line, ""), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
