package imap

import (
	"bufio"
	"bytes"
	"io"

	"wireline/protocols/fault"
	"wireline/protocols/verb"
)

// An outgoing is a message in a file, on its way to the server.
type outgoing struct {
	file   io.ReaderAt
	from   int64 // where it is in the file
	long   int64 // there
	mbox   bool  // it is quoted as in an mbox
	raw    bool  // its line ends are as they are
	size   int64 // as it is sent
	binary bool  // it has a NUL
}

// src is the message as it is sent. Nothing is kept for it before it is read,
// nor after.
func (m outgoing) src() io.Reader { return &lazy{make: m.open} }

// A lazy reader is made when it is read.
type lazy struct {
	make func() io.Reader
	r    io.Reader
}

func (l *lazy) Read(p []byte) (n int, err error) {
	if l.make != nil {
		l.r, l.make = l.make(), nil
	}
	if l.r == nil {
		return 0, io.EOF
	}
	if n, err = l.r.Read(p); err != nil {
		l.r = nil
	}
	return n, err
}

func (m outgoing) open() io.Reader {
	var r io.Reader = io.NewSectionReader(m.file, m.from, m.long)
	if m.mbox {
		r = &unquoting{in: bufio.NewReaderSize(r, 64<<10), begins: true}
	}
	if m.raw {
		return r
	}
	return &crlf{in: bufio.NewReaderSize(r, 64<<10)}
}

// measure reads the message once, to know what the server must be told.
func (m *outgoing) measure() error {
	w := &measuring{}
	_, err := io.CopyBuffer(w, m.src(), make([]byte, 64<<10))
	m.size, m.binary = w.n, w.nul
	return err
}

type measuring struct {
	n   int64
	nul bool
}

func (w *measuring) Write(p []byte) (int, error) {
	w.n += int64(len(p))
	w.nul = w.nul || bytes.IndexByte(p, 0) >= 0
	return len(p), nil
}

// mostMemory is how much of an input is kept that cannot be read twice, and
// mostPut how many messages of an mbox are put by one command.
const (
	mostMemory = 16 << 20
	mostPut    = 1_000_000
)

// outgoings are the messages of an input: one, or those of an mbox.
func outgoings(in verb.Input, mbox, raw bool) (list []outgoing, err error) {
	unreadable := func(err error) error { return fault.New(fault.ReadLocal, "%s cannot be read: %v", in.Name, err) }
	file, size, err := twice(in)
	if err != nil {
		if _, ok := err.(*fault.Error); ok {
			return nil, err
		}
		return nil, unreadable(err)
	}
	if mbox {
		if list, err = mboxParts(file, size); err != nil {
			return nil, unreadable(err)
		}
		if len(list) == 0 {
			return nil, fault.New(fault.BadArgument, "%s is no mbox: it does not begin with a line From", in.Name)
		}
	} else {
		list = []outgoing{{file: file, long: size}}
	}
	for i := range list {
		list[i].raw = raw
		if err := list[i].measure(); err != nil {
			return nil, unreadable(err)
		}
	}
	return list, nil
}

// twice is an input that can be read twice. A file is not kept.
func twice(in verb.Input) (io.ReaderAt, int64, error) {
	if file, ok := in.ReadCloser.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		if size, err := file.Seek(0, io.SeekEnd); err == nil {
			return file, size, nil
		} // a pipe
	}
	var all bytes.Buffer
	n, err := io.Copy(&all, io.LimitReader(in, mostMemory+1))
	if err == nil && n > mostMemory {
		err = fault.New(fault.Unsupported, "the server must know the size first, and more than %d bytes from a pipe are not kept", mostMemory).WithHint("write it to a file, and put that")
	}
	return bytes.NewReader(all.Bytes()), n, err
}

// mboxParts finds the messages of an mbox (RFC 4155): each between a line that
// begins with From and an empty one before the next.
func mboxParts(file io.ReaderAt, size int64) (list []outgoing, err error) {
	in := bufio.NewReaderSize(io.NewSectionReader(file, 0, size), 64<<10)
	at, blank, begins := int64(0), int64(-1), true // blank: where the empty line before begins
	end := func(to int64) {
		if n := len(list); n > 0 {
			list[n-1].long = to - list[n-1].from
		}
	}
	for {
		line, err := in.ReadSlice('\n')
		if begins && bytes.HasPrefix(line, []byte("From ")) && (at == 0 || blank >= 0) {
			end(blank)
			if len(list) == mostPut {
				return nil, fault.New(fault.Limit, "an mbox of more than %d messages", mostPut)
			}
			list = append(list, outgoing{file: file, mbox: true, from: at + int64(len(line))})
		}
		if blank = -1; begins && len(bytes.TrimRight(line, "\r\n")) == 0 {
			blank = at
		}
		at += int64(len(line))
		begins = err == nil
		switch {
		case err == io.EOF:
			if blank < 0 || blank == at {
				blank = lastBlank(file, at)
			}
			end(blank)
			return list, nil
		case err != nil && err != bufio.ErrBufferFull:
			return nil, err
		}
	}
}

// lastBlank is where the empty line at the end of an mbox begins, or its end.
func lastBlank(file io.ReaderAt, size int64) int64 {
	p := make([]byte, min(size, 4))
	if _, err := file.ReadAt(p, size-int64(len(p))); err != nil && err != io.EOF {
		return size
	}
	for _, s := range []string{"\r\n\r\n", "\n\n"} {
		if bytes.HasSuffix(p, []byte(s)) {
			return size - int64(len(s)/2)
		}
	}
	return size
}

// An unquoting takes one > from lines such as >From, which an mbox has put
// there.
type unquoting struct {
	in     *bufio.Reader
	begins bool
	rest   []byte
	err    error
}

func (u *unquoting) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		line, err := u.in.ReadSlice('\n')
		if u.begins && len(line) > 0 && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			line = line[1:]
		}
		u.begins = err == nil
		if u.rest = line; err != nil && err != bufio.ErrBufferFull {
			u.err = err
		}
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}
