package render

import (
	"encoding/base64"
	"io"
	"reflect"
	"time"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

// An Envelope is what JSON says of one command.
type Envelope struct {
	Proto   string  `json:"proto,omitempty"`
	Session string  `json:"session,omitempty"`
	Cmd     string  `json:"cmd,omitempty"`
	OK      bool    `json:"ok"`
	Exit    int     `json:"exit"`
	Name    string  `json:"name,omitempty"`  // of the kind of error: "TIMEOUT"
	Phase   string  `json:"phase,omitempty"` // in which it failed: "tls", "rcpt"
	Code    string  `json:"code,omitempty"`  // the server's
	Text    string  `json:"text,omitempty"`  // the server's
	Error   string  `json:"error,omitempty"` // the line that people would read
	Hint    string  `json:"hint,omitempty"`
	Data    any     `json:"data,omitempty"`
	Timing  *Timing `json:"timing,omitempty"`
	Bytes   *Bytes  `json:"bytes,omitempty"`
	Peer    string  `json:"peer,omitempty"`
	Local   string  `json:"local,omitempty"`
	TLS     any     `json:"tls,omitempty"`

	Details any `json:"-"` // a struct whose fields stand beside these; nil: none
}

// Timing is how long a command took, and its phases.
type Timing struct {
	wire.Timing
	Total time.Duration `json:"total"`
}

// Bytes counts what a command received and sent.
type Bytes struct {
	In  int64 `json:"in"`
	Out int64 `json:"out"`
}

// Fail makes e tell of err.
func (e *Envelope) Fail(err error) {
	k := fault.Of(err)
	t := tell(err)
	e.OK, e.Exit, e.Name, e.Error, e.Hint, e.Phase = k == nil, 0, "", "", fault.Hint(err), t.phase
	if k != nil {
		e.Exit, e.Name, e.Error = k.Exit, k.Name, t.line()
	}
	if t.code != "" {
		e.Code, e.Text = t.code, t.text
	}
}

// Write writes e as one line.
func (e *Envelope) Write(w io.Writer) error {
	line, err := e.MarshalJSON()
	if err == nil {
		_, err = w.Write(append(line, '\n'))
	}
	return err
}

// MarshalJSON is the line that Write writes.
func (e *Envelope) MarshalJSON() ([]byte, error) {
	enc := &encoder{}
	err := enc.value(reflect.ValueOf(*e))
	if err != nil || e.Details == nil {
		return enc.buf, err
	}
	more := &encoder{}
	if err := more.value(reflect.ValueOf(e.Details)); err != nil || len(more.buf) <= len("{}") {
		return enc.buf, err
	}
	return append(append(enc.buf[:len(enc.buf)-1], ','), more.buf[1:]...), nil
}

// A content is a Blob in JSON.
type content struct {
	Name     string    `json:"name,omitempty"`
	Type     string    `json:"type,omitempty"`
	Modified time.Time `json:"modified,omitzero"`
	Size     int64     `json:"size"`
	Text     *string   `json:"text,omitempty"`   // when it is UTF-8
	Base64   string    `json:"base64,omitempty"` // when it is not
}

// MaxBody is how much of a Blob JSON can hold.
const MaxBody = 64 << 20

// Data is what an envelope holds of a result that is not a stream. A Blob is
// read and closed; one larger than MaxBody is a fault.TooLarge.
func Data(res any) (any, error) {
	b, ok := res.(*verb.Blob)
	if !ok || b == nil || b.ReadCloser == nil {
		return res, nil
	}
	body, err := io.ReadAll(io.LimitReader(b, MaxBody+1))
	if len(body) > MaxBody {
		err = fault.New(fault.TooLarge, "more than %d MiB for one line of JSON", MaxBody>>20).WithHint("-o FILE saves it")
	}
	if err != nil {
		b.Close()
		return nil, err
	}
	err = b.Close() // what was read is of use, even so
	c := content{Name: b.Name, Type: b.Type, Modified: b.Modified, Size: int64(len(body))}
	if s := string(body); utf8.ValidString(s) {
		c.Text = &s
	} else {
		c.Base64 = base64.StdEncoding.EncodeToString(body)
	}
	return c, err
}
