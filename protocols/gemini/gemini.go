// Package gemini shows pages of Gemini: a line asks for a URL under TLS, a line
// answers, and a page or a file follows. The verbs are those of gopher.
package gemini

import (
	"net/url"

	"wireline/protocols"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// Protocol declares Gemini.
func Protocol() protocols.Protocol {
	return protocols.Protocol{
		Name:    "gemini",
		Short:   "pages and files of Gemini",
		Schemes: []wire.Scheme{{Name: "gemini", Port: "1965", Security: wire.TLS}},
		Open: []verb.Verb{{
			Name:    "connect",
			Short:   "set where to begin; each request connects",
			Long:    "A server whose issuer is not known is trusted when it is first seen, and\nafterwards only with the same key, as with --tofu.",
			Example: []string{"connect gemini localhost", "connect gemini://localhost/docs/ --strict"},
			Explain: []string{"nothing is sent: each request has a connection of its own"},
			Run:     verb.Call(connect),
		}},
		Verbs: []verb.Verb{
			{Name: "cat", Short: "show a page and go there, or show a file", Long: words, Example: []string{"cat", "cat 3", "cat /about.gmi", "gemini cat gemini://localhost/"}, Explain: explain, Run: verb.Call((*Session).Cat)},
			{Name: "ls", Short: "list the links of a page", Long: words, Example: []string{"ls", "ls 3"}, Explain: explain, Run: verb.Call((*Session).Ls)},
			{Name: "get", Short: "fetch a page or a file as it is", Example: []string{"get 9 -o a.zip", "gemini get gemini://localhost/a.zip -O"}, Explain: explain, Run: verb.Call((*Session).Get)},
			{Name: "follow", Number: true, Short: "go where a link leads", Long: words, Example: []string{"follow 3", "follow 5 unix tools"}, Explain: explain, Run: verb.Call((*Session).Follow)},
			{Name: "search", Short: "answer what a page asks for", Example: []string{"search 5 unix tools", "search /find unix"}, Explain: []string{"the page's URL, a question mark, the words and CRLF"}, Run: verb.Call((*Session).Search)},
			{Name: "cd", Short: "go to a page without showing it", Example: []string{"cd 3", "cd docs/", "cd .."}, Explain: explain, Run: verb.Call((*Session).Cd)},
			{Name: "back", Short: "go to the page before this one", Example: []string{"back"}, Explain: explain, Run: verb.Call((*Session).Back)},
			{Name: "forward", Short: "go to where back came from", Example: []string{"forward"}, Explain: explain, Run: verb.Call((*Session).Forward)},
			{Name: "up", Short: "go to the page above this one", Example: []string{"up"}, Explain: explain, Run: verb.Call((*Session).Up)},
			{Name: "root", Short: "go to the first page of the server", Example: []string{"root"}, Explain: explain, Run: verb.Call((*Session).Root)},
			{Name: "reload", Short: "fetch the page again", Example: []string{"reload"}, Explain: explain, Run: verb.Call((*Session).Reload)},
			{Name: "pwd", Short: "show the path of the page", Example: []string{"pwd"}, Explain: []string{"nothing is sent"}, Run: verb.Call((*Session).Pwd)},
			{Name: "link", Short: "show the URL of the page or of a link", Example: []string{"link", "link 3"}, Explain: []string{"nothing is sent"}, Run: verb.Call((*Session).Link)},
			{Name: "raw", Short: "send a line and show the reply as it comes", Example: []string{"raw gemini://localhost/"}, Explain: []string{"printf 'gemini://localhost/\\r\\n' | openssl s_client -quiet -connect localhost:1965"}, Run: verb.Call((*Session).Raw)},
		},
		Route: func(u *url.URL) (string, []string) { return "cat", []string{u.String()} },
	}
}

const words = `A page is named by the number of a link in the page that was shown last, or by
a URL, which may be relative to that page. A number alone is enough: 3 follows
link 3.`

var explain = []string{"connect(2) to port 1965, TLS, send the URL and CRLF, recv(2) until the server closes"}
