package nntp

import (
	"context"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// A Clock is what time it is at the server.
type Clock struct {
	Time  time.Time `json:"time"`
	Ahead string    `json:"ahead,omitempty"` // of our clock, when that is a second or more
}

// String is the time.
func (c Clock) String() string {
	t := c.Time.UTC().Format("2006-01-02 15:04:05 UTC")
	if behind, ok := strings.CutPrefix(c.Ahead, "-"); ok {
		t += ", " + behind + " behind us"
	} else if c.Ahead != "" {
		t += ", " + c.Ahead + " ahead of us"
	}
	return t
}

// Date asks what time it is (RFC 3977, section 7.1).
func (s *Session) Date(ctx context.Context, _ None) (Clock, error) {
	r, err := s.ask(ctx, "DATE", dateIs)
	if err != nil {
		return Clock{}, err
	}
	t, err := time.Parse("20060102150405", r.text)
	if err != nil {
		return Clock{}, s.link.protocol("the reply to DATE is no time: %s", quote(r.text))
	}
	c := Clock{Time: t}
	if d := time.Until(t).Truncate(time.Second); d >= 2*time.Second || d <= -2*time.Second {
		c.Ahead = d.String()
	}
	return c, nil
}

// A When is a moment as people type it: a date, a date with a time, or how
// long ago it was, such as 36h or 3d.
type When struct{ time.Time }

// UnmarshalText reads it. Without a zone it is a time here.
func (w *When) UnmarshalText(b []byte) error {
	s := string(b)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02", "20060102"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			w.Time = t
			return nil
		}
	}
	ago := s
	days := time.Duration(0)
	if n, rest, ok := strings.Cut(s, "d"); ok {
		k, err := number(n)
		if err == nil && k < 100_000 {
			days, ago = time.Duration(k)*24*time.Hour, rest
		}
	}
	if ago == "" && days > 0 {
		ago = "0s"
	}
	d, err := time.ParseDuration(ago)
	if err != nil || d < 0 {
		return fault.New(fault.BadArgument, "%q is neither a date such as 2026-01-31 nor a time span such as 36h or 3d", short(s))
	}
	w.Time = time.Now().Add(-days - d)
	return nil
}

// String is the moment as commands have it (RFC 3977, section 7.3).
func (w When) String() string { return w.UTC().Format("20060102 150405") + " GMT" }
