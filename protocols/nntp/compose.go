package nntp

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"mime"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"wireline/protocols"
	"wireline/protocols/fault"
	"wireline/protocols/mail"
	"wireline/protocols/verb"
)

// Writing are the flags by which an article is written.
type Writing struct {
	Followup string   `flag:"followup" help:"article that this one answers: number or message-id" complete:"group"`
	Groups   []string `flag:"to" help:"group to post to; the current one, or those of the article answered, if left out" complete:"group"`
	Subject  string   `flag:"subject" help:"subject"`
	From     string   `flag:"from" help:"who writes, such as Ann <ann@example.org>"`
	Header   []string `flag:"H,header" help:"further line of the header, such as Distribution: local"`
	Text     bool     `flag:"text" help:"take the file for text without a header, whatever it begins with"`
}

// An article is one to be posted.
type article struct {
	fields []field
	body   []byte
}

type field struct{ name, value string } // the value may be folded

// parseArticle reads an article. What does not begin with a header is a body.
func parseArticle(text []byte) *article {
	a := &article{}
	rest := text
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			if len(a.fields) > 0 {
				rest = after
			}
			a.body = rest
			return a
		}
		if (line[0] == ' ' || line[0] == '\t') && len(a.fields) > 0 {
			a.fields[len(a.fields)-1].value += "\r\n" + string(line)
			rest = after
			continue
		}
		name, value, ok := strings.Cut(string(line), ":")
		if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			return &article{body: text}
		}
		a.fields = append(a.fields, field{name, strings.TrimLeft(value, " ")})
		rest = after
	}
	return a
}

func (a *article) get(name string) string {
	for _, f := range a.fields {
		if strings.EqualFold(f.name, name) {
			return strings.TrimSpace(f.value)
		}
	}
	return ""
}

// need adds a field unless it is there.
func (a *article) need(name, value string) {
	if value != "" && a.get(name) == "" {
		a.fields = append(slices.DeleteFunc(a.fields, func(f field) bool { return strings.EqualFold(f.name, name) }), field{name, value})
	}
}

// put sets a field.
func (a *article) put(name, value string) {
	for i, f := range a.fields {
		if strings.EqualFold(f.name, name) {
			a.fields[i].value = value
			return
		}
	}
	a.fields = append(a.fields, field{name, value})
}

func (a *article) id() string { return a.get("Message-ID") }

func (a *article) groups() []string {
	var all []string
	for g := range strings.SplitSeq(a.get("Newsgroups"), ",") {
		if g = strings.TrimSpace(g); g != "" {
			all = append(all, g)
		}
	}
	return all
}

// wire is the article as it is sent, but for the dots. A header that is made
// here is ASCII.
func (a *article) wire(made bool) ([]byte, error) {
	var b bytes.Buffer
	for _, f := range a.fields {
		value := f.value
		if made {
			value = encoded(value)
		}
		b.WriteString(f.name + ": " + value + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(a.body)
	return lines(b.Bytes())
}

// encoded makes encoded words (RFC 2047) of what is not ASCII.
func encoded(value string) string {
	for i := range len(value) {
		if value[i] >= 0x80 {
			return strings.ReplaceAll(mime.QEncoding.Encode("utf-8", strings.ToValidUTF8(value, "\ufffd")), "?= =?", "?=\r\n =?")
		}
	}
	return value
}

// compose makes an article of a text and of what the flags say.
func (s *Session) compose(ctx context.Context, text []byte, w Writing) (*article, error) {
	a := &article{body: text}
	if !w.Text {
		a = parseArticle(text)
	}
	if err := s.write(ctx, a, w); err != nil {
		return nil, err
	}
	if a.get("Newsgroups") == "" && s.group != nil {
		a.put("Newsgroups", s.group.Name)
	}
	for _, need := range []struct{ name, hint string }{
		{"From", "--from 'Ann <ann@example.org>' says who writes"},
		{"Newsgroups", "--to GROUP, or cd GROUP before"},
		{"Subject", "--subject TEXT"},
	} {
		if a.get(need.name) == "" {
			return nil, fault.New(fault.Usage, "the article has no %s", need.name).WithHint("%s", need.hint)
		}
	}
	from, err := mail.ParseAddress("from", mail.Decode(a.get("From")))
	if err != nil {
		return nil, err
	}
	for _, g := range a.groups() {
		if err := checkGroup(g); err != nil {
			return nil, err
		}
	}
	_, host, _ := strings.Cut(from.Addr, "@")
	if host, _ = mail.ASCII("x@" + host); host == "x@" || len(host) > 200 {
		host = "x@localhost"
	}
	a.need("Message-ID", "<"+strings.ToLower(rand.Text()[:20])+host[1:]+">")
	a.need("Date", time.Now().Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	a.charset()
	return a, nil
}

// charset says what the text is in, if it is not ASCII.
func (a *article) charset() {
	if a.get("Content-Type") != "" || !slices.ContainsFunc(a.body, func(c byte) bool { return c >= 0x80 }) {
		return
	}
	set := "utf-8"
	if !utf8.Valid(a.body) {
		set = "iso-8859-1"
	}
	a.need("MIME-Version", "1.0")
	a.need("Content-Type", "text/plain; charset="+set)
	a.need("Content-Transfer-Encoding", "8bit")
}

// write sets what the flags say in the header of an article.
func (s *Session) write(ctx context.Context, a *article, w Writing) error {
	for _, arg := range []struct{ name, value string }{{"subject", w.Subject}, {"from", w.From}} {
		if err := protocols.OneLine(arg.name, arg.value); err != nil {
			return err
		}
	}
	for _, g := range w.Groups {
		for one := range strings.SplitSeq(g, ",") {
			if err := checkGroup(one); err != nil {
				return err
			}
		}
	}
	for _, h := range w.Header {
		if err := protocols.OneLine("header", h); err != nil {
			return err
		}
		f := parseArticle([]byte(h + "\n")).fields
		if len(f) != 1 {
			return fault.New(fault.BadArgument, "%q is no line of a header", short(h)).WithHint("such as 'Distribution: local'")
		}
		a.put(f[0].name, f[0].value)
	}
	if w.From != "" {
		from, err := mail.ParseAddress("from", w.From)
		if err != nil {
			return err
		}
		a.put("From", from.String())
	}
	if w.Subject != "" {
		a.put("Subject", w.Subject)
	}
	if len(w.Groups) > 0 {
		a.put("Newsgroups", strings.Join(w.Groups, ","))
	}
	if w.Followup == "" {
		return nil
	}
	if _, _, err := one(w.Followup); err != nil {
		return err
	}
	b, err := s.Head(ctx, ArticleArgs{w.Followup})
	if err != nil {
		return err
	}
	defer b.Close()
	h, err := s.header(b)
	if err != nil {
		return err
	}
	return a.answer(h, len(w.Groups) > 0)
}

// answer makes a an answer to the article with header h (RFC 5537, section
// 3.4.3).
func (a *article) answer(h *mail.Header, elsewhere bool) error {
	id := h.Get("Message-ID")
	if checkID(id) != nil {
		return fault.New(fault.Protocol, "the article to be answered has no Message-ID")
	}
	to := h.Get("Followup-To")
	if strings.EqualFold(to, "poster") && !elsewhere {
		e := fault.New(fault.Refused, "who wrote the article wants answers by mail, not in the group")
		e.At = id
		return e.WithHint("the address is %s; --to GROUP posts all the same", short(h.Text("From")))
	}
	if to == "" || strings.EqualFold(to, "poster") {
		to = h.Get("Newsgroups")
	}
	a.need("Newsgroups", strings.ReplaceAll(to, " ", ""))
	subject := h.Text("Subject")
	if len(subject) < 3 || !strings.EqualFold(subject[:3], "re:") {
		subject = "Re: " + subject
	}
	a.need("Subject", subject)
	a.put("References", references(h.Get("References"), id))
	return nil
}

// references are those of an answer: those of the article and the article
// itself, folded. Of many the first and the last are kept (RFC 5537, section
// 3.4.4).
func references(of, id string) string {
	const most = 20
	var ids []string
	for _, f := range strings.Fields(strings.ReplaceAll(of, "><", "> <")) {
		if checkID(f) == nil && f != id {
			ids = append(ids, f)
		}
	}
	ids = append(ids, id)
	if len(ids) > most {
		ids = append(ids[:1:1], ids[len(ids)-most+1:]...)
	}
	return strings.Join(ids, "\r\n ")
}

// DraftArgs are the arguments of Draft.
type DraftArgs struct{ Writing }

// Draft makes an article to be edited and then posted; one that answers
// another has its text in it, quoted.
func (s *Session) Draft(ctx context.Context, a DraftArgs) (*verb.Blob, error) {
	art := &article{}
	if err := s.write(ctx, art, a.Writing); err != nil {
		return nil, err
	}
	if s.group != nil {
		art.need("Newsgroups", s.group.Name)
	}
	var b bytes.Buffer
	for _, name := range []string{"From", "Newsgroups", "Subject"} {
		b.WriteString(name + ": " + mail.Decode(strings.ReplaceAll(art.get(name), "\r\n", "")) + "\n")
	}
	for _, f := range art.fields {
		switch strings.ToLower(f.name) {
		case "from", "newsgroups", "subject":
		default:
			b.WriteString(f.name + ": " + strings.ReplaceAll(f.value, "\r\n", "\n") + "\n")
		}
	}
	b.WriteByte('\n')
	if a.Followup != "" {
		if err := s.quoted(ctx, &b, a.Followup); err != nil {
			return nil, err
		}
	}
	return &verb.Blob{Name: "draft.txt", Size: int64(b.Len()), Type: "text/plain; charset=utf-8", ReadCloser: io.NopCloser(&b)}, nil
}

// mostQuoted bounds a text that is quoted.
const mostQuoted = 1 << 20

// quoted writes the text of an article with > before each line.
func (s *Session) quoted(ctx context.Context, out *bytes.Buffer, word string) error {
	b, err := s.Article(ctx, ArticleArgs{word})
	if err != nil {
		return err
	}
	defer b.Close()
	for r := mail.NewReader(b); ; {
		e, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e.Message {
			if from := e.Header.Text("From"); from != "" {
				out.WriteString(from + " wrote:\n")
			}
		}
		if !e.Text() {
			continue
		}
		in, _ := e.Readable()
		text, err := io.ReadAll(io.LimitReader(in, mostQuoted))
		if err != nil {
			return err
		}
		for line := range bytes.Lines(text) {
			if line[0] != '>' {
				line = append([]byte(" "), line...)
			}
			out.WriteString(">" + strings.TrimRight(string(line), "\r\n") + "\n")
		}
		return nil
	}
}
