package telnet

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// subs keeps the last subnegotiations that the server sent.
type subs []Sub

// A Sub is what a server said about an option.
type Sub struct {
	Time   time.Time `json:"time"`
	Option string    `json:"option"`
	Text   string    `json:"text"`
	Hex    string    `json:"hex"`
	data   []byte
}

const subsMost = 64

func (l *subs) keep(opt byte, p []byte) {
	*l = append(*l, Sub{time.Now(), optionName(opt), strings.TrimSpace(subWords(opt, p)), hex.EncodeToString(p), p})
	if len(*l) > subsMost {
		*l = append(subs(nil), (*l)[len(*l)-subsMost:]...)
	}
}

// GMCPArgs are those of gmcp.
type GMCPArgs struct {
	Package string   `arg:"package?" help:"send a message of this package, such as Core.Supports.Set"`
	Data    []string `arg:"data..." help:"with this JSON"`
}

// A Fact is what a game server told beside the text: by GMCP, MSDP or MSSP.
type Fact struct {
	Time    time.Time       `json:"time"`
	By      string          `json:"by"`
	Package string          `json:"package"`
	Data    json.RawMessage `json:"data,omitempty"`
}

// GMCP shows what came by GMCP, MSDP and MSSP, or sends a message of GMCP.
func (s *Session) GMCP(ctx context.Context, a GMCPArgs) (any, error) {
	if a.Package == "" {
		s.settle(ctx)
		return s.facts(), nil
	}
	data := strings.Join(a.Data, " ")
	if data != "" && !json.Valid([]byte(data)) {
		return nil, fault.New(fault.BadArgument, "%s is not JSON", talk.Quote([]byte(data), 40))
	}
	if !utf8.ValidString(a.Package) || strings.ContainsFunc(a.Package, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, fault.New(fault.BadArgument, "%q is not the name of a package", a.Package)
	}
	s.settle(ctx)
	s.mu.Lock()
	on := s.eng.him[optGMCP].on() || s.eng.us[optGMCP].on()
	if on {
		s.eng.saySub(optGMCP, []byte(strings.TrimSpace(a.Package+" "+data)))
	}
	s.mu.Unlock()
	if !on {
		return nil, s.at(fault.New(fault.Unsupported, "the server does not speak GMCP").WithHint("do gmcp asks it to"))
	}
	return s.flushed(ctx)
}

func (s *Session) facts() verb.Stream[Fact] {
	return func(yield func(Fact, error) bool) {
		for _, u := range s.subs {
			f := Fact{Time: u.Time, By: u.Option}
			switch u.Option {
			case "GMCP":
				name, data, _ := bytes.Cut(u.data, []byte(" "))
				f.Package, f.Data = string(name), asJSON(bytes.TrimSpace(data))
			case "MSSP", "MSDP":
				v, _ := table(u.data, 0)
				f.Data, _ = json.Marshal(v)
			default:
				continue
			}
			if !yield(f, nil) {
				return
			}
		}
	}
}

// asJSON is p if that is JSON, else a string of it.
func asJSON(p []byte) json.RawMessage {
	if len(p) == 0 {
		return nil
	}
	if json.Valid(p) {
		return p
	}
	q, _ := json.Marshal(strings.ToValidUTF8(string(p), "\uFFFD"))
	return q
}

// What structures MSDP; MSSP has the first two.
const (
	msVAR = iota + 1
	msVAL
	msTableOpen
	msTableClose
	msArrayOpen
	msArrayClose
)

const deepest = 16 // tables within tables

// table reads variables and their values up to the end of a table. A
// variable with several values is a list.
func table(p []byte, depth int) (m map[string]any, rest []byte) {
	m = map[string]any{}
	for len(p) > 0 && p[0] == msVAR {
		var name string
		name, p = token(p[1:])
		for len(p) > 0 && p[0] == msVAL {
			var v any
			v, p = value(p[1:], depth+1)
			switch old := m[name].(type) {
			case nil:
				m[name] = v
			case []any:
				m[name] = append(old, v)
			default:
				m[name] = []any{old, v}
			}
		}
	}
	return m, p
}

func value(p []byte, depth int) (v any, rest []byte) {
	switch {
	case depth > deepest || len(p) == 0:
		return "", nil
	case p[0] == msTableOpen:
		v, p = table(p[1:], depth)
		return v, bytes.TrimPrefix(p, []byte{msTableClose})
	case p[0] == msArrayOpen:
		list := []any{}
		p = p[1:]
		for len(p) > 0 && p[0] == msVAL {
			var one any
			one, p = value(p[1:], depth+1)
			list = append(list, one)
		}
		return list, bytes.TrimPrefix(p, []byte{msArrayClose})
	}
	return token(p)
}

// token is the text before the next mark.
func token(p []byte) (string, []byte) {
	i := bytes.IndexFunc(p, func(r rune) bool { return r >= msVAR && r <= msArrayClose })
	if i < 0 {
		i = len(p)
	}
	return strings.ToValidUTF8(string(p[:i]), "\uFFFD"), p[i:]
}
