package docs

import (
	"fmt"
	"slices"
	"strings"

	"wireline/protocols/verb"
)

const zshHead = `#compdef wireline
# zsh completion for wireline: put it as _wireline where $fpath looks

_wireline() {
	local one two word prev=${words[CURRENT-1]} cur=${words[CURRENT]} files
	local -a found flags every
	for word in ${words[2,CURRENT-1]}; do
		case $word in
		demo | @* | -*) ;;
		*) if [[ -z $one ]]; then one=$word; elif [[ -z $two ]]; then two=$word; fi ;;
		esac
	done
`

const zshTail = `	esac
	if [[ $cur == -* && -z $one ]]; then
		found=('-c:run a line' '-f:run a script' '--json:results as JSON' '--quiet:no messages but errors' '--no-config:read and keep nothing' '--keep-going:go on after a failure' '--tap:say what a script checks' '--junit:write what a script checks into a file' '--version:tell the version' '--help:tell how it is used')
	elif [[ $cur == -* ]]; then
		found=($flags $every)
	elif [[ $cur == @* ]]; then
		found=(${(f)"$(wireline bookmark 2>/dev/null | sed 's/^\([^	 ]*\).*/@\1/')"})
	elif [[ -n $files ]] && (( ! $#found )); then
		_files
		return
	fi
	(( $#found )) && _describe wireline found
}

if [[ $funcstack[1] == _wireline ]]; then _wireline "$@"; else compdef _wireline wireline; fi
`

// zsh is completion for zsh.
func zsh(t Tree) string {
	var b strings.Builder
	b.WriteString(zshHead)
	every := common(t)
	fmt.Fprintf(&b, "\tevery=(%s)\n", described(flagChoices(every)))
	for _, p := range t.Protocols {
		if d := dialing(t, p.Name); len(d) > 0 {
			fmt.Fprintf(&b, "\tlocal -a dial_%s=(%s)\n", p.Name, described(flagChoices(d, every...)))
		}
	}
	b.WriteString("\tcase \"$one $two\" in\n")
	fmt.Fprintf(&b, "\t' ') found=(%s) ;;\n", described(first(t)))
	next := second(t)
	for _, word := range keys(next) {
		fmt.Fprintf(&b, "\t'%s ') found=(%s) ;;\n", word, described(next[word]))
	}
	all := commands(t)
	for _, c := range all {
		pattern := "'" + c.path + "'"
		if !strings.Contains(c.path, " ") {
			pattern = "'" + c.path + " '*"
		}
		d := dialing(t, c.proto)
		list := described(flagChoices(c.flags, append(slices.Clone(every), d...)...))
		if len(d) > 0 {
			list += " $dial_" + c.proto
		}
		fmt.Fprintf(&b, "\t%s) flags=(%s)", pattern, list)
		for _, a := range c.args {
			if words, file := values(a); file {
				b.WriteString(" files=1")
			} else if len(words) > 0 {
				fmt.Fprintf(&b, " found+=(%s)", strings.Join(words, " "))
			}
		}
		b.WriteString(" ;;\n")
	}
	b.WriteString("\tesac\n\tcase \"$one $two $prev\" in\n")
	for _, c := range all {
		zshValues(&b, c.path+" ", append(slices.Clone(c.flags), dialing(t, c.proto)...))
	}
	b.WriteString("\tesac\n\tcase $prev in\n")
	zshValues(&b, "", every)
	b.WriteString(zshTail)
	return b.String()
}

func zshValues(b *strings.Builder, before string, flags []verb.Param) {
	for _, f := range flags {
		words, file := values(f)
		if f.Bool() || !file && len(words) == 0 {
			continue
		}
		pattern := "'" + before + "--" + f.Name + "'"
		if f.Letter != "" {
			pattern += " | '" + before + "-" + f.Letter + "'"
		}
		if file {
			fmt.Fprintf(b, "\t%s) files=1 found=() ;;\n", pattern)
		} else {
			fmt.Fprintf(b, "\t%s) files= found=(%s) ;;\n", pattern, strings.Join(words, " "))
		}
	}
}

func flagChoices(flags []verb.Param, except ...verb.Param) []choice {
	var all []choice
	for _, name := range long(flags, except...) {
		i := slices.IndexFunc(flags, func(f verb.Param) bool { return "--"+f.Name == name })
		all = append(all, choice{name, flags[i].Help})
	}
	return all
}

// described is a list of 'word:help' for _describe.
func described(cs []choice) string {
	var all []string
	for _, c := range cs {
		all = append(all, "'"+strings.ReplaceAll(strings.ReplaceAll(c.word, ":", `\:`)+":"+c.help, "'", `'\''`)+"'")
	}
	return strings.Join(slices.Compact(all), " ")
}
