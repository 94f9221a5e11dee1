package mail

import (
	"context"
	"io"
	"iter"
)

// A Letter is a message on its way from one session to another, byte for byte.
// It is to be read to its end, or not at all; of what is not known About has
// nothing.
type Letter struct {
	About
	Size int64
	io.Reader
}

// A Giver is a session that gives messages to another one. words name them as
// in its other verbs. What is known of a letter is known before it is read,
// and the letter is valid until the next.
type Giver interface {
	Give(ctx context.Context, words []string) iter.Seq2[Letter, error]
}

// A Taker is a session that takes messages: into a mailbox, which must be
// there. uid is what the message is called there, if the server tells.
type Taker interface {
	Take(ctx context.Context, mailbox string, l Letter) (uid uint32, err error)
}
