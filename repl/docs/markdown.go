package docs

import (
	"slices"
	"strings"
)

// markdown writes a page of the reference.
type markdown struct {
	strings.Builder
	topics []string // pages that can be linked to
	listed bool     // within a list
}

func markdownEscapes() *strings.Replacer {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`, "[", `\[`, "|", `\|`)
}

// text escapes s, and makes links of the names of pages.
func (m *markdown) text(s string) string {
	words := strings.SplitAfter(s, " ")
	for i, w := range words {
		name := strings.TrimRight(w, " ,;.")
		if strings.HasPrefix(name, "wireline-") && slices.Contains(m.topics, name) {
			words[i] = "[" + name + "](" + name + ".md)" + w[len(name):]
		} else {
			words[i] = markdownEscapes().Replace(w)
		}
	}
	return strings.Join(words, "")
}

func (m *markdown) block(s string) {
	m.listed = false
	m.WriteString("\n" + s + "\n")
}

func (m *markdown) title(name, short string) {
	m.WriteString("# " + name + "\n")
	m.block(m.text(sentence(short)))
}

func (m *markdown) head(s string) { m.block("## " + strings.ToUpper(s[:1]) + s[1:]) }
func (m *markdown) sub(s string)  { m.block("### `" + s + "`") }
func (m *markdown) para(s string) { m.block(m.text(s)) }

func (m *markdown) code(lines ...string) {
	m.block("```\n" + strings.Join(lines, "\n") + "\n```")
}

func (m *markdown) item(term, text string) {
	if !m.listed {
		m.WriteString("\n")
	}
	m.listed = true
	m.WriteString("- `" + term + "`: " + m.text(strings.Join(strings.Fields(text), " ")) + "\n")
}
