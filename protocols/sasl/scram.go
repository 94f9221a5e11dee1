package sasl

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"hash"
	"slices"
	"strconv"
	"strings"

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
		s := &scramLogin{name: name, hash: sha256.New, gs2: "n,", secret: prepare(c.Secret)}
		if strings.HasPrefix(name, "SCRAM-SHA-1") {
			s.hash = sha1.New
		}
		if strings.HasSuffix(name, "-PLUS") {
			kind, data, err := bindingTo(ch.TLS)
			if err != nil {
				return nil, fault.New(fault.Unsupported, "the login cannot be bound to this TLS connection: %v", err)
			}
			s.gs2, s.binding = "p="+kind+",", data
		} else if ch.TLS != nil && len(ch.Offered) > 0 && !slices.ContainsFunc(ch.Offered, plus) {
			// We could have; a server that could, too, learns that somebody
			// took it out of what it offers.
			s.gs2 = "y,"
		}
		if c.Identity != "" {
			s.gs2 += "a=" + saslname(c.Identity)
		}
		s.gs2 += ","
		s.bare = "n=" + saslname(prepare(c.Name)) + ",r=" + rand.Text()
		return s, nil
	}
}

func plus(mech string) bool {
	return strings.HasPrefix(strings.ToUpper(mech), "SCRAM-") && strings.HasSuffix(strings.ToUpper(mech), "-PLUS")
}

// saslname spells a name so that it ends where it ends (RFC 5802, section
// 5.1).
func saslname(s string) string { return strings.NewReplacer("=", "=3D", ",", "=2C").Replace(s) }

// A scramLogin is one login.
type scramLogin struct {
	name    string
	hash    func() hash.Hash
	gs2     string // the header of GSS-API
	binding []byte
	bare    string // the client's first message, without the header
	secret  string

	step      int
	signature []byte // with which the server will prove that it knows the secret
	proved    bool
}

// Start is the client's first message.
func (s *scramLogin) Start() (string, []byte, error) { return s.name, []byte(s.gs2 + s.bare), nil }

// Next answers the server's two messages.
func (s *scramLogin) Next(challenge []byte) ([]byte, error) {
	s.step++
	var answer string
	var err error
	switch s.step {
	case 1:
		answer, err = s.final(string(challenge))
	case 2:
		err = s.check(string(challenge))
	default:
		err = errors.New("a third message")
	}
	if err != nil {
		if fault.Of(err) != fault.Internal {
			return nil, err
		}
		return nil, fault.New(fault.Login, "the server's part of %s is wrong: %v", s.name, err)
	}
	return []byte(answer), nil
}

// final is the client's final message, which proves that it knows the secret
// without telling it.
func (s *scramLogin) final(first string) (string, error) {
	fields := strings.Split(first, ",")
	if len(fields) < 3 || strings.HasPrefix(first, "m=") {
		return "", errors.New("it is not a nonce, a salt and a count")
	}
	nonce, ok := strings.CutPrefix(fields[0], "r=")
	ours := s.bare[strings.LastIndex(s.bare, "r=")+2:]
	if !ok || !strings.HasPrefix(nonce, ours) || len(nonce) == len(ours) {
		return "", errors.New("the nonce is not ours with more behind it")
	}
	text, ok := strings.CutPrefix(fields[1], "s=")
	salt, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(salt) == 0 {
		return "", errors.New("there is no salt")
	}
	text, ok = strings.CutPrefix(fields[2], "i=")
	rounds, err := strconv.Atoi(text)
	switch {
	case errors.Is(err, strconv.ErrRange) || rounds > mostRounds:
		return "", fault.New(fault.Limit, "the server wants the password hashed more than %d times", mostRounds)
	case !ok || err != nil || text[0] == '+':
		return "", errors.New("there is no count")
	case rounds < leastRounds:
		return "", errors.New("it wants the password hashed only " + strconv.Itoa(rounds) + " times")
	}
	salted, err := pbkdf2.Key(s.hash, s.secret, salt, rounds, s.hash().Size())
	if err != nil {
		return "", err
	}
	last := "c=" + base64.StdEncoding.EncodeToString(append([]byte(s.gs2), s.binding...)) + ",r=" + nonce
	all := s.bare + "," + first + "," + last
	key := s.hmac(salted, "Client Key")
	h := s.hash()
	h.Write(key)
	proof := make([]byte, len(key))
	subtle.XORBytes(proof, key, s.hmac(h.Sum(nil), all))
	s.signature = s.hmac(s.hmac(salted, "Server Key"), all)
	return last + ",p=" + base64.StdEncoding.EncodeToString(proof), nil
}

func (s *scramLogin) hmac(key []byte, text string) []byte {
	m := hmac.New(s.hash, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// check has the server prove the same.
func (s *scramLogin) check(final string) error {
	field, _, _ := strings.Cut(final, ",")
	if why, ok := strings.CutPrefix(field, "e="); ok {
		return fault.New(fault.Login, "the server says: %q", why[:min(len(why), 100)])
	}
	text, ok := strings.CutPrefix(field, "v=")
	sum, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || !hmac.Equal(sum, s.signature) {
		return errors.New("it did not prove that it knows the password")
	}
	s.proved = true
	return nil
}

func (s *scramLogin) verified() bool { return s.proved }
