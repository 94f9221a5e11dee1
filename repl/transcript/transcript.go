// Package transcript reads what a recording says of conversations, and holds
// others against it.
package transcript

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"wireline/protocols/fault"
)

// A Step is what one side said until the other spoke. In it *** stands for a
// secret that was left out.
type Step struct {
	Client bool
	Secure bool // said under TLS
	Data   []byte
}

// A Conversation is one connection, as the client had it.
type Conversation struct {
	ID    int
	Steps []Step
}

// The bounds of a recording.
const (
	maxEvent = 16 << 20 // bytes of one line
	maxTotal = 64 << 20 // bytes said
)

// Read reads a recording: a line of JSON for each event, as record and trace
// jsonl write them. Connections that others made to us, and those on which
// nothing was said, are left out. Name is for errors, which are of kind
// fault.ReadLocal.
func Read(name string, r io.Reader) ([]Conversation, error) {
	bad := func(n int, format string, a ...any) error {
		return fault.New(fault.ReadLocal, "%s:%d: %s", name, n, fmt.Sprintf(format, a...))
	}
	var all []*Conversation
	byID, accepted := map[int]*Conversation{}, map[int]bool{}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxEvent)
	total, n := 0, 0
	for sc.Scan() {
		n++
		if len(sc.Bytes()) == 0 {
			continue
		}
		var e struct {
			Conn   int
			What   string
			Secure bool
			Data   data
		}
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil || e.What == "" {
			return nil, bad(n, "not an event of a recording")
		}
		if total += len(e.Data); total > maxTotal {
			return nil, bad(n, "more than %d MiB were said, the limit", maxTotal>>20)
		}
		switch e.What {
		case "accept":
			accepted[e.Conn] = true
		case "send", "recv":
			if accepted[e.Conn] || len(e.Data) == 0 {
				continue
			}
			c := byID[e.Conn]
			if c == nil {
				c = &Conversation{ID: e.Conn}
				byID[e.Conn], all = c, append(all, c)
			}
			c.add(Step{e.What == "send", e.Secure, e.Data})
		}
	}
	if err := sc.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, bad(n+1, "longer than %d MiB", maxEvent>>20)
	} else if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %w", name, err)
	}
	if len(all) == 0 {
		return nil, fault.New(fault.ReadLocal, "%s: nothing was said in it", name).WithHint("record FILE makes a recording, record off ends it")
	}
	list := make([]Conversation, len(all))
	for i, c := range all {
		list[i] = *c
	}
	return list, nil
}

// add puts s at the end, or to the step that it goes on.
func (c *Conversation) add(s Step) {
	if n := len(c.Steps); n > 0 && c.Steps[n-1].Client == s.Client && c.Steps[n-1].Secure == s.Secure {
		c.Steps[n-1].Data = append(c.Steps[n-1].Data, s.Data...)
		return
	}
	c.Steps = append(c.Steps, s)
}

// data is text, or {"base64": "..."}.
type data []byte

func (d *data) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*d = data(text)
		return nil
	}
	var x struct{ Base64 *string }
	if err := json.Unmarshal(b, &x); err != nil || x.Base64 == nil {
		return errors.New("data is neither text nor base64")
	}
	p, err := base64.StdEncoding.DecodeString(*x.Base64)
	*d = p
	return err
}
