package sasl

import (
	"crypto/hmac"
	"crypto/md5"
	"encoding/hex"
	"strings"

	"github.com/emersion/go-sasl"

	"wireline/protocols/fault"
)

// PLAIN (RFC 4616).
func plain(c Credentials, _ Channel) (Client, error) {
	return sasl.NewPlainClient(c.Identity, c.Name, c.Secret), nil
}

// LOGIN, which no RFC describes: the server asks twice, in words that differ
// from server to server.
func login(c Credentials, _ Channel) (Client, error) {
	return &loginClient{answers: []string{c.Name, c.Secret}}, nil
}

type loginClient struct{ answers []string }

func (*loginClient) Start() (string, []byte, error) { return "LOGIN", nil, nil }

func (l *loginClient) Next([]byte) ([]byte, error) {
	if len(l.answers) == 0 {
		return nil, fault.New(fault.Protocol, "the server asks for a third answer in LOGIN")
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}

// CRAM-MD5 (RFC 2195).
func cramMD5(c Credentials, _ Channel) (Client, error) { return &cramClient{c: c}, nil }

type cramClient struct {
	c    Credentials
	done bool
}

func (*cramClient) Start() (string, []byte, error) { return "CRAM-MD5", nil, nil }

func (c *cramClient) Next(challenge []byte) ([]byte, error) {
	if c.done {
		return nil, fault.New(fault.Protocol, "the server challenges twice in CRAM-MD5")
	}
	c.done = true
	h := hmac.New(md5.New, []byte(c.c.Secret))
	h.Write(challenge)
	return []byte(c.c.Name + " " + hex.EncodeToString(h.Sum(nil))), nil
}

// OAUTHBEARER (RFC 7628).
func oauthBearer(c Credentials, _ Channel) (Client, error) {
	if err := separated(c); err != nil {
		return nil, err
	}
	inner := sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: saslname(c.Name), Token: c.Secret, Host: c.Host, Port: c.Port})
	return tokenClient{inner, "\x01"}, nil
}

// XOAUTH2, as Google describes it.
func xoauth2(c Credentials, _ Channel) (Client, error) {
	if err := separated(c); err != nil {
		return nil, err
	}
	return tokenClient{xoauth2Client{c}, ""}, nil
}

// separated refuses what would be taken for the byte between two fields.
func separated(c Credentials) error {
	if strings.ContainsAny(c.Name+c.Secret, "\x01") {
		return fault.New(fault.BadArgument, "a name or a token has no byte 01 in it")
	}
	return nil
}

type xoauth2Client struct{ Credentials }

func (x xoauth2Client) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.Name + "\x01auth=Bearer " + x.Secret + "\x01\x01"), nil
}

func (xoauth2Client) Next([]byte) ([]byte, error) { return nil, nil }

// A tokenClient answers the challenge that tells why a token was refused with
// the dummy that the refusal itself waits for.
type tokenClient struct {
	Client
	dummy string
}

func (t tokenClient) Next([]byte) ([]byte, error) { return []byte(t.dummy), nil }

// EXTERNAL: the certificate of the client, or the socket, says who he is.
func external(c Credentials, _ Channel) (Client, error) {
	return sasl.NewExternalClient(c.Identity), nil
}

// ANONYMOUS (RFC 4505).
func anonymous(c Credentials, _ Channel) (Client, error) {
	return sasl.NewAnonymousClient(c.Name), nil
}
