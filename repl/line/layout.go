package line

import "strings"

// A layout says how a prompt and a line lie on the screen.
type layout struct {
	text     string
	widths   []int // columns used in each row
	row, col int   // where the cursor is
}

// layout breaks the line into rows. When there are more than the screen has,
// only those around the cursor are shown.
func (d *display) layout() layout {
	cols, height := d.cols, d.height
	rows := []row{{text: d.prompt, width: width(d.prompt)}}
	if rows[0].width >= cols { // no room: the prompt keeps a row of its own
		rows = []row{{text: cut(plainText(d.prompt), cols-1), hard: true, width: min(cols-1, rows[0].width)}, {}}
	}
	var l layout
	var b strings.Builder
	last := &rows[len(rows)-1]
	b.WriteString(last.text)
	end := func(hard bool) {
		last.text, last.hard = b.String(), hard
		b.Reset()
		rows = append(rows, row{})
		last = &rows[len(rows)-1]
	}
	at := func(i int) {
		if i == d.pos {
			l.row, l.col = len(rows)-1, last.width
		}
	}
	for i, c := range d.line {
		c = fit(c, cols)
		if last.width+c.width > cols {
			end(last.width < cols) // a wide character that did not fit
		}
		at(i)
		b.WriteString(c.text)
		last.width += c.width
	}
	if last.width >= cols { // the cursor cannot stand behind the last column
		end(true)
	}
	at(len(d.line))
	last.text = b.String()

	from, to := 0, len(rows)
	if to > height {
		from = max(0, min(l.row-height/2, to-height))
		to = from + height
	}
	b.Reset()
	for i, r := range rows[from:to] {
		b.WriteString(r.text)
		l.widths = append(l.widths, r.width)
		if r.hard && i < to-from-1 {
			b.WriteString("\r\n")
		}
	}
	l.text, l.row = b.String(), l.row-from
	return l
}

// A row is one row of the screen. A soft one is full, and the terminal goes
// on by itself, so that the line can be copied from the screen as one.
type row struct {
	text  string
	width int
	hard  bool
}

// fit makes sure that no cell is wider than the screen.
func fit(c cell, cols int) cell {
	if c.width <= cols {
		return c
	}
	return cell{"?", 1, c.runes}
}

// cut is s without what goes beyond n columns.
func cut(s string, n int) string {
	if width(s) <= n {
		return s
	}
	var b strings.Builder
	used := 0
	for _, c := range cells([]rune(s)) {
		if used+c.width > n-1 {
			break
		}
		b.WriteString(c.text)
		used += c.width
	}
	if n > 0 {
		b.WriteString("…")
	}
	return b.String()
}
