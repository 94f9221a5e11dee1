package ftp

import (
	"context"
	"time"

	"wireline/protocols/files"
	"wireline/protocols/verb"
)

// A zone is the time in which a server makes its listings by LIST, which do
// not tell it. MDTM is in UTC (RFC 3659, section 2.3): what it says of one
// file is by how much LIST is ahead.
type zone struct {
	known bool
	tries int
	ahead time.Duration
}

const (
	zoneTries = 3      // how many listings are used to find out
	zoneHeld  = 10_000 // entries that are held back for it
)

// zoned are the entries of a LIST with their times in UTC, as far as the
// server tells enough.
func (s *Session) zoned(ctx context.Context, dir string, list verb.Stream[files.Entry]) verb.Stream[files.Entry] {
	if _, ok := s.caps.has("MDTM"); !ok {
		return list
	}
	return func(yield func(files.Entry, error) bool) {
		var held []files.Entry
		give := func() bool {
			for _, e := range held {
				if !yield(s.zone.utc(e), nil) {
					return false
				}
			}
			held = nil
			return true
		}
		waits := !s.zone.known && s.zone.tries < zoneTries
		var end error
		for e, err := range list {
			switch {
			case err != nil:
				end = err
			case waits:
				held = append(held, e)
				if waits = len(held) < zoneHeld; !waits && !give() {
					return
				}
				continue
			case !yield(s.zone.utc(e), nil):
				return
			}
		}
		if waits && len(held) > 0 {
			s.learnZone(ctx, dir, held)
		}
		if give() && end != nil {
			yield(files.Entry{}, end)
		}
	}
}

// learnZone asks for the time of one of the files that are listed. Of old ones
// LIST tells the day only.
func (s *Session) learnZone(ctx context.Context, dir string, list []files.Entry) {
	for _, e := range list {
		if e.Kind != files.File || e.Modified.Hour() == 0 && e.Modified.Minute() == 0 || files.Safe(e.Name) != nil {
			continue
		}
		s.zone.tries++
		t, err := s.mdtm(ctx, files.Join(dir, e.Name))
		if err != nil {
			return
		}
		s.zone.known = true
		ahead := e.Modified.Truncate(time.Minute).Sub(t.Truncate(time.Minute))
		if whole := ahead.Round(15 * time.Minute); (ahead-whole).Abs() <= time.Minute && whole.Abs() <= 14*time.Hour {
			s.zone.ahead = whole
		}
		return
	}
}

func (z *zone) utc(e files.Entry) files.Entry {
	if z.ahead != 0 && (e.Modified.Hour() != 0 || e.Modified.Minute() != 0) {
		e.Modified = e.Modified.Add(-z.ahead)
	}
	return e
}
