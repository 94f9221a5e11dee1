package socket

import (
	"context"
	"sync"

	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// Notices keep what happened until somebody listens.
type notices struct {
	mu   sync.Mutex
	list []verb.Notice
	lost int
	wake chan struct{} // has room for one
	done chan struct{} // closed when nothing more will happen
}

func newNotices() *notices {
	return &notices{wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// add keeps a notice; of very many the oldest are only counted.
func (q *notices) add(n verb.Notice) {
	q.mu.Lock()
	if len(q.list) == 256 {
		q.list = q.list[1:]
		q.lost++
	}
	q.list = append(q.list, n)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *notices) next() (n verb.Notice, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lost > 0 {
		n, q.lost = talk.Notice("%d notices were too many to keep", q.lost), 0
		return n, true
	}
	if len(q.list) == 0 {
		return n, false
	}
	n, q.list = q.list[0], q.list[1:]
	return n, true
}

// stream yields what was kept and what happens until ctx ends.
func (q *notices) stream(ctx context.Context) verb.Stream[verb.Notice] {
	return func(yield func(verb.Notice, error) bool) {
		for {
			for n, ok := q.next(); ok; n, ok = q.next() {
				if !yield(n, nil) {
					return
				}
			}
			select {
			case <-q.wake:
			case <-ctx.Done():
				return
			case <-q.done:
				if n, ok := q.next(); ok && !yield(n, nil) || !ok {
					return
				}
			}
		}
	}
}
