package repl

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/verb"
	"wireline/repl/render"
	"wireline/repl/syntax"
)

// An environment gives words their variables and runs their $(commands).
type environment struct {
	ctx   context.Context
	sh    *Shell
	alias aliasCall // whose words are $1, $2 …
}

func (e *environment) Var(name string) (string, bool) {
	if name == "?" {
		return strconv.Itoa(e.sh.exit), true
	}
	if n, err := strconv.Atoi(name); err == nil && n > 0 {
		if n > len(e.alias.args) {
			return "", true
		}
		return e.alias.args[n-1], true
	}
	if name == "*" {
		return strings.Join(e.alias.args, " "), true
	}
	if v, ok := e.sh.vars[name]; ok {
		return v, true
	}
	if path, ok := strings.CutPrefix(name, "last"); ok && (path == "" || path[0] == '.') {
		v, ok := e.sh.lastValue(strings.TrimPrefix(path, "."))
		return asText(v), ok
	}
	return "", false
}

// Near is the variable that an unknown name may be a slip of.
func (e *environment) Near(name string) string {
	return verb.Nearest(name, slices.Collect(maps.Keys(e.sh.vars)))
}

// Run gives what a script prints.
func (e *environment) Run(s *syntax.Script) (string, error) {
	var out bytes.Buffer
	io := e.sh.streams()
	io.out, io.terminal, io.alias = &out, false, e.alias
	err := e.sh.script(e.ctx, "", s, io)
	if err != nil {
		err = &reported{err}
	}
	return out.String(), err
}

// remember keeps what the last command gave, for assert and $last.
func (sh *Shell) remember(e *render.Envelope) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.last = e
}

// use notes the session that the last command used.
func (sh *Shell) use(s *session) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.used = s
}

// lastValue is a field of the last command's envelope: "code", "data.bytes",
// "tls.days_left". Elements of lists go by number from 0.
func (sh *Shell) lastValue(path string) (any, bool) {
	sh.mu.Lock()
	e := sh.last
	sh.mu.Unlock()
	return valueOf(e, path)
}

// valueOf is a field of an envelope.
func valueOf(e *render.Envelope, path string) (any, bool) {
	if e == nil {
		return nil, false
	}
	var b bytes.Buffer
	if e.Write(&b) != nil {
		return nil, false
	}
	var v any
	if json.Unmarshal(b.Bytes(), &v) != nil {
		return nil, false
	}
	if path == "" {
		return v, true
	}
	for _, name := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = x[name]; !ok {
				return nil, false
			}
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n < 0 || n >= len(x) {
				return nil, false
			}
			v = x[n]
		default:
			return nil, false
		}
	}
	return v, true
}

func asText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return fmt.Sprint(v)
	default:
		b, _ := json.Marshal(v)
		return string(b)
	}
}
