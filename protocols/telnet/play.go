package telnet

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"syscall"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// PlayArgs are those of play.
type PlayArgs struct {
	File  verb.Input    `arg:"file" help:"a log; - is standard input" complete:"local"`
	Speed float64       `flag:"speed" help:"so many times as fast; 0 or nothing said is as it was"`
	Pause time.Duration `flag:"pause" help:"no pause longer than this"`
	Safe  bool          `flag:"safe" help:"let only text, colours and movements reach the terminal"`
	TTY   verb.Terminal
}

// Played tells what was played.
type Played struct {
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"` // that it took when it was logged; 0 if the log has no times
}

// Message tells it in one line.
func (p *Played) Message() string {
	if p.Seconds == 0 {
		return "played " + talk.Amount(p.Bytes)
	}
	d := time.Duration(p.Seconds * float64(time.Second)).Round(time.Millisecond)
	return "played " + talk.Amount(p.Bytes) + " of " + talk.Seconds(d)
}

// castMost is how long a line of an asciicast may be.
const castMost = 16 << 20

// play shows a log of log again: one with times as it came, in its time where
// a person sees it; another at once.
func play(_ any, ctx context.Context, a PlayArgs) (*Played, error) {
	defer a.File.Close()
	if a.TTY == nil {
		return nil, fault.New(fault.Usage, "play needs a terminal, or standard output")
	}
	if a.Speed < 0 || a.Pause < 0 {
		return nil, fault.New(fault.BadArgument, "--speed and --pause are not less than 0")
	}
	p := &player{PlayArgs: a, out: a.TTY.Out()}
	if a.TTY.IsTerminal() {
		p.out = a.TTY
		defer func() { io.WriteString(a.TTY, p.alternate.tidy()) }()
	}
	if a.Safe {
		p.safe = &safe{}
	}
	in := bufio.NewReaderSize(a.File, 64<<10)
	head, err := in.Peek(1)
	switch {
	case err == io.EOF:
		return &p.Played, nil
	case err != nil:
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %w", a.File.Name, err)
	case head[0] == '{':
		err = p.cast(ctx, in)
	default:
		err = p.copy(ctx, in)
	}
	if err != nil {
		return nil, err
	}
	return &p.Played, nil
}

type player struct {
	PlayArgs
	Played
	out       io.Writer
	safe      *safe
	alternate alternate
}

func (p *player) show(data []byte) error {
	p.Bytes += int64(len(data))
	if p.safe != nil {
		data = p.safe.filter(data)
	}
	p.alternate.look(data)
	_, err := p.out.Write(data)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE):
		return fault.New(fault.Pipe, "whoever read the output stopped reading")
	}
	return fault.New(fault.WriteLocal, "cannot write the output: %w", err)
}

func (p *player) copy(ctx context.Context, in io.Reader) error {
	buf := make([]byte, 32<<10)
	for ctx.Err() == nil {
		n, err := in.Read(buf)
		if e := p.show(buf[:n]); e != nil {
			return e
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fault.New(fault.ReadLocal, "cannot read %s: %w", p.File.Name, err)
		}
	}
	return talk.Ended(ctx)
}

// cast plays an asciicast of version 2. A log that was added to has several,
// whose times begin anew.
func (p *player) cast(ctx context.Context, in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, castMost)
	began, last, before := time.Now(), 0.0, 0.0
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '{' {
			began, last = time.Now(), 0
			continue
		}
		var e []any
		if json.Unmarshal(line, &e) != nil || len(e) != 3 {
			return fault.New(fault.Encoding, "%s:%d: not an event of an asciicast", p.File.Name, n).
				WithHint("log on FILE --times writes what can be played")
		}
		at, ok1 := e[0].(float64)
		text, ok2 := e[2].(string)
		if !ok1 || !ok2 || e[1] != "o" {
			continue // a marker, a key, a new size
		}
		gap := at - last
		last, before = at, before+max(gap, 0)
		p.Seconds = before
		if p.TTY.IsTerminal() && gap > 0 {
			if err := p.wait(ctx, &began, gap); err != nil {
				return err
			}
		}
		if err := p.show([]byte(text)); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return talk.Ended(ctx)
		}
	}
	if err := lines.Err(); err != nil {
		return fault.New(fault.ReadLocal, "cannot read %s: %w", p.File.Name, err)
	}
	return nil
}

// wait lets gap, in seconds, pass since the time at which the last event was
// due, which it moves on.
func (p *player) wait(ctx context.Context, due *time.Time, gap float64) error {
	if p.Speed > 0 {
		gap /= p.Speed
	}
	d := time.Duration(min(gap, 1e9) * float64(time.Second))
	if p.Pause > 0 {
		d = min(d, p.Pause)
	}
	*due = due.Add(d)
	late, cancel := context.WithDeadline(ctx, *due)
	defer cancel()
	<-late.Done()
	if ctx.Err() != nil {
		return talk.Ended(ctx)
	}
	return nil
}
