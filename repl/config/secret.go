package config

import (
	"context"
	"io"
	"os"
	"strings"

	"wireline/protocols/fault"
)

// Secrets say where a password comes from, other than a prompt.
type Secrets struct {
	File    string `flag:"password-file" help:"read the password from the first line of this file" complete:"local"`
	FD      int    `flag:"password-fd" help:"read it from the first line of this open file descriptor"`
	Env     string `flag:"password-env" help:"take it from this environment variable"`
	Command string `flag:"password-command" help:"run this and take its first line, or the access_token of its JSON"`
	Keyring string `flag:"keyring" help:"ask this helper, as git asks its credential helpers: libsecret, osxkeychain or a command"`
	Netrc   string `flag:"netrc" help:"use this netrc instead of ~/.netrc; none for none" complete:"local"`
}

// maxSecret bounds a password.
const maxSecret = 4096

// Password is what the file, the descriptor, the variable or the command
// gives; ok is false when none was named. The command is run anew each time,
// so that a token is fresh, but for one whose JSON says when it expires.
func (s Secrets) Password(ctx context.Context, all *Tokens) (password string, ok bool, err error) {
	switch {
	case s.Command != "":
		return passwordOf(ctx, all, s.Command)
	case s.Env != "":
		value, ok := os.LookupEnv(s.Env)
		if !ok {
			return "", false, fault.New(fault.ReadLocal, "there is no variable %s in the environment", s.Env)
		}
		return firstLine(strings.NewReader(value), "the variable "+s.Env)
	case s.File != "":
		f, err := os.Open(s.File)
		if err != nil {
			return "", false, fault.New(fault.ReadLocal, "cannot read %s: %v", s.File, plain(err))
		}
		defer f.Close()
		fi, err := f.Stat()
		if err != nil {
			return "", false, fault.New(fault.ReadLocal, "cannot read %s: %v", s.File, plain(err))
		}
		if err := private(s.File, fi); err != nil && fi.Mode().IsRegular() {
			return "", false, err
		}
		return firstLine(f, s.File)
	case s.FD > 0:
		f := os.NewFile(uintptr(s.FD), "password-fd")
		if f == nil {
			return "", false, fault.New(fault.BadArgument, "%d is not an open file descriptor", s.FD)
		}
		defer f.Close()
		return firstLine(f, "the file descriptor")
	}
	return "", false, nil
}

func firstLine(r io.Reader, name string) (string, bool, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSecret))
	if err != nil {
		return "", false, fault.New(fault.ReadLocal, "cannot read %s: %v", name, plain(err))
	}
	line, _, _ := strings.Cut(string(b), "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case len(b) == maxSecret && len(line) == maxSecret:
		return "", false, fault.New(fault.ReadLocal, "the first line of %s is too long for a password", name)
	case line == "":
		return "", false, fault.New(fault.ReadLocal, "%s gave no password", name)
	case strings.ContainsAny(line, "\r\x00"):
		return "", false, fault.New(fault.BadArgument, "the password of %s has a line break or NUL in it", name)
	}
	return line, true, nil
}
