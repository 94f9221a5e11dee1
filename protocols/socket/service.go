package socket

import (
	"bytes"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/wire"
)

// ServeArgs say what a listener does by itself.
type ServeArgs struct {
	Echo    bool    `flag:"echo" help:"send back what comes (RFC 862)"`
	Discard bool    `flag:"discard" help:"throw away what comes (RFC 863)"`
	Chargen bool    `flag:"chargen" help:"send characters without end (RFC 864)"`
	Reply   *string `flag:"reply" help:"send this text to each client" escapes:"yes"`
}

// A service is what a server does with its clients.
type service struct {
	name   string
	talk   func(*wire.Conn) error    // with one that connected
	answer func(p []byte) (q []byte) // to a datagram; nil: none
}

// service is what a asks for, or nil.
func (a ServeArgs) service(closing bool) (*service, error) {
	var all []*service
	if a.Echo {
		all = append(all, &service{"echo", echo, func(p []byte) []byte { return p }})
	}
	if a.Discard {
		all = append(all, &service{"discard", discard, func([]byte) []byte { return nil }})
	}
	if a.Chargen {
		all = append(all, &service{"chargen", chargen, func([]byte) []byte { return characters(0) }})
	}
	if a.Reply != nil {
		all = append(all, &service{"reply", reply([]byte(*a.Reply), closing), func([]byte) []byte { return []byte(*a.Reply) }})
	} else if closing {
		return nil, fault.New(fault.Usage, "--close closes after the --reply; there is none")
	}
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return all[0], nil
	}
	return nil, fault.New(fault.Usage, "--%s and --%s: a listener does one thing", all[0].name, all[1].name)
}

func echo(c *wire.Conn) error {
	_, err := c.WriteTo(c)
	return err
}

func discard(c *wire.Conn) error {
	_, err := c.WriteTo(io.Discard)
	return err
}

func reply(text []byte, closing bool) func(*wire.Conn) error {
	return func(c *wire.Conn) error {
		if _, err := c.Write(text); err != nil || closing {
			return err
		}
		return discard(c)
	}
}

// chargen sends until the peer has gone.
func chargen(c *wire.Conn) error {
	for i := 0; ; i = (i + 32) % printable {
		var b bytes.Buffer
		for j := range 32 {
			b.Write(characters(i + j))
		}
		if _, err := c.Write(b.Bytes()); err != nil {
			return err
		}
	}
}

// printable is how many ASCII characters can be seen, the blank included.
const printable = '~' - ' ' + 1

// characters is line i of the pattern of RFC 864: 72 characters, of which
// the first moves on by one from line to line.
func characters(i int) []byte {
	p := make([]byte, 0, 74)
	for j := range 72 {
		p = append(p, byte(' '+(i+j)%printable))
	}
	return append(p, '\r', '\n')
}
