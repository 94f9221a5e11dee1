package http

import (
	"strings"

	"wireline/protocols/fault"
)

// schemes are those that may be used.
type schemes struct{ http, https bool }

// allowed reads what --proto and --proto-redir say, as curl reads it: names,
// each added to both schemes, or with - taken from them, or with = the first
// of a new list; all is both. Other schemes than these two are never used.
func allowed(list string) (schemes, error) {
	s := schemes{true, true}
	if list == "" {
		return s, nil
	}
	for word := range strings.SplitSeq(strings.ToLower(list), ",") {
		name := strings.TrimLeft(word, "+-=")
		if name == "" || len(word)-len(name) > 1 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return s, fault.New(fault.BadArgument, "%q is no list of schemes, such as =https or -http", list)
		}
		if word[0] == '=' {
			s = schemes{}
		}
		yes := word[0] != '-'
		if name == "http" || name == "all" {
			s.http = yes
		}
		if name == "https" || name == "all" {
			s.https = yes
		}
	}
	return s, nil
}

func (s schemes) has(scheme string) bool {
	return scheme == "http" && s.http || scheme == "https" && s.https
}

// schemes reads both options. A redirect may not lead where --proto forbids.
func (h How) schemes() (first, redirected schemes, err error) {
	if first, err = allowed(h.Proto); err != nil {
		return first, redirected, err
	}
	redirected, err = allowed(h.ProtoRedir)
	redirected.http = redirected.http && first.http
	redirected.https = redirected.https && first.https
	return first, redirected, err
}
