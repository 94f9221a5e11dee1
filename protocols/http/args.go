package http

import "wireline/protocols/verb"

// Args are the arguments of a request.
type Args struct {
	URL   string   `arg:"url?" help:"URL, or what to add to the session's base" complete:"remote"`
	Items []string `arg:"item..." help:"header Name:value, query q==v, field k=v, k:=json or k@file"`

	Form   bool   `flag:"form" help:"send fields as a form, not as JSON"`
	Follow bool   `flag:"follow" help:"follow redirects, at most 10"`
	Print  string `flag:"print" help:"what to show: H request headers, B request body, h response headers, b response body, m times"`
	Expect []int  `flag:"expect-status" help:"the status that is no error; may be repeated"`
}

// SendArgs are the arguments of a request that usually has a body.
type SendArgs struct {
	Args
	Body verb.Input // from < or a pipe, unless there are fields
}

// MethodArgs are the arguments of a request with any method.
type MethodArgs struct {
	Method string `arg:"method" help:"method, such as PURGE"`
	Args
	Body verb.Input
}

// HeadArgs are the arguments of a request whose result is its headers.
type HeadArgs struct {
	URL    string   `arg:"url?" help:"URL, or what to add to the session's base" complete:"remote"`
	Items  []string `arg:"item..." help:"header Name:value or query q==v"`
	Follow bool     `flag:"follow" help:"follow redirects, at most 10"`
	Expect []int    `flag:"expect-status" help:"the status that is no error; may be repeated"`
}

func (a HeadArgs) args() Args {
	return Args{URL: a.URL, Items: a.Items, Follow: a.Follow, Expect: a.Expect}
}
