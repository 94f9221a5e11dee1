package render

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"wireline/protocols/wire"
)

// Every mode tells direction, connection, time and TLS (RAW-20, X-17).
func TestTrace(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678900000, time.Local)
	events := []wire.Event{
		{Time: at, Conn: 1, What: "dial", Note: "127.0.0.1:25"},
		{Time: at, Conn: 1, What: "recv", Data: []byte("220 hi\r\n250-a\r\n250 \x1bb")},
		{Time: at, Conn: 1, What: "send", Data: []byte("\x02E18\x03 and more bytes\r\n"), Secure: true, Offset: 16},
		{Time: at, Conn: 2, What: "recv"},
		{Time: at, Conn: 2, What: "close"},
	}
	for mode, want := range map[string]string{
		"line": lines("03:04:05.678 [1] * dial 127.0.0.1:25",
			"03:04:05.678 [1] < 220 hi", "03:04:05.678 [1] < 250-a", `03:04:05.678 [1] < 250 \x1bb`,
			`03:04:05.678 [1] tls > \x02E18\x03 and more bytes`,
			"03:04:05.678 [2] < (0 bytes)", "03:04:05.678 [2] * close"),
		"hex": lines("03:04:05.678900 [1] * dial 127.0.0.1:25",
			"03:04:05.678900 [1] < 00000000  32 32 30 20 68 69 0d 0a  32 35 30 2d 61 0d 0a 32  |220 hi..250-a..2|",
			"03:04:05.678900 [1] < 00000010  35 30 20 1b 62                                    |50 .b|",
			"03:04:05.678900 [1] tls > 00000010  02 45 31 38 03 20 61 6e  64 20 6d 6f 72 65 20 62  |.E18. and more b|",
			"03:04:05.678900 [1] tls > 00000020  79 74 65 73 0d 0a                                 |ytes..|",
			"03:04:05.678900 [2] < (0 bytes)", "03:04:05.678900 [2] * close"),
	} {
		var b strings.Builder
		show := Trace(&b, mode, Options{})
		for _, e := range events {
			show(e)
		}
		if got := b.String(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", mode, got, want)
		}
	}
	var b strings.Builder
	Trace(&b, "line", Options{Terminal: true, Color: true})(events[0])
	if got, want := b.String(), "\x1b[2m03:04:05.678 [1] * dial 127.0.0.1:25\x1b[0m\n"; got != want {
		t.Errorf("color: got %q, want %q", got, want)
	}
}

// SMTP-15: a transcript as swaks writes it, with the time between lines.
func TestTraceTalk(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.Local)
	var b strings.Builder
	show := Trace(&b, "talk", Options{})
	for i, e := range []wire.Event{
		{What: "dial", Note: "127.0.0.1:25"},
		{What: "recv", Data: []byte("220 hi\r\n")},
		{What: "send", Data: []byte("STARTTLS\r\n")},
		{What: "tls", Note: "TLS 1.3"},
		{What: "send", Data: []byte("MAIL FROM:<a@x>\r\nRCPT TO:<b@y>\r\n"), Secure: true},
		{What: "recv", Data: []byte("250 ok\r\n"), Secure: true},
	} {
		e.Time = at.Add(time.Duration(i*i) * 42 * time.Millisecond)
		show(e)
	}
	want := lines("+0.000s === dial 127.0.0.1:25", "+0.042s <-  220 hi", "+0.126s  -> STARTTLS", "+0.210s === tls TLS 1.3",
		"+0.294s  ~> MAIL FROM:<a@x>", "+0.294s  ~> RCPT TO:<b@y>", "+0.378s <~  250 ok")
	if got := b.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTraceJSON(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	var b strings.Builder
	show := Trace(&b, "jsonl", Options{})
	show(wire.Event{Time: at, Conn: 1, What: "send", Data: []byte("hi\r\n"), Secure: true})
	show(wire.Event{Time: at, Conn: 1, What: "recv", Data: []byte{0xff, 0}, Offset: 7})
	show(wire.Event{Time: at, Conn: 1, What: "close", Note: "bye"})
	want := lines(`{"time":"2026-01-02T03:04:05.000000006Z","conn":1,"what":"send","secure":true,"offset":0,"data":"hi\r\n"}`,
		`{"time":"2026-01-02T03:04:05.000000006Z","conn":1,"what":"recv","offset":7,"data":{"base64":"/wA="}}`,
		`{"time":"2026-01-02T03:04:05.000000006Z","conn":1,"what":"close","note":"bye"}`)
	if got := b.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for line := range strings.Lines(b.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}
