package http

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/web"
)

const (
	maxEvent   = 1 << 20         // the longest event or line that is kept
	usualPause = 3 * time.Second // before a server is asked for more, unless it says otherwise
)

// eachLineOf calls f with every line, without its end: LF, CR LF or CR.
func eachLineOf(body io.Reader, f func(line string) bool, r *request) error {
	in := bufio.NewScanner(body)
	in.Buffer(make([]byte, 4<<10), maxEvent)
	in.Split(lineEnds())
	for first := true; in.Scan(); first = false {
		line := in.Text()
		if first {
			line = strings.TrimPrefix(line, "\ufeff")
		}
		if !f(line) {
			return errEnough
		}
	}
	if errors.Is(in.Err(), bufio.ErrTooLong) {
		return web.Locate(fault.New(fault.Limit, "a line of more than %d KiB", maxEvent>>10), r.url)
	}
	return in.Err()
}

// lineEnds splits after LF, CR LF and CR. After a CR it does not wait to see
// whether there is a LF: a live stream may have nothing more to say.
func lineEnds() bufio.SplitFunc {
	after := false // a CR
	return func(b []byte, end bool) (n int, line []byte, err error) {
		skip := 0
		if after && len(b) > 0 {
			if after = false; b[0] == '\n' {
				skip = 1
			}
		}
		b = b[skip:]
		if i := bytes.IndexAny(b, "\r\n"); i >= 0 {
			after = b[i] == '\r'
			return skip + i + 1, b[:i], nil
		}
		if end && len(b) > 0 {
			return skip + len(b), b, nil
		}
		return skip, nil, nil
	}
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

// A stream is what is known of a stream of server-sent events from one request
// to the next.
type stream struct {
	last  string        // the id of the last event that was given
	pause time.Duration // before the next request
}

// read reads server-sent events, as the HTML standard says in its section
// 9.2.6. An event that is not ended is none, and what it says of itself is not
// believed.
func (s *stream) read(body io.Reader, give func(Event) bool, r *request) error {
	p := parser{stream: s, give: give, id: s.last}
	err := eachLineOf(body, p.line, r)
	if p.over {
		return web.Locate(fault.New(fault.Limit, "an event of more than %d KiB", maxEvent>>10), r.url)
	}
	return err
}

type parser struct {
	*stream
	give  func(Event) bool
	event string
	id    string
	data  []string
	size  int
	over  bool // the event is too long
}

// line takes the next line, and reports whether more is wanted.
func (p *parser) line(line string) bool {
	if line == "" {
		p.last = p.id
		e := Event{Time: time.Now(), Event: p.event, ID: p.last, Data: strings.Join(p.data, "\n")}
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
		p.size += len(value) + 1
		if p.over = p.size > maxEvent; p.over {
			return false
		}
		p.data = append(p.data, value)
	case "id":
		if !strings.Contains(value, "\x00") {
			p.id = value
		}
	case "retry":
		if n, err := strconv.ParseUint(value, 10, 31); err == nil {
			p.pause = min(time.Duration(n)*time.Millisecond, maxPause)
		}
	}
	return true
}
