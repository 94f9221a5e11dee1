package sasl

import "wireline/protocols/fault"

const rounds = 10

// bounded is a Client that answers so many challenges and no more.
type bounded struct {
	Client
	n int
}

func (b *bounded) Next(challenge []byte) ([]byte, error) {
	if b.n++; b.n > rounds {
		return nil, fault.New(fault.Login, "the server asks for more than %d steps of a login", rounds)
	}
	return b.Client.Next(challenge)
}

// A verifier is a Client that has the server prove who it is.
type verifier interface{ verified() bool }

// Verified is an error when the server said that the login was well without
// having proved, as the mechanism demands, that it knows the user's secret.
func Verified(c Client) error {
	if b, ok := c.(*bounded); ok {
		c = b.Client
	}
	if v, ok := c.(verifier); ok && !v.verified() {
		e := fault.New(fault.Login, "the server did not prove that it knows the password")
		return e.WithHint("it may not be the server it says it is")
	}
	return nil
}
