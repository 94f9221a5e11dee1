package socket

import (
	"context"

	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// SockoptArgs are those of sockopt.
type SockoptArgs struct {
	Name  string  `arg:"name?" help:"such as SO_RCVBUF, TCP_NODELAY or IP_TTL; without, all of them"`
	Value *string `arg:"value?" help:"set it to this"`
}

// An Option is a socket option and its value.
type Option struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// optioner is what has socket options.
type optioner interface {
	Option(name string) (string, error)
	SetOption(name, value string) error
}

// sockopt sets or reads an option, or lists those that the socket has.
func sockopt(o optioner, a SockoptArgs) (any, error) {
	if a.Name == "" {
		return options(o), nil
	}
	if a.Value != nil {
		if err := o.SetOption(a.Name, *a.Value); err != nil {
			return nil, err
		}
	}
	v, err := o.Option(a.Name)
	if err != nil {
		return nil, err
	}
	return Option{a.Name, v}, nil
}

func options(o optioner) verb.Stream[Option] {
	return func(yield func(Option, error) bool) {
		for _, n := range wire.OptionNames() {
			if v, err := o.Option(n); err == nil && !yield(Option{n, v}, nil) {
				return
			}
		}
	}
}

// Sockopt reads or sets a socket option.
func (s *Stream) Sockopt(_ context.Context, a SockoptArgs) (any, error) { return sockopt(s.conn, a) }

// ShutdownArgs are those of shutdown.
type ShutdownArgs struct {
	How string `arg:"how" enum:"read,write,both" help:"which direction ends" complete:"read|write|both"`
}

// Shutdown ends one direction or both; the other stays usable.
func (s *Stream) Shutdown(_ context.Context, a ShutdownArgs) (*Done, error) {
	return shutdown(s.conn, a.How)
}

func shutdown(c *wire.Conn, how string) (*Done, error) {
	if how != "write" {
		if err := c.CloseRead(); err != nil {
			return nil, err
		}
	}
	if how != "read" {
		if err := c.CloseWrite(); err != nil {
			return nil, err
		}
	}
	d := map[string]*Done{
		"read":  {Text: "nothing more will be received", call: "shutdown(%d, SHUT_RD)"},
		"write": {Text: "nothing more will be sent; the peer reads to the end", call: "shutdown(%d, SHUT_WR)"},
		"both":  {Text: "nothing more will be sent or received", call: "shutdown(%d, SHUT_RDWR)"},
	}[how]
	return d, nil
}

// An Info is what info shows of a connection.
type Info struct {
	wire.Info
	Waiting int        `json:"waiting"` // bytes that came and were not taken
	Ended   bool       `json:"ended"`   // the peer sends nothing more
	Tries   []wire.Try `json:"tries,omitempty"`
}

// Info is the state of the connection.
func (s *Stream) Info() any {
	return Info{s.conn.Info(), len(s.Buf), s.End != nil, s.conn.Dialer().Tries()}
}
