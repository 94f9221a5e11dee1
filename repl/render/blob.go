package render

import (
	"bytes"
	"io"
	"unicode/utf8"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// showBlob copies b to out and closes it; the error of Close counts.
func showBlob(out *output, o Options, b *verb.Blob) error {
	if b.ReadCloser == nil {
		return nil
	}
	var err error
	if o.Terminal && !o.Raw {
		err = showView(out, o, b)
	} else {
		err = out.take(b.ReadCloser)
	}
	if e := b.Close(); err == nil {
		err = e
	}
	return err
}

// sniffed is how much of a text must look like text.
const sniffed = 1024

// showText shows b on a terminal, if it is text.
func showText(out *output, o Options, b *verb.Blob) error {
	head := make([]byte, sniffed)
	n, err := io.ReadAtLeast(b, head, 1)
	head = head[:n]
	if binary(head) {
		return fault.New(fault.WriteLocal, "binary data is not shown on a terminal").WithHint("-o FILE saves it, | hands it on, --raw shows it all the same")
	}
	laid := o.layout(out, b.Type)
	c := NewCleaner(laid)
	if _, werr := c.Write(head); werr != nil {
		return werr
	}
	if err == nil {
		_, err = io.Copy(c, b)
	} else if err == io.EOF {
		err = nil
	}
	if e := c.end(); err == nil {
		err = e
	}
	if l, ok := laid.(interface{ end() error }); ok {
		if e := l.end(); err == nil {
			err = e
		}
	}
	return err
}

// end writes what was kept and ends the last line.
func (c *Cleaner) end() error {
	if err := c.Close(); err != nil || c.last == '\n' || c.last == 0 {
		return err
	}
	_, err := io.WriteString(c.w, "\n")
	return err
}

// binary reports whether what begins with p is not for people's eyes. Text of
// an old character set is.
func binary(p []byte) bool {
	if bytes.IndexByte(p, 0) >= 0 {
		return true
	}
	odd := 0
	for q := p; len(q) > 0; {
		r, n := utf8.DecodeRune(q)
		if r == utf8.RuneError && n == 1 || r < ' ' && bytes.IndexByte([]byte("\t\n\v\f\r\b\x1b"), q[0]) < 0 || r == 0x7f {
			odd++
		}
		q = q[n:]
	}
	return odd*3 > len(p)
}

// showBytes writes p as it is; on a terminal harmless, and as lines.
func showBytes(out *output, o Options, p []byte) error {
	if !o.Terminal || o.Raw || len(p) == 0 {
		_, err := out.Write(p)
		return err
	}
	c := NewCleaner(out)
	if _, err := c.Write(p); err != nil {
		return err
	}
	return c.end()
}
