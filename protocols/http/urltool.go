package http

import (
	"context"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// URLVerb declares url, which takes URLs apart and puts them together, as
// Python's urllib.parse does. It needs no session: it runs on anything.
func URLVerb() verb.Verb {
	return verb.Verb{
		Name:  "url",
		Short: "take a URL apart, or put one together",
		Long: `  url parse URL          its parts
  url build k=v …        a URL of parts named as parse names them
  url join BASE URL      what URL means on the page BASE
  url defrag URL         the URL and its fragment
  url quote TEXT         with %XX for what is special; url unquote undoes it
  url query TEXT         the names and values of a query, or of a URL's
  url query k=v …        a query of names and values
  url path FILE          a file name as the path of a URL; with --undo back
  url data URL           what a data: URL holds; open data:… does the same
  url, url N             in gopher and gemini: that of the page, or of a link`,
		Example: []string{"url parse 'http://u@h:1/p?q#f'", "url join http://h/a/b ../c", "url quote 'a b'", "url query 'a=1&b=2'", "url data data:,hello%20world"},
		Explain: []string{"Python: urllib.parse.urlsplit(url), urljoin, quote, unquote, parse_qsl, urlencode, urldefrag"},
		Run:     verb.Call(urlTool),
	}
}

// URLArgs are the arguments of url.
type URLArgs struct {
	Do    string   `arg:"what" enum:"parse,build,join,defrag,quote,unquote,query,path,data" help:"parse, build, join, defrag, quote, unquote, query, path or data"`
	Words []string `arg:"word..." help:"what to do it to" dash:"yes"`
	Plus  bool     `flag:"plus" help:"+ is a blank, as in forms"`
	Safe  *string  `flag:"safe" help:"what quote leaves alone; / if not given"`
	Undo  bool     `flag:"undo" help:"path: from a URL to a file name"`
}

// URLParts are those of a URL, as they are written in it.
type URLParts struct {
	Scheme   string  `json:"scheme"`
	User     string  `json:"user,omitempty"`
	Password string  `json:"password,omitempty"`
	Host     string  `json:"host"`
	Port     string  `json:"port,omitempty"`
	Path     string  `json:"path"`
	Query    string  `json:"query,omitempty"`
	Fragment string  `json:"fragment,omitempty"`
	Params   []Param `json:"params"` // of the query
	URL      string  `json:"url"`    // put together again
}

// A Param is a name and a value of a query.
type Param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Defragged is a URL and its fragment.
type Defragged struct {
	URL      string `json:"url"`
	Fragment string `json:"fragment"`
}

func urlTool(_ any, _ context.Context, a URLArgs) (any, error) {
	need := map[string]int{"join": 2, "parse": 1, "defrag": 1, "quote": 1, "unquote": 1, "path": 1, "data": 1, "query": 1, "build": 1}[a.Do]
	if len(a.Words) < need || need == 1 && a.Do != "query" && a.Do != "build" && len(a.Words) > 1 || len(a.Words) > 2 && a.Do == "join" {
		return nil, fault.New(fault.Usage, "url %s: %d words are wanted, not %d", a.Do, need, len(a.Words))
	}
	text := a.Words[0]
	switch a.Do {
	case "parse":
		return parseURL(text)
	case "build":
		return buildURL(a.Words)
	case "join":
		return joinURL(text, a.Words[1])
	case "defrag":
		before, fragment, _ := strings.Cut(text, "#")
		return Defragged{before, fragment}, nil
	case "quote":
		safe := "/"
		if a.Safe != nil {
			safe = *a.Safe
		}
		return percent(text, safe, a.Plus), nil
	case "unquote":
		return unpercent(text, a.Plus), nil
	case "path":
		if a.Undo {
			return filepath.FromSlash(unpercent(text, false)), nil
		}
		return percent(filepath.ToSlash(text), "/", false), nil
	case "data":
		return dataURL(text)
	default:
		return query(a.Words)
	}
}

func parseURL(text string) (*URLParts, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, badURL(text, "not a valid URL")
	}
	p := &URLParts{
		Scheme: u.Scheme, Host: u.Hostname(), Port: u.Port(), Path: u.EscapedPath(), Query: u.RawQuery,
		Fragment: u.Fragment, URL: u.String(), Params: params(u.RawQuery),
	}
	if u.Opaque != "" {
		p.Path = u.Opaque
	}
	if u.User != nil {
		p.User = u.User.Username()
		p.Password, _ = u.User.Password()
	}
	return p, nil
}

// params reads a query in its order.
func params(text string) []Param {
	all := []Param{}
	for pair := range strings.SplitSeq(text, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		all = append(all, Param{unpercent(name, true), unpercent(value, true)})
	}
	return all
}

// query reads a query, or makes one.
func query(words []string) (any, error) {
	if _, after, found := strings.Cut(words[0], "?"); found && len(words) == 1 {
		after, _, _ = strings.Cut(after, "#")
		return rows(params(after)), nil
	}
	if len(words) == 1 && strings.ContainsAny(words[0], "&%+") {
		return rows(params(words[0])), nil
	}
	var pairs []string
	for _, w := range words {
		name, value, found := strings.Cut(w, "=")
		if !found {
			return nil, fault.New(fault.Usage, "url query: %q is not name=value", w)
		}
		pairs = append(pairs, percent(name, "", true)+"="+percent(value, "", true))
	}
	return strings.Join(pairs, "&"), nil
}

// buildURL makes a URL of parts such as host=h and path=/p.
func buildURL(words []string) (any, error) {
	u := &url.URL{Scheme: "http"}
	var user, password, port string
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		switch name {
		case "scheme":
			u.Scheme = value
		case "user":
			user = value
		case "password":
			password = value
		case "host":
			u.Host = value
		case "port":
			port = value
		case "path":
			u.Path, u.RawPath = unpercent(value, false), value
		case "query":
			u.RawQuery = value
		case "fragment":
			u.Fragment = value
		default:
			return nil, fault.New(fault.Usage, "url build: %q is none of scheme, user, password, host, port, path, query, fragment", name)
		}
	}
	if strings.Contains(u.Host, ":") && !strings.HasPrefix(u.Host, "[") {
		u.Host = "[" + u.Host + "]"
	}
	if port != "" {
		u.Host += ":" + port
	}
	if user != "" {
		if u.User = url.User(user); password != "" {
			u.User = url.UserPassword(user, password)
		}
	}
	return u.String(), nil
}

func joinURL(base, ref string) (any, error) {
	b, err := url.Parse(base)
	if err != nil {
		return nil, badURL(base, "not a valid URL")
	}
	u, err := b.Parse(ref)
	if err != nil {
		return nil, badURL(ref, "not a valid URL")
	}
	return u.String(), nil
}

// percent is text with %XX for every byte that is neither unreserved (RFC
// 3986, section 2.3) nor in safe.
func percent(text, safe string, plus bool) string {
	const hexadecimal = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', slices.Contains([]byte("-._~"+safe), c):
			b.WriteByte(c)
		case c == ' ' && plus:
			b.WriteByte('+')
		default:
			b.Write([]byte{'%', hexadecimal[c>>4], hexadecimal[c&15]})
		}
	}
	return b.String()
}

// unpercent undoes percent; what is no %XX stays.
func unpercent(text string, plus bool) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '+' && plus {
			b.WriteByte(' ')
			continue
		}
		if text[i] == '%' && i+2 < len(text) {
			if s, err := url.PathUnescape(text[i : i+3]); err == nil {
				b.WriteString(s)
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
