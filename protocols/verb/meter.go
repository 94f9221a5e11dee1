package verb

import "context"

// A Meter shows whoever waits how a command gets on that moves many things.
type Meter interface {
	Plan(items int, bytes int64) // adds to what is to come; bytes are those that are known of
	Add(bytes int64)             // one more has come, of so many bytes
}

type meterKey struct{}

// WithMeter lends a Meter to the verbs of a command.
func WithMeter(ctx context.Context, m Meter) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

// MeterOf is the Meter that was lent to a command, or one that shows nothing.
func MeterOf(ctx context.Context) Meter {
	if m, ok := ctx.Value(meterKey{}).(Meter); ok {
		return m
	}
	return unseen{}
}

type unseen struct{}

func (unseen) Plan(int, int64) {}
func (unseen) Add(int64)       {}
