package http

import (
	"context"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// CurlArgs are the arguments of curl.
type CurlArgs struct {
	Words []string `arg:"word..." help:"what follows curl on its command line; and --dry-run, or --as python" dash:"yes"`
}

// Curl makes the request that a curl command line means. The shell, which
// knows the options of connections and files, reads the line of curlLine
// instead.
func (s *Session) Curl(ctx context.Context, a CurlArgs) (any, error) {
	words, err := curlLine(a.Words)
	if err != nil {
		return nil, err
	}
	v, _ := verb.Find(requestVerbs(), words[0])
	return v.Do(ctx, s, verb.Env{}, words[1:])
}

// curlLine is the line of ours that does what a command line of curl does.
func curlLine(words []string) ([]string, error) {
	c := &curled{}
	if len(words) > 0 && words[0] == "curl" {
		words = words[1:]
	}
	for len(words) > 0 {
		n, err := c.take(words)
		if err != nil {
			return nil, err
		}
		words = words[n:]
	}
	return c.line()
}

// A curled is what has been read of a command line of curl.
type curled struct {
	urls   []string
	method string
	put    string
	fields web.Fields
	data   []string
	file   string   // the body, instead of data
	form   []string // items
	query  []string // for the URL
	ours   []string // options that need no more thought

	head, get, names, json, many bool
	plain, asIs                  bool // URLs have no patterns; their dots stay
}

// take reads an option with its value, or a URL, and tells how many words
// that were.
func (c *curled) take(words []string) (int, error) {
	w := words[0]
	if len(w) < 2 || w[0] != '-' {
		c.urls = append(c.urls, w)
		return 1, nil
	}
	next := func(value string, has bool) (string, int, error) {
		if has {
			return value, 1, nil
		}
		if len(words) < 2 {
			return "", 0, fault.New(fault.Usage, "curl %s: its value is missing", w)
		}
		return words[1], 2, nil
	}
	if strings.HasPrefix(w, "--") {
		name, value, has := strings.Cut(w[2:], "=")
		o, ok := curlOption(func(o option) bool { return o.long == name })
		if !ok || has && !o.valued {
			return 0, notCurled(w)
		}
		if !o.valued {
			return 1, c.set(o, "")
		}
		value, n, err := next(value, has)
		if err == nil {
			err = c.set(o, value)
		}
		return n, err
	}
	for i := 1; i < len(w); i++ {
		o, ok := curlOption(func(o option) bool { return o.letter == w[i] })
		if !ok {
			return 0, notCurled("-" + w[i:i+1])
		}
		if o.valued {
			value, n, err := next(w[i+1:], i+1 < len(w))
			if err == nil {
				err = c.set(o, value)
			}
			return n, err
		}
		if err := c.set(o, ""); err != nil {
			return 0, err
		}
	}
	return 1, nil
}

func notCurled(w string) *fault.Error {
	return fault.New(fault.Unsupported, "curl %s is not understood here", w)
}

// set takes an option.
func (c *curled) set(o option, value string) error {
	switch {
	case o.ours == "":
		return nil
	case strings.HasPrefix(o.ours, "-"):
		if c.ours = append(c.ours, strings.Fields(o.ours)...); o.valued {
			c.ours[len(c.ours)-1] += joint(c.ours[len(c.ours)-1]) + value
		}
		return nil
	}
	return c.special(o.ours, value)
}

// joint is what stands between an option of ours and its value.
func joint(flag string) string {
	if strings.HasPrefix(flag, "--") && !strings.Contains(flag, "=") {
		return "="
	}
	return ""
}

// special takes an option that is not just one of ours by another name.
func (c *curled) special(name, value string) error {
	switch name {
	case "url":
		c.urls = append(c.urls, value)
	case "plain":
		c.plain = true
	case "as-is":
		c.asIs = true
	case "query":
		text, err := encoded(strings.TrimPrefix(value, "+"))
		if strings.HasPrefix(value, "+") {
			text, err = value[1:], nil
		}
		c.query = append(c.query, text)
		return err
	case "output":
		if slices.ContainsFunc(c.ours, func(o string) bool { return strings.HasPrefix(o, "-o") }) {
			return fault.New(fault.Unsupported, "curl: more than one -o").WithHint("one line for each URL")
		}
		c.ours = append(c.ours, "-o"+value)
	case "method":
		c.method = value
	case "head":
		c.head = true
	case "get":
		c.get = true
	case "names":
		c.names = true
	case "parallel":
		c.many = true
	case "upload":
		c.put = value
	case "header":
		return c.header(value)
	case "agent":
		c.fields.Set("User-Agent", value)
	case "referer":
		c.fields.Set("Referer", strings.TrimSuffix(value, ";auto"))
	case "cookie":
		if !strings.Contains(value, "=") {
			return fault.New(fault.Unsupported, "curl -b %s: a file of cookies", value).WithHint("cookies --load %s", value)
		}
		c.fields.Add("Cookie", value)
	case "jar":
		return fault.New(fault.Unsupported, "curl -c %s: cookies are kept with the session", value).WithHint("cookies --save -o %s writes them to a file", value)
	case "format":
		return fault.New(fault.Unsupported, "curl -w is not understood here").WithHint("--time shows the times, --json gives all there is to say")
	case "dump":
		if value != "-" {
			return fault.New(fault.Unsupported, "curl -D %s: headers go where the body goes", value).WithHint("-D - shows both")
		}
		c.ours = append(c.ours, "--print=hb")
	case "resume":
		if c.ours = append(c.ours, "--from="+value); value == "-" {
			c.ours[len(c.ours)-1] = "-c"
		}
	case "form":
		return c.part(value)
	case "text":
		key, v, _ := strings.Cut(value, "=")
		if strings.HasPrefix(v, "@") {
			return notCurled("--form-string " + value)
		}
		c.form = append(c.form, escapeItem(key)+"="+v)
	default:
		return c.body(name, value)
	}
	return nil
}

// Headers that say how a message is framed. A browser puts them into its
// lines; they are ours to make.
var framed = " connection content-length keep-alive te trailer transfer-encoding upgrade proxy-connection "

func (c *curled) header(text string) error {
	if name, file := strings.CutPrefix(text, "@"); file {
		all, err := readText(name)
		if err != nil {
			return err
		}
		for line := range strings.Lines(all) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				if err := c.header(line); err != nil {
					return err
				}
			}
		}
		return nil
	}
	name, value, found := strings.Cut(text, ":")
	empty := false
	if !found {
		name, empty = strings.CutSuffix(text, ";")
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !found && !empty:
		return nil // as curl does
	case strings.Contains(framed, " "+strings.ToLower(name)+" "):
		if strings.EqualFold(name, "transfer-encoding") && strings.EqualFold(value, "chunked") {
			c.ours = append(c.ours, "--chunked")
		}
		return nil
	case empty:
		value = ";"
	}
	c.fields.Add(name, value)
	return nil
}

// part takes a field of a form: name=value, name=@file or name=<file.
func (c *curled) part(text string) error {
	key, value, _ := strings.Cut(text, "=")
	key = escapeItem(key)
	if strings.HasPrefix(value, "@") || strings.HasPrefix(value, "<") {
		file, more, _ := strings.Cut(value[1:], ";")
		if more != "" && (!strings.HasPrefix(more, "type=") || strings.Contains(more, ";") || value[0] == '<') {
			return notCurled("-F " + text)
		}
		if more != "" {
			file += ";" + more
		}
		if value[0] == '<' {
			key += "="
		}
		c.form = append(c.form, key+"@"+file)
		return nil
	}
	if strings.ContainsAny(value, `;"`) || strings.HasPrefix(value, "=") || strings.HasPrefix(value, "(") {
		return notCurled("-F " + text).WithHint("--form-string sends the text as it is")
	}
	c.form = append(c.form, key+"="+value)
	return nil
}

// body takes one of the many ways to give data.
func (c *curled) body(name, value string) error {
	file, named := strings.CutPrefix(value, "@")
	switch name {
	case "urlencode":
		text, err := encoded(value)
		c.data = append(c.data, text)
		return err
	case "json":
		if c.json && !named && len(c.data) > 0 { // further ones go on with it
			c.data[len(c.data)-1] += value
			return nil
		}
		c.json = true
	case "raw":
		named = false
	}
	if named && file == "-" {
		if name == "data" || c.data != nil || c.get {
			return fault.New(fault.Unsupported, "curl -d @-: standard input with its line ends taken out, or as a part of the body").WithHint("--data-binary @- sends it as it is")
		}
		c.file = file
		return nil
	}
	if !named {
		c.data = append(c.data, value)
		return nil
	}
	if fi, err := os.Stat(file); name != "data" && c.data == nil && c.file == "" && (err != nil || fi.Size() > 1<<20) {
		c.file = file
		return nil
	}
	text, err := readText(file)
	if err != nil {
		return err
	}
	if name == "data" { // the ends of lines are left out, as curl does
		text = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(text)
	}
	c.data = append(c.data, text)
	return nil
}

// encoded is what --data-urlencode makes of its value: content, =content,
// name=content, @file or name@file.
func encoded(value string) (string, error) {
	key, text, found := strings.Cut(value, "=")
	if at := strings.IndexByte(value, '@'); at >= 0 && (!found || at < len(key)) {
		content, err := readText(value[at+1:])
		if err != nil {
			return "", err
		}
		key, text = value[:at], content
	} else if !found {
		key, text = "", value
	}
	if text = url.QueryEscape(text); key != "" {
		text = key + "=" + text
	}
	return text, nil
}

// line is the line of ours.
func (c *curled) line() ([]string, error) {
	body := c.data != nil || c.file != ""
	switch {
	case len(c.urls) == 0:
		return nil, fault.New(fault.Usage, "curl: a URL is missing")
	case c.file != "" && (c.data != nil || c.get), body && c.form != nil, c.put != "" && (body || c.form != nil):
		return nil, fault.New(fault.Usage, "curl: more than one body")
	}
	urls := make([]string, len(c.urls))
	for i, u := range c.urls {
		var err error
		if urls[i], err = c.address(u); err != nil {
			return nil, err
		}
	}
	if c.put != "" && strings.HasSuffix(urls[0], "/") {
		urls[0] += path.Base(c.put)
	}
	words, sends := c.verb()
	if len(urls) > 1 && words[0] != "get" {
		return nil, fault.New(fault.Unsupported, "curl: several URLs with a method other than GET").WithHint("one line for each")
	}
	words = append(words, urls...)
	for _, f := range c.fields {
		words = append(words, fieldItem(f))
	}
	text := strings.Join(c.data, "&")
	switch {
	case c.get && body:
		mark := "?"
		if strings.Contains(urls[0], "?") {
			mark = "&"
		}
		words[len(words)-len(c.fields)-len(urls)] += mark + strings.ReplaceAll(text, " ", "%20")
	case body && c.json:
		for _, name := range []string{"Content-Type", "Accept"} {
			if !c.fields.Has(name) {
				words = append(words, name+":application/json")
			}
		}
	case sends && body && !c.fields.Has("Content-Type"):
		words = append(words, "Content-Type:application/x-www-form-urlencoded")
	}
	switch {
	case c.file == "-": // what < or a pipe feeds
	case c.file != "":
		words = append(words, "@"+c.file)
	case c.data != nil && !c.get:
		words = append(words, "--data="+text)
	case c.put != "" && c.put != "-":
		words = append(words, "@"+c.put)
	case c.form != nil:
		words = append(append(words, c.form...), "--multipart")
	}
	if c.names {
		words = append(words, "-O")
	}
	if c.many {
		words = append(words, "-j=50")
	}
	for _, o := range c.ours {
		if words[0] != "head" || o != "--print=hb" { // which is what head shows
			words = append(words, o)
		}
	}
	return words, nil
}

// verb is the verb of ours with its method, and whether it sends a body.
func (c *curled) verb() (words []string, sends bool) {
	method := "GET"
	switch {
	case c.head:
		method = "HEAD"
	case c.put != "":
		method = "PUT"
	case (c.data != nil || c.file != "") && !c.get, c.form != nil:
		method = "POST"
	}
	sends = method == "POST" || method == "PUT"
	if c.method != "" {
		method = c.method
	}
	switch {
	case method == "GET" && !sends:
		return []string{"get"}, false
	case method == "HEAD" && !sends:
		return []string{"head"}, false
	}
	return []string{"request", method}, sends
}

// fieldItem is a header as a word of ours.
func fieldItem(f web.Field) string {
	switch f.Value {
	case "":
		return escapeItem(f.Name) + ":"
	case ";":
		return escapeItem(f.Name) + ";"
	}
	return escapeItem(f.Name) + ": " + f.Value
}

// escapeItem is a key in which no separator is one.
func escapeItem(key string) string {
	return strings.NewReplacer(`\`, `\\`, "=", `\=`, ":", `\:`, "@", `\@`, ";", `\;`).Replace(key)
}
