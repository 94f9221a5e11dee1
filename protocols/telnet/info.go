package telnet

import "wireline/protocols/wire"

// Info is the state of a session.
type Info struct {
	wire.Info
	Mode       string `json:"mode"` // char or line, as interact would be
	Echo       string `json:"echo"` // server or local
	Encoding   string `json:"encoding"`
	Terminal   string `json:"terminal"`
	Columns    int    `json:"columns"`
	Rows       int    `json:"rows"`
	Waiting    int    `json:"waiting"` // bytes that came and were not taken
	Compressed int64  `json:"compressed,omitempty"`
	Saved      int64  `json:"saved,omitempty"` // bytes that compression spared
	Log        string `json:"log,omitempty"`
}

// Info tells of the connection and of the terminal that the server sees.
func (s *Session) Info() any {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := &Info{Info: s.conn.Info(), Mode: "line", Echo: "local", Encoding: s.encodingName(),
		Terminal: s.eng.term, Columns: s.eng.cols, Rows: s.eng.rows, Waiting: len(s.Buf)}
	char, echo := s.eng.mode()
	if char {
		i.Mode = "char"
	}
	if !echo {
		i.Echo = "server"
	}
	if s.zip != nil {
		i.Compressed, i.Saved = s.zip.in, s.zip.out-s.zip.in
	}
	i.Saved += s.out.spared()
	if s.log != nil {
		i.Log = s.log.name
	}
	return i
}

// mode reports how a terminal is to behave: whether each key is sent at once,
// and whether we echo what is typed. RFC 858 has the server echo and suppress
// go-ahead for the former.
func (e *engine) mode() (char, echo bool) {
	echo = !e.him[optEcho].on()
	return !echo && e.him[optSGA].on(), echo
}
