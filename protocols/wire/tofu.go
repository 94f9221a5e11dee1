package wire

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wireline/protocols/fault"
)

// firstUse trusts a certificate of an unknown issuer if the server has not
// been seen before, and remembers its key; afterwards that key must be there.
func (p *policy) firstUse(leaf *x509.Certificate) error {
	file, pin := p.d.Known, spkiPin(leaf)
	unusable := func(kind *fault.Kind, err error) error {
		return &fault.Error{Kind: kind, Phase: "file", At: file, Err: err, Text: plain(err, err.Error())}
	}
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unusable(fault.ReadLocal, err)
	}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		host, known, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || host != p.host {
			continue
		}
		if known == pin {
			return nil
		}
		e := p.bad("the public key is not the one that was seen first, it is %s", pin)
		e.Hint = fmt.Sprintf("if the server has changed its key, remove line %d of %s", n, file)
		return e
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return unusable(fault.WriteLocal, err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return unusable(fault.WriteLocal, err)
	}
	line := p.host + " " + pin + "\n"
	if len(b) > 0 && b[len(b)-1] != '\n' {
		line = "\n" + line
	}
	_, err = f.WriteString(line)
	if err = errors.Join(err, f.Close()); err != nil {
		return unusable(fault.WriteLocal, err)
	}
	p.d.warn(fmt.Sprintf("%s is seen for the first time: its key %s is trusted from now on (--tofu)", p.host, pin))
	return nil
}
