package http

import (
	"net/url"
	"os"
	"strings"

	"golang.org/x/net/http/httpguts"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// An item is one word after the URL.
type item struct{ key, sep, value string }

// separators, the longer before those they begin with.
var separators = []string{":=@", ":=", ":@", "==@", "==", "=@", "=", ":", ";", "@"}

// parseItem finds the separator that comes first. A backslash takes the
// meaning from the character after it.
func parseItem(word string) (item, error) {
	var key strings.Builder
	for i := 0; i < len(word); i++ {
		if word[i] == '\\' && i+1 < len(word) {
			i++
			key.WriteByte(word[i])
			continue
		}
		for _, sep := range separators {
			rest, found := strings.CutPrefix(word[i:], sep)
			if !found || sep == ";" && rest != "" {
				continue
			}
			return item{key.String(), sep, rest}, nil
		}
		key.WriteByte(word[i])
	}
	if err := protocols.OneLine("item", word); err != nil {
		return item{}, err
	}
	return item{}, fault.New(fault.Usage, "%q is neither Name:value nor q==v, k=v, k:=json or k@file", word)
}

// isItem reports whether a word where a URL may stand is an item instead.
func isItem(word string) bool {
	if !strings.Contains(word, "=") {
		return false
	}
	it, err := parseItem(word)
	return err == nil && strings.HasPrefix(strings.TrimPrefix(it.sep, ":"), "=") && !strings.ContainsAny(it.key, "/?#:")
}

// apply adds what the words say to r.
func (r *request) apply(words []string, fields fields) error {
	query := r.url.RawQuery
	for _, word := range words {
		it, err := parseItem(word)
		if err != nil {
			return err
		}
		switch it.sep {
		case ":", ":@", ";":
			err = r.addHeader(it)
		case "==", "==@":
			if it.sep == "==@" {
				it.value, err = readText(it.value)
			}
			if query != "" {
				query += "&"
			}
			query += url.QueryEscape(it.key) + "=" + url.QueryEscape(it.value)
		default:
			err = fields.add(it)
		}
		if err != nil {
			return err
		}
	}
	r.url.RawQuery = query
	if len(fields.all) == 0 {
		return nil
	}
	var err error
	r.body, err = fields.payload()
	return err
}

// Headers that frame the message: they are made here, and a second opinion
// would let two servers see two messages.
var framing = []string{"content-length", "transfer-encoding", "trailer", "te", "connection", "upgrade", "keep-alive"}

func (r *request) addHeader(it item) error {
	name, value := it.key, strings.TrimSpace(it.value)
	if it.sep == ":@" {
		text, err := readText(it.value)
		if err != nil {
			return err
		}
		value = strings.TrimSpace(text)
	}
	if !httpguts.ValidHeaderFieldName(name) {
		return fault.New(fault.BadArgument, "%q is not the name of a header", name)
	}
	if !httpguts.ValidHeaderFieldValue(value) {
		return fault.New(fault.BadArgument, "header %s: a control character is not allowed in its value", name)
	}
	lower := strings.ToLower(name)
	for _, f := range framing {
		if lower == f {
			return fault.New(fault.BadArgument, "header %s is not yours to set: it says where the request ends", name)
		}
	}
	switch {
	case lower == "host" && (value == "" || !httpguts.ValidHostHeader(value) || strings.ContainsAny(value, "/?#@ ")):
		return fault.New(fault.BadArgument, "header Host: %q is not a host", value)
	case lower == "host":
		r.host = value
	case value == "" && it.sep == ":":
		r.fields.Del(name)
	case r.typed[lower]:
		r.fields.Add(name, value)
	default:
		r.fields.Set(name, value)
	}
	if r.typed == nil {
		r.typed = map[string]bool{}
	}
	r.typed[lower] = true
	return nil
}

// readText is a small file that a word named.
func readText(name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", unreadable(name, err)
	}
	return string(b), nil
}
