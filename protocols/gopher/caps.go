package gopher

import (
	"context"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// A Cap is something that a server says of itself.
type Cap struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Caps reads the file caps.txt of the server, by which servers tell clients
// how paths are made of selectors, and who they are.
func (s *Session) Caps(ctx context.Context, _ None) (verb.Stream[Cap], error) {
	caps, err := s.capsOf(ctx, s.here.root())
	if err != nil {
		return nil, err
	}
	return rows(caps), nil
}

// capsOf asks a server for its caps.txt, and notes what it says of paths.
func (s *Session) capsOf(ctx context.Context, root Item) ([]Cap, error) {
	it := root
	it.Type, it.Selector = '0', "caps.txt"
	text, err := s.small(ctx, it)
	switch {
	case err != nil:
		return nil, err
	case !strings.HasPrefix(text, "CAPS"):
		return nil, &fault.Error{Kind: fault.NotFound, At: it.URL(), Text: "the server has no caps.txt"}
	}
	var caps []Cap
	for line := range strings.Lines(decode(s.encoding, text)) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && !strings.HasPrefix(name, "#") {
			caps = append(caps, Cap{strings.TrimSpace(name), strings.TrimSpace(value)})
		}
	}
	for _, c := range caps {
		// The first is how the word is spelt in most such files.
		if name := strings.ToLower(c.Name); (name == "pathdelimeter" || name == "pathdelimiter") && isDelimiter(c.Value) {
			if s.delimiters == nil {
				s.delimiters = map[string]string{}
			}
			s.delimiters[root.address()] = c.Value
		}
	}
	return caps, nil
}

// isDelimiter reports whether paths can have s between their parts.
func isDelimiter(s string) bool {
	return len(s) == 1 && s[0] > ' ' && s[0] < 0x7f && !strings.ContainsAny(s, "0123456789") && strings.ToLower(s) == strings.ToUpper(s)
}

// delimiter is what the server of an item puts between the parts of a path: a
// slash, unless its caps.txt has been read and says something else.
func (s *Session) delimiter(it Item) string {
	if d, ok := s.delimiters[it.address()]; ok {
		return d
	}
	return "/"
}
