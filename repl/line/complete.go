package line

import (
	"context"
	"slices"
	"strings"
	"time"
)

// completeTime is how long the keyboard waits for a completion. Keys typed in
// the meantime are kept.
const completeTime = 150 * time.Millisecond

// complete handles TAB: what all candidates begin with is put in; a second
// TAB lists them. The caller holds mu.
func (s *screenEditor) complete(line []rune, pos int) ([]rune, int) {
	before, after := outside.Replace(string(line[:pos])), outside.Replace(string(line[pos:]))
	c, ok := s.candidates(before+after, len(before))
	if !ok || len(c.Words) == 0 {
		s.e.out.bell()
		s.listed = false
		return line, pos
	}
	typed, put := before[c.Start:], common(c.Words)
	if len(c.Words) == 1 || put != typed && len(put) >= len(typed) {
		s.listed = len(c.Words) > 1
		line = []rune(inside.Replace(before[:c.Start] + put))
		return slices.Concat(line, []rune(inside.Replace(after))), len(line)
	}
	if !s.listed {
		s.e.out.bell()
		s.listed = true
		return line, pos
	}
	cols, rows := s.e.out.size()
	s.e.out.print(list(c.Words, cols, max(rows-3, 5)))
	return line, pos
}

// candidates asks for proposals, and for no more until the answer came.
func (s *screenEditor) candidates(line string, pos int) (Completion, bool) {
	if s.e.cfg.Complete == nil || s.busy {
		return Completion{}, false
	}
	ctx, cancel := context.WithTimeout(context.Background(), completeTime)
	got := make(chan Completion, 1)
	go func() { got <- s.e.cfg.Complete(ctx, line, pos) }()
	select {
	case c := <-got:
		cancel()
		return c, c.Start >= 0 && c.Start <= pos
	case <-ctx.Done():
	case <-s.e.in.done:
	}
	cancel()
	s.busy = true
	go func() {
		<-got
		s.mu.Lock()
		s.busy = false
		s.mu.Unlock()
	}()
	return Completion{}, false
}

// common is what the texts of all words begin with.
func common(words []Candidate) string {
	c := words[0].Text
	for _, w := range words[1:] {
		n := 0
		for i, r := range c {
			if !strings.HasPrefix(w.Text[min(i, len(w.Text)):], string(r)) {
				break
			}
			n = i + len(string(r))
		}
		c = c[:n]
	}
	return c
}

// list shows words in columns, or one a row when they have help, in at most
// rows rows.
func list(words []Candidate, cols, rows int) string {
	labels := make([]string, len(words))
	widest, help := 0, false
	for i, w := range words {
		if labels[i] = w.Label; labels[i] == "" {
			labels[i] = w.Text
		}
		labels[i] = oneRow(labels[i])
		widest = max(widest, width(labels[i]))
		help = help || w.Help != ""
	}
	widest = min(widest, cols-1)
	across := 1
	if !help {
		across = max(1, (cols+1)/(widest+2))
	}
	height := (len(words) + across - 1) / across
	shown := min(height, rows)
	var b strings.Builder
	for r := range shown {
		for c := range across {
			i := c*height + r
			if i >= len(words) {
				break
			}
			label := cut(labels[i], cols-1)
			b.WriteString(label)
			pad := strings.Repeat(" ", max(0, widest-width(label))+2)
			switch {
			case help && words[i].Help != "" && cols-widest > 10:
				b.WriteString(pad + cut(oneRow(words[i].Help), cols-widest-3))
			case c+1 < across && (c+1)*height+r < len(words):
				b.WriteString(pad)
			}
		}
		b.WriteByte('\n')
	}
	if height > shown {
		b.WriteString(cut("… and more; type another letter", cols-1) + "\n")
	}
	return b.String()
}

func oneRow(s string) string {
	return strings.NewReplacer("\n", "␤", "\t", " ").Replace(visible(s))
}
