package render

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
	"wireline/protocols/wire"
)

func encoded(t *testing.T, v any) string {
	t.Helper()
	var b strings.Builder
	if err := (&encoder{}).line(&b, reflect.ValueOf(v)); err != nil {
		t.Fatal(err)
	}
	if !json.Valid([]byte(b.String())) {
		t.Fatalf("not JSON: %s", b.String())
	}
	return strings.TrimSuffix(b.String(), "\n")
}

type named []byte

func TestEncode(t *testing.T) {
	for _, tt := range []struct {
		in   any
		want string
	}{
		{nil, "null"},
		{"a\"\\\n\t\r\x00\x1b\x7f\u009b\u202e\U000e0041<&>é👍", `"a\"\\\n\t\r\u0000\u001b\u007f\u009b\u202e\udb40\udc41<&>é👍"`},
		{"\xff", `"` + "\ufffd" + `"`},
		{1500 * time.Millisecond, "1.5"},
		{time.Time{}, "null"},
		{time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), `"2026-01-02T03:04:05.000000006Z"`},
		{[]byte("text"), `"text"`},
		{[]byte{0xff}, `{"base64":"/w=="}`},
		{named{0xff}, `{"base64":"/w=="}`},
		{[]string(nil), "[]"},
		{map[string]any{"b": 1, "a": nil}, `{"a":null,"b":1}`},
		{math.NaN(), "null"},
		{1e21, "1e+21"},
		{netip.MustParseAddr("::1"), `"::1"`},
		{errors.New("x"), `"x"`},
		{json.RawMessage(`{"a": 1}`), `{"a": 1}`},
		{uint8(7), "7"},
		{[2]bool{true}, "[true,false]"},
		{struct {
			A int `json:"-"`
			B int `json:"b,omitempty"`
			C *int
			entry
		}{entry: entry{Name: "n"}}, `{"C":null,"name":"n","size":0,"dir":false}`},
	} {
		if got := encoded(t, tt.in); got != tt.want {
			t.Errorf("%#v\n got %s\nwant %s", tt.in, got, tt.want)
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	type loop struct{ Next *loop }
	l := &loop{}
	l.Next = l
	for _, v := range []any{l, make(chan int), struct{ F func() }{func() {}}} {
		if err := (&encoder{}).line(io.Discard, reflect.ValueOf(v)); !errors.Is(err, fault.Internal) {
			t.Errorf("%T: %v", v, err)
		}
	}
}

// Strings are read back by others as they were, but for bytes that are not UTF-8.
func FuzzString(f *testing.F) {
	f.Add("a\x1b\u202e\U000e0041<é>")
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal([]byte(encoded(t, s)), &got); err != nil || got != string([]rune(s)) {
			t.Fatalf("%q is read %q, %v", s, got, err)
		}
	})
}

// What an envelope says can be read back.
func TestEnvelope(t *testing.T) {
	e := Envelope{Proto: "imap", Session: "work", Cmd: "search", OK: true, Code: "OK", Text: "Search completed", Data: []int{4, 7},
		Timing: &Timing{wire.Timing{DNS: time.Millisecond, FirstByte: 20 * time.Millisecond}, time.Second},
		Bytes:  &Bytes{12, 34}, Peer: "192.0.2.1:993", Local: "192.0.2.9:5", TLS: map[string]string{"version": "1.3"}}
	want := `{"proto":"imap","session":"work","cmd":"search","ok":true,"exit":0,"code":"OK","text":"Search completed","data":[4,7],` +
		`"timing":{"dns":0.001,"connect":0,"tls":0,"greeting":0,"first_byte":0.02,"total":1},"bytes":{"in":12,"out":34},` +
		`"peer":"192.0.2.1:993","local":"192.0.2.9:5","tls":{"version":"1.3"}}` + "\n"
	var b strings.Builder
	if err := e.Write(&b); err != nil || b.String() != want {
		t.Errorf("%v\n got %swant %s", err, b.String(), want)
	}
	if m, err := json.Marshal(&e); err != nil || string(m)+"\n" != want {
		t.Errorf("marshalled: %v, %s", err, m)
	}
	var back struct {
		Proto  string
		Data   []int
		Timing struct{ Total float64 }
		Bytes  Bytes
	}
	if err := json.Unmarshal([]byte(want), &back); err != nil || back.Proto != "imap" || !reflect.DeepEqual(back.Data, e.Data) || back.Timing.Total != 1 || back.Bytes != *e.Bytes {
		t.Errorf("read back: %+v, %v", back, err)
	}
}

func TestEnvelopeFail(t *testing.T) {
	e := Envelope{Cmd: "get", OK: true, Code: "250", Text: "fine"}
	e.Fail(&fault.Error{Op: "get", At: "h:21/f", Code: "550", Text: "No such file", Kind: fault.NotFound, Hint: "ls shows"})
	if e.OK || e.Exit != 78 || e.Name != "NOT_FOUND" || e.Code != "550" || e.Text != "No such file" || e.Hint != "ls shows" ||
		e.Error != `get h:21/f: server said "550 No such file"` {
		t.Errorf("%+v", e)
	}
	e = Envelope{Code: "250"}
	e.Fail(fault.New(fault.Timeout, "no reply within 60 s"))
	if e.Exit != 28 || e.Code != "250" || e.Error != "no reply within 60 s" {
		t.Errorf("%+v", e)
	}
}

func TestDataOfBlob(t *testing.T) {
	for in, want := range map[string]string{
		"hé":   `{"name":"f","size":3,"text":"hé"}`,
		"":     `{"name":"f","size":0,"text":""}`,
		"\xff": `{"name":"f","size":1,"base64":"/w=="}`,
	} {
		d, err := Data(&verb.Blob{Name: "f", ReadCloser: io.NopCloser(strings.NewReader(in))})
		if got := encoded(t, d); err != nil || got != want {
			t.Errorf("%q: %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestDataOfHugeBlob(t *testing.T) {
	zeros := io.LimitReader(zero{}, MaxBody+10)
	if _, err := Data(&verb.Blob{ReadCloser: io.NopCloser(zeros)}); !errors.Is(err, fault.TooLarge) {
		t.Error(err)
	}
}

type zero struct{}

func (zero) Read(p []byte) (int, error) { clear(p); return len(p), nil }
