package http

import (
	"context"
	"net/url"
	"os"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// CurlArgs are the arguments of curl.
type CurlArgs struct {
	Words []string `arg:"word..." help:"what follows curl on its command line" dash:"yes"`
	Dry   bool     `flag:"n,dry-run" help:"show the bytes of the request and send nothing"`
	As    string   `flag:"as" enum:"curl,python,go" help:"show the request as a command or a program, and send nothing"`
}

// Curl makes the request that a curl command line means.
func (s *Session) Curl(ctx context.Context, a CurlArgs) (*verb.Blob, error) {
	c := curlLine{}
	for _, w := range a.Words {
		if err := protocols.OneLine("word", w); err != nil && !strings.HasPrefix(w, "-") && !c.takes() {
			return nil, err
		}
		if err := c.word(w); err != nil {
			return nil, err
		}
	}
	if c.wants != "" {
		return nil, fault.New(fault.Usage, "curl %s: its value is missing", c.wants)
	}
	return s.curl(ctx, &c, a)
}

// A curlLine is what has been read of a command line of curl.
type curlLine struct {
	wants string // the option whose value comes next

	url, method, user, put string
	fields                 web.Fields
	data                   []string
	form                   []string
	get, head, follow, z   bool
}

// Options of curl: those with a value, and the long names of short ones.
const curlValued = " -X -H -d -F -A -e -b -u -T --data-binary --data-raw --data-urlencode --data-ascii --json --url "

var curlLong = [...][2]string{
	{"--request", "-X"}, {"--header", "-H"}, {"--data", "-d"}, {"--form", "-F"}, {"--user-agent", "-A"},
	{"--referer", "-e"}, {"--cookie", "-b"}, {"--user", "-u"}, {"--upload-file", "-T"}, {"--head", "-I"},
	{"--get", "-G"}, {"--location", "-L"}, {"--silent", "-s"}, {"--show-error", "-S"}, {"--fail", "-f"}, {"--globoff", "-g"},
}

// takes reports whether the next word is a body, which may have lines.
func (c *curlLine) takes() bool {
	return strings.HasPrefix(c.wants, "--data") || c.wants == "-d" || c.wants == "--json"
}

func (c *curlLine) word(w string) error {
	switch {
	case c.wants != "":
		name := c.wants
		c.wants = ""
		return c.set(name, w)
	case w == "curl" && c.url == "":
		return nil
	case strings.HasPrefix(w, "--"):
		name, value, has := strings.Cut(w, "=")
		for _, l := range curlLong {
			if l[0] == name {
				name = l[1]
			}
		}
		switch {
		case !strings.Contains(curlValued, " "+name+" "):
			return c.flag(name)
		case has:
			return c.set(name, value)
		}
		c.wants = name
		return nil
	case len(w) > 1 && w[0] == '-':
		for i := 1; i < len(w); i++ {
			name := "-" + w[i:i+1]
			if !strings.Contains(curlValued, " "+name+" ") {
				if err := c.flag(name); err != nil {
					return err
				}
				continue
			}
			if rest := w[i+1:]; rest != "" {
				return c.set(name, rest)
			}
			c.wants = name
		}
		return nil
	case c.url != "":
		return fault.New(fault.Usage, "curl: two URLs, %s and %s; one at a time", c.url, w)
	}
	c.url = w
	return nil
}

func (c *curlLine) flag(name string) error {
	switch name {
	case "-I":
		c.head = true
	case "-G":
		c.get = true
	case "-L":
		c.follow = true
	case "--compressed":
		c.z = true
	case "-s", "-S", "-f", "-g", "--http1.1":
	default:
		return fault.New(fault.Unsupported, "curl %s is not understood here", name)
	}
	return nil
}

func (c *curlLine) set(name, value string) error {
	switch name {
	case "-X":
		c.method = value
	case "-H":
		f, v, found := strings.Cut(value, ":")
		if !found {
			f, _ = strings.CutSuffix(value, ";")
		}
		c.fields.Add(strings.TrimSpace(f), strings.TrimSpace(v))
	case "-A":
		c.fields.Set("User-Agent", value)
	case "-e":
		c.fields.Set("Referer", value)
	case "-b":
		if !strings.Contains(value, "=") {
			return fault.New(fault.Unsupported, "curl -b %s: a file of cookies", value).WithHint("cookies --load %s", value)
		}
		c.fields.Add("Cookie", value)
	case "-u":
		c.user = value
	case "-T":
		c.put = value
	case "--url":
		c.url = value
	case "-F":
		c.form = append(c.form, value)
	case "--json":
		c.fields.Set("Content-Type", "application/json")
		c.fields.Set("Accept", "application/json")
		return c.add(value, true)
	case "--data-urlencode":
		key, text, found := strings.Cut(value, "=")
		if !found {
			key, text = "", value
		}
		if text = url.QueryEscape(text); key != "" {
			text = key + "=" + text
		}
		c.data = append(c.data, text)
	case "--data-raw":
		c.data = append(c.data, value)
	default:
		return c.add(value, name == "--data-binary")
	}
	return nil
}

// add adds to the body a text, or the file that @FILE names; of a file that
// is not binary the ends of lines are left out, as curl does.
func (c *curlLine) add(value string, binary bool) error {
	if name, file := strings.CutPrefix(value, "@"); file {
		b, err := os.ReadFile(name)
		if err != nil {
			return unreadable(name, err)
		}
		if value = string(b); !binary {
			value = strings.NewReplacer("\r", "", "\n", "").Replace(value)
		}
	}
	c.data = append(c.data, value)
	return nil
}

// curl sends what c says.
func (s *Session) curl(ctx context.Context, c *curlLine, a CurlArgs) (*verb.Blob, error) {
	args := Args{URL: c.url, How: How{Follow: c.follow, Dry: a.Dry, As: a.As, Ways: Ways{User: c.user, Compressed: c.z}}}
	if c.url != "" && !strings.Contains(c.url, "://") {
		args.URL = "http://" + c.url
	}
	method := c.method
	pick := func(m string) {
		if method == "" {
			method = m
		}
	}
	for _, f := range c.form {
		key, value, _ := strings.Cut(f, "=")
		if name, file := strings.CutPrefix(value, "@"); file {
			args.Items = append(args.Items, escapeItem(key)+"@"+name)
		} else {
			args.Items = append(args.Items, escapeItem(key)+"="+value)
		}
		args.Multipart = true
	}
	switch {
	case c.head:
		pick("HEAD")
	case c.put != "":
		pick("PUT")
		args.Items = append(args.Items, "@"+c.put)
	case c.data != nil && !c.get, c.form != nil:
		pick("POST")
	}
	pick("GET")
	r, err := s.request(method, args, verb.Input{})
	if err != nil {
		return nil, err
	}
	if text := strings.Join(c.data, "&"); c.data != nil && c.get {
		if r.url.RawQuery != "" {
			text = r.url.RawQuery + "&" + text
		}
		r.url.RawQuery = strings.ReplaceAll(text, " ", "%20")
	} else if c.data != nil {
		r.body = textPayload("", text)
		r.fields.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, f := range c.fields {
		if err := r.addHeader(item{f.Name, ":", f.Value}); err != nil {
			return nil, err
		}
	}
	if err := r.message().Check(); err != nil {
		return nil, err
	}
	b, err := s.fetch(ctx, r)
	if err == nil && c.head && !a.Dry && a.As == "" {
		return headBlob(b, s.last), nil
	}
	return b, err
}

// escapeItem is a key in which no separator is one.
func escapeItem(key string) string {
	return strings.NewReplacer(`\`, `\\`, "=", `\=`, ":", `\:`, "@", `\@`, ";", `\;`).Replace(key)
}
