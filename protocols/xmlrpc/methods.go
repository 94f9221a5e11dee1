package xmlrpc

import (
	"bufio"
	"context"
	"fmt"
	"path"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// LsArgs are the arguments of ls.
type LsArgs struct {
	Patterns []string `arg:"pattern..." help:"only the methods that match, such as 'system.*'"`
	Long     bool     `flag:"l,long" help:"with what they take and give"`
}

// A Method is one that the server has.
type Method struct {
	Name       string   `json:"name"`
	Signatures []string `json:"signatures,omitempty"` // "int (int, int)"
	Help       string   `json:"help,omitempty"`
}

// Ls lists the methods of the server.
func (s *Session) Ls(ctx context.Context, a LsArgs) (verb.Stream[Method], error) {
	patterns, err := s.aim(a.Patterns)
	if err != nil {
		return nil, err
	}
	for _, p := range patterns {
		if err := protocols.OneLine("pattern", p); err != nil {
			return nil, err
		}
		if _, err := path.Match(p, ""); err != nil {
			return nil, fault.New(fault.BadArgument, "%q is no pattern", p)
		}
	}
	s.methods = nil
	all, err := s.list(ctx)
	if err != nil {
		return nil, err
	}
	return func(yield func(Method, error) bool) {
		for _, name := range all {
			if !matches(patterns, name) {
				continue
			}
			m := Method{Name: name}
			if a.Long {
				if m.Signatures, err = s.signatures(ctx, name); err != nil {
					yield(Method{}, err)
					return
				}
			}
			if !yield(m, nil) {
				return
			}
		}
	}, nil
}

func matches(patterns []string, name string) bool {
	for _, p := range patterns {
		if ok, _ := path.Match(p, name); ok {
			return true
		}
	}
	return len(patterns) == 0
}

// DescribeArgs are the arguments of describe.
type DescribeArgs struct {
	Methods []string `arg:"method..." help:"name of the method" complete:"method"`
}

// Describe tells about methods.
func (s *Session) Describe(ctx context.Context, a DescribeArgs) (verb.Stream[Method], error) {
	names, err := s.aim(a.Methods)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fault.New(fault.Usage, "missing METHOD").WithHint("ls lists them")
	}
	return func(yield func(Method, error) bool) {
		for _, name := range names {
			m := Method{Name: name}
			help, err := s.value(ctx, "system.methodHelp", name)
			if err == nil {
				m.Help, _ = help.(string)
				m.Signatures, err = s.signatures(ctx, name)
			}
			if !yield(m, err) || err != nil {
				return
			}
		}
	}, nil
}

// signatures are what a method takes and gives; none where the server does
// not know.
func (s *Session) signatures(ctx context.Context, method string) ([]string, error) {
	v, err := s.value(ctx, "system.methodSignature", method)
	if fault.Of(err) == fault.Refused {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	var all []string
	for _, x := range list {
		types, _ := x.([]any)
		var names []string
		for _, t := range types {
			names = append(names, fmt.Sprint(t))
		}
		if len(names) > 0 {
			all = append(all, names[0]+" ("+strings.Join(names[1:], ", ")+")")
		}
	}
	return all, nil
}

// CapsArgs are the arguments of caps.
type CapsArgs struct {
	URL string `arg:"url?" help:"URL of the service, if it is not the session's"`
}

// Caps asks which extensions the server knows.
func (s *Session) Caps(ctx context.Context, a CapsArgs) (any, error) {
	if _, err := s.aim([]string{a.URL}); err != nil {
		return nil, err
	}
	v, err := s.value(ctx, "system.getCapabilities")
	return plain(v), err
}

// MulticallArgs are the arguments of multicall.
type MulticallArgs struct {
	Calls []string `arg:"call..." help:"a method and its arguments, in one word"`
	Lines verb.Input
}

// A Result is that of one of several calls.
type Result struct {
	Call  string `json:"call"`
	OK    bool   `json:"ok"`
	Value any    `json:"value,omitempty"`
	Code  int64  `json:"fault_code,omitempty"`
	Text  string `json:"fault_string,omitempty"`
}

// Multicall calls several methods in one request.
func (s *Session) Multicall(ctx context.Context, a MulticallArgs) (verb.Stream[Result], error) {
	var err error
	if a.Calls, err = s.aim(a.Calls); err != nil {
		return nil, err
	}
	if len(a.Calls) == 0 && a.Lines.ReadCloser != nil {
		defer a.Lines.Close()
		in := bufio.NewScanner(a.Lines)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			if line := strings.TrimSpace(in.Text()); line != "" && line[0] != '#' {
				a.Calls = append(a.Calls, line)
			}
		}
		if in.Err() != nil {
			return nil, fault.New(fault.ReadLocal, "the calls cannot be read: %w", in.Err())
		}
	}
	if len(a.Calls) == 0 {
		return nil, fault.New(fault.Usage, "missing CALL").WithHint("multicall 'METHOD ARGUMENT…' 'METHOD …'")
	}
	var calls []any
	for _, text := range a.Calls {
		if err := protocols.OneLine("call", text); err != nil {
			return nil, err
		}
		words, err := split(text)
		if err != nil {
			return nil, err
		}
		args := []any{}
		for _, w := range words[1:] {
			v, err := valueOf(w)
			if err != nil {
				return nil, err
			}
			args = append(args, v)
		}
		calls = append(calls, fields{{"methodName", words[0]}, {"params", args}})
	}
	v, err := s.value(ctx, "system.multicall", calls)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	if len(list) != len(calls) {
		return nil, web.Locate(fault.New(fault.Protocol, "%d results for %d calls", len(list), len(calls)), s.url)
	}
	return s.results(a.Calls, list), nil
}

// results are what each call gave; that of them some failed is told at the
// end.
func (s *Session) results(calls []string, list []any) verb.Stream[Result] {
	return func(yield func(Result, error) bool) {
		var failed error
		for i, x := range list {
			r, f := Result{Call: calls[i]}, (*Fault)(nil)
			switch x := x.(type) {
			case []any:
				if r.OK = len(x) == 1; r.OK {
					r.Value = plain(x[0])
				}
			case fields:
				if f = faultOf(x); f != nil {
					r.Code, r.Text = f.Code, f.String
					if failed == nil {
						failed = s.refused(f)
					}
				}
			}
			if !r.OK && f == nil {
				yield(Result{}, web.Locate(fault.New(fault.Protocol, "result %d is neither a value nor a fault", i+1), s.url))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if failed != nil {
			yield(Result{}, failed)
		}
	}
}

// split divides a call into words. Within brackets and quotes blanks do not.
func split(text string) (words []string, err error) {
	depth, quoted, begun := 0, false, -1
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		case (c == ' ' || c == '\t') && depth <= 0:
			if begun >= 0 {
				words = append(words, text[begun:i])
			}
			begun = -1
			continue
		}
		if begun < 0 {
			begun = i
		}
	}
	if begun >= 0 {
		words = append(words, text[begun:])
	}
	if quoted || depth > 0 || len(words) == 0 {
		return nil, fault.New(fault.BadArgument, "%q is no call: a quote or bracket is not closed, or it is empty", text)
	}
	return words, nil
}
