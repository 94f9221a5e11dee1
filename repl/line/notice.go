package line

import "strings"

// Notice shows text, one line or more, at once: above the line that is being
// typed, which stays as it is, or as lines of their own. The text may have
// colours; whatever else a server put into it is for the caller to
// neutralise.
func (e *Editor) Notice(text string) {
	e.out.print(strings.TrimSuffix(text, "\n") + "\n")
}

// FreshRow goes to the start of an empty row, as after a ^Z that the terminal
// has shown.
func (e *Editor) FreshRow() {
	e.out.mu.Lock()
	defer e.out.mu.Unlock()
	if e.out.ansi && !e.out.active {
		e.out.write(e.out.freshRow())
	}
}
