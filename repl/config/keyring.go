package config

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"wireline/protocols/fault"
)

// A Credential is a name and a password for one server, as a keyring keeps
// them.
type Credential struct {
	Scheme, Host, Port string
	Name, Password     string
}

// helper is the program that a keyring is reached by: git-credential-NAME for
// a bare name, else a command.
func (s Secrets) helper(ctx context.Context, what string, c Credential) ([]byte, error) {
	line := s.Keyring
	if !strings.ContainsAny(line, " /\\") {
		line = "git-credential-" + line
	}
	var in bytes.Buffer
	host := c.Host
	if c.Port != "" {
		host += ":" + c.Port
	}
	for _, f := range [][2]string{{"protocol", c.Scheme}, {"host", host}, {"username", c.Name}, {"password", c.Password}} {
		if strings.ContainsAny(f[1], "\n\x00") {
			return nil, fault.New(fault.BadArgument, "a line break or NUL in the %s for the keyring", f[0])
		}
		if f[1] != "" {
			fmt.Fprintf(&in, "%s=%s\n", f[0], f[1])
		}
	}
	in.WriteByte('\n')
	out, err := run(command(ctx, line+" "+what), &in)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fault.New(fault.ReadLocal, "the keyring's helper failed: %s %s: %v", line, what, err)
	}
	return out, nil
}

// Recall asks the keyring for what it has of a server. ok is false when it
// has nothing, or when there is none.
func (s Secrets) Recall(ctx context.Context, c Credential) (found Credential, ok bool, err error) {
	if s.Keyring == "" {
		return c, false, nil
	}
	out, err := s.helper(ctx, "get", c)
	if err != nil {
		return c, false, err
	}
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), "=")
		switch name {
		case "username":
			c.Name = value
		case "password":
			c.Password = value
		}
	}
	return c, c.Password != "", nil
}

// Keep puts what was accepted into the keyring.
func (s Secrets) Keep(ctx context.Context, c Credential) error {
	_, err := s.helper(ctx, "store", c)
	return err
}

// Drop takes what was refused out of the keyring.
func (s Secrets) Drop(ctx context.Context, c Credential) error {
	_, err := s.helper(ctx, "erase", c)
	return err
}
