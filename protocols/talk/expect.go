package talk

import (
	"bytes"
	"context"
	"regexp"
	"time"

	"wireline/protocols/fault"
)

// Expect waits until one of patterns matches what came, takes all up to the
// end of the match, and returns which pattern that was, the match and what
// came before it. Of several, the one whose match begins first counts. A
// timeout of zero is none. When it fails, what came stays, and the error ends
// with the last of it.
func (b *Inbox) Expect(ctx context.Context, patterns []*regexp.Regexp, timeout time.Duration) (index int, match, before []byte, err error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = Within(ctx, &timeout, "-t")
		defer cancel()
	}
	for {
		index, first, last := -1, 0, 0
		for i, p := range patterns {
			if at := p.FindIndex(b.Buf); at != nil && (index < 0 || at[0] < first) {
				index, first, last = i, at[0], at[1]
			}
		}
		if index >= 0 {
			before, match = bytes.Clone(b.Buf[:first]), bytes.Clone(b.Buf[first:last])
			b.Drop(last)
			return index, match, before, nil
		}
		if len(b.Buf) >= Most {
			return -1, nil, nil, b.unmatched(nil)
		}
		if err := b.More(ctx); err != nil {
			if fault.Of(err) == fault.Interrupt {
				return -1, nil, nil, err
			}
			return -1, nil, nil, b.unmatched(err)
		}
	}
}

// unmatched is the error of an expect: it quotes the last 200 bytes.
func (b *Inbox) unmatched(err error) error {
	e := fault.New(fault.Assert, "no match, and nothing came")
	if len(b.Buf) > 0 {
		e = fault.New(fault.Assert, "no match in %s; the last: %s", b.amount(), Quote(b.Buf[max(0, len(b.Buf)-200):], 200))
	}
	e.Err = err
	return b.At(e)
}
