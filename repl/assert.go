package repl

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/repl/syntax"
)

type AssertArgs struct {
	Words []string `arg:"expression..." help:"FIELD, FIELD has WORD, or FIELD == != < <= > >= ~ VALUE" dash:"yes"`
}

// Assert checks the outcome of the last command: FIELD OP VALUE, where FIELD
// is a name in its JSON (code, text, exit, data.bytes, tls.days,
// time.connect, bytes.in), OP one of == != < <= > >= ~ and has; FIELD alone
// asks whether it is there and not false, not FIELD the opposite. exit and ok
// tell of the last command that was no assert. caps asks the session.
func (sh *Shell) Assert(ctx context.Context, a AssertArgs) (any, error) {
	yes, actual, err := sh.holds(ctx, a.Words)
	if err != nil {
		return nil, err
	}
	if !yes {
		w := slices.Clone(a.Words)
		field := w[0]
		if field == "not" {
			field = w[1]
		}
		if strings.HasPrefix(field, isValue) {
			return nil, fault.New(fault.Assert, "%s does not hold", strings.ReplaceAll(strings.Join(w, " "), isValue, ""))
		}
		return nil, fault.New(fault.Assert, "%s does not hold: %s is %s", strings.Join(w, " "), field, quoteIfText(actual))
	}
	return nil, nil
}

// isValue marks the first word of an expression that is no field but a value:
// one that was quoted, or came from a variable or a command.
const isValue = "\x00"

// markValue puts isValue in front of the word that would be a field.
func markValue(ws []syntax.Word, words []string) {
	i := 0
	if len(ws) > 0 && ws[0].Text == "not" {
		i = 1
	}
	if i >= len(ws) || len(words) < len(ws) || ws[i].Text == "$?" {
		return
	}
	if _, plain := ws[i].Literal(); !plain || ws[i].Quote != 0 {
		words[i] = isValue + words[i]
	}
}

// valueHolds is an expression about a value: it alone, or OP and another.
func valueHolds(value string, w []string) (bool, error) {
	if len(w) == 0 {
		return value != "" && value != "false" && value != "0", nil
	}
	if len(w) == 1 {
		return false, fault.New(fault.Usage, "%s: missing value", w[0])
	}
	return compare(value, w[0], strings.Join(w[1:], " "))
}

// holds reports whether an expression of assert holds, and the value of its
// field.
func (sh *Shell) holds(ctx context.Context, w []string) (yes bool, actual string, err error) {
	want := true
	if len(w) > 0 && w[0] == "not" {
		want, w = false, w[1:]
	}
	if len(w) > 0 && strings.HasPrefix(w[0], isValue) {
		yes, err := valueHolds(w[0][len(isValue):], w[1:])
		return yes == want, w[0][len(isValue):], err
	}
	var held bool
	switch len(w) {
	case 0:
		return false, "", fault.New(fault.Usage, "missing expression").WithHint("such as: assert code == 250")
	case 1:
		v, ok := sh.field(ctx, w[0])
		actual = asText(v)
		held = ok && actual != "" && actual != "false" && actual != "0"
	case 2:
		return false, "", fault.New(fault.Usage, "%s %s: missing value", w[0], w[1])
	default:
		v, ok := sh.field(ctx, w[0])
		if !ok {
			return false, "", &fault.Error{Kind: fault.Assert, Text: "the last command has no " + w[0], Hint: "$last shows what it has: echo $last"}
		}
		actual = asText(v)
		if held, err = compare(v, w[1], strings.Join(w[2:], " ")); err != nil {
			return false, "", err
		}
	}
	return held == want, actual, nil
}

func quoteIfText(s string) string {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return s
	}
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	return strconv.Quote(s)
}

// field is a value of the last command, with the short names that assert has.
func (sh *Shell) field(ctx context.Context, name string) (any, bool) {
	switch {
	case name == "$?" || name == "exit":
		return float64(sh.exit), true
	case name == "time":
		name = "timing.total"
	case strings.HasPrefix(name, "time."):
		name = "timing." + name[len("time."):]
	case name == "caps":
		return sh.capsOf(ctx)
	}
	if v, ok := sh.lastValue(name); ok {
		return v, true
	}
	if v, ok := sh.lastValue("data." + name); ok {
		return v, true
	}
	if v, ok := sh.witnessed(name); ok {
		return v, true
	}
	return sh.stateOf(name)
}

// witnessed is what the session that the last command used knows.
func (sh *Shell) witnessed(name string) (any, bool) {
	sh.mu.Lock()
	s := sh.used
	sh.mu.Unlock()
	if s == nil {
		return nil, false
	}
	if w, ok := s.Session.(protocols.Witness); ok && s.using.TryLock() { // a job may have it
		defer s.using.Unlock()
		return w.Witness(name)
	}
	return nil, false
}

// capsOf is what the current session's caps shows.
func (sh *Shell) capsOf(ctx context.Context) (any, bool) {
	var out strings.Builder
	s := sh.streams()
	s.out, s.err, s.terminal = &out, io.Discard, false
	kept := sh.last
	err := sh.words(ctx, "", []string{"caps"}, false, s)
	sh.remember(kept)
	return out.String(), err == nil
}

// stateOf is what is true of the current session, whatever was said last:
// tls.days, peer, local.
func (sh *Shell) stateOf(name string) (any, bool) {
	s := sh.here()
	if s == nil {
		return nil, false
	}
	r := &run{sh: sh, call: &call{}, sess: s, start: sh.now()}
	return valueOf(r.envelope(nil), name)
}

// compare holds v against the text of a value: as numbers or time spans when
// both are, else as text.
func compare(v any, op, want string) (bool, error) {
	got := asText(v)
	switch op {
	case "has":
		if list, ok := v.([]any); ok {
			for _, x := range list {
				if strings.EqualFold(asText(x), want) {
					return true, nil
				}
			}
			return false, nil
		}
		return strings.Contains(strings.ToLower(got), strings.ToLower(want)), nil
	case "~":
		if !strings.HasPrefix(want, "/") {
			want = "/" + want + "/"
		}
		re, err := pattern(want)
		if err != nil {
			return false, err
		}
		return re.MatchString(got), nil
	}
	order := strings.Compare(got, want)
	if a, ok := number(got); ok {
		if b, ok := number(want); ok {
			order = 0
			if a < b {
				order = -1
			} else if a > b {
				order = 1
			}
		}
	}
	switch op {
	case "==", "=":
		return order == 0, nil
	case "!=":
		return order != 0, nil
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	case ">=":
		return order >= 0, nil
	}
	return false, fault.New(fault.Usage, "no operator %q", op).WithHint("has, ~, ==, !=, <, <=, > and >= are")
}

// number reads 250, 0.25 and, in seconds, 250ms.
func number(s string) (float64, bool) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return f, true
	}
	if !strings.ContainsAny(s, "smhµ") {
		return 0, false
	}
	d, err := verb.Seconds(s)
	return d.Seconds(), err == nil
}
