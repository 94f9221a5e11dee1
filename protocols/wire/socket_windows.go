package wire

import (
	"context"

	"wireline/protocols/fault"
)

// A Socket is for systems where a socket is a file descriptor.
type Socket struct{}

func noSocket() error {
	return fault.New(fault.Unsupported, "sockets step by step are not built in on windows")
}

// Socket is for other systems.
func (d *Dialer) Socket(string) (*Socket, error) { return nil, noSocket() }

// Bind is for other systems, as are all of these.
func (s *Socket) Bind(string, string) error { return noSocket() }

// Listen is for other systems.
func (s *Socket) Listen(int) error { return noSocket() }

// Accept is for other systems.
func (s *Socket) Accept(context.Context) (*Conn, error) { return nil, noSocket() }

// Connect is for other systems.
func (s *Socket) Connect(context.Context, string, string) (*Conn, error) { return nil, noSocket() }

// SendTo is for other systems.
func (s *Socket) SendTo([]byte, string, string) (int, error) { return 0, noSocket() }

// Conn is nil.
func (s *Socket) Conn() *Conn { return nil }

// Packet is nil.
func (s *Socket) Packet() *PacketConn { return nil }

// Name is empty.
func (s *Socket) Name() string { return "" }

// State is empty.
func (s *Socket) State() string { return "" }

// FD is -1.
func (s *Socket) FD() int { return -1 }

// Close does nothing.
func (s *Socket) Close() error { return nil }
