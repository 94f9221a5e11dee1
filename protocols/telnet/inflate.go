package telnet

import (
	"compress/zlib"
	"io"
	"iter"

	"wireline/protocols/fault"
	"wireline/protocols/talk"
)

// An inflater undoes MCCP2, the compression of what a server sends. What
// comes is pushed into it; the decompressor runs as a coroutine that waits
// for more, so that no read of the connection is ever inside it.
type inflater struct {
	src  []byte
	dst  []byte // where output goes
	next func() (int, error, bool)
	stop func()
	in   int64 // bytes compressed
	out  int64 // bytes they became
}

// A bomb is known by growing more than text can: the ratio counts once
// this much came out of it.
const (
	bombSize  = 4 << 20
	bombRatio = 200
)

func newInflater() *inflater {
	f := &inflater{dst: make([]byte, 16<<10)}
	f.next, f.stop = iter.Pull2(f.run)
	return f
}

// run yields how much it wrote to dst, 0 when it wants more of src.
func (f *inflater) run(yield func(int, error) bool) {
	z, err := zlib.NewReader(hungry{f, yield})
	for err == nil {
		var n int
		if n, err = z.Read(f.dst); n > 0 && !yield(n, nil) {
			return
		}
	}
	yield(0, err)
}

// hungry reads src, and gives way when it is empty. Being an io.ByteReader,
// it is never read past the end of the compressed stream.
type hungry struct {
	f     *inflater
	yield func(int, error) bool
}

func (h hungry) wait() error {
	for len(h.f.src) == 0 {
		if !h.yield(0, nil) {
			return io.ErrClosedPipe
		}
	}
	return nil
}

func (h hungry) Read(p []byte) (int, error) {
	if err := h.wait(); err != nil {
		return 0, err
	}
	n := copy(p, h.f.src)
	h.f.src = h.f.src[n:]
	return n, nil
}

func (h hungry) ReadByte() (byte, error) {
	if err := h.wait(); err != nil {
		return 0, err
	}
	c := h.f.src[0]
	h.f.src = h.f.src[1:]
	return c, nil
}

// feed calls emit with what p becomes. At the end of the compressed stream it
// returns io.EOF and what came after it.
func (f *inflater) feed(p []byte, emit func([]byte) error) (rest []byte, err error) {
	f.src = p
	f.in += int64(len(p))
	for {
		n, err, ok := f.next()
		if !ok {
			return nil, io.ErrClosedPipe
		}
		if n > 0 {
			f.out += int64(n)
			if f.out > bombSize && f.out/bombRatio > f.in {
				return nil, fault.New(fault.Limit, "%s of compressed data became %s: a decompression bomb", talk.Amount(f.in), talk.Amount(f.out)).
					WithHint("connect without --compress")
			}
			if err := emit(f.dst[:n]); err != nil {
				return nil, err
			}
			continue
		}
		switch {
		case err == io.EOF:
			f.in -= int64(len(f.src))
			return f.src, io.EOF
		case err != nil:
			return nil, fault.New(fault.Encoding, "what the server compressed cannot be read: %v", err)
		}
		if len(f.src) == 0 {
			return nil, nil
		}
	}
}

func (f *inflater) close() {
	if f != nil {
		f.stop()
	}
}
