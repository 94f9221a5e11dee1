package line

import (
	"bytes"
	"context"
	"io"
	"strings"

	"wireline/protocols/fault"
)

// maxLine is how long a line of a script may be.
const maxLine = 64 << 10

// plain reads lines from a pipe or a file, and from terminals that cannot
// move their cursor; the kernel does the editing there.
type plain struct {
	in     *input
	out    *display
	prompt bool
}

func (p *plain) ReadLine(prompt string) (string, error) {
	if p.prompt {
		p.out.open(prompt)
		defer p.out.shut() // the kernel has shown the line end
	}
	var line []byte
	buf := make([]byte, 4096)
	for {
		n, err := p.in.read(context.Background(), buf, 0)
		if err == io.EOF && len(line) > 0 {
			return text(line), nil
		}
		if err != nil {
			if p.prompt {
				p.out.write("\n")
			}
			return "", err
		}
		got := buf[:n]
		end := bytes.IndexByte(got, '\n')
		if end >= 0 {
			p.in.giveBack(got[end+1:])
			got = got[:end]
		}
		if line = append(line, got...); len(line) > maxLine {
			return "", fault.New(fault.ReadLocal, "standard input: a line of more than %d KiB", maxLine>>10)
		}
		if bytes.IndexByte(got, 0) >= 0 {
			return "", fault.New(fault.ReadLocal, "standard input: a NUL byte in a line")
		}
		if end >= 0 {
			return text(line), nil
		}
	}
}

func text(line []byte) string {
	return strings.ToValidUTF8(string(bytes.TrimSuffix(line, []byte("\r"))), "\uFFFD")
}
