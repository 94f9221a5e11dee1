package conformance

import (
	"encoding/base64"
	"encoding/hex"
	"testing"

	"wireline/protocols/wire"
)

// A secret is found in every form, in data that came in pieces, and in notes,
// but not where two connections or directions only seem to make it up.
func TestLeaks(t *testing.T) {
	const secret = "p&ssword-1"
	send := func(conn int, data string) wire.Event {
		return wire.Event{Conn: conn, What: "send", Data: []byte(data)}
	}
	for _, x := range []struct {
		want   string
		events []wire.Event
	}{
		{"", []wire.Event{send(1, "PASS ***\r\n")}},
		{"", []wire.Event{send(1, secret[:4]), send(2, secret[4:])}},
		{"as it is", []wire.Event{send(1, "PASS "+secret[:4]), send(2, "x"), send(1, secret[4:])}},
		{"as it is", []wire.Event{{What: "note", Note: "logged in with " + secret}}},
		{"percent-encoded", []wire.Event{send(1, "GET /?p=p%26ssword-1")}},
		{"in hexadecimal", []wire.Event{send(1, hex.EncodeToString([]byte(secret)))}},
		{"in base64", []wire.Event{send(1, base64.StdEncoding.EncodeToString([]byte("ann:"+secret)))}},
		{"in base64", []wire.Event{send(1, base64.StdEncoding.EncodeToString([]byte("\x00ann\x00"+secret)))}},
		{"in base64", []wire.Event{send(1, base64.StdEncoding.EncodeToString([]byte(secret+" and more")))}},
	} {
		if got := leaks(x.events, secret); got != x.want {
			t.Errorf("%+v: got %q, want %q", x.events, got, x.want)
		}
	}
}
