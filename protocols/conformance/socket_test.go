package conformance

import (
	"context"
	"errors"
	"io"
	"testing"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// bare is a protocol without any: no greeting, no replies, on any network.
func bare(s wire.Scheme) protocols.Protocol {
	target := "localhost 7"
	if s.Network == "unix" {
		target = "/run/s"
	}
	return protocols.Protocol{
		Name:    s.Name,
		Short:   "bytes to and fro",
		Schemes: []wire.Scheme{s},
		Open: []verb.Verb{{Name: "connect", Short: "make a connection",
			Example: []string{"connect " + s.Name + " " + target}, Run: verb.Call(dial)}},
		Verbs: []verb.Verb{
			{Name: "send", Short: "send text", Example: []string{`send "HELLO\r\n" # and more`}, Run: verb.Call((*pipe).Send)},
			{Name: "recv", Short: "print what comes", Example: []string{"send hi ; recv"}, Run: verb.Call((*pipe).Recv)},
		},
	}
}

type pipe struct {
	*wire.Conn
	at string
}

func dial(p protocols.Peer, ctx context.Context, _ struct{}) (protocols.Session, error) {
	c, err := p.Dial(ctx, p.Target)
	if err != nil {
		return nil, err
	}
	return &pipe{c, p.Target.String()}, nil
}

type sendArgs struct {
	Text []string `arg:"text..." help:"what to send"`
}

type sent struct {
	Bytes int `json:"bytes"`
}

func (sent) Message() string { return "sent" }

func (s *pipe) Send(_ context.Context, a sendArgs) (sent, error) {
	n := 0
	for _, text := range a.Text {
		m, err := io.WriteString(s.Conn, text)
		n += m
		if err != nil {
			return sent{n}, err
		}
	}
	return sent{n}, nil
}

func (s *pipe) Recv(context.Context, struct{}) (string, error) {
	buf := make([]byte, 4096)
	n, err := s.Read(buf)
	if errors.Is(err, io.EOF) {
		err = &fault.Error{At: s.at, Kind: fault.Recv, Text: "the other side has closed", Err: err}
	}
	return string(buf[:n]), err
}

func (s *pipe) Where() string { return "" }

// Sessions without a greeting, and those of packets, pass as well. (RAW-01)
func TestBare(t *testing.T) {
	for _, s := range []wire.Scheme{
		{Name: "tcp"},
		{Name: "udp", Network: "udp"},
		{Name: "unix", Network: "unix"},
		{Name: "tls", Security: wire.TLS},
	} {
		t.Run(s.Name, func(t *testing.T) {
			Test(t, bare(s), "testdata/bare", Raw("send"), Unframed(), Patient())
		})
	}
}
