package render

import (
	"encoding/hex"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"wireline/protocols/wire"
)

// Trace returns a function that writes events to w, each in one Write and
// always clean. Mode is "line" for a line of text each, "talk" for a
// transcript with arrows, "hex" for a dump, or "jsonl". It is not to be called from several goroutines at once.
func Trace(w io.Writer, mode string, o Options) func(wire.Event) {
	t := &tracer{w: w, o: o}
	switch mode {
	case "hex":
		return t.hex
	case "talk":
		return t.talk
	case "jsonl":
		return t.json
	default:
		return t.line
	}
}

type tracer struct {
	w   io.Writer
	o   Options
	enc encoder
	at  time.Time // of the event before
}

// head is what every line begins with: the time, the connection, whether it
// was said under TLS, and which way.
func (t *tracer) head(e wire.Event, precise string) (head string, r role) {
	way := "*"
	switch e.What {
	case "send":
		way, r = ">", sent
	case "recv":
		way, r = "<", received
	case "cut":
		r = bad
	default:
		r = remark
	}
	secure := ""
	if e.Secure {
		secure = "tls "
	}
	return fmt.Sprintf("%s [%d] %s%s ", e.Time.Local().Format(precise), e.Conn, secure, way), r
}

func (t *tracer) line(e wire.Event) {
	head, r := t.head(e, "15:04:05.000")
	t.text(head, r, e)
}

// talk is the transcript that swaks writes: how long after the line before,
// and -> or <- for which way, ~> and <~ under TLS.
func (t *tracer) talk(e wire.Event) {
	if t.at.IsZero() {
		t.at = e.Time
	}
	passed := fmt.Sprintf("+%.3fs ", e.Time.Sub(t.at).Seconds())
	t.at = e.Time
	_, r := t.head(e, "")
	arrow := "=== "
	switch {
	case e.What == "send" && e.Secure:
		arrow = " ~> "
	case e.What == "send":
		arrow = " -> "
	case e.What == "recv" && e.Secure:
		arrow = "<~  "
	case e.What == "recv":
		arrow = "<-  "
	}
	t.text(passed+arrow, r, e)
}

func (t *tracer) text(head string, r role, e wire.Event) {
	var b strings.Builder
	for line := range strings.Lines(string(e.Data)) {
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		b.WriteString(t.o.paint(r, head+Clean(line)) + "\n")
	}
	t.note(&b, head, r, e)
	io.WriteString(t.w, b.String())
}

// note writes what an event has to say besides its data.
func (t *tracer) note(b *strings.Builder, head string, r role, e wire.Event) {
	switch {
	case len(e.Data) > 0 && e.Note == "":
		return
	case e.What == "send" || e.What == "recv":
		note := e.Note
		if note == "" {
			note = "0 bytes"
		}
		b.WriteString(t.o.paint(r, head+"("+Clean(note)+")") + "\n")
	default:
		b.WriteString(t.o.paint(r, strings.TrimRight(head+Clean(e.What+" "+e.Note), " ")) + "\n")
	}
}

// perRow is how many bytes a line of a dump has.
const perRow = 16

func (t *tracer) hex(e wire.Event) {
	head, r := t.head(e, "15:04:05.000000")
	var b strings.Builder
	for i := 0; i < len(e.Data); i += perRow {
		row := e.Data[i:min(i+perRow, len(e.Data))]
		b.WriteString(t.o.paint(r, fmt.Sprintf("%s%08x  %-49s |%s|", head, e.Offset+int64(i), digits(row), ascii(row))) + "\n")
	}
	t.note(&b, head, r, e)
	io.WriteString(t.w, b.String())
}

// digits is a row in hexadecimal, with a gap in its middle.
func digits(row []byte) string {
	var b strings.Builder
	for i, c := range row {
		if i == perRow/2 {
			b.WriteByte(' ')
		}
		b.WriteString(hex.EncodeToString([]byte{c}) + " ")
	}
	return b.String()
}

func ascii(row []byte) string {
	b := []byte(string(row))
	for i, c := range b {
		if c < ' ' || c >= 0x7f {
			b[i] = '.'
		}
	}
	return string(b)
}

// An event is a wire.Event in JSON: data is text where it can be.
type event struct {
	Time   time.Time `json:"time"`
	Conn   int       `json:"conn"`
	What   string    `json:"what"`
	Secure bool      `json:"secure,omitempty"`
	Offset *int64    `json:"offset,omitempty"`
	Data   []byte    `json:"data,omitempty"`
	Note   string    `json:"note,omitempty"`
}

func (t *tracer) json(e wire.Event) {
	x := event{e.Time, e.Conn, e.What, e.Secure, nil, e.Data, e.Note}
	if len(e.Data) > 0 {
		x.Offset = &e.Offset
	}
	_ = t.enc.line(t.w, reflect.ValueOf(x)) // there is nobody to tell
}
