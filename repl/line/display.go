package line

import (
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/term"
)

// display draws the line being typed, and lets others write above it. All
// that the package shows goes through it.
type display struct {
	f    *os.File
	w    io.Writer
	ansi bool // the cursor can be moved

	mu     sync.Mutex
	raw    bool // line ends need a carriage return
	within bool // a verb that talks has left the cursor within a row, as far as we know
	active bool // a prompt is shown
	prompt string
	line   []cell
	pos    int   // the cell the cursor is on
	row    int   // the row the cursor is on, counted from the prompt's
	col    int   // and its column
	rows   []int // columns used in each row
	cols   int
	height int
}

func newDisplay(f *os.File, ansi bool) *display { return &display{f: f, w: f, ansi: ansi} }

func (d *display) size() (cols, rows int) {
	if d.f == nil {
		return d.cols, 24
	}
	cols, rows, err := term.GetSize(int(d.f.Fd()))
	if err != nil || cols <= 0 || rows <= 0 {
		return 80, 24
	}
	return cols, rows
}

func (d *display) isOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.active
}

func (d *display) setRaw(on bool) {
	d.mu.Lock()
	d.raw, d.within = on, false
	d.mu.Unlock()
}

// wrote takes note of what a verb that talks has shown.
func (d *display) wrote(p []byte) {
	if len(p) > 0 {
		d.mu.Lock()
		d.within = p[len(p)-1] != '\n' && p[len(p)-1] != '\r'
		d.mu.Unlock()
	}
}

// open shows a prompt at the start of a fresh row.
func (d *display) open(prompt string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if i := strings.LastIndexByte(prompt, '\n'); i >= 0 {
		d.write(prompt[:i+1])
		prompt = prompt[i+1:]
	}
	d.active, d.prompt, d.line, d.pos, d.row = true, prompt, nil, 0, 0
	if !d.ansi {
		d.write(prompt)
		return
	}
	d.write(d.freshRow() + pasteOn + d.drawing())
}

// freshRow goes to the start of a row that has nothing in it: blanks up to
// the last column stay on an empty row and leave any other.
func (d *display) freshRow() string {
	d.cols, d.height = d.size()
	return strings.Repeat(" ", d.cols-1) + "\r\x1b[K"
}

const pasteOn, pasteOff = "\x1b[?2004h", "\x1b[?2004l"

// draw shows line, with the cursor before the rune pos.
func (d *display) draw(prompt string, line []rune, pos int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.active || !d.ansi {
		return
	}
	next, at := cells(line), 0
	for runes := 0; at < len(next) && runes < pos; at++ {
		runes += next[at].runes
	}
	if prompt == d.prompt && at == len(next) && d.append(next) {
		return
	}
	d.prompt, d.line, d.pos = prompt, next, at
	d.redraw()
}

// append shows what was typed behind the line, if that is all that is new and
// stays in its row: one write of as many characters.
func (d *display) append(next []cell) bool {
	old := len(d.line)
	if d.pos != old || len(next) <= old || !slices.Equal(d.line, next[:old]) {
		return false
	}
	var b strings.Builder
	width := d.col
	for _, c := range next[old:] {
		b.WriteString(c.text)
		width += c.width
	}
	if cols, _ := d.size(); cols != d.cols || width >= cols {
		return false
	}
	d.line, d.pos, d.col = next, len(next), width
	d.rows[len(d.rows)-1] = width
	d.write(b.String())
	return true
}

// shut leaves the line as it stands, with tail behind it, and goes to the
// next row.
func (d *display) shut(tail ...string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.active {
		return
	}
	if d.ansi {
		for _, t := range tail {
			d.line = append(d.line, cell{t, len(t), 0})
		}
		d.pos = len(d.line)
		s := d.home() + d.drawing() + pasteOff
		if d.col > 0 || d.row == 0 {
			s += "\r\n"
		}
		d.write(s)
	}
	d.active = false
}

// leave lets somebody else have the screen below the line for a while.
func (d *display) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.active && d.ansi {
		d.pos = len(d.line)
		d.redraw()
		d.write(pasteOff + "\r\n")
		d.row, d.col = 0, 0
	}
}

// back draws the line again after leave, where the cursor is now.
func (d *display) back() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.active && d.ansi {
		d.row, d.col = 0, 0
		d.cols, d.height = d.size()
		d.write("\r" + pasteOn + d.drawing())
	}
}

// print writes s: above the line being typed, or at once.
func (d *display) print(s string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.ansi || !d.active {
		if d.active {
			s = "\n" + s + d.prompt
		}
		if d.raw {
			if d.within {
				s, d.within = "\n"+s, false
			}
			s = strings.ReplaceAll(s, "\n", "\r\n")
		}
		d.write(s)
		return
	}
	d.write(d.home() + "\x1b[J" + strings.ReplaceAll(s, "\n", "\r\n") + d.drawing())
}

// refresh draws the line again: after a resize, after a stop, or on a
// cleared screen.
func (d *display) refresh(clear bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.active || !d.ansi {
		return
	}
	if clear {
		d.write("\x1b[H\x1b[2J")
		d.row = 0
	}
	d.redraw()
}

func (d *display) redraw() { d.write(d.home() + d.drawing()) }

func (d *display) bell() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write("\a")
}

func (d *display) write(s string) { io.WriteString(d.w, s) }

// home moves to where the prompt begins. Terminals break rows anew when they
// get narrower, so rows that were longer than the screen is now count more.
func (d *display) home() string {
	cols, height := d.size()
	up := d.row
	if cols < d.cols {
		up = 0
		for _, w := range d.rows[:d.row] {
			up += max(1, (w+cols-1)/cols)
		}
		up += d.col / cols
	}
	d.cols, d.height, d.row = cols, height, 0
	if up == 0 {
		return "\r"
	}
	return "\r\x1b[" + strconv.Itoa(up) + "A"
}

// drawing is the prompt and the line, with the cursor left where it belongs.
func (d *display) drawing() string {
	l := d.layout()
	d.rows, d.row, d.col = l.widths, l.row, l.col
	var b strings.Builder
	b.WriteString("\x1b[J" + l.text + "\r")
	if up := len(l.widths) - 1 - l.row; up > 0 {
		b.WriteString("\x1b[" + strconv.Itoa(up) + "A")
	}
	if l.col > 0 {
		b.WriteString("\x1b[" + strconv.Itoa(l.col) + "C")
	}
	return b.String()
}
