package http

import (
	"slices"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// Ways are how a server is talked to. connect sets them for the session; a
// request may have others.
type Ways struct {
	User       string `flag:"u,user" help:"who asks: NAME, or NAME:PASSWORD"`
	Auth       string `flag:"auth" enum:"auto,basic,digest,bearer,none" help:"how to log in; auto does what the server asks for, bearer takes the password for a token"`
	Bearer     string `flag:"bearer" help:"token to log in with; @FILE reads it from there"`
	Version    string `flag:"http" enum:"1.0,1.1,2" help:"version of HTTP; 2 is offered by ALPN, and without TLS taken for granted"`
	Socket     string `flag:"unix-socket" help:"unix socket to connect to instead of the host" complete:"local"`
	Compressed bool   `flag:"compressed" help:"ask for a compressed body"`
	Retry      int    `flag:"retry" help:"how often to try again what may go well later"`
}

// or is w with what it leaves open taken from other.
func (w Ways) or(other Ways) Ways {
	if w.User == "" && w.Bearer == "" && w.Auth == "" {
		w.User, w.Bearer, w.Auth = other.User, other.Bearer, other.Auth
	}
	if w.Version == "" {
		w.Version = other.Version
	}
	if w.Socket == "" {
		w.Socket = other.Socket
	}
	if w.Retry == 0 {
		w.Retry = other.Retry
	}
	w.Compressed = w.Compressed || other.Compressed
	return w
}

// How is how a request is made and judged.
type How struct {
	Follow     bool   `flag:"follow" help:"follow redirects"`
	Redirects  int    `flag:"max-redirects" help:"how many redirects to follow; 10 if not given"`
	Proto      string `flag:"proto" help:"which schemes may be used, as curl has it: =https, -http or -all"`
	ProtoRedir string `flag:"proto-redir" help:"which ones a redirect may lead to; http there allows the way from https, too"`
	Expect     []int  `flag:"expect-status" help:"the status that is no error; may be repeated"`
	Dry        bool   `flag:"n,dry-run" help:"show the bytes of the request and send nothing"`
	As         string `flag:"as" enum:"curl,python,go" help:"show the request as a command or a program, and send nothing"`
	Ways
}

// Show is what becomes of a body.
type Show struct {
	Print  string    `flag:"print" help:"what to show: H request headers, B request body, h response headers, b response body, m times"`
	Pretty bool      `flag:"pretty" help:"lay out JSON"`
	Text   bool      `flag:"text" help:"show HTML as text, with the numbers of its links"`
	JQ     string    `flag:"jq" help:"show what this jq expression makes of the JSON"`
	Raw    bool      `flag:"raw" help:"leave a compressed body as it is"`
	Named  bool      `flag:"J,remote-header-name" help:"take the name for -O from the response's Content-Disposition"`
	Most   verb.Size `flag:"max-filesize" help:"the largest body to take"`
	Strict bool      `flag:"strict" help:"refuse a body whose end cannot be told from a broken connection"`
}

// Args are the arguments of a request.
type Args struct {
	URL   string   `arg:"url?" help:"URL, or what to add to the session's base" complete:"remote"`
	Items []string `arg:"item..." help:"header Name:value, query q==v, field k=v, k:=json or k@file"`

	Form      bool `flag:"form" help:"send fields as a form, not as JSON"`
	Multipart bool `flag:"multipart" help:"send fields as a form of several parts"`
	How
	Show
}

// GetArgs are the arguments of get.
type GetArgs struct {
	Args
	Range   string `flag:"range" help:"the part to fetch, such as 0-99, 100- or -100"`
	From    int64  `flag:"from" help:"the byte to go on from; an error if the server cannot"`
	IfRange string `flag:"if-range" help:"ETag or date of what is there already, for --from"`
	Jobs    int    `flag:"j,jobs" help:"how many of several URLs to fetch at a time"`
	Parts   int    `flag:"segments" help:"fetch one file by so many ranges at a time"`
}

// SendArgs are the arguments of a request that usually has a body.
type SendArgs struct {
	Args
	Data    string     `flag:"d,data" help:"send this text as the body"`
	Chunked bool       `flag:"chunked" help:"send the body in chunks"`
	Body    verb.Input // from < or a pipe, unless there are fields
}

// MethodArgs are the arguments of a request with any method.
type MethodArgs struct {
	Method string `arg:"method" help:"method, such as PURGE"`
	SendArgs
}

// HeadArgs are the arguments of a request whose result is its headers.
type HeadArgs struct {
	URL   string   `arg:"url?" help:"URL, or what to add to the session's base" complete:"remote"`
	Items []string `arg:"item..." help:"header Name:value or query q==v"`
	How
}

// check refuses what could be more than one line on the wire.
func (a Args) check() error {
	return oneLine("url", a.URL, "--print", a.Print, "--jq", a.JQ, "--user", a.User, "--bearer", a.Bearer, "--unix-socket", a.Socket)
}

func (a Show) check() error { return oneLine("--print", a.Print, "--jq", a.JQ) }

// oneLine checks texts, each behind its name.
func oneLine(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if err := protocols.OneLine(pairs[i], pairs[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// several takes further URLs out of the items: get URL URL … -j 4. A word is
// one if it has a scheme, or begins with a slash, or can be nothing else.
func (a *Args) several() (urls []string) {
	urls = []string{a.URL}
	a.Items = slices.DeleteFunc(slices.Clone(a.Items), func(w string) bool {
		is := strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "/") ||
			strings.HasPrefix(w, ":") && hostPort().MatchString(w) // :8080/x, for no header is without a name
		if !is {
			_, err := parseItem(w)
			is = err != nil && fault.Of(err) == fault.Usage
		}
		if is {
			urls = append(urls, w)
		}
		return is
	})
	return urls
}
