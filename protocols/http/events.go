package http

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
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
		at := stream{pause: usualPause}
		n, failed := 0, 0
		for {
			err := s.listen(ctx, r, &at, func(e Event) bool {
				n++
				failed = 0
				return yield(e, nil) && (a.Count <= 0 || n < a.Count)
			})
			switch {
			case errors.Is(err, errEnough), err == nil && !a.Reconnect:
				return
			case err != nil && !(a.Reconnect && fault.Of(err).Retry):
				yield(Event{}, err)
				return
			}
			pause := max(at.pause, s.unit/2) // whatever the server says: it is not to be run over
			if err != nil {
				failed++
				pause = max(pause, s.backoff(failed))
			}
			if err := sleep(ctx, pause); err != nil {
				yield(Event{}, web.Locate(err, r.url))
				return
			}
		}
	}, nil
}

// errEnough ends a stream of which no more is wanted, or to be had.
var errEnough = errors.New("no more is wanted")

// listen makes one request and gives its events. Only a response of status 200
// is worth another request (HTML standard, section 9.2.3).
func (s *Session) listen(ctx context.Context, asked *request, at *stream, give func(Event) bool) error {
	r := *asked // for redirects change it
	r.fields = slices.Clone(r.fields)
	if at.last != "" {
		r.fields.Set("Last-Event-ID", at.last)
	}
	res, err := s.perform(ctx, &r)
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
	if mediaType(res.Fields.Get("Content-Type")) == "text/event-stream" {
		err = at.read(body, give, &r)
	} else {
		err = eachLine(body, give, &r)
	}
	if err == nil && res.Code != http.StatusOK {
		err = errEnough
	}
	return err
}
