package wire

// bulkSize is what is read at once below TLS while much comes: many records,
// each of which would be a system call and a wait of its own.
const bulkSize = 512 << 10

// record is the most that one record of TLS takes on the wire.
const record = 16<<10 + 512

// gather has what comes be read in large pieces until done is called. What
// was read and not taken is given to later reads. Call it with rmu held.
func (s *sock) gather() (done func()) {
	g := &gatherer{room: make([]byte, bulkSize)}
	s.bulk = g
	return func() {
		s.bulk = nil
		g.end(s)
	}
}

// fill reads what has come into the room, and waits if that is nothing.
func (s *sock) fill() (err error) {
	n, err := s.bulk.read(s)
	if s.ahead = s.bulk.room[:n]; n == 0 && err != nil && !timedOut(err) {
		s.eof.Store(true)
	}
	return err
}

// take gives what was read ahead.
func (s *sock) take(p []byte) int {
	n := copy(p, s.ahead)
	s.ahead = s.ahead[n:]
	return n
}
