package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// kept is how much of a result a screen keeps; more is read and forgotten.
const kept = 1 << 20

// A screen shows results: bytes as they are, all else in JSON, a record a
// line. Messages and errors go to stderr.
type screen struct {
	mu             sync.Mutex
	stdout, stderr bytes.Buffer
	faults         []error // results that do not survive JSON
	there          bool    // they go there and not back, as they did before without a fault
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stdout.Len() < kept {
		s.stdout.Write(p[:min(len(p), kept)])
	}
	return len(p), nil
}

func (s *screen) show(ctx context.Context, res any) error {
	v := reflect.ValueOf(res)
	if !v.IsValid() {
		return nil
	}
	if b, ok := res.(*verb.Blob); ok {
		if b == nil {
			return errors.New("the result is a nil *verb.Blob")
		}
		_, err := io.Copy(s, b)
		s.newline()
		if closing := b.Close(); err == nil {
			err = closing
		}
		return err
	}
	if c, ok := res.(protocols.Session); ok {
		return c.Close()
	}
	if v.Kind() == reflect.Func && v.Type().CanSeq2() {
		for row, err := range v.Seq2() {
			if !err.IsNil() {
				return err.Interface().(error)
			}
			s.value(row.Interface())
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
		return nil
	}
	s.value(res)
	return nil
}

func (s *screen) value(res any) {
	way := trip
	if s.there {
		way = json.Marshal
	}
	b, err := way(res)
	if err != nil {
		s.mu.Lock()
		s.faults = append(s.faults, err)
		s.mu.Unlock()
	}
	switch r := res.(type) {
	case verb.Message:
		s.tell(r.Message())
		return
	case interface{ Raw() []byte }:
		s.Write(r.Raw())
	case string:
		io.WriteString(s, r)
	default:
		s.Write(b)
	}
	s.newline()
}

// newline ends what was shown, so that the next begins a line.
func (s *screen) newline() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.stdout.Bytes(); len(b) > 0 && b[len(b)-1] != '\n' {
		s.stdout.WriteByte('\n')
	}
}

func (s *screen) tell(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stderr.WriteString(strings.TrimSuffix(line, "\n") + "\n")
}

// fail shows an error, and its kind.
func (s *screen) fail(err error) { s.tell(fmt.Sprintf("error: %v [%s]", err, fault.Of(err).Name)) }

// texts are both outputs with ends of lines as a transcript has them.
func (s *screen) texts() (stdout, stderr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	lf := func(b *bytes.Buffer) string { return strings.ReplaceAll(b.String(), "\r\n", "\n") }
	return lf(&s.stdout), lf(&s.stderr)
}

// trip takes a value through JSON and back, and is an error if another value
// comes back.
func trip(v any) ([]byte, error) {
	there, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("%T does not become JSON: %w", v, err)
	}
	back := reflect.New(reflect.TypeOf(v))
	if err := json.Unmarshal(there, back.Interface()); err != nil {
		return there, fmt.Errorf("%T does not come back from JSON: %w", v, err)
	}
	again, err := json.Marshal(back.Interface())
	if err != nil || !same(there, again) {
		return there, fmt.Errorf("%T was %s and comes back from JSON as %s", v, there, again)
	}
	return there, nil
}

// same compares two texts of JSON by what they mean.
func same(a, b []byte) bool {
	var x, y any
	return bytes.Equal(a, b) || json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
