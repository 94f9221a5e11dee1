package sasl

import (
	"crypto/tls"
	"strings"

	"github.com/xdg-go/scram"

	"wireline/protocols/fault"
)

// leastRounds is the work factor below which a server may want the hash of a
// password only to guess it (RFC 7677, section 4).
const leastRounds = 4096

// mostRounds keeps a server from having us count for hours.
const mostRounds = 10_000_000

// SCRAM-SHA-1 and SCRAM-SHA-256, with or without the binding to TLS (RFC
// 5802, RFC 7677, RFC 9266).
func scramClient(name string) func(Credentials, Channel) (Client, error) {
	return func(c Credentials, ch Channel) (Client, error) {
		hash, bind := scram.SHA256, strings.HasSuffix(name, "-PLUS")
		if strings.HasPrefix(name, "SCRAM-SHA-1") {
			hash = scram.SHA1
		}
		inner, err := hash.NewClient(c.Name, c.Secret, c.Identity)
		if err != nil {
			// What SASLprep cannot read is sent as it is.
			if inner, err = hash.NewClientUnprepped(c.Name, c.Secret, c.Identity); err != nil {
				return nil, fault.New(fault.Login, "the name or the password cannot be used with %s", name)
			}
		}
		inner.WithMinIterations(leastRounds)
		if !bind {
			return &scramLogin{name: name, talk: inner.NewConversation()}, nil
		}
		binding, err := bindingTo(ch.TLS)
		if err != nil {
			return nil, fault.New(fault.Unsupported, "the login cannot be bound to this TLS connection: %v", err)
		}
		return &scramLogin{name: name, talk: inner.NewConversationWithChannelBinding(binding)}, nil
	}
}

// bindingTo is what proves to a server that nobody sits in the middle. In TLS
// 1.2 the exporter wants an extension that not every server has.
func bindingTo(cs *tls.ConnectionState) (scram.ChannelBinding, error) {
	if cs != nil && cs.Version >= tls.VersionTLS13 {
		return scram.NewTLSExporterBinding(cs)
	}
	return scram.NewTLSServerEndpointBinding(cs)
}

type scramLogin struct {
	name string
	talk *scram.ClientConversation
}

func (s *scramLogin) Start() (string, []byte, error) {
	first, err := s.talk.Step("")
	return s.name, []byte(first), err
}

func (s *scramLogin) Next(challenge []byte) ([]byte, error) {
	if tooMuchWork(string(challenge)) {
		return nil, fault.New(fault.Limit, "the server wants the password hashed more than %d times", mostRounds)
	}
	answer, err := s.talk.Step(string(challenge))
	if err != nil {
		return nil, fault.New(fault.Login, "the server's part of %s is wrong: %v", s.name, err)
	}
	return []byte(answer), nil
}

// tooMuchWork looks for i=… in a server-first-message.
func tooMuchWork(challenge string) bool {
	for f := range strings.SplitSeq(challenge, ",") {
		if n, ok := strings.CutPrefix(f, "i="); ok {
			n = strings.TrimLeft(n, "0")
			return len(n) > 8 || len(n) == 8 && n > "10000000"
		}
	}
	return false
}

func (s *scramLogin) verified() bool { return s.talk.Valid() }
