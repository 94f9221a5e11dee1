package docs

import (
	"fmt"
	"slices"
	"strings"

	"wireline/protocols/verb"
)

const fishHead = `# fish completion for wireline: put it into ~/.config/fish/completions

function __wireline_words
	set -l tokens (commandline -opc)
	for word in $tokens[2..]
		switch $word
			case demo '@*' '-*'
			case '*'
				echo $word
		end
	end
end

# whether the words so far are these and no more
function __wireline_at
	set -l words (__wireline_words)
	test "$words" = "$argv"
end

# whether the words so far begin with these
function __wireline_in
	set -l words (__wireline_words)
	set -l n (count $argv)
	test (count $words) -ge $n; and test "$words[1..$n]" = "$argv"
end

complete -c wireline -f
complete -c wireline -n 'string match -q "@*" -- (commandline -ct)' -a '(wireline bookmark 2>/dev/null | string replace -r "^(\S+)\s+" "@\$1\t")'
`

// fish is completion for fish.
func fish(t Tree) string {
	var b strings.Builder
	b.WriteString(fishHead)
	for _, c := range first(t) {
		fmt.Fprintf(&b, "complete -c wireline -n __wireline_at -a %s -d %s\n", fishQuote(c.word), fishQuote(c.help))
	}
	next := second(t)
	for _, word := range keys(next) {
		for _, c := range next[word] {
			fmt.Fprintf(&b, "complete -c wireline -n '__wireline_at %s' -a %s -d %s\n", word, fishQuote(c.word), fishQuote(c.help))
		}
	}
	every := common(t)
	for _, f := range every {
		fishFlag(&b, "__wireline_words | read -z", f)
	}
	for _, p := range t.Protocols {
		for _, f := range dialing(t, p.Name) {
			fishFlag(&b, "__wireline_in "+p.Name, f)
		}
	}
	for _, c := range commands(t) {
		for _, f := range c.flags {
			if slices.ContainsFunc(every, func(e verb.Param) bool { return e.Name == f.Name }) {
				continue
			}
			fishFlag(&b, "__wireline_in "+c.path, f)
		}
		for _, a := range c.args {
			if words, file := values(a); file {
				fmt.Fprintf(&b, "complete -c wireline -n '__wireline_in %s' -F\n", c.path)
			} else if len(words) > 0 {
				fmt.Fprintf(&b, "complete -c wireline -n '__wireline_in %s' -a %s\n", c.path, fishQuote(strings.Join(words, " ")))
			}
		}
	}
	return b.String()
}

func fishFlag(b *strings.Builder, when string, f verb.Param) {
	fmt.Fprintf(b, "complete -c wireline -n '%s' -l %s", when, f.Name)
	if f.Letter != "" {
		b.WriteString(" -s " + f.Letter)
	}
	if words, file := values(f); file {
		b.WriteString(" -r -F")
	} else if len(words) > 0 {
		b.WriteString(" -x -a " + fishQuote(strings.Join(words, " ")))
	} else if !f.Bool() {
		b.WriteString(" -x")
	}
	b.WriteString(" -d " + fishQuote(f.Help) + "\n")
}

func fishQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'"
}
