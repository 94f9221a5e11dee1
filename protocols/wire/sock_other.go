//go:build !linux

package wire

type stream struct{}

func (s *sock) read(p []byte) (int, error) {
	s.wait(&s.r)
	return s.Conn.Read(p)
}
