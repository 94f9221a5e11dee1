package telnet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
	"wireline/protocols/verb"
)

// LogArgs are those of log.
type LogArgs struct {
	What  string      `arg:"what?" enum:"on,off" help:"on FILE or off; with none it is told what holds"`
	File  verb.Output `arg:"file?" help:"where to" complete:"local"`
	Raw   bool        `flag:"raw" help:"as it came, escapes included"`
	Times bool        `flag:"times" help:"with times, as an asciicast"`
}

// Log begins and ends the keeping of what comes in a file.
func (s *Session) Log(_ context.Context, a LogArgs) (*Done, error) {
	switch {
	case a.What == "" && s.log == nil:
		return &Done{"nothing is logged"}, nil
	case a.What == "":
		return &Done{fmt.Sprintf("logging to %s, %s so far", s.log.name, talk.Amount(s.log.n))}, nil
	case a.What == "off" && s.log == nil:
		return nil, fault.New(fault.Usage, "nothing is logged").WithHint("log on FILE begins")
	case a.What == "off":
		l := s.log
		if err := s.stopLog(); err != nil {
			return nil, err
		}
		return &Done{fmt.Sprintf("logged to %s: %s", l.name, talk.Amount(l.n))}, nil
	case a.File.WriteCloser == nil:
		return nil, fault.New(fault.Usage, "missing FILE").WithHint("log on session.txt")
	case a.Raw && a.Times:
		a.File.Close()
		return nil, fault.New(fault.Usage, "--raw or --times, not both")
	}
	if err := s.stopLog(); err != nil {
		a.File.Close()
		return nil, err
	}
	l := openLog(a, s.eng.profile)
	s.log = l
	return &Done{"logging to " + l.name}, nil
}

func (s *Session) stopLog() error {
	if s.log == nil {
		return nil
	}
	l := s.log
	s.log = nil
	err := l.err
	if e := l.f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fault.New(fault.WriteLocal, "cannot write %s: %w", l.name, err)
	}
	return nil
}

// A logFile gets what comes.
type logFile struct {
	name  string
	f     io.WriteCloser
	how   LogArgs
	start time.Time
	plain plain
	part  []byte // of a character, for an asciicast
	n     int64  // bytes written
	err   error  // told when the log ends; the session does not suffer from it
}

func openLog(a LogArgs, p profile) *logFile {
	l := &logFile{name: a.File.Name, f: a.File, how: a, start: time.Now()}
	if a.Times && a.File.New {
		l.json(map[string]any{"version": 2, "width": p.cols, "height": p.rows, "timestamp": l.start.Unix()})
	}
	return l
}

// take writes down what came.
func (l *logFile) take(p []byte) {
	switch {
	case l.how.Raw:
		l.write(p)
	case l.how.Times:
		p = append(l.part, p...)
		end := len(p)
		for end > 0 && end > len(p)-utf8.UTFMax && !utf8.Valid(p[:end]) {
			end--
		}
		if !utf8.Valid(p[:end]) {
			end = len(p)
		}
		l.part = bytes.Clone(p[end:])
		l.json([]any{time.Since(l.start).Seconds(), "o", string(p[:end])})
	default:
		l.write(l.plain.strip(p))
	}
}

func (l *logFile) json(v any) {
	p, err := json.Marshal(v)
	if err != nil && l.err == nil {
		l.err = err
	}
	l.write(append(p, '\n'))
}

func (l *logFile) write(p []byte) {
	n, err := l.f.Write(p)
	if l.n += int64(n); err != nil && l.err == nil {
		l.err = err
	}
}
