package docs

import (
	"fmt"
	"strings"
)

// roff writes a manual page with the macros of man(7).
type roff struct {
	strings.Builder
	version string
	begun   bool // a head came last, which begins a paragraph by itself
}

// roffEscapes keeps characters as they are typed: man(7) makes others of them.
func roffEscapes() *strings.Replacer {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "^", `\(ha`, "~", `\(ti`, "`", `\(ga`, "\t", " ")
}

// text is a line of s that no macro is made of.
func (r *roff) text(s string) string {
	s = roffEscapes().Replace(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	var b strings.Builder
	for _, c := range s {
		if c < 0x80 {
			b.WriteRune(c)
		} else {
			fmt.Fprintf(&b, `\[u%04X]`, c)
		}
	}
	return b.String()
}

// quoted is text for the argument of a macro.
func (r *roff) quoted(s string) string { return strings.ReplaceAll(r.text(s), `"`, `\(dq`) }

func (r *roff) line(s string) {
	r.WriteString(s + "\n")
	r.begun = strings.HasPrefix(s, ".S")
}

func (r *roff) paragraph() {
	if !r.begun {
		r.line(".PP")
	}
}

func (r *roff) title(name, short string) {
	r.line(fmt.Sprintf(`.TH %s 1 "" "wireline %s"`, strings.ToUpper(r.text(name)), r.version))
	r.line(".SH NAME")
	r.line(r.text(name) + ` \- ` + r.text(short))
}

func (r *roff) head(s string) { r.line(`.SH "` + strings.ToUpper(r.text(s)) + `"`) }

func (r *roff) sub(s string) {
	r.line(`.SS "` + r.quoted(s) + `"`)
}

func (r *roff) para(s string) {
	r.paragraph()
	r.lines(s)
}

func (r *roff) lines(s string) {
	for l := range strings.Lines(s) {
		if l = strings.TrimSpace(l); l != "" {
			r.line(r.text(l))
		}
	}
}

func (r *roff) code(lines ...string) {
	r.paragraph()
	r.line(".RS 4\n.nf")
	for _, l := range lines {
		r.line(r.text(l))
	}
	r.line(".fi\n.RE")
}

func (r *roff) item(term, text string) {
	r.line(".TP\n.B " + r.quoted(term))
	if strings.TrimSpace(text) == "" {
		text = "(see above)"
	}
	r.lines(text)
}
