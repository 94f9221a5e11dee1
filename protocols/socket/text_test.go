package socket

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"
	"unicode"

	"wireline/protocols/talk"
)

func TestDigits(t *testing.T) {
	for in, want := range map[string]string{
		"02 45 31 38 03 0d 0a": "\x02E18\x03\r\n",
		"0245":                 "\x02E",
		"0x02 0x45":            "\x02E",
		"02:45,31":             "\x02E1",
		"":                     "",
	} {
		if got, err := digits(in); err != nil || string(got) != want {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"0", "0g", "hello", "02 4"} {
		if got, err := digits(in); err == nil {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzDigits(f *testing.F) {
	f.Add("02 45 31 38 03")
	f.Add("0x")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := digits(s)
		if err != nil {
			return
		}
		if again, err := digits(talk.Pairs(p)); err != nil || string(again) != string(p) {
			t.Errorf("%q: %s read back is %q %v", s, hex.EncodeToString(p), again, err)
		}
	})
}

// X01: what a peer sent cannot move the cursor of a notice.
func FuzzPreview(f *testing.F) {
	f.Add([]byte("HELLO\r\n"))
	f.Add([]byte("\x1b]0;x\x07\u202e\u009b\xff"))
	f.Fuzz(func(t *testing.T, p []byte) {
		s := talk.Quote(p, 60)
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%q", s)
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, tt := range []struct{ network, host, port, wantHost, wantPort string }{
		{"tcp", "localhost", "80", "localhost", "80"},
		{"tcp", "localhost:80", "", "localhost", "80"},
		{"tcp", ":80", "", "", "80"},
		{"tcp", "80", "", "", "80"},
		{"tcp", "[::1]:80", "", "::1", "80"},
		{"unix", "/run/a:b", "", "/run/a:b", ""},
	} {
		if h, p := split(tt.network, tt.host, tt.port); h != tt.wantHost || p != tt.wantPort {
			t.Errorf("%+v: %q %q", tt, h, p)
		}
	}
	if got := pair("127.0.0.1:48437"); got != "('127.0.0.1', 48437)" {
		t.Errorf("%s", got)
	}
	if got := pair("[::1]:48437"); got != "('::1', 48437)" {
		t.Errorf("%s", got)
	}
}

func TestSeconds(t *testing.T) {
	for in, want := range map[time.Duration]string{2 * time.Second: "2s", 500 * time.Millisecond: "0.5s", 90 * time.Second: "1m30s", 0: "0s"} {
		if got := talk.Seconds(in); got != want {
			t.Errorf("%v: %s, want %s", in, got, want)
		}
	}
}
