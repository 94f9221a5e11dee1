package nntp

import (
	"net/url"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

var schemes = []wire.Scheme{
	{Name: "nntp", Port: "119", Upgrade: wire.NNTP},
	{Name: "nntps", Port: "563", Security: wire.TLS},
	{Name: "news", Port: "119", Upgrade: wire.NNTP, Server: "NNTPSERVER"},
	{Name: "snews", Port: "563", Security: wire.TLS, Server: "NNTPSERVER"},
}

// parsePath reads what a URL names (RFC 5538): a group, an article of it, or
// an article by its message-id, with or without < and >. It returns the words
// that mean the same to a verb.
func parsePath(u *url.URL) ([]string, error) {
	path := strings.TrimPrefix(u.Path, "/")
	if strings.Contains(path+u.RawQuery+u.Fragment, "@") {
		// A message-id may have in it what ends the path of a URL.
		if u.RawQuery != "" {
			query, err := url.PathUnescape(u.RawQuery)
			if err != nil {
				return nil, fault.New(fault.BadArgument, "not a valid URL: a %% without two digits")
			}
			path += "?" + query
		}
		if u.Fragment != "" {
			path += "#" + u.Fragment
		}
		id := path
		if !isID(id) {
			id = "<" + id + ">"
		}
		return []string{id}, checkID(id)
	}
	if err := protocols.OneLine("URL", path+u.RawQuery); err != nil {
		return nil, err
	}
	path = strings.TrimSuffix(path, "/")
	if path == "" {
		return nil, nil
	}
	group, of, ok := strings.Cut(path, "/")
	if !ok {
		return []string{group}, nil
	}
	if isPattern(group) || !isNumbers(of) {
		return nil, fault.New(fault.BadArgument, "%q is neither a group, nor an article of one such as GROUP/123", short(path))
	}
	return []string{group + "/" + of}, checkGroup(group)
}

// route says what a URL alone means: an article is shown, all else listed.
func route(u *url.URL) (name string, words []string) {
	words, err := parsePath(u)
	switch {
	case err != nil:
		return "cat", []string{u.String()} // which tells what is wrong
	case len(words) == 0:
		return "ls", nil
	}
	if _, of, ok := strings.Cut(words[0], "/"); isID(words[0]) || ok && strings.Trim(of, "0123456789") == "" {
		return "cat", words
	}
	return "ls", words
}

// unfold puts what a URL names in its place: the shell leaves one as it is
// that leads to the session itself, and so does one without a server, such as
// news:comp.lang.go.
func unfold(words []string) ([]string, error) {
	if len(words) == 0 || isID(words[0]) {
		return words, nil
	}
	word := words[0]
	scheme, rest, _ := strings.Cut(word, ":")
	bare := (strings.EqualFold(scheme, "news") || strings.EqualFold(scheme, "snews")) && rest != "" && !strings.HasPrefix(rest, "//")
	if !bare && !strings.Contains(word, "://") {
		return words, nil
	}
	if err := protocols.OneLine("URL", word); err != nil {
		return nil, err
	}
	if bare {
		word = scheme + ":///" + rest
	}
	u, err := url.Parse(word)
	if err != nil {
		return nil, fault.New(fault.BadArgument, "%q is not a valid URL", short(words[0]))
	}
	more, err := parsePath(u)
	return append(more, words[1:]...), err
}
