package gopher

import (
	"context"
	"net"
	"net/url"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// isURL reports whether a word is a URL of ours and no selector.
func isURL(word string) bool {
	scheme, _, ok := strings.Cut(word, "://")
	return ok && (strings.EqualFold(scheme, "gopher") || strings.EqualFold(scheme, "gophers"))
}

// parseURL reads gopher://host:port/Tselector%09search (RFC 4266). Everything
// after the type is the selector, a question mark included.
func parseURL(word string) (Item, error) {
	bad := func(why string) (Item, error) {
		return Item{}, &fault.Error{Kind: fault.BadArgument, At: strconv.Quote(word), Text: why}
	}
	scheme, rest, _ := strings.Cut(word, "://")
	it := Item{Type: '1', Secure: strings.EqualFold(scheme, "gophers")}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	authority, path := rest[:end], strings.TrimPrefix(rest[end:], "/")
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	var err error
	if it.Host, it.Port, err = hostPort(authority); err != nil {
		return Item{}, err
	}
	if path, err = url.PathUnescape(path); err != nil {
		return bad("not a valid URL: a % without two digits")
	}
	if err := protocols.OneLine("URL", path); err != nil {
		return Item{}, err
	}
	if path == "" {
		return it, nil
	}
	if path[0] < '!' || path[0] > '~' {
		return bad("the path does not begin with the type of an item, such as /0 or /1")
	}
	it.Type = path[0]
	var more string
	it.Selector, it.Search, _ = strings.Cut(path[1:], "\t")
	if it.Search, more, _ = strings.Cut(it.Search, "\t"); more != "" {
		return bad("a tab is allowed once, before the words of a search")
	}
	return it, nil
}

func hostPort(authority string) (host string, port int, err error) {
	name, number, err := net.SplitHostPort(authority)
	if err != nil {
		name, number = strings.Trim(authority, "[]"), "70"
	}
	if number == "" {
		number = "70"
	}
	if port, err = wire.Port("tcp", number); err != nil {
		return "", 0, err
	}
	if name == "" {
		return "", 0, fault.New(fault.BadArgument, "the URL has no host")
	}
	host, err = wire.ParseHost(name)
	return host, port, err
}

// URL is the item as a URL (RFC 4266).
func (it Item) URL() string {
	if w := it.web(); w != "" {
		return w
	}
	if it.Local {
		return string(escape([]byte("file:"), it.Selector))
	}
	b := make([]byte, 0, 64)
	if b = append(b, "gopher://"...); it.Secure {
		b = append(b[:6], "s://"...)
	}
	if strings.Contains(it.Host, ":") {
		b = append(append(append(b, '['), it.Host...), ']')
	} else {
		b = append(b, it.Host...)
	}
	if it.Port != 70 {
		b = strconv.AppendInt(append(b, ':'), int64(it.Port), 10)
	}
	typ := it.Type
	if typ == 0 {
		typ = '0'
	}
	if b = append(b, '/'); typ == '1' && it.Selector == "" && it.Search == "" {
		return string(b)
	}
	b = escape(escape(b, string(rune(typ))), it.Selector)
	if it.Search != "" {
		b = escape(append(b, "%09"...), it.Search)
	}
	return string(b)
}

const hexDigits = "0123456789ABCDEF"

// escape appends s with all that a path may not hold in hexadecimal. The
// question mark and quotes are, so that the URL may be pasted anywhere.
func escape(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("-._~!$&()*+,;=:@/", c) >= 0:
			b = append(b, c)
		default:
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

// route says what a URL alone means: a menu is listed, a file fetched.
func route(u *url.URL) (name string, words []string) {
	word := u.String()
	it, err := parseURL(word)
	if isLocal(word) {
		it, err = localItem(context.Background(), word) // cat looks whether it is a directory
	}
	if err != nil {
		return "cat", []string{word}
	}
	if it.Type == '1' && it.Selector == "" && it.Search == "" {
		return "ls", nil
	}
	switch it.kind() {
	case asMenu, asSearch:
		return "ls", []string{word}
	case asBytes:
		return "get", []string{word}
	}
	return "cat", []string{word}
}
