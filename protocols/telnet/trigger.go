package telnet

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// OnArgs are those of on.
type OnArgs struct {
	Words []string `arg:"word..." help:"/regular expression/ or option NAME, then do, then what to do; off N ends one; with none they are listed" escapes:"yes" dash:"yes"`
	Once  bool     `flag:"once" help:"only the first time"`
}

// A Trigger does something by itself whenever the server says something.
type Trigger struct {
	ID    int    `json:"id"`
	On    string `json:"on"`
	Do    string `json:"do"`
	Count int    `json:"count"` // how often it did it
	Once  bool   `json:"once"`

	text     *regexp.Regexp // or nil
	cmd, opt byte           // cmd 0 is any of the four
	deed     func()         // called with the session's mu held; it must not wait
}

// Message tells of it in one line.
func (t *Trigger) Message() string {
	text := "[" + strconv.Itoa(t.ID) + "] on " + t.On + " do " + t.Do
	if t.Once {
		text += ", once"
	}
	return text
}

// On lists the triggers, or makes or ends one. They work whenever the session
// is read: by a verb, within interact, and else by the shell (Attends).
func (s *Session) On(_ context.Context, a OnArgs) (any, error) {
	w := a.Words
	switch {
	case len(w) == 0:
		return verb.Stream[Trigger](func(yield func(Trigger, error) bool) {
			for _, t := range s.triggers {
				if !yield(*t, nil) {
					return
				}
			}
		}), nil
	case w[0] == "off":
		return s.onOff(w[1:])
	}
	when, do := cutDo(w)
	if len(when) == 0 || len(do) == 0 {
		return nil, fault.New(fault.Usage, "what is to be done?").WithHint(`such as: on /continue\?/ do send "y\r\n"`)
	}
	t := &Trigger{ID: 1, On: strings.Join(when, " "), Do: described(do), Once: a.Once}
	var err error
	if when[0] == "option" {
		err = t.ofOption(when[1:])
	} else {
		t.text, err = textPattern(t.On)
	}
	if err != nil {
		return nil, err
	}
	if t.deed, err = s.deed(do); err != nil {
		return nil, err
	}
	for _, other := range s.triggers {
		t.ID = max(t.ID, other.ID+1)
	}
	if len(s.triggers) == 0 { // the line that waits for an answer may have come already
		s.heard = bytes.Clone(s.hearing.strip(s.Buf[bytes.LastIndexByte(s.Buf, '\n')+1:]))
	}
	s.triggers = append(s.triggers, t)
	s.fire(func(x *Trigger) bool { return x == t && s.matches(t) })
	return t, nil
}

// Attends reports whether there are triggers, which work also while other
// sessions are used.
func (s *Session) Attends() bool { return len(s.triggers) > 0 && s.End == nil }

func (s *Session) onOff(ids []string) (*Done, error) {
	if len(ids) == 0 {
		s.triggers = nil
		return &Done{"there are no triggers now"}, nil
	}
	for _, id := range ids {
		i := slices.IndexFunc(s.triggers, func(t *Trigger) bool { return strconv.Itoa(t.ID) == id })
		if i < 0 {
			return nil, fault.New(fault.Usage, "there is no trigger %s", id).WithHint("on lists them")
		}
		s.triggers = slices.Delete(s.triggers, i, i+1)
	}
	return &Done{"ended"}, nil
}

// cutDo divides words at the do that ends the condition: within a regular
// expression it may be a word of it.
func cutDo(words []string) (when, do []string) {
	for i, w := range words {
		if w != "do" {
			continue
		}
		if when := strings.Join(words[:i], " "); !strings.HasPrefix(when, "/") || len(when) > 1 && strings.HasSuffix(when, "/") {
			return words[:i], words[i+1:]
		}
	}
	return nil, nil
}

// described is what to do as it could be typed.
func described(do []string) string {
	out := slices.Clone(do)
	for i, w := range out {
		if q := strconv.Quote(w); q != `"`+w+`"` || w == "" || strings.Contains(w, " ") {
			out[i] = q
		}
	}
	return strings.Join(out, " ")
}

func textPattern(p string) (*regexp.Regexp, error) {
	if len(p) < 2 || p[0] != '/' || p[len(p)-1] != '/' {
		return regexp.MustCompile(regexp.QuoteMeta(p)), nil
	}
	re, err := regexp.Compile(p[1 : len(p)-1])
	switch {
	case err != nil:
		return nil, fault.New(fault.Usage, "%s is not a regular expression: %v", p, err)
	case re.MatchString(""):
		return nil, fault.New(fault.Usage, "%s matches nothing at all, and so everywhere", p)
	}
	return re, nil
}

func (t *Trigger) ofOption(words []string) error {
	if len(words) == 2 {
		c, ok := map[string]byte{"will": cmdWILL, "wont": cmdWONT, "do": cmdDO, "dont": cmdDONT}[strings.ToLower(words[0])]
		if !ok {
			return fault.New(fault.Usage, "%s is not will, wont, do or dont", words[0])
		}
		t.cmd, words = c, words[1:]
	}
	if len(words) != 1 {
		return fault.New(fault.Usage, "which option?").WithHint("such as: on option will echo do send-cmd ayt")
	}
	var err error
	t.opt, err = option(words[0])
	return err
}

// deed is what a trigger does, all of it known to be possible.
func (s *Session) deed(do []string) (func(), error) {
	words := do[1:]
	say := func(p []byte, cooked bool) func() {
		return func() {
			s.sent += int64(len(p))
			if !cooked {
				p := s.eng.encode(nil, p)
				s.out.add(p, true, told)
				return
			}
			s.out.add(p, true, told)
		}
	}
	switch do[0] {
	case "send", "raw":
		asHex := len(words) > 0 && words[0] == "--hex"
		if asHex {
			words = words[1:]
		}
		p, err := s.content(words, asHex, "")
		if err == nil && len(p) == 0 {
			err = fault.New(fault.Usage, "nothing to send")
		}
		return say(p, do[0] == "raw"), err
	case "send-cmd":
		var p []byte
		for _, w := range words {
			c, err := command(w)
			if err != nil {
				return nil, err
			}
			p = append(p, cmdIAC, c)
		}
		if len(p) == 0 {
			return nil, fault.New(fault.Usage, "which command?").WithHint("such as: send-cmd ayt")
		}
		return say(p, true), nil
	case "do", "dont", "will", "wont":
		if len(words) != 1 {
			return nil, fault.New(fault.Usage, "which option?").WithHint("such as: do naws")
		}
		opt, err := option(words[0])
		us, on := do[0][0] == 'w', do[0] == "do" || do[0] == "will"
		return func() {
			s.eng.choose(us, opt, on)
			s.eng.ask(us, opt, on)
			s.out.add(s.eng.out, true, told)
			s.eng.out = nil
		}, err
	}
	return nil, fault.New(fault.Usage, "a trigger cannot %s", do[0]).WithHint("send, send-cmd, raw, do, dont, will or wont")
}

// heardMost is how much of a line is looked at.
const heardMost = 4 << 10

// hear does what the triggers say about text that came. A line is looked at
// without the sequences that steer a terminal, and also before it has ended,
// since a question often ends none. Each stretch of it counts once.
func (s *Session) hear(data []byte) error {
	if len(s.triggers) == 0 {
		s.heard = nil
		return nil
	}
	for len(data) > 0 {
		line := data
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			line = data[:i+1]
		}
		data = data[len(line):]
		s.heard = append(s.heard, s.hearing.strip(line)...)
		for s.fire(s.matches) {
			if err := s.out.calm(); err != nil {
				return err
			}
		}
		if line[len(line)-1] == '\n' || len(s.heard) > heardMost {
			s.heard = s.heard[:0]
		}
	}
	return nil
}

// matches takes what t is about off the line, if it is there.
func (s *Session) matches(t *Trigger) bool {
	if t.text == nil {
		return false
	}
	at := t.text.FindIndex(s.heard)
	if at != nil {
		s.heard = s.heard[at[1]:]
	}
	return at != nil
}

// hearOption does what the triggers say about a command for an option.
func (s *Session) hearOption(cmd, opt byte) {
	s.fire(func(t *Trigger) bool { return t.text == nil && t.opt == opt && (t.cmd == 0 || t.cmd == cmd) })
}

// fire does what the triggers say that are meant, and reports whether there
// were any.
func (s *Session) fire(meant func(*Trigger) bool) (any bool) {
	for _, t := range slices.Clone(s.triggers) {
		if !meant(t) {
			continue
		}
		t.Count++
		any = true
		s.mu.Lock()
		t.deed()
		s.mu.Unlock()
		if t.Once {
			s.triggers = slices.DeleteFunc(s.triggers, func(x *Trigger) bool { return x == t })
		}
	}
	return any
}
