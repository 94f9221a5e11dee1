//go:build !linux

package wire

// A gatherer reads in large pieces.
type gatherer struct{ room []byte }

func (g *gatherer) read(s *sock) (int, error) {
	s.wait(&s.r)
	return s.Conn.Read(g.room)
}

func (g *gatherer) end(*sock) {}
