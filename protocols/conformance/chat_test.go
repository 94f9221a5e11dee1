package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// chat is a protocol in the manner of POP3: the server greets, the client
// logs in, a reply is one line or ends with a dot. fault names the one thing
// that is wrong with it; "" is nothing.
func chat(wrong string) protocols.Protocol {
	p := protocols.Protocol{
		Name:    "chat",
		Short:   "talk about the weather",
		Schemes: []wire.Scheme{{Name: "chat", Port: "1110"}},
		Open: []verb.Verb{{Name: "connect", Short: "greet and log in",
			Example: []string{"connect chat localhost"}, Run: verb.Call(opener(wrong))}},
		Verbs: []verb.Verb{
			{Name: "say", Short: "say a line", Example: []string{`say "nice weather"`}, Run: verb.Call((*chatter).Say)},
			{Name: "list", Short: "list what was said", Example: []string{"list"}, Run: verb.Call((*chatter).List)},
			{Name: "text", Short: "print what was said", Example: []string{"text > file"}, Run: verb.Call((*chatter).Text)},
		},
	}
	switch wrong {
	case "no example":
		p.Verbs[0].Example = nil
	case "example does not parse":
		p.Verbs[0].Example = []string{"say --loud hello"}
	case "capital":
		p.Verbs[0].Short = "Say a line."
	case "shell word":
		p.Verbs[0].Name, p.Verbs[0].Example = "jobs", []string{"jobs hello"}
	case "twice":
		p.Verbs[0].Aliases = []string{"list"}
	case "no help":
		p.Verbs[0].Run = verb.Call(func(*chatter, context.Context, struct {
			Text string `arg:"text"`
		}) (spoken, error) {
			return spoken{}, nil
		})
	case "lossy result":
		p.Verbs[0].Run = verb.Call(func(*chatter, context.Context, sayArgs) (lossy, error) { return lossy{}, nil })
	}
	return p
}

type spoken struct {
	Text string `json:"text"`
}

type lossy struct{ N int }

func (lossy) MarshalJSON() ([]byte, error) { return json.Marshal("n") }

func (l *lossy) UnmarshalText([]byte) error { return errors.New("cannot") }

type chatter struct {
	wrong string
	conn  net.Conn
	in    *bufio.Reader
	at    string
	note  func(wire.Event)
}

func opener(wrong string) func(protocols.Peer, context.Context, struct{}) (protocols.Session, error) {
	return func(p protocols.Peer, ctx context.Context, _ struct{}) (protocols.Session, error) {
		s := &chatter{wrong: wrong, at: p.Target.String(), note: p.Dialer.Trace}
		if err := s.connect(ctx, p); err != nil {
			return nil, err
		}
		user, password, err := p.Keys(ctx, p.Target, "")
		if err == nil && wrong != "injection by keys" {
			err = protocols.OneLine("password", password)
		}
		if err == nil {
			_, err = s.ask("USER " + user)
		}
		if err == nil {
			_, err = s.ask("PASS " + password)
		}
		if wrong == "password in trace" {
			s.note(wire.Event{What: "note", Note: "logged in with " + password})
		}
		if err != nil {
			s.conn.Close()
			return nil, err
		}
		return s, nil
	}
}

func (s *chatter) connect(ctx context.Context, p protocols.Peer) error {
	if s.wrong == "own dialing" {
		// What no adapter may do: the wire knows nothing of this connection.
		c, err := net.DialTimeout("tcp", p.Target.Address(), time.Second)
		if err != nil {
			return err
		}
		s.conn = c
	} else {
		c, err := p.Dial(ctx, p.Target)
		if err != nil {
			return err
		}
		c.SetLine(s.wrong != "no limit")
		s.conn = c
	}
	if s.wrong == "goroutine" {
		go func() { time.Sleep(10 * time.Second) }()
	}
	s.in = bufio.NewReader(s.conn)
	_, err := s.reply()
	return err
}

func (s *chatter) fail(k *fault.Kind, text string, err error) error {
	if s.wrong == "plain error" {
		return errors.New(text)
	}
	return &fault.Error{At: s.at, Phase: "command", Kind: k, Text: text, Err: err}
}

// line reads one line, which must be whole.
func (s *chatter) line() (string, error) {
	line, err := "", error(nil)
	if s.wrong == "one read" {
		room := make([]byte, 1000)
		n := 0
		n, err = s.conn.Read(room)
		line = string(room[:n])
	} else {
		line, err = s.in.ReadString('\n')
	}
	switch {
	case s.wrong == "cut line" && line != "" && err != nil:
	case s.wrong == "panic" && err == io.EOF:
		panic("nobody is there")
	case err == io.EOF:
		return "", s.fail(fault.Partial, "the server hung up within a reply", err)
	case err != nil && fault.Of(err) == fault.Internal:
		return "", s.fail(fault.Recv, "no reply came", err)
	case err != nil:
		return "", s.fail(fault.Of(err), "no reply: "+err.Error(), err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

func (s *chatter) reply() (string, error) {
	if c, ok := s.conn.(*wire.Conn); ok && s.wrong != "no limit" {
		defer c.Reply()()
	}
	line, err := s.line()
	if err != nil {
		return "", err
	}
	text, ok := strings.CutPrefix(line, "+OK")
	switch {
	case s.wrong == "cut line":
		return text, nil
	case strings.HasPrefix(line, "-ERR"):
		return "", &fault.Error{At: s.at, Code: "-ERR", Text: strings.TrimSpace(line[4:]), Kind: fault.Refused}
	case !ok:
		return "", s.fail(fault.Protocol, "the reply is neither +OK nor -ERR", nil)
	}
	return strings.TrimSpace(text), nil
}

func (s *chatter) ask(line string) (string, error) {
	if _, err := fmt.Fprintf(s.conn, "%s\r\n", line); err != nil && s.wrong == "deaf" {
		return "", nil
	} else if err != nil {
		return "", s.fail(fault.Of(err), "not sent: "+err.Error(), err)
	}
	return s.reply()
}

type sayArgs struct {
	Text string `arg:"text" help:"what to say"`
}

func (s *chatter) Say(_ context.Context, a sayArgs) (spoken, error) {
	switch s.wrong {
	case "argument in trace":
		s.note(wire.Event{What: "note", Note: "will say " + a.Text})
	case "one word too many":
		io.WriteString(s.conn, "NOOP\r\n")
	}
	if s.wrong == "wrong kind" && strings.ContainsAny(a.Text, "\r\n\x00") {
		return spoken{}, &fault.Error{At: s.at, Kind: fault.Protocol, Text: "no"}
	}
	if err := protocols.OneLine("text", a.Text); err != nil && s.wrong != "injection" {
		return spoken{}, err
	}
	text, err := s.ask("SAY " + a.Text)
	return spoken{text}, err
}

func (s *chatter) List(_ context.Context, _ struct{}) (verb.Stream[spoken], error) {
	if _, err := s.ask("LIST"); err != nil {
		return nil, err
	}
	return func(yield func(spoken, error) bool) {
		for {
			line, err := s.line()
			if s.wrong == "cut list" && err != nil || line == "." {
				return
			}
			if !yield(spoken{line}, err) || err != nil {
				return
			}
		}
	}, nil
}

func (s *chatter) Text(ctx context.Context, _ struct{}) (*verb.Blob, error) {
	rows, err := s.List(ctx, struct{}{})
	if err != nil {
		return nil, err
	}
	r, w := io.Pipe()
	go func() {
		for row, err := range rows {
			if err != nil {
				w.CloseWithError(err)
				return
			}
			fmt.Fprintln(w, row.Text)
		}
		w.Close()
	}()
	return &verb.Blob{Size: -1, ReadCloser: r}, nil
}

func (s *chatter) Where() string { return "" }

func (s *chatter) Close() error {
	s.ask("QUIT")
	return s.conn.Close()
}
