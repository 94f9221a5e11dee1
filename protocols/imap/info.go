package imap

import "wireline/protocols/wire"

// Info is the state of a session.
type Info struct {
	User         string     `json:"user,omitempty"`
	Mailbox      *At        `json:"mailbox,omitempty"`
	Greeting     string     `json:"greeting,omitempty"`
	Capabilities []string   `json:"capabilities"`
	Delimiter    string     `json:"delimiter,omitempty"`
	Found        string     `json:"found,omitempty"` // what $ means
	Compressed   bool       `json:"compressed"`
	Connection   *wire.Info `json:"connection,omitempty"`
}

// Info tells of the session.
func (s *Session) Info() any {
	i := Info{User: s.user, Greeting: s.greeting.text, Capabilities: append([]string{}, s.caps...), Delimiter: s.delim, Found: s.found.String(), Compressed: s.l.squeezed}
	if s.box != nil {
		a := s.at()
		i.Mailbox = &a
	}
	c := s.l.conn.Info()
	i.Connection = &c
	return i
}
