package http

import "wireline/protocols/verb"

func requestVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "get",
			Short:   "fetch a URL and show the body",
			Long:    items,
			Example: []string{"get http://localhost:8080/", "get users q==ann Accept:text/plain", "get /users/1 --jq .name", "get /status/404 --expect-status 404", "get http://localhost:8080/a http://localhost:8080/b -j 4"},
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
			Example: []string{"post http://localhost:8080/echo name=Ann age:=30", "post /echo name=Ann --form", "post /echo @body.json", "post /echo -d 'a=1&b=2'", "post /echo name=Ann --as curl"},
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
			Name:    "curl",
			Short:   "make the request of a curl command line",
			Long:    "The words are those of curl, in any order: what a browser copies, or a manual shows. -o, -O, -k, -x and their like do here what they do there. --dry-run shows the bytes, --as python the program.",
			Example: []string{"curl -H 'X-Id: 7' -d name=Ann http://localhost:8080/echo", "curl -sSLO http://localhost:8080/bytes/1000"},
			Rewrite: curlLine,
			Explain: []string{"the request that this line of curl makes", "curl"},
			Run:     verb.Call((*Session).Curl),
		},
	}
}

func pageVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "links",
			Aliases: []string{"ls"},
			Short:   "list the links of a page, with numbers",
			Example: []string{"links http://localhost:8080/", "ls"},
			Explain: []string{"nothing is sent: the links of the page that came last"},
			Run:     verb.Call((*Session).Links),
		},
		{
			Name:    "follow",
			Short:   "fetch the page that a link leads to",
			Example: []string{"follow 3", "follow 3 --text"},
			Number:  true,
			Explain: []string{"GET of a link's URL", "urllib.request.urlopen(urllib.parse.urljoin(url, href))"},
			Run:     verb.Call((*Session).Follow),
		},
		{
			Name:    "back",
			Short:   "fetch the page before this one",
			Example: []string{"back"},
			Explain: []string{"GET of the page before"},
			Run:     verb.Call((*Session).Back),
		},
		{
			Name:    "cd",
			Short:   "change what relative URLs start from",
			Example: []string{"cd users", "cd ..", "cd 3", "cd"},
			Explain: []string{"nothing is sent: the path that later requests begin with", "urllib.parse.urljoin(base, path)"},
			Run:     verb.Call((*Session).Cd),
		},
		{
			Name:    "pwd",
			Short:   "show what relative URLs start from",
			Example: []string{"pwd"},
			Explain: []string{"nothing is sent"},
			Run:     verb.Call((*Session).Pwd),
		},
		{
			Name:    "headers",
			Short:   "show the headers of the last response",
			Example: []string{"headers", "headers content-type"},
			Explain: []string{"Python: response.getheaders()"},
			Run:     verb.Call((*Session).Headers),
		},
		{
			Name:    "cookies",
			Short:   "list the cookies of this session, save them or load them",
			Example: []string{"cookies", "cookies --save jar.txt", "cookies --load jar.txt"},
			Explain: []string{"Python: http.cookiejar.MozillaCookieJar()"},
			Run:     verb.Call((*Session).Cookies),
		},
		{
			Name:    "robots-txt",
			Short:   "ask whether a robot may fetch a path",
			Example: []string{"robots-txt http://localhost:8080/ --agent x --path /p"},
			Explain: []string{`Python: urllib.robotparser.RobotFileParser("http://localhost:8080/robots.txt").can_fetch("x", "/p")`},
			Run:     verb.Call((*Session).Robots),
		},
	}
}

func liveVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "events",
			Short:   "show the events, or lines of JSON, that a URL sends as they come",
			Example: []string{"events http://localhost:8080/events/5", "events /stream/5 --count 2"},
			Explain: []string{"GET with Accept: text/event-stream; the response does not end", "curl -N URL"},
			Run:     verb.Call((*Session).Events),
		},
		{
			Name:    "watch",
			Short:   "fetch a URL again and again, and tell when it changes",
			Example: []string{"watch /status --every 5", "watch /status --count 1"},
			Explain: []string{"GET again and again, with If-None-Match or If-Modified-Since", "while sleep 10; do curl URL; done"},
			Run:     verb.Call((*Session).Watch),
		},
	}
}

func handVerbs() []verb.Verb {
	return []verb.Verb{
		{
			Name:    "raw",
			Short:   "send a request as it is typed, and show the response with its head",
			Example: []string{`raw "GET / HTTP/1.0\r\n\r\n"`, "raw < request.txt"},
			Explain: []string{"connect(2), the bytes as they are, and what comes back", "openssl s_client -connect host:443"},
			Run:     verb.Call((*Session).Raw),
		},
		{
			Name:    "begin",
			Short:   "begin a request to be put together by header, endheaders and send",
			Example: []string{"begin GET /; header Accept text/plain; endheaders; response"},
			Explain: []string{`Python: c.putrequest("GET", "/")`},
			Run:     verb.Call((*Session).Begin),
		},
		{
			Name:    "header",
			Short:   "add a header to the request that was begun",
			Example: []string{"header Content-Length 5", "header Accept:text/plain"},
			Explain: []string{`Python: c.putheader("Content-Length", "5")`},
			Run:     verb.Call((*Session).Header),
		},
		{
			Name:    "endheaders",
			Short:   "send the head of the request that was begun",
			Example: []string{"endheaders"},
			Explain: []string{"Python: c.endheaders()"},
			Run:     verb.Call((*Session).EndHeaders),
		},
		{
			Name:    "send",
			Short:   "send a piece of the body of the request that was begun",
			Example: []string{"send hello"},
			Explain: []string{`Python: c.send(b"hello")`},
			Run:     verb.Call((*Session).Send),
		},
		{
			Name:    "response",
			Short:   "show the answer to the request that was begun, or the last head again",
			Example: []string{"response"},
			Explain: []string{"Python: c.getresponse()"},
			Run:     verb.Call((*Session).Response),
		},
	}
}
