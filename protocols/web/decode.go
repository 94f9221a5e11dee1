package web

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"wireline/protocols/fault"
)

// Accepted are the content codings that Decode knows, as Accept-Encoding has
// them.
const Accepted = "gzip, deflate, br, zstd"

// What a body may grow to when its codings are taken away: beyond expandFrom
// bytes at most expandBy times what came.
const (
	expandFrom = 64 << 20
	expandBy   = 200
	maxWindow  = 8 << 20 // of zstd (RFC 8878, section 3.1.1.1.2)
)

// Decode is the body of r without its content coding, of which there may be
// one.
func Decode(r *Response) (io.ReadCloser, error) {
	var codings []string
	for _, v := range r.Fields.Values("Content-Encoding") {
		for c := range strings.SplitSeq(v, ",") {
			if c = strings.ToLower(strings.TrimSpace(c)); c != "" && c != "identity" {
				codings = append(codings, c)
			}
		}
	}
	switch {
	case len(codings) == 0 || r.Body.Ended():
		return r.Body, nil
	case len(codings) > 1:
		return nil, Locate(fault.New(fault.Encoding, "%d content codings, one on the other; one is taken", len(codings)), r.URL)
	}
	d := &decoder{body: r.Body, res: r, coding: codings[0]}
	switch d.coding {
	case "gzip", "x-gzip", "deflate", "br", "zstd":
		return d, nil
	}
	return nil, Locate(fault.New(fault.Encoding, "the content coding %q is not known", Cut(d.coding, 40)), r.URL).WithHint("--raw gives the bytes as they came")
}

// A decoder takes a content coding away.
type decoder struct {
	body   *Content
	res    *Response
	coding string
	in     *bufio.Reader // of body
	from   io.Reader     // nil before the first Read
	free   func()
	out    int64
	err    error
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if d.from == nil {
		if d.err = d.explain(d.begin()); d.err != nil {
			return 0, d.err
		}
	}
	n, err := d.from.Read(p)
	d.out += int64(n)
	if d.out > expandFrom && d.out/expandBy > d.body.Got() {
		err = fault.New(fault.TooLarge, "%d bytes have grown to more than %d times as many", d.body.Got(), expandBy)
	}
	if err == io.EOF {
		err = d.rest()
	}
	d.err = d.explain(err)
	return n, d.err
}

func (d *decoder) begin() (err error) {
	in := bufio.NewReaderSize(d.body, bufferSize)
	d.in = in
	switch d.coding {
	case "gzip", "x-gzip":
		d.from, err = gzip.NewReader(in)
	case "deflate": // which is zlib, but some send it bare (RFC 9110, section 8.4.1.2)
		if b, _ := in.Peek(2); len(b) == 2 && b[0]&15 == 8 && (int(b[0])<<8|int(b[1]))%31 == 0 {
			d.from, err = zlib.NewReader(in)
		} else {
			d.from = flate.NewReader(in)
		}
	case "br":
		d.from = brotli.NewReader(in)
	case "zstd":
		z, zerr := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
		if err = zerr; err == nil {
			d.from, d.free = z, z.Close
		}
	}
	return err
}

// rest sees that nothing follows the end of the coded text, so that the body
// itself is at its end and known to be whole.
func (d *decoder) rest() error {
	n, err := io.Copy(io.Discard, io.LimitReader(d.in, maxDrain))
	if err == nil && (n > 0 || !d.body.Ended()) {
		err = fault.New(fault.Encoding, "something follows the end of the %s", d.coding)
	}
	if err == nil {
		err = io.EOF
	}
	return err
}

// explain is an error of a library in our words; those of the body are.
func (d *decoder) explain(err error) error {
	var f *fault.Error
	switch {
	case err == nil || err == io.EOF && d.from != nil:
		return err
	case errors.As(err, &f):
		return Locate(f, d.res.URL)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if e := d.body.explain(io.ErrUnexpectedEOF); d.body.err != io.EOF {
			return e
		}
		err = fault.New(fault.Encoding, "the %s ends too early, after %d bytes", d.coding, d.out)
	default:
		err = fault.New(fault.Encoding, "not valid %s, after %d bytes: %s", d.coding, d.out, brief(err.Error()))
	}
	return at(err, d.res.URL)
}

func (d *decoder) Close() error {
	if d.free != nil {
		d.free()
		d.free = nil
	}
	if d.err == nil {
		d.err = errClosed
	}
	return d.body.Close()
}
