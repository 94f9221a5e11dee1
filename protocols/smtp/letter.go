package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// keep is up to which size a message is held in memory: what is wrong with it
// is known then before anything is said of it.
const keep = 1 << 20

// endless is the size of a message of which nobody knows how long it is.
const endless = keep + 1

// A letter is a message and its envelope.
type letter struct {
	name string // of its file, for messages
	from string
	to   []string

	whole  []byte                // as it must be on the wire, but for dots; nil if it is too large to hold
	stream func(io.Writer) error // the message as it is, once
	dots   []byte                // whole, with dots doubled
	size   int64                 // in bytes, about, or endless
	eight  bool                  // has bytes above 127, or may have
	utf8   bool                  // an address is not ASCII
	long   bool                  // lines may be long
	binary bool                  // any bytes are allowed
	close  func() error

	mailLine  string   // the commands of its envelope
	rcptLines []string // for each recipient
}

// hold reads the message into memory if it is small, and checks it.
func (l *letter) hold() error {
	if l.size > keep {
		l.eight = true
		return nil
	}
	var b bytes.Buffer
	limit := &limited{w: &b, left: 4 * keep} // the size is an estimate
	t := &textWriter{w: limit, long: l.long}
	var err error
	if l.binary {
		err = l.stream(limit)
	} else if err = l.stream(t); err == nil {
		err = t.Close()
	}
	if errors.Is(err, errLarge) {
		return fault.New(fault.ReadLocal, "it grew while it was read")
	}
	if err != nil {
		return err
	}
	l.whole, l.size, l.eight, l.stream = b.Bytes(), int64(b.Len()), t.eight, nil
	return nil
}

// write writes the message to w, with dots doubled or not.
func (l *letter) write(w io.Writer, dots bool) error {
	switch {
	case l.whole != nil && dots:
		if l.dots == nil {
			l.dots = stuffed(l.whole)
		}
		_, err := w.Write(l.dots)
		return err
	case l.whole != nil:
		_, err := w.Write(l.whole)
		return err
	case l.binary:
		return l.stream(w)
	}
	t := &textWriter{w: w, dots: dots, long: l.long}
	if err := l.stream(t); err != nil {
		return err
	}
	return t.Close()
}

// limited fails when more comes than fits.
type limited struct {
	w    io.Writer
	left int
}

var errLarge = errors.New("larger than what is held")

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errLarge
	}
	return l.w.Write(p)
}

// fromFile makes a letter of a message in a file. Who gets it by its header
// counts where the command does not say.
func fromFile(in verb.Input, a *SendArgs) (*letter, error) {
	l := &letter{name: in.Name, size: in.Size, close: in.Close, long: a.LongLines, binary: a.Binary}
	in.ReadCloser = steady(in)
	head, rest, err := readHead(in)
	if err != nil {
		return nil, err
	}
	h := mail.ParseHeader(head)
	if err := l.envelope(a, h); err != nil {
		return nil, err
	}
	if !a.Binary { // a CR by itself ends a line on the way, too
		head = bytes.ReplaceAll(bytes.ReplaceAll(head, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	head = withoutBcc(head)
	if in.Size < 0 {
		// Of a pipe nobody knows how much will come.
		first, err := io.ReadAll(io.LimitReader(rest, keep))
		if err != nil {
			return nil, unread(in, err)
		}
		if l.size = int64(len(head) + len(first)); len(first) == keep {
			l.size = endless
		}
		rest = io.MultiReader(bytes.NewReader(first), rest)
	}
	l.stream = func(w io.Writer) error {
		if _, err := w.Write(head); err != nil {
			return err
		}
		buf := make([]byte, 128<<10)
		for {
			n, err := rest.Read(buf)
			if n > 0 {
				if _, err := w.Write(buf[:n]); err != nil {
					return err
				}
			}
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return unread(in, err)
			}
		}
	}
	return l, nil
}

const mostHead = 1 << 20

// readHead reads the header, with the blank line after it.
func readHead(in verb.Input) (head []byte, rest io.Reader, err error) {
	br := bufio.NewReaderSize(in, 64<<10)
	for begins := true; ; {
		piece, err := br.ReadSlice('\n')
		if err == bufio.ErrBufferFull {
			err = nil
		}
		if begins && len(head) == 0 && bytes.HasPrefix(piece, []byte("From ")) {
			continue // of an mbox
		}
		head = append(head, piece...)
		blank := begins && len(bytes.TrimRight(piece, "\r\n")) == 0
		begins = len(piece) > 0 && piece[len(piece)-1] == '\n'
		switch {
		case err == io.EOF || err == nil && blank:
			return head, br, nil
		case err != nil:
			return nil, nil, unread(in, err)
		case len(head) > mostHead:
			return nil, nil, fault.New(fault.BadArgument, "%s: the header is longer than 1 MiB", label(in.Name))
		}
	}
}

// withoutBcc takes out who gets blind copies.
func withoutBcc(head []byte) []byte {
	out := make([]byte, 0, len(head))
	drop, over := false, false
	for line := range bytes.Lines(head) {
		if over = over || len(bytes.TrimRight(line, "\r\n")) == 0; over {
			drop = false
		} else if line[0] != ' ' && line[0] != '\t' {
			name, _, _ := bytes.Cut(line, []byte(":"))
			name = bytes.TrimRight(name, " \t")
			drop = bytes.EqualFold(name, []byte("Bcc")) || bytes.EqualFold(name, []byte("Resent-Bcc"))
		}
		if !drop {
			out = append(out, line...)
		}
	}
	return out
}

// envelope finds the sender and the recipients: those of the command, else
// those of the header.
func (l *letter) envelope(a *SendArgs, h *mail.Header) error {
	from := a.From
	if from == "" && h != nil {
		from = h.Get("From")
		if s := h.Get("Sender"); s != "" {
			from = s
		}
	}
	switch from {
	case "":
		return fault.New(fault.Usage, "no sender").WithHint("-f ann@example.org, or -f \"<>\" for none")
	case "<>":
	default:
		list, err := mail.ParseAddresses("from", []string{from})
		if err != nil {
			return err
		}
		l.from = list[0].Addr
	}
	words := append(append(append([]string(nil), a.To...), a.Cc...), a.Bcc...)
	if len(words) == 0 && h != nil {
		words = append(append(h.All("To"), h.All("Cc")...), h.All("Bcc")...)
	}
	list, err := mail.ParseAddresses("to", words)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.New(fault.Usage, "no recipient").WithHint("-t bob@example.org")
	}
	seen := map[string]bool{}
	for _, r := range list {
		if !seen[r.Addr] {
			seen[r.Addr] = true
			l.to = append(l.to, r.Addr)
		}
	}
	for i, r := range append([]string{l.from}, l.to...) {
		addr, ascii := mail.ASCII(r)
		l.utf8 = l.utf8 || !ascii || a.UTF8
		if i == 0 {
			l.from = addr
		} else {
			l.to[i-1] = addr
		}
	}
	return nil
}

// openFile is a file that a word names.
func openFile(name string) (verb.Input, error) {
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(name, "~/") {
		name = filepath.Join(home, name[2:])
	}
	f, err := os.Open(name)
	if err != nil {
		return verb.Input{}, fault.New(fault.ReadLocal, "cannot read %s: %w", name, cause(err))
	}
	in := verb.Input{Name: name, Size: -1, ReadCloser: f}
	if fi, err := f.Stat(); err == nil && fi.Mode().IsRegular() {
		in.Size = fi.Size()
	} else if err == nil && fi.IsDir() {
		f.Close()
		return verb.Input{}, fault.New(fault.ReadLocal, "%s is a directory", name)
	}
	return in, nil
}

func cause(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// A steadfast input is as long as it was when it was opened, or its end is an
// error: half of a file is no message.
type steadfast struct {
	verb.Input
	left int64
}

func steady(in verb.Input) io.ReadCloser {
	if in.Size <= 0 { // as of what the kernel makes up when it is read
		return in.ReadCloser
	}
	return &steadfast{in, in.Size}
}

func (s *steadfast) Read(p []byte) (int, error) {
	n, err := s.Input.Read(p)
	if s.left -= int64(n); s.left < 0 || err == io.EOF && s.left > 0 {
		return 0, fault.New(fault.ReadLocal, "%s changed while it was read", label(s.Name))
	}
	return n, err
}

func unread(in verb.Input, err error) error {
	if fault.Of(err) != fault.Internal {
		return err
	}
	return fault.New(fault.ReadLocal, "cannot read %s: %w", label(in.Name), cause(err))
}

func label(name string) string {
	if name == "" || name == "-" {
		return "standard input"
	}
	return name
}

// bdat writes one chunk.
func bdat(w io.Writer, chunk []byte, last bool) error {
	line := "BDAT " + strconv.Itoa(len(chunk))
	if last {
		line += " LAST"
	}
	if _, err := io.WriteString(w, line+"\r\n"); err != nil {
		return err
	}
	_, err := w.Write(chunk)
	return err
}
