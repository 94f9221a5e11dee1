package line

import (
	"context"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// Terminal lends the keyboard and the screen to a verb that talks. It costs
// nothing until it is used; its reads fail with the cause of ctx when that
// ends. The next prompt takes the terminal back and puts its modes right; a
// question only borrows it. What was typed and not read is left for whoever
// reads next. While a prompt is shown there is no terminal to lend, and all
// reads fail.
func (e *Editor) Terminal(ctx context.Context) verb.Terminal {
	ctx, end := context.WithCancelCause(ctx)
	t := &talk{e: e, ctx: ctx, end: end, resized: make(chan struct{}, 1)}
	if e.out.isOpen() {
		end(errTaken)
		return t
	}
	e.talkMu.Lock()
	old := e.talk
	e.talk = t
	e.talkMu.Unlock()
	if old != nil {
		old.close()
	}
	return t
}

var errTaken error = fault.New(fault.Interrupt, "the terminal is in use by the prompt")

// endTalk takes the terminal back for good.
func (e *Editor) endTalk() {
	e.talkMu.Lock()
	t := e.talk
	e.talk = nil
	e.talkMu.Unlock()
	if t != nil {
		t.close()
	}
}

// pauseTalk takes the terminal back for a question.
func (e *Editor) pauseTalk() (resume func()) {
	e.talkMu.Lock()
	t := e.talk
	e.talkMu.Unlock()
	if t == nil {
		return func() {}
	}
	return t.pause()
}
