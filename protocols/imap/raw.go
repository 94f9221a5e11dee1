package imap

import (
	"bytes"
	"context"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
)

// RawArgs are the arguments of raw.
type RawArgs struct {
	Command []string `arg:"command..." help:"command without its tag" escapes:"yes" dash:"yes"`
}

// Raw is an answer as it came.
type Raw struct {
	Code      string   `json:"code"` // OK, NO or BAD
	Text      string   `json:"text"`
	Responses []string `json:"responses"` // those before, with their literals
	raw       []byte
}

// Raw gives the bytes.
func (r Raw) Raw() []byte { return r.raw }

// Raw sends a command as it is typed and shows all of the answer. A tag is put
// before it.
func (s *Session) Raw(ctx context.Context, a RawArgs) (Raw, error) {
	text := strings.Join(a.Command, " ")
	if err := protocols.OneLine("command", text); err != nil {
		return Raw{}, err
	}
	name, _, _ := strings.Cut(strings.ToUpper(text), " ")
	switch name {
	case "":
		return Raw{}, fault.New(fault.Usage, "no command")
	case "STARTTLS", "IDLE", "AUTHENTICATE", "COMPRESS", "LOGOUT", "LOGIN":
		return Raw{}, fault.New(fault.Unsupported, "%s changes how the connection works", name).WithHint("%s", map[string]string{
			"STARTTLS": "connect --tls require", "IDLE": "watch", "AUTHENTICATE": "login --mech", "LOGIN": "login --mech LOGIN-CMD", "COMPRESS": "compress", "LOGOUT": "close"}[name])
	}
	c := &command{name: name, plus: s.caps.literal(), utf8: s.utf8, parts: []part{{}}, glue: true}
	rawParts(c, text)
	if selects := name == "SELECT" || name == "EXAMINE"; selects {
		s.selecting = &selected{name: strings.Trim(strings.TrimSpace(text[len(name):]), `"`), readOnly: name == "EXAMINE", sticky: true, unseen: -1}
	}
	var r Raw
	st, err := s.l.run(ctx, c.end(), s.l.bounded(func(p []byte) error {
		r.raw = append(append(r.raw, p...), "\r\n"...)
		r.Responses = append(r.Responses, strings.ToValidUTF8(string(bytes.Clone(p)), "�"))
		return nil
	}))
	s.rawDone(name, err)
	if err != nil && !refused(err) {
		return Raw{}, err
	}
	r.Code, r.Text = st.kind, st.text
	r.raw = append(r.raw, strings.TrimSpace(st.kind+" "+bracketed(st)+st.text)+"\r\n"...)
	if r.Responses == nil {
		r.Responses = []string{}
	}
	return r, nil
}

func bracketed(st status) string {
	if st.code == "" {
		return ""
	}
	return "[" + strings.TrimSpace(st.code+" "+st.args) + "] "
}

// rawDone keeps up with what a raw command may have changed.
func (s *Session) rawDone(name string, err error) {
	now := s.selecting
	s.selecting = nil
	switch {
	case now != nil && err == nil:
		s.box, s.found, s.foundIn = now, nil, ""
	case err == nil && (name == "CLOSE" || name == "UNSELECT"), now != nil && refused(err):
		s.box = nil
	}
	s.cache.forget()
}

// rawParts cuts a command at strings in quotes that cannot stand in quotes,
// which go as literals.
func rawParts(c *command, text string) {
	for text != "" {
		i := strings.IndexByte(text, '"')
		if i < 0 {
			c.add(text)
			return
		}
		if i > 0 {
			c.add(text[:i])
			c.glue = true
		}
		cur := cursor{p: []byte(text[i:])}
		in := cur.quoted()
		if cur.bad {
			c.add(text[i:])
			return
		}
		if wide(string(in)) && !c.utf8 {
			c.literal(in)
		} else {
			c.add(quote(string(in)))
		}
		c.glue = true
		text = string(cur.p)
	}
}
