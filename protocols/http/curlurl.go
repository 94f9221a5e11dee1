package http

import (
	"net/url"
	"regexp"
	"strings"
	"sync"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// patterns are those of curl in a URL: {one,two} and [1-9], or [a-z:2]. An
// address of IPv6 is none.
var patterns = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\\])(\{[^{}]*\}|\[([0-9]+-[0-9]+|[A-Za-z]-[A-Za-z])(:[0-9]+)?\])`)
})

// address is the URL that a word of curl means.
func (c *curled) address(word string) (string, error) {
	if err := protocols.OneLine("url", word); err != nil {
		return "", err
	}
	if !c.plain {
		if patterns().MatchString(word) {
			return "", fault.New(fault.Unsupported, "curl: a pattern in %s stands for several URLs", word).WithHint("-g takes it as it is")
		}
		word = strings.NewReplacer(`\[`, "[", `\]`, "]", `\{`, "{", `\}`, "}").Replace(word)
	}
	if !strings.Contains(word, "://") {
		word = "http://" + word
	}
	before, fragment, _ := strings.Cut(word, "#")
	if !c.asIs {
		before = undotted(before)
	}
	for _, text := range c.query {
		mark := "?"
		if strings.Contains(before, "?") {
			mark = "&"
		}
		before += mark + text
	}
	if fragment != "" {
		before += "#" + fragment
	}
	return before, nil
}

// undotted is a URL without the . and .. in its path (RFC 3986, section 5.2.4).
func undotted(text string) string {
	if path, _, _ := strings.Cut(text, "?"); !strings.Contains(path, "/.") {
		return text
	}
	u, err := url.Parse(escape(text))
	if err != nil {
		return text // it is told of later
	}
	return u.ResolveReference(u).String()
}
