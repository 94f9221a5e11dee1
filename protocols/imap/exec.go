package imap

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"wireline/protocols/fault"
)

// mostOutput bounds what is shown of what one command says.
const mostOutput = 64 << 10

// exec runs a command of the user for an event, which it reads as JSON: a
// message must not write a line for a shell. What it says are events, too.
func (s *Session) exec(ctx context.Context, line string, e Event) (said []Event, err error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fault.New(fault.Internal, "%w", err)
	}
	c, err := s.wire.Command(ctx, line)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	_, _ = c.Write(text.Bytes()) // it need not read it
	_ = c.CloseWrite()
	lines := bufio.NewScanner(io.LimitReader(c, mostOutput))
	lines.Buffer(nil, mostOutput+1)
	for lines.Scan() {
		said = append(said, Event{Time: time.Now().Truncate(time.Millisecond), Event: "output", Text: strings.TrimSuffix(lines.Text(), "\r")})
	}
	if ctx.Err() != nil {
		return said, context.Cause(ctx)
	}
	return said, nil
}

// execs runs the command and passes on what it says. It reports whether to go
// on.
func (s *Session) execs(ctx context.Context, line string, e Event, yield func(Event, error) bool) bool {
	said, err := s.exec(ctx, line, e)
	for _, x := range said {
		if !yield(x, nil) {
			return false
		}
	}
	if err != nil {
		yield(Event{}, err)
	}
	return err == nil
}
