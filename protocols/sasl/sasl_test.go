package sasl

import (
	"crypto/tls"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"wireline/protocols/fault"
	"wireline/protocols/lab"
)

var (
	open    = Channel{}
	private = Channel{Private: true}
)

// SMTP-04, POP-02, IMAP-02, C09: the strongest that is offered, and no
// password where others read.
func TestChoose(t *testing.T) {
	secure := Channel{Private: true, TLS: &tls.ConnectionState{}}
	for _, c := range []struct {
		offered, want string
		ch            Channel
		mech          string
		kind          *fault.Kind
	}{
		{"PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "", secure, "SCRAM-SHA-256-PLUS", nil},
		{"PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "", private, "SCRAM-SHA-256", nil},
		{"plain cram-md5", "", open, "CRAM-MD5", nil},
		{"PLAIN LOGIN", "", private, "PLAIN", nil},
		{"LOGIN X", "", private, "LOGIN", nil},
		{"PLAIN LOGIN", "", open, "", fault.TLSRequired},
		{"GSSAPI XOAUTH2", "", private, "", fault.Unsupported},
		{"", "", private, "", fault.Unsupported},
		{"", "plain", private, "PLAIN", nil},
		{"", "xoauth2", private, "XOAUTH2", nil},
		{"PLAIN", "PLAIN", open, "", fault.TLSRequired},
		{"XOAUTH2", "XOAUTH2", open, "", fault.TLSRequired},
		{"NTLM", "ntlm", private, "", fault.Unsupported},
		{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS", private, "", fault.TLSRequired},
		{"", "EXTERNAL", open, "EXTERNAL", nil},
	} {
		got, err := Choose(strings.Fields(c.offered), c.want, c.ch)
		if got != c.mech || fault.Of(err) != c.kind {
			t.Errorf("%q, %q: %q, %v", c.offered, c.want, got, err)
		}
	}
}

// What each mechanism says, to what it is asked.
func TestMechanisms(t *testing.T) {
	cred := Credentials{Name: "ann", Secret: "tanstaaftanstaaf", Identity: "root", Host: "h", Port: 25}
	for mech, say := range map[string][]string{
		"PLAIN":       {"root\x00ann\x00tanstaaftanstaaf"},
		"LOGIN":       {"-", "User Name", "ann", "Password", "tanstaaftanstaaf"},
		"CRAM-MD5":    {"-", "<1896.697170952@postoffice.reston.mci.net>", "ann b913a602c7eda7a495b4e6e7334d3890"},
		"XOAUTH2":     {"user=ann\x01auth=Bearer tanstaaftanstaaf\x01\x01", "{}", ""},
		"OAUTHBEARER": {"n,a=ann,\x01host=h\x01port=25\x01auth=Bearer tanstaaftanstaaf\x01\x01", "{}", "\x01"},
		"EXTERNAL":    {"root"},
		"ANONYMOUS":   {"ann"},
	} {
		c, err := New(mech, cred, private)
		if err != nil {
			t.Fatal(err)
		}
		name, first, err := c.Start()
		if first == nil {
			first = []byte("-")
		}
		if name != mech || string(first) != say[0] || err != nil {
			t.Errorf("%s: %s %q, %v", mech, name, first, err)
		}
		for i := 1; i < len(say); i += 2 {
			got, err := c.Next([]byte(say[i]))
			if err != nil || got == nil || string(got) != say[i+1] {
				t.Errorf("%s: %q is answered %q, %v", mech, say[i], got, err)
			}
		}
	}
	if !Clear("plain") || Clear("SCRAM-SHA-256") || !Secretless("external") || Secretless("PLAIN") || len(Names()) < 10 {
		t.Error(Names())
	}
	for _, evil := range []Credentials{{Name: "a\x01b"}, {Secret: "\x01"}} {
		if _, err := New("XOAUTH2", evil, private); fault.Of(err) != fault.BadArgument {
			t.Errorf("%v", err)
		}
	}
}

// L15: a server that never comes to an end.
func TestEndless(t *testing.T) {
	c, err := New("XOAUTH2", Credentials{}, private)
	if err != nil {
		t.Fatal(err)
	}
	for range rounds {
		if _, err := c.Next(nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Next(nil); fault.Of(err) != fault.Login {
		t.Error(err)
	}
}

// talk logs in at a server of the library that the client is made with, and
// gives what the server thinks of it.
func talk(t *testing.T, c Client, s *scram.ServerConversation) (bool, error) {
	t.Helper()
	_, say, err := c.Start()
	for err == nil && !s.Done() {
		var answer string
		if answer, err = s.Step(string(say)); err != nil {
			break
		}
		if say, err = c.Next([]byte(answer)); s.Done() {
			break
		}
	}
	return s.Valid(), err
}

func scramServer(t *testing.T, hash scram.HashGeneratorFcn, rounds int) *scram.Server {
	t.Helper()
	s, err := hash.NewServer(func(string) (scram.StoredCredentials, error) {
		c, err := hash.NewClient("ann", "pässword", "")
		if err != nil {
			return scram.StoredCredentials{}, err
		}
		return c.GetStoredCredentialsWithError(scram.KeyFactors{Salt: "salt", Iters: rounds})
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSCRAM(t *testing.T) {
	for mech, hash := range map[string]scram.HashGeneratorFcn{"SCRAM-SHA-1": scram.SHA1, "SCRAM-SHA-256": scram.SHA256} {
		for secret, right := range map[string]bool{"pässword": true, "other": false} {
			c, err := New(mech, Credentials{Name: "ann", Secret: secret}, open)
			if err != nil {
				t.Fatal(err)
			}
			if err := Verified(c); fault.Of(err) != fault.Login {
				t.Errorf("%s is verified before it has begun: %v", mech, err)
			}
			valid, err := talk(t, c, scramServer(t, hash, 4096).NewConversation())
			if valid != right || (Verified(c) == nil) != right {
				t.Errorf("%s with %s: %v, %v, %v", mech, secret, valid, err, Verified(c))
			}
		}
	}
	// A server that wants a cheap hash, or a very dear one.
	for _, first := range []string{"i=1", "i=99999999", "i=010000001"} {
		c, _ := New("SCRAM-SHA-256", Credentials{Name: "ann", Secret: "x"}, open)
		_, say, _ := c.Start()
		nonce := string(say[strings.Index(string(say), "r="):])
		if _, err := c.Next([]byte(nonce + "x,s=" + base64.StdEncoding.EncodeToString([]byte("salt")) + "," + first)); err == nil {
			t.Errorf("%s was taken", first)
		}
	}
}

// The login is bound to TLS by what both ends know of it.
func TestPlus(t *testing.T) {
	dir := t.TempDir()
	cert, key, err := lab.Certificate(dir)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	for version, name := range map[uint16]string{tls.VersionTLS12: "1.2", tls.VersionTLS13: "1.3"} {
		client, server := handshake(t, pair, version)
		c, err := New("SCRAM-SHA-256-PLUS", Credentials{Name: "ann", Secret: "pässword"}, Channel{Private: true, TLS: client})
		if err != nil {
			t.Fatal(err)
		}
		var bound scram.ChannelBinding
		if version == tls.VersionTLS13 {
			bound, err = scram.NewTLSExporterBinding(server)
		} else {
			server.PeerCertificates = client.PeerCertificates // whose is the server's own
			bound, err = scram.NewTLSServerEndpointBinding(server)
		}
		if err != nil {
			t.Fatal(err)
		}
		valid, err := talk(t, c, scramServer(t, scram.SHA256, 4096).NewConversationWithChannelBinding(bound))
		if !valid || Verified(c) != nil {
			t.Errorf("TLS %s: %v, %v", name, valid, err)
		}
	}
	if _, err := New("SCRAM-SHA-1-PLUS", Credentials{Name: "ann"}, private); fault.Of(err) != fault.Unsupported {
		t.Errorf("bound to nothing: %v", err)
	}
}

// RFC 5801, section 4: a name with a comma is one name.
func TestBearerName(t *testing.T) {
	c, err := New("OAUTHBEARER", Credentials{Name: "a,b=c", Secret: "t"}, Channel{Private: true})
	if err != nil {
		t.Fatal(err)
	}
	_, first, err := c.Start()
	if err != nil || !strings.HasPrefix(string(first), "n,a=a=2Cb=3Dc,\x01") {
		t.Errorf("%q, %v", first, err)
	}
}
