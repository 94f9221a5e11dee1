//go:build !linux

package wire

type stream struct{}

func (s *sock) read(p []byte) (int, error) { return s.Conn.Read(p) }
