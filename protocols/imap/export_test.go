package imap

import "time"

// Renew sets how long an IDLE lasts before it is begun anew.
func (s *Session) Renew(d time.Duration) { s.renew = d }
