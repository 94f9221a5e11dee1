package config

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"wireline/protocols/fault"
)

// maxLine bounds one line of a netrc.
const maxLine = 64 << 10

// A Login is one entry of a netrc file.
type Login struct {
	Machine  string // host, host:port, or scheme://host:port; "" is the default
	Name     string
	Password string
	Account  string
}

// NetrcPath is the user's netrc: $NETRC, or .netrc in the home directory
// (_netrc on Windows); "" when there is no home.
func NetrcPath() string {
	if p := os.Getenv("NETRC"); p != "" {
		return p
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	if runtime.GOOS == "windows" {
		return filepath.Join(home, "_netrc")
	}
	return filepath.Join(home, ".netrc")
}

// Netrc reads a netrc file. One that does not exist is empty; one that others
// may read, or that is not a regular file of ours, is refused.
func Netrc(path string) ([]Login, error) {
	if path == "" {
		return nil, nil
	}
	fi, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %v", path, plain(err))
	}
	if err := private(path, fi); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "cannot read %s: %v", path, plain(err))
	}
	defer f.Close()
	logins, err := parseNetrc(io.LimitReader(f, maxFile+1), fi.Size())
	if err != nil {
		return nil, fault.New(fault.ReadLocal, "%s:%v", path, err)
	}
	return logins, nil
}

func parseNetrc(r io.Reader, size int64) ([]Login, error) {
	if size > maxFile {
		return nil, fmt.Errorf("1: larger than %d bytes, the limit", maxFile)
	}
	var all []Login
	var word string // whose value comes next
	n, macro := 0, false
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxLine)
	for sc.Scan() {
		n++
		line := sc.Text()
		if macro { // which ends at an empty line
			macro = strings.TrimSpace(line) != ""
			continue
		}
		tokens, err := netrcTokens(line)
		if err != nil {
			return nil, fmt.Errorf("%d: %w", n, err)
		}
		for _, t := range tokens {
			switch {
			case word == "macdef":
				word, macro = "", true
			case word != "":
				if strings.ContainsAny(t, "\r\n\x00") {
					return nil, fmt.Errorf("%d: a line break or NUL in the %s", n, word)
				}
				if word == "machine" {
					all = append(all, Login{Machine: strings.ToLower(t)})
				} else if len(all) == 0 {
					return nil, fmt.Errorf("%d: %s before any machine", n, word)
				} else if err := all[len(all)-1].set(word, t); err != nil {
					return nil, fmt.Errorf("%d: %w", n, err)
				}
				word = ""
			case t == "default":
				all = append(all, Login{})
			case t == "machine", t == "login", t == "password", t == "account", t == "macdef":
				word = t
			default:
				return nil, fmt.Errorf("%d: %q is not machine, default, login, password, account or macdef", n, t)
			}
			if macro {
				break
			}
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%d: a line longer than %d bytes", n+1, maxLine)
	}
	if word != "" && word != "macdef" {
		return nil, fmt.Errorf("%d: %s has no value", n, word)
	}
	return all, nil
}

func (l *Login) set(word, value string) error {
	switch word {
	case "login":
		l.Name = value
	case "password":
		l.Password = value
	case "account":
		l.Account = value
	}
	return nil
}

// netrcTokens splits a line at blanks; a token may be in double quotes, with
// backslashes; # begins a comment where a token would begin.
func netrcTokens(line string) (tokens []string, err error) {
	for {
		line = strings.TrimLeft(line, " \t\r")
		if line == "" || line[0] == '#' {
			return tokens, nil
		}
		if line[0] != '"' {
			end := strings.IndexAny(line, " \t\r")
			if end < 0 {
				end = len(line)
			}
			tokens, line = append(tokens, line[:end]), line[end:]
			continue
		}
		var b strings.Builder
		i := 1
		for ; i < len(line) && line[i] != '"'; i++ {
			if line[i] == '\\' && i+1 < len(line) {
				i++
			}
			b.WriteByte(line[i])
		}
		if i == len(line) {
			return nil, errors.New("a quote is not closed")
		}
		tokens, line = append(tokens, b.String()), line[i+1:]
	}
}

// Find is the entry for a host. One with the scheme or port that is meant
// comes before one without; the default comes last, and only with its name.
// user, if not "", must be the entry's.
func Find(all []Login, scheme, host, port, user string) (Login, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, machine := range []string{scheme + "://" + host + ":" + port, scheme + "://" + host, host + ":" + port, host} {
		for _, l := range all {
			if l.Machine == machine && (user == "" || l.Name == user) && l.Password != "" {
				return l, true
			}
		}
	}
	for _, l := range all {
		if l.Machine == "" && l.Name != "" && l.Password != "" && (user == "" || l.Name == user) {
			return l, true
		}
	}
	return Login{}, false
}
