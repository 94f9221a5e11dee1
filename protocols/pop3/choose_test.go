package pop3

import (
	"strings"
	"testing"

	"wireline/protocols/fault"
	"wireline/protocols/sasl"
)

// POP-02, C09: the strongest way to log in, and no password where others can
// read it.
func TestChoose(t *testing.T) {
	for _, c := range []struct {
		greeting, sasl, caps, want string
		private                    bool
		mech                       string
		kind                       *fault.Kind
	}{
		{"ready", "", "USER", "", true, "user", nil},
		{"ready", "", "USER", "", false, "", fault.TLSRequired},
		{"ready", "", "", "user", false, "", fault.TLSRequired},
		{"ready", "", "", "rpop", false, "", fault.TLSRequired},
		{"ready <1.2@mx>", "", "USER", "", false, "apop", nil},
		{"ready <1.2@mx>", "", "USER", "", true, "user", nil},
		{"ready <1.2@mx>", "", "TOP", "", true, "apop", nil},
		{"ready <1.\x80@mx>", "", "USER", "", false, "", fault.TLSRequired}, // CVE-2007-1558
		{"ready <1.\x01@mx>", "", "USER", "apop", true, "", fault.Unsupported},
		{"ready <1.2>", "", "TOP", "apop", true, "", fault.Unsupported},
		{"ready <1.2@mx>", "PLAIN", "USER", "", false, "apop", nil},
		{"ready", "PLAIN LOGIN", "USER", "", false, "", fault.TLSRequired},
		{"ready", "PLAIN CRAM-MD5", "USER", "", false, "CRAM-MD5", nil},
		{"ready", "PLAIN CRAM-MD5", "USER", "plain", false, "", fault.TLSRequired},
		{"ready", "PLAIN CRAM-MD5", "USER", "plain", true, "PLAIN", nil},
		{"ready", "", "USER", "xoauth2", false, "", fault.TLSRequired},
	} {
		s := &Session{greet: Reply{OK: true, Text: c.greeting}}
		for _, name := range strings.Fields(c.caps) {
			s.caps = append(s.caps, Cap{Name: name})
		}
		mech, err := s.choose(c.want, sasl.Channel{Private: c.private, Offered: strings.Fields(c.sasl)})
		if mech != c.mech || fault.Of(err) != c.kind {
			t.Errorf("%+v: %q, %v", c, mech, err)
		}
	}
}
