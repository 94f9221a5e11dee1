// Package http speaks HTTP/1.1 (RFC 9110, RFC 9112) with net/http, over
// connections that are the wire's.
package http

import (
	"net/url"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

var schemes = []wire.Scheme{
	{Name: "http", Port: "80"},
	{Name: "https", Port: "443", Security: wire.TLS},
}

// Protocol declares HTTP.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "http",
		Short:   "requests, pages and their links",
		Schemes: schemes,
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "set the base of relative URLs; the first request connects",
			Example: []string{"connect http localhost:8080/v1", "connect https://localhost:8443/"},
			Explain: []string{`Python: http.client.HTTPConnection("localhost", 8080)`},
			Run:     verb.Call(connect),
		}},
		Verbs: verbs(),
		Route: func(u *url.URL) (string, []string) { return "get", []string{u.String()} },
	}
}

func verbs() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "get",
			Short:   "fetch a URL and show the body",
			Long:    items,
			Example: []string{"get http://localhost:8080/", "get users q==ann Accept:text/plain", "get /status/404 --expect-status 404"},
			Explain: []string{`Python: urllib.request.urlopen("http://localhost:8080/")`},
			Run:     verb.Call((*Session).Get),
		},
		{
			Name:    "head",
			Short:   "fetch the headers of a URL",
			Example: []string{"head http://localhost:8080/bytes/1000"},
			Explain: []string{`Python: c.request("HEAD", "/bytes/1000")`},
			Run:     verb.Call((*Session).Head),
		},
		{
			Name:    "post",
			Short:   "send fields, or a body, to a URL",
			Long:    items,
			Example: []string{"post http://localhost:8080/echo name=Ann age:=30", "post /echo name=Ann --form", "post /echo @body.json"},
			Explain: []string{`Python: c.request("POST", "/echo", body=json.dumps({"name": "Ann", "age": 30}))`},
			Danger:  true,
			Run:     verb.Call((*Session).Post),
		},
		{
			Name:    "put",
			Short:   "store fields, or a body, at a URL",
			Example: []string{"put http://localhost:8080/files/a.txt @a.txt", "put /files/a.txt name=Ann"},
			Explain: []string{`Python: c.request("PUT", "/files/a.txt", body=open("a.txt", "rb"))`},
			Danger:  true,
			Run:     verb.Call((*Session).Put),
		},
		{
			Name:    "patch",
			Short:   "change what is at a URL",
			Example: []string{"patch /echo age:=31"},
			Explain: []string{`Python: c.request("PATCH", "/echo", body='{"age": 31}')`},
			Danger:  true,
			Run:     verb.Call((*Session).Patch),
		},
		{
			Name:    "delete",
			Aliases: []string{"rm"},
			Short:   "remove what is at a URL",
			Example: []string{"delete http://localhost:8080/files/a.txt"},
			Explain: []string{`Python: c.request("DELETE", "/files/a.txt")`},
			Danger:  true,
			Run:     verb.Call((*Session).Delete),
		},
		{
			Name:    "options",
			Aliases: []string{"caps"},
			Short:   "ask which methods a URL has",
			Example: []string{"options http://localhost:8080/echo"},
			Explain: []string{`Python: c.request("OPTIONS", "/echo")`},
			Run:     verb.Call((*Session).Options),
		},
		{
			Name:    "request",
			Short:   "send a request with any method",
			Example: []string{"request PURGE /echo X-Id:7"},
			Explain: []string{`Python: c.request("PURGE", "/echo", headers={"X-Id": "7"})`},
			Run:     verb.Call((*Session).Request),
		},
		{
			Name:    "links",
			Aliases: []string{"ls"},
			Short:   "list the links of a page, with numbers",
			Example: []string{"links http://localhost:8080/", "ls"},
			Run:     verb.Call((*Session).Links),
		},
		{
			Name:    "follow",
			Short:   "fetch the page that a link leads to",
			Example: []string{"follow 3"},
			Number:  true,
			Run:     verb.Call((*Session).Follow),
		},
		{
			Name:    "back",
			Short:   "fetch the page before this one",
			Example: []string{"back"},
			Run:     verb.Call((*Session).Back),
		},
		{
			Name:    "headers",
			Short:   "show the headers of the last response",
			Example: []string{"headers"},
			Explain: []string{"Python: response.getheaders()"},
			Run:     verb.Call((*Session).Headers),
		},
		{
			Name:    "cookies",
			Short:   "list the cookies of this session",
			Example: []string{"cookies"},
			Explain: []string{"Python: http.cookiejar.CookieJar()"},
			Run:     verb.Call((*Session).Cookies),
		},
	}
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
