package docs

import (
	"fmt"
	"slices"
	"strings"

	"wireline/protocols/verb"
)

const bashHead = `# bash completion for wireline: source it, or put it where bash-completion looks,
# such as ~/.local/share/bash-completion/completions/wireline

_wireline() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} one= two= words= flags= files= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		demo | @* | -*) ;;
		*) if [[ -z $one ]]; then one=${COMP_WORDS[i]}; elif [[ -z $two ]]; then two=${COMP_WORDS[i]}; fi ;;
		esac
	done
	local before=${#one}
	case "$one $two" in
`

const bashTail = `	esac
	if [[ $cur == -* && $before -eq 0 ]]; then
		words="-c -f --json --quiet --no-config --keep-going --tap --junit --version --help"
	elif [[ $cur == -* ]]; then
		words="$flags"
	elif [[ $cur == @* ]]; then
		words=$(wireline bookmark 2>/dev/null | sed 's/^\([^	 ]*\).*/@\1/')
	elif [[ -n $files && -z $words ]]; then
		compopt -o filenames 2>/dev/null
		COMPREPLY=($(compgen -f -- "$cur"))
		return
	fi
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _wireline wireline
`

// bash is completion for bash.
func bash(t Tree) string {
	var b strings.Builder
	b.WriteString(bashHead)
	fmt.Fprintf(&b, "\t\" \") words=%q ;;\n", join(first(t)))
	next := second(t)
	all := commands(t)
	for _, word := range keys(next) {
		fmt.Fprintf(&b, "\t\"%s \") words=%q ;;\n", word, join(next[word]))
	}
	every := common(t)
	for _, c := range all {
		one, two, _ := strings.Cut(c.path, " ")
		pattern := fmt.Sprintf("%q", one+" "+two)
		if two == "" {
			pattern = fmt.Sprintf("%q*", one+" ")
		}
		flags := append(slices.Clone(c.flags), dialing(t, c.proto)...)
		fmt.Fprintf(&b, "\t%s) flags=\"%s $every\"", pattern, strings.Join(long(flags, every...), " "))
		for _, a := range c.args {
			if words, file := values(a); file {
				b.WriteString(" files=1")
			} else if len(words) > 0 {
				fmt.Fprintf(&b, " words=\"$words %s\"", strings.Join(words, " "))
			}
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("\tesac\n\tcase \"$one $two $prev\" in\n")
	for _, c := range all {
		bashValues(&b, "\""+c.path+" ", append(slices.Clone(c.flags), dialing(t, c.proto)...))
	}
	b.WriteString("\tesac\n\tcase \"$prev\" in\n")
	bashValues(&b, "\"", every)
	b.WriteString(bashTail)
	s := strings.Replace(b.String(), "\tcase \"$one $two\" in\n", fmt.Sprintf("\tlocal every=%q\n\tcase \"$one $two\" in\n", strings.Join(long(every), " ")), 1)
	return s
}

// bashValues are cases for what follows a flag.
func bashValues(b *strings.Builder, before string, flags []verb.Param) {
	for _, f := range flags {
		words, file := values(f)
		if f.Bool() || !file && len(words) == 0 {
			continue
		}
		pattern := before + "--" + f.Name + "\""
		if f.Letter != "" {
			pattern += " | " + before + "-" + f.Letter + "\""
		}
		if file {
			fmt.Fprintf(b, "\t%s) files=1 words= ;;\n", pattern)
		} else {
			fmt.Fprintf(b, "\t%s) files= words=%q ;;\n", pattern, strings.Join(words, " "))
		}
	}
}

func join(cs []choice) string {
	var words []string
	for _, c := range cs {
		if !slices.Contains(words, c.word) {
			words = append(words, c.word)
		}
	}
	return strings.Join(words, " ")
}
