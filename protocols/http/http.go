// Package http speaks HTTP (RFC 9110, RFC 9112, RFC 9113): requests, pages
// and their links.
package http

import (
	"net/url"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// Protocol declares HTTP.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "http",
		Short:   "requests, pages and their links",
		Schemes: web.Schemes(),
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "set the base of relative URLs; the first request connects",
			Example: []string{"connect http localhost:8080/v1", "connect https://localhost:8443/ -u ann"},
			Explain: []string{`Python: http.client.HTTPConnection("localhost", 8080)`},
			Run:     verb.Call(connect),
		}},
		Verbs: verbs(),
		Tools: []verb.Verb{URLVerb()},
		Words: map[string]string{"robots": "robots-txt"},
		Code:  meaning,
		Route: func(u *url.URL) (string, []string) { return "get", []string{u.String()} },
	}
}

func verbs() []verb.Verb {
	var all []verb.Verb
	for _, some := range [][]verb.Verb{requestVerbs(), pageVerbs(), liveVerbs(), handVerbs()} {
		all = append(all, some...)
	}
	return all
}

const items = `What follows the URL is read as HTTPie reads it:

  Name:value   a header; Name: takes a default one away, Name; sends it empty
  q==v         a parameter of the query
  k=v          a field: of a JSON object, or of a form with --form
  k:=json      a field whose value is JSON, such as 30, true or [1,2]
  k@file       a file to upload, as part of a multipart form
  k=@file      a field whose value is the text of a file; k:=@file the JSON in it
  @file        the whole body is that file

A backslash takes the meaning from the character after it: a\=b=c. A status of
400 and above is shown like any other, and then is an error.`
