package imap

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// CatArgs are the arguments of cat.
type CatArgs struct {
	mail.CatArgs
	Seen    bool   `flag:"seen" help:"mark the message as read; it is not otherwise"`
	Partial string `flag:"partial" help:"only so many bytes from there on: 0.1024"`
	Seq     bool   `flag:"seq" help:"the number is a sequence number instead of a UID"`
}

// A ref is a message, and what of it is meant: 4711, 4711.2, 4711.HEADER,
// 4711.2<0.1024>.
type ref struct {
	uid     uint32
	seq     bool
	section string
	partial string // offset.count
}

// ref reads the word for one message.
func (s *Session) ref(ctx context.Context, text string, seq bool) (r ref, err error) {
	if err := protocols.OneLine("message", text); err != nil {
		return r, err
	}
	words, err := s.visit(ctx, []string{text})
	if err != nil {
		return r, err
	}
	if len(words) == 0 {
		return r, fault.New(fault.BadArgument, "the URL names no message").WithHint("such as imap://host/INBOX;UID=4711")
	}
	if _, err := s.in(); err != nil {
		return r, err
	}
	word, partial, _ := strings.Cut(words[0], "<")
	r.partial, r.seq = strings.TrimSuffix(partial, ">"), seq
	number, section, _ := strings.Cut(word, ".")
	if isIndex(number) {
		number, r.seq = number[1:], true
	}
	if r.section, err = sectionName(section); err != nil {
		return r, err
	}
	if n, err := strconv.ParseUint(number, 10, 32); err == nil && n > 0 {
		r.uid = uint32(n)
		return r, nil
	}
	// Whatever names one message will do: $, last.
	all, err := s.uids(ctx, []string{number}, seq)
	if err != nil {
		return r, err
	}
	if all.count() != 1 {
		return r, fault.New(fault.BadArgument, "%q is %d messages, and one is wanted", number, all.count())
	}
	r.uid, r.seq = all[0].lo, false
	return r, nil
}

// sectionName checks a section: 1.2, HEADER, TEXT, 2.MIME, HEADER.FIELDS (A).
func sectionName(s string) (string, error) {
	upper := strings.ToUpper(s)
	rest := strings.TrimLeft(upper, "0123456789.")
	number := strings.TrimSuffix(upper[:len(upper)-len(rest)], ".")
	for n := range strings.SplitSeq(number, ".") {
		if k, err := strconv.ParseUint(n, 10, 31); number != "" && (err != nil || k == 0) {
			return "", badSection(s)
		}
	}
	switch {
	case rest == "", rest == "HEADER", rest == "TEXT", rest == "MIME" && number != "":
		return upper, nil
	case strings.HasPrefix(rest, "HEADER.FIELDS"):
		names, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(rest, "HEADER.FIELDS"), ".NOT"), " (")
		if ok && strings.HasSuffix(names, ")") && !strings.ContainsAny(names[:len(names)-1], "()[]{}\"\\%*") {
			return upper, nil
		}
	}
	return "", badSection(s)
}

func badSection(s string) error {
	return fault.New(fault.BadArgument, "%q is no part of a message", s).WithHint("such as 4711.2, 4711.HEADER or 4711.TEXT; parts lists the parts")
}

// peek is what fetches a section: BODY.PEEK[2]<0.1024>.
func (r ref) peek(section string, seen bool) string {
	name := "BODY.PEEK["
	if seen {
		name = "BODY["
	}
	name += section + "]"
	if r.partial != "" {
		name += "<" + r.partial + ">"
	}
	return name
}

// checkPartial reads offset.count.
func checkPartial(p string) error {
	if p == "" {
		return nil
	}
	a, b, ok := strings.Cut(p, ".")
	_, err1 := strconv.ParseUint(a, 10, 63)
	n, err2 := strconv.ParseUint(b, 10, 63)
	if !ok || err1 != nil || err2 != nil || n == 0 {
		return fault.New(fault.BadArgument, "%q is no part of the bytes", p).WithHint("0.1024 is 1024 bytes from the first on")
	}
	return nil
}

// Cat shows a message, or a part of one. It is not marked as read.
func (s *Session) Cat(ctx context.Context, a CatArgs) (*verb.Blob, error) {
	if err := oneLine("partial", a.Partial); err != nil {
		return nil, err
	}
	r, err := s.ref(ctx, a.Message, a.Seq)
	if err != nil {
		return nil, err
	}
	if a.Partial != "" {
		r.partial = a.Partial
	}
	if err := checkPartial(r.partial); err != nil {
		return nil, err
	}
	if !a.Raw && r.partial == "" {
		switch {
		case r.section == "":
			b, err := s.fetchBody(ctx, want{uid: r.uid, seq: r.seq, section: r.peek("", a.Seen)})
			if err != nil {
				return nil, err
			}
			return rendered(b, func(w io.Writer, in io.Reader) error {
				return mail.Show(w, in, mail.View{AllFields: a.All, HTML: a.HTML})
			}), nil
		case isPart(r.section):
			return s.part(ctx, r, a.Seen, true)
		}
	}
	b, err := s.fetchBody(ctx, want{uid: r.uid, seq: r.seq, section: r.peek(r.section, a.Seen)})
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Name: r.file(), Size: b.size, Type: "message/rfc822", ReadCloser: b}, nil
}

// isPart reports whether a section is a number of a part.
func isPart(section string) bool {
	return section != "" && strings.Trim(section, "0123456789.") == ""
}

// file is a name for what is fetched.
func (r ref) file() string {
	if r.section == "" {
		return fmt.Sprintf("%d.eml", r.uid)
	}
	return fmt.Sprintf("%d.%s", r.uid, strings.ReplaceAll(strings.ToLower(r.section), " ", ""))
}

// part fetches a part and decodes it: text as text where it is shown.
func (s *Session) part(ctx context.Context, r ref, seen, show bool) (*verb.Blob, error) {
	w := want{uid: r.uid, seq: r.seq, before: "BODY.PEEK[" + r.section + ".MIME]", section: r.peek(r.section, seen)}
	b, decoded, err := s.decodedBody(ctx, w)
	if err != nil {
		return nil, err
	}
	header := b.first
	if decoded {
		header = append([]byte("Content-Transfer-Encoding: binary\r\n"), withoutEncoding(header)...)
	}
	header = bytes.TrimRight(header, "\r\n")
	in := io.MultiReader(bytes.NewReader(append(bytes.Clone(header), "\r\n\r\n"...)), b)
	if len(header) == 0 {
		in = io.MultiReader(strings.NewReader("\r\n"), b)
	}
	e, err := mail.NewReader(in).Next()
	if err != nil {
		_ = b.Close()
		return nil, placed(faulty(err), s.Named())
	}
	blob := &verb.Blob{Name: e.Name, Size: -1, Type: e.Type}
	if blob.Name == "" {
		blob.Name = r.file() + suffix(e.Type)
	}
	data := e.Data()
	if e.Multipart || strings.HasPrefix(e.Type, "message/") {
		data = b // as it is: it has a header of its own
	} else if show && e.Text() {
		data, _ = e.Readable()
	}
	blob.ReadCloser = reading{data, b}
	return blob, nil
}

// decodedBody asks the server to decode a part (BINARY, RFC 3516), which saves
// what base64 adds; decoded is false if it does not do so: it cannot, or the
// part is one that has parts itself.
func (s *Session) decodedBody(ctx context.Context, w want) (b *body, decoded bool, err error) {
	if s.caps.any("BINARY", "IMAP4rev2") {
		plain := w
		w.section = strings.Replace(w.section, "BODY", "BINARY", 1)
		if b, err = s.fetchBody(ctx, w); !refused(err) {
			return b, true, err
		}
		w = plain
	}
	b, err = s.fetchBody(ctx, w)
	return b, false, err
}

// withoutEncoding is a header without its Content-Transfer-Encoding.
func withoutEncoding(header []byte) (out []byte) {
	const name = "Content-Transfer-Encoding:"
	skip := false
	for line := range bytes.Lines(header) {
		if line[0] != ' ' && line[0] != '\t' {
			skip = len(line) >= len(name) && strings.EqualFold(string(line[:len(name)]), name)
		}
		if !skip {
			out = append(out, line...)
		}
	}
	return out
}

// suffix is how files of a type end.
func suffix(typ string) string {
	switch typ {
	case "text/plain":
		return ".txt"
	case "text/html":
		return ".html"
	case "message/rfc822":
		return ".eml"
	}
	if all, err := mime.ExtensionsByType(typ); err == nil && len(all) > 0 {
		return all[0]
	}
	return ""
}

// reading reads from one and closes the other.
type reading struct {
	io.Reader
	close io.Closer
}

func (r reading) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = faulty(err)
	}
	return n, err
}

func (r reading) Close() error { return r.close.Close() }

// faulty is the error of a decoder as one of ours.
func faulty(err error) error {
	if _, ok := err.(*fault.Error); ok {
		return err
	}
	return fault.New(fault.Encoding, "the part cannot be decoded: %v", err)
}

// rendered is what f writes of src, as bytes to be read.
func rendered(src io.ReadCloser, f func(w io.Writer, in io.Reader) error) *verb.Blob {
	out, in := io.Pipe()
	r := &rendering{PipeReader: out, src: src, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.err = fault.Safely(func() error { return f(in, src) })
		in.CloseWithError(r.err)
	}()
	return &verb.Blob{Size: -1, Type: "text/plain; charset=utf-8", ReadCloser: r}
}

type rendering struct {
	*io.PipeReader
	src  io.ReadCloser
	done chan struct{}
	err  error
}

func (r *rendering) Close() error {
	_ = r.PipeReader.Close()
	<-r.done
	return r.src.Close()
}

// Headers shows the header of a message.
func (s *Session) Headers(ctx context.Context, a OneArgs) (verb.Stream[mail.Field], error) {
	r, err := s.ref(ctx, a.Message, a.Seq)
	if err != nil {
		return nil, err
	}
	section := "HEADER"
	if isPart(r.section) {
		section = r.section + ".MIME"
	}
	b, err := s.fetchBody(ctx, want{uid: r.uid, seq: r.seq, section: r.peek(section, false)})
	if err != nil {
		return nil, err
	}
	h, err := mail.ReadHeader(b)
	if late := b.Close(); err == nil {
		err = late
	}
	if err != nil {
		return nil, err
	}
	return rowsOf(h.Fields()), nil
}

// OneArgs are the arguments of verbs that take one message.
type OneArgs struct {
	mail.MessageArgs
	Seq bool `flag:"seq" help:"the number is a sequence number instead of a UID"`
}

// Parts lists the parts of a message, as the server has found them.
func (s *Session) Parts(ctx context.Context, a OneArgs) (verb.Stream[mail.Part], error) {
	r, err := s.ref(ctx, a.Message, a.Seq)
	if err != nil {
		return nil, err
	}
	p := page{text: fmt.Sprint(r.uid), seq: r.seq, set: set{{r.uid, r.uid}}}
	var all []mail.Part
	found := false
	for m, err := range s.fetch(ctx, []page{p}, "(UID BODYSTRUCTURE)", keyStructure) {
		if err != nil {
			return nil, err
		}
		all, found = parts(m.body), true
	}
	if !found {
		return nil, &fault.Error{Kind: fault.NotFound, At: s.box.name, Text: fmt.Sprintf("no message %d", r.uid), Hint: "ls shows what there is; numbers are UIDs"}
	}
	return rowsOf(all), nil
}

// SaveArgs are the arguments of save.
type SaveArgs struct {
	mail.SaveArgs
	Seq bool `flag:"seq" help:"the number is a sequence number instead of a UID"`
}

// Save writes a message or a part to a file.
func (s *Session) Save(ctx context.Context, a SaveArgs) (*verb.Blob, error) {
	r, err := s.ref(ctx, a.Message, a.Seq)
	if err != nil {
		return nil, err
	}
	if err := checkPartial(r.partial); err != nil {
		return nil, err
	}
	if isPart(r.section) && r.partial == "" {
		b, err := s.part(ctx, r, false, false)
		if err == nil {
			b.Save = true
		}
		return b, err
	}
	b, err := s.fetchBody(ctx, want{uid: r.uid, seq: r.seq, section: r.peek(r.section, false)})
	if err != nil {
		return nil, err
	}
	return &verb.Blob{Name: r.file(), Size: b.size, Type: "message/rfc822", Save: true, ReadCloser: b}, nil
}
