package http

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/web"
)

// An Event is one of those that a server sends, or one line of JSON.
type Event struct {
	Time  time.Time       `json:"time"`
	Event string          `json:"event,omitempty"`
	ID    string          `json:"id,omitempty"`
	Data  string          `json:"data,omitempty"`
	JSON  json.RawMessage `json:"json,omitempty"` // of a line
}

// EventsArgs are the arguments of events.
type EventsArgs struct {
	URL       string   `arg:"url?" help:"URL, or what to add to the session's base" complete:"remote"`
	Items     []string `arg:"item..." help:"header Name:value or query q==v"`
	Count     int      `flag:"count" help:"stop after so many"`
	Reconnect bool     `flag:"reconnect" help:"go on where it was when the connection ends"`
	How
}

// maxEvent is the longest event or line that is kept.
const maxEvent = 1 << 20

// Events gives what a server sends as it comes: server-sent events, or else
// lines of JSON.
func (s *Session) Events(ctx context.Context, a EventsArgs) (verb.Stream[Event], error) {
	r, err := s.request("GET", Args{URL: a.URL, Items: a.Items, How: a.How}, verb.Input{})
	if err != nil {
		return nil, err
	}
	if !r.typed["accept"] {
		r.fields.Set("Accept", "text/event-stream, application/x-ndjson, application/json;q=0.5")
	}
	return func(yield func(Event, error) bool) {
		n, last, pause := 0, "", 3*time.Second
		for {
			err := s.listen(ctx, r, &last, &pause, func(e Event) bool {
				n++
				return yield(e, nil) && (a.Count <= 0 || n < a.Count)
			})
			switch {
			case errors.Is(err, errEnough):
				return
			case err != nil && !(a.Reconnect && fault.Of(err).Retry), err == nil && !a.Reconnect:
				if err != nil {
					yield(Event{}, err)
				}
				return
			}
			if err := sleep(ctx, pause); err != nil {
				yield(Event{}, web.Locate(err, r.url))
				return
			}
		}
	}, nil
}

var errEnough = errors.New("no more is wanted")

// listen makes one request and gives its events.
func (s *Session) listen(ctx context.Context, r *request, last *string, pause *time.Duration, give func(Event) bool) error {
	if *last != "" {
		r.fields.Set("Last-Event-ID", *last)
	}
	res, err := s.perform(ctx, r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := r.verdict(res); err != nil {
		return err
	}
	body, err := web.Decode(res)
	if err != nil {
		return err
	}
	res.Body.Patience()
	if mediaType(res.Fields.Get("Content-Type")) != "text/event-stream" {
		return eachLine(body, give, r)
	}
	p := parser{give: give, last: last, pause: pause}
	return eachLineOf(body, p.line, r)
}

// eachLineOf calls f with every line, without its end: LF, CR LF, or CR
// before another line.
func eachLineOf(body io.Reader, f func(line string) bool, r *request) error {
	in := bufio.NewScanner(body)
	in.Buffer(make([]byte, 4<<10), maxEvent)
	first := true
	for in.Scan() {
		line := strings.TrimSuffix(in.Text(), "\r")
		if first {
			line, first = strings.TrimPrefix(line, "\ufeff"), false
		}
		for part := range strings.SplitSeq(line, "\r") {
			if !f(part) {
				return errEnough
			}
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return web.Locate(fault.New(fault.Limit, "a line of more than %d KiB", maxEvent>>10), r.url)
	}
	return in.Err()
}

// eachLine gives lines of JSON.
func eachLine(body io.Reader, give func(Event) bool, r *request) error {
	var bad error
	err := eachLineOf(body, func(line string) bool {
		if strings.TrimSpace(line) == "" {
			return true
		}
		if !json.Valid([]byte(line)) {
			bad = web.Locate(fault.New(fault.Protocol, "a line is not JSON, and there are no server-sent events"), r.url)
			return false
		}
		return give(Event{Time: time.Now(), JSON: json.RawMessage(line)})
	}, r)
	if bad != nil {
		return bad
	}
	return err
}

// A parser reads server-sent events, as the HTML standard says in its section
// 9.2.
type parser struct {
	give  func(Event) bool
	last  *string
	pause *time.Duration
	event string
	data  []string
	size  int
}

// line takes the next line, and reports whether more is wanted.
func (p *parser) line(line string) bool {
	if line == "" {
		e := Event{Time: time.Now(), Event: p.event, ID: *p.last, Data: strings.Join(p.data, "\n")}
		some := p.data != nil
		p.event, p.data, p.size = "", nil, 0
		return !some || p.give(e)
	}
	name, value, _ := strings.Cut(line, ":")
	value = strings.TrimPrefix(value, " ")
	switch name {
	case "event":
		p.event = value
	case "data":
		if p.size += len(value) + 1; p.size <= maxEvent {
			p.data = append(p.data, value)
		}
	case "id":
		if !strings.Contains(value, "\x00") {
			*p.last = value
		}
	case "retry":
		if n, err := strconv.ParseUint(value, 10, 31); err == nil {
			*p.pause = min(time.Duration(n)*time.Millisecond, maxPause)
		}
	}
	return true
}
