package telnet

// A side is one party's half of an option, by the Q method of RFC 1143.
type side struct {
	is  is
	opp bool // the opposite was wanted meanwhile
}

type is byte

const (
	no is = iota
	yes
	wantNo  // we asked for no and wait
	wantYes // we asked for yes and wait
)

func (s side) on() bool      { return s.is == yes }
func (s side) pending() bool { return s.is == wantNo || s.is == wantYes }

func (s side) String() string {
	switch s.is {
	case yes:
		return "on"
	case wantYes:
		return "asked"
	case wantNo:
		return "ending"
	}
	return "off"
}

// negotiate takes WILL, WONT, DO or DONT. A request is answered once; what is
// in force already is not acknowledged again, so that no loop can begin.
func (e *engine) negotiate(cmd, opt byte) {
	e.seen[opt] = true
	if opt == optTM {
		// RFC 860: a mark in the stream, not a state; WONT marks as well as
		// WILL. The telnetd of BSD takes WILL for the wish to have lines
		// edited here, and then no key reaches a program at once.
		switch cmd {
		case cmdDO:
			e.sayOption(cmdWONT, opt)
		case cmdWILL, cmdWONT:
			e.him[opt] = side{}
		}
		return
	}
	us := cmd == cmdDO || cmd == cmdDONT
	s, agreed := &e.him[opt], e.agreeHim(opt)
	if us {
		s, agreed = &e.us[opt], e.agreeUs(opt)
	}
	was := s.on()
	asked := s.is == wantYes
	if answer, ok := s.hear(cmd == cmdDO || cmd == cmdWILL, agreed); ok {
		e.sayOption(asks(us, answer), opt)
	}
	if s.on() != was {
		e.event(modeChanged, opt)
		e.changed(us, opt, s.on())
	}
	if us && opt == optStartTLS && asked && s.is == no {
		e.event(tlsRefused, opt)
	}
}

// hear is the receiving half of RFC 1143, section 7: positive is WILL or DO.
// It returns what to answer, if anything.
func (s *side) hear(positive, agreed bool) (answer, ok bool) {
	switch {
	case s.is == no && positive:
		if agreed {
			s.is = yes
		}
		return agreed, true
	case s.is == yes && !positive:
		s.is = no
		return false, true
	case s.is == wantNo && !s.opp:
		s.is = no
	case s.is == wantNo:
		s.is, s.opp = yes, false
		if !positive {
			s.is = wantYes
			return true, true
		}
	case s.is == wantYes && !positive:
		s.is, s.opp = no, false
	case s.is == wantYes && s.opp:
		s.is, s.opp = wantNo, false
		return false, true
	case s.is == wantYes:
		s.is = yes
	}
	return false, false
}

// want is the asking half: it returns whether something is to be said.
func (s *side) want(on bool) bool {
	switch {
	case on && s.is == no:
		s.is = wantYes
		return true
	case !on && s.is == yes:
		s.is = wantNo
		return true
	case s.is == wantNo:
		s.opp = on
	case s.is == wantYes:
		s.opp = !on
	}
	return false
}

// ask wants an option on or off: of us, or of the server.
func (e *engine) ask(us bool, opt byte, on bool) {
	e.seen[opt] = true
	if opt == optTM {
		e.him[opt].is = wantYes
		e.sayOption(asks(us, on), opt)
		return
	}
	s := &e.him[opt]
	if us {
		s = &e.us[opt]
	}
	if was := s.on(); s.want(on) {
		e.sayOption(asks(us, on), opt)
		if was {
			e.event(modeChanged, opt)
		}
	}
}

// asks is the command that wants an option on or off; answers are the same
// four commands.
func asks(us, on bool) byte {
	switch {
	case us && on:
		return cmdWILL
	case us:
		return cmdWONT
	case on:
		return cmdDO
	}
	return cmdDONT
}

func (e *engine) sayOption(cmd, opt byte) {
	e.seen[opt] = true
	e.out = append(e.out, cmdIAC, cmd, opt)
	e.note(true, cmd, opt, nil)
}

// pending reports whether an answer is awaited.
func (e *engine) pending() bool {
	for i := range e.us {
		if e.us[i].pending() || e.him[i].pending() {
			return true
		}
	}
	return false
}

// begin asks for what a terminal wants of any server.
func (e *engine) begin() {
	e.ask(false, optSGA, true)
	e.ask(true, optTTYPE, true)
	e.ask(true, optNAWS, true)
	if len(e.env) > 0 {
		e.ask(true, optEnviron, true)
	}
	if e.speed != "" {
		e.ask(true, optTSPEED, true)
	}
	if e.binary {
		e.ask(true, optBinary, true)
		e.ask(false, optBinary, true)
	}
	if e.compress {
		e.ask(false, optMCCP2, true)
	}
}
